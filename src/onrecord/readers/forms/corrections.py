"""A suggested correction, and an editor's decision on it."""

from typing import Any

from django import forms

from onrecord.readers.forms.fields import CleanedField, Honeypot, QuotedField
from onrecord.readers.forms.selectors import SelectorFields
from onrecord.readers.models import MAX_EXACT, MAX_SUGGESTION, CorrectionReport


class SuggestForm(SelectorFields, Honeypot):
    """A suggested correction."""

    exact = QuotedField(
        label="The passage",
        max_length=MAX_EXACT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The words that are wrong, copied from the story.",
        error_messages={"max_length": f"The passage is too long. Select at most {MAX_EXACT:,} characters."},
    )
    suggestion = CleanedField(
        label="What is wrong, or how it should read",
        max_length=MAX_SUGGESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Write what should be corrected.",
            "max_length": f"Write at most {MAX_SUGGESTION:,} characters.",
        },
    )
    email = forms.EmailField(
        label="Your e-mail, if we may ask you",
        required=False,
        max_length=254,
        help_text="Only editors see it. It is deleted when the case is closed.",
        error_messages={"invalid": "This is not an e-mail address. Correct it or leave it empty."},
    )


class AcceptForm(forms.Form):
    """An editor's yes."""

    kind = forms.ChoiceField(
        label="This is a",
        choices=CorrectionReport.Kind.choices,
        widget=forms.RadioSelect,
        help_text="A change of substance leaves a public note on the story and in the corrections log.",
    )
    old_words = CleanedField(label="Old words", max_length=MAX_EXACT, widget=forms.Textarea(attrs={"rows": 2}))
    new_words = CleanedField(
        label="New words", required=False, max_length=MAX_SUGGESTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As they are to stand in the story. They go into a draft; you publish it.",
    )  # fmt: skip
    reason = CleanedField(
        label="Reason", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Readers see it with the note. Needed for a change of substance.",
    )  # fmt: skip
    changes_meaning = forms.BooleanField(
        label="It changes the meaning: show the note at the top of the story", required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == CorrectionReport.Kind.SUBSTANCE and not data.get("reason"):
            self.add_error("reason", "Give the reason: it is part of the public note.")
        if data.get("old_words") and data.get("old_words") == data.get("new_words"):
            self.add_error("new_words", "The new words are the same as the old ones.")
        return data


class DeclineForm(forms.Form):
    """An editor's no."""

    decline_reason = CleanedField(
        label="Reason",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept with the suggestion; readers do not see it.",
        error_messages={"required": "Give the reason."},
    )
