"""Who wants to know that what readers see of a published story's quotations changed."""

from collections.abc import Callable

from onrecord.stories.models import StoryPage

StoryListener = Callable[[StoryPage], None]
_story_listeners: list[StoryListener] = []


def register_story_listener(listener: StoryListener) -> None:
    """Let an upper app know that a published story's bindings changed without a new revision."""
    _story_listeners.append(listener)


def tell_listeners(story: StoryPage) -> None:
    """Call them, inside the transaction that changes the bindings."""
    for listener in _story_listeners:
        listener(story)
