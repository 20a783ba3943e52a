"""Fields that make what is typed harmless, and the field that only machines fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onrecord.readers.cleaning import clean_line, clean_quoted, clean_text


class CleanedField(forms.CharField):
    """Text without control and invisible characters; the length counts after that."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class LineField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class QuotedField(forms.CharField):
    """Words copied from the story, spaces and all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_quoted(super().to_python(value) or "")


class ScriptField(LineField):
    """What the script adds. Nobody typed it, so it is never an error: what cannot be used is left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, **kwargs)


class AddressField(forms.EmailField):
    """A reader's e-mail address, if they want to be told."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Your e-mail, if we may write to you"),
            required=False,
            max_length=254,
            help_text=_("To tell you what became of it, once. Only editors see it; it is deleted after that."),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"invalid": _("This is not an e-mail address. Correct it or leave it empty.")},
            **kwargs,
        )


class Honeypot(forms.Form):
    """A field that people do not see and machines fill in."""

    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    story = forms.CharField(required=False, widget=forms.HiddenInput)
    key = ScriptField()  # the same when the same message is sent again

    @property
    def is_machine(self) -> bool:
        return bool(self.data.get("website"))
