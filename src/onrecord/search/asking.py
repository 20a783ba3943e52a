"""What is asked of a backend, what it answers, and what it says when it cannot."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from onrecord.errors import OnrecordError
from onrecord.text.searching import Query

MOST_COUNTED = 1000
"""Beyond that many the answer is "more than": counting them all is what costs."""
SECONDS = 3.0
NOTHING = Query()


class Order(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


class SearchTookTooLong(OnrecordError):
    code = "search-took-too-long"
    message = "This search took too long and was stopped. Add a word, or choose a language or dates."


@dataclass(frozen=True)
class Ask:
    """Words and what narrows them down; `speaker` as keys, the dates as moments in time, the last one excluded."""

    query: Query = NOTHING
    kinds: tuple[str, ...] = ()
    language: str = ""
    speaker: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    public_only: bool = True
    order: Order = Order.BEST
    offset: int = 0
    limit: int = 20

    def of(self, *kinds: str, offset: int = 0, limit: int = 20) -> "Ask":
        """The same asked of some kinds only."""
        return replace(self, kinds=kinds, offset=offset, limit=limit)


@dataclass(frozen=True)
class Answer:
    """Primary keys of entries in order, and how many there are in all; `MOST_COUNTED` stands for that or more."""

    ids: tuple[int, ...] = ()
    total: int = 0


class Backend(Protocol):
    """Finds entries."""

    def find(self, ask: Ask) -> Answer: ...
