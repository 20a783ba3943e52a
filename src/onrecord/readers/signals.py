"""What follows when a story is published."""

from typing import Any

from wagtail.models import Page, Revision

from onrecord.readers.places import comments_follow
from onrecord.readers.services import correction_notes_publish
from onrecord.readers.services.listeners import tell_listeners
from onrecord.stories.models import StoryPage


def notes_follow(sender: type[Page], instance: Page, revision: Revision, **kwargs: Any) -> None:
    """The story's pending notes become public with it; Wagtail signals also a page that is only scheduled."""
    if isinstance(instance, StoryPage) and instance.live:
        correction_notes_publish(story=instance, revision=revision)


def comments_carried(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Passages that comments are about are carried to the words that are published now."""
    if isinstance(instance, StoryPage) and instance.live and comments_follow(instance):
        tell_listeners(instance, "comments")
