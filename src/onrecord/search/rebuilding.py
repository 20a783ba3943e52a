"""Making all entries again: after an update that compares words in another way, or when the index is in doubt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from onrecord.search import elsewhere
from onrecord.search.entries import (
    publicity_update,
    recording_entries_update,
    story_entry_update,
    strays_remove,
    subjects,
)
from onrecord.search.models import SearchEntry
from onrecord.search.tables import tables_ensure, tables_refill


@dataclass(frozen=True)
class Rebuilt:
    """How many entries there are now, and how many were of nothing that is on record."""

    entries: int
    removed: int


def rebuild(everything: Iterable[tuple[str, Any]], step: Callable[[str], object]) -> Rebuilt:
    """Write the entries of each subject anew, one after the other; may be stopped and run again."""
    tables_ensure(connection)
    removed = strays_remove()
    everything = list(everything)
    for kind, key in everything:
        step(f"{kind} {key}")
        if kind == "story":
            SearchEntry.objects.filter(story_id=key).delete()
            story_entry_update(key)
        else:
            recording_entries_update(key, anew=True)
    publicity_update()
    tables_refill(connection)
    if elsewhere.is_on():
        elsewhere.rebuild_all(f"{kind}:{key}" for kind, key in everything)
    return Rebuilt(SearchEntry.objects.count(), removed)


__all__ = ["Rebuilt", "rebuild", "subjects"]
