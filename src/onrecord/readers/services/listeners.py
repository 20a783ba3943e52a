"""Who wants to know that what readers see of a story's notes and comments changed."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from onrecord.stories.models import StoryPage

ReadersListener = Callable[[StoryPage], None]
_listeners: list[ReadersListener] = []


def register_readers_listener(listener: ReadersListener) -> None:
    """Let an upper app know, after commit, that a story has a new public note, or a comment more or less."""
    _listeners.append(listener)


def tell_listeners(story: StoryPage) -> None:
    """Call them once the running transaction is committed."""
    for listener in _listeners:
        transaction.on_commit(partial(listener, story))
