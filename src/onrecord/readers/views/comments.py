"""Readers' comments: the form."""

from onrecord.readers.forms import CommentForm
from onrecord.readers.services import comment_add
from onrecord.readers.services.intake import Envelope
from onrecord.readers.views.writing import WriteIn
from onrecord.stories.models import StoryPage


class AddComment(WriteIn):
    """A comment under a story."""

    form_class = CommentForm
    template = "readers/comment.html"
    thanks = "Thank you. Your comment will be shown when a moderator has read it."

    def store(self, story: StoryPage, form: CommentForm, envelope: Envelope) -> None:
        comment_add(story=story, name=form.cleaned_data["name"], text=form.cleaned_data["text"], envelope=envelope)
