"""A suggested correction, and an editor's decision on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onrecord.readers.forms.fields import CleanedField, Honeypot, QuotedField
from onrecord.readers.forms.selectors import SelectorFields
from onrecord.readers.models import MAX_EXACT, MAX_SUGGESTION, CorrectionReport


class SuggestForm(SelectorFields, Honeypot):
    """A suggested correction."""

    exact = QuotedField(
        label=_("The passage"),
        max_length=MAX_EXACT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The words that are wrong, copied from the story."),
        error_messages={"max_length": _("The passage is too long. Select at most %(limit_value)s characters.")},
    )
    suggestion = CleanedField(
        label=_("What is wrong, or how it should read"),
        max_length=MAX_SUGGESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Write what should be corrected."),
            "max_length": _("Write at most %(limit_value)s characters."),
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail, if we may ask you"),
        required=False,
        max_length=254,
        help_text=_("Only editors see it. It is deleted when the case is closed."),
        error_messages={"invalid": _("This is not an e-mail address. Correct it or leave it empty.")},
    )


class AcceptForm(forms.Form):
    """An editor's yes."""

    kind = forms.ChoiceField(
        label=_("This is a"),
        choices=CorrectionReport.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("A change of substance leaves a public note on the story and in the corrections log."),
    )
    old_words = CleanedField(label=_("Old words"), max_length=MAX_EXACT, widget=forms.Textarea(attrs={"rows": 2}))
    new_words = CleanedField(
        label=_("New words"), required=False, max_length=MAX_SUGGESTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As they are to stand in the story. They go into a draft; you publish it."),
    )  # fmt: skip
    reason = CleanedField(
        label=_("Reason"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Readers see it with the note. Needed for a change of substance."),
    )  # fmt: skip
    changes_meaning = forms.BooleanField(
        label=_("It changes the meaning: show the note at the top of the story"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == CorrectionReport.Kind.SUBSTANCE and not data.get("reason"):
            self.add_error("reason", _("Give the reason: it is part of the public note."))
        if data.get("old_words") and data.get("old_words") == data.get("new_words"):
            self.add_error("new_words", _("The new words are the same as the old ones."))
        return data


class DeclineForm(forms.Form):
    """An editor's no."""

    decline_reason = CleanedField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the suggestion; readers do not see it."),
        error_messages={"required": _("Give the reason.")},
    )
