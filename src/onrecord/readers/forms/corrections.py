"""A suggested correction, and an editor's decision on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onrecord.core.models import User
from onrecord.readers.forms.fields import AddressField, CleanedField, Honeypot, QuotedField
from onrecord.readers.forms.selectors import SelectorFields
from onrecord.readers.models import MAX_EXACT, MAX_SUGGESTION, CorrectionCase, Kind


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
    kind = forms.ChoiceField(
        label=_("What kind of mistake"), required=False, choices=[("", _("I leave that to you")), *Kind.choices]
    )
    email = AddressField()


class LetterForm(Honeypot):
    """A letter to the newsroom."""

    suggestion = CleanedField(
        label=_("Your letter"),
        max_length=MAX_SUGGESTION,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={
            "required": _("Write your letter first."),
            "max_length": _("Write at most %(limit_value)s characters."),
        },
    )
    email = AddressField()


class AcceptForm(forms.Form):
    """An editor's yes."""

    weight = forms.ChoiceField(
        label=_("This is a"),
        choices=CorrectionCase.Weight.choices,
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
        if data.get("weight") == CorrectionCase.Weight.SUBSTANCE and not data.get("reason"):
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
        help_text=_("Kept with the case; readers do not see it."),
        error_messages={"required": _("Give the reason.")},
    )
    decline_answer = CleanedField(
        label=_("To the reader"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sent with the word that the passage stays as it is, to those who left an address."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """An editor's answer by e-mail."""

    words = CleanedField(
        label=_("To the reader"), max_length=MAX_SUGGESTION, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Sent by e-mail, with the newsroom's name. Quote no words that are masked."),
        error_messages={"required": _("Write the answer first.")},
    )  # fmt: skip
    close = forms.BooleanField(label=_("The case is done with this"), required=False)


class NoteForm(forms.Form):
    """What editors tell each other."""

    words = CleanedField(
        label=_("To the other editors"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the note first.")},
    )  # fmt: skip


class SortForm(forms.Form):
    """Whose case it is and what kind of mistake."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Not said")), *Kind.choices])
    assignee = forms.ModelChoiceField(
        label=_("Whose case"), required=False, queryset=User.objects.none(), empty_label=_("Nobody's yet")
    )

    def __init__(self, *args: Any, editors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = editors  # type: ignore[attr-defined]
