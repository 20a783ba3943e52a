"""A comment."""

from django import forms

from onrecord.readers.forms.fields import CleanedField, Honeypot, LineField
from onrecord.readers.models import MAX_COMMENT, MAX_NAME


class CommentForm(Honeypot):
    """A comment."""

    name = LineField(
        label="Your name",
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Give a name; it is shown with your comment.",
                        "max_length": f"The name is at most {MAX_NAME} characters long."},
    )  # fmt: skip
    text = CleanedField(
        label="Your comment",
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Write a comment.",
            "max_length": f"Write at most {MAX_COMMENT:,} characters.",
        },
    )
