"""What readers fill in about comments, and what moderators do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from onrecord.readers.forms.fields import CleanedField, Honeypot, LineField, QuotedField, ScriptField
from onrecord.readers.forms.selectors import SelectorFields, number
from onrecord.readers.models import MAX_COMMENT, MAX_EXACT, MAX_NAME, MAX_REASON, CommentReport, Discussion

_TOO_LONG = _("Write at most %(limit_value)d characters.")


def comment_text_field() -> CleanedField:
    return CleanedField(
        label=_("Your comment"), max_length=MAX_COMMENT, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write a comment."), "max_length": _TOO_LONG},
    )  # fmt: skip


class CommentForm(SelectorFields, Honeypot):
    """A comment, an answer, or a comment on a passage."""

    parent = ScriptField()
    exact = QuotedField(
        label=_("Words of the story that it is about, if any"), max_length=MAX_EXACT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("The passage is too long. Select fewer words.")},
    )  # fmt: skip
    name = LineField(
        label=_("Your name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={
            "required": _("Give a name; it is shown with your comment."),
            "max_length": _("The name is too long."),
        },
    )
    text = comment_text_field()

    def clean_parent(self) -> int | None:
        return number(self.cleaned_data["parent"], 2**62)


class ReportForm(Honeypot):
    """What is wrong with a comment."""

    comment = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=CommentReport.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )  # fmt: skip
    note = CleanedField(
        label=_("Anything that a moderator should know"), required=False, max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}), error_messages={"max_length": _TOO_LONG},
    )  # fmt: skip


class OwnForm(forms.Form):
    """One's own comment, to be changed."""

    text = comment_text_field()


class DecisionForm(forms.Form):
    """A moderator's decision about one comment."""

    reason = LineField(required=False, max_length=MAX_REASON)
    text = CleanedField(required=False, max_length=MAX_COMMENT)


class ReasonForm(forms.Form):
    """Why many comments are decided so."""

    reason = LineField(
        label=_("Reason"), required=False, max_length=MAX_REASON, help_text=_("Kept with each comment, for the desk.")
    )


class DiscussionForm(forms.Form):
    """Whether a story takes comments."""

    state = forms.ChoiceField(label=_("Comments"), choices=Discussion.State.choices, widget=forms.RadioSelect)
