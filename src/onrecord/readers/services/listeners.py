"""Who wants to know that what readers see of a story's notes and comments changed."""

from collections.abc import Callable

from onrecord.stories.models import StoryPage

ReadersListener = Callable[[StoryPage, str], None]
_listeners: list[ReadersListener] = []


def register_readers_listener(listener: ReadersListener) -> None:
    """Let an upper app know, inside the transaction, of a story's new public note, or a comment more or less."""
    _listeners.append(listener)


def tell_listeners(story: StoryPage, what: str = "") -> None:
    """Call them, inside the transaction that changes it; `what` is "comments" or "notes", empty for either."""
    for listener in _listeners:
        listener(story, what)
