"""Forms of the archive in the desk."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from onrecord.archive.models import Recording

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NO_LANGUAGE = _("Write the language as a tag of two or three letters: en, uk, ru.")


class Suggestions(forms.TextInput):
    """A text field that offers known values and takes others."""

    template_name = "archive/desk/widgets/suggestions.html"

    def __init__(self, list_id: str, values: Sequence[str] = (), attrs: dict[str, Any] | None = None) -> None:
        self.list_id = list_id
        self.values = values
        super().__init__({"list": list_id, "autocomplete": "off", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return {**context, "list_id": self.list_id, "values": self.values}


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; gives a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        # An empty file goes on to the archive, which says what is wrong with it.
        return [
            file if file is not None and file.size == 0 else super(ManyFilesField, self).clean(file, initial)
            for file in (data if isinstance(data, list | tuple) else [data]) or [None]
        ]


class LanguageField(forms.CharField):
    """A BCP 47 tag."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 12, "widget": Suggestions("known-languages"), **kwargs})

    def clean(self, value: Any) -> str:
        tag: str = super().clean(value).strip()
        if tag and not LANGUAGE_TAG.fullmatch(tag):
            raise forms.ValidationError(NO_LANGUAGE)
        return tag


class CopyForm(forms.Form):
    """Who put the files out and when: the same for all files that are added together."""

    publisher = forms.CharField(
        label=_("Publisher"),
        max_length=200,
        widget=Suggestions("known-publishers"),
        help_text=_("The agency, court, outlet or channel that put the file out."),
    )
    published_at = forms.DateTimeField(
        label=_("Published"),
        widget=AdminDateTimeInput,
        help_text=_("Date and time when the publisher put it out."),
    )
    language = LanguageField(
        label=_("Language spoken"),
        required=False,
        help_text=_("A language tag: en, uk, ru. Not needed for a file that is on record already."),
    )

    def __init__(
        self, *args: Any, publishers: Sequence[str] = (), languages: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publisher"].widget.values = publishers
        self.fields["language"].widget.values = languages


class FilesForm(forms.Form):
    """The files themselves."""

    files = ManyFilesField(  # type: ignore[assignment]
        label=_("Files"),
        widget=ManyFilesInput(attrs={"accept": "audio/*,video/*", "multiple": True}),
        error_messages={"required": _("Choose at least one audio or video file.")},
    )


class FileForm(forms.Form):
    """What belongs to one file."""

    title = forms.CharField(
        label=_("Title"),
        max_length=250,
        required=False,
        help_text=_("What readers will call it. Not needed for a file that is on record already."),
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=_("Where the publisher put it."),
    )


class RecordingForm(forms.ModelForm):
    """What a recording is called; everything else about it is on record and stays."""

    class Meta:
        model = Recording
        fields = ["title", "description"]
        help_texts = {"description": _("What is heard, in a sentence or two. Readers see it on the recording’s page.")}
