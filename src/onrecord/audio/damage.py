"""What was wrong with a recording's sound, said in times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MAX_ENTRIES = 1_000
MERGE_MS = 100


class DamageKind(StrEnum):
    UNDECODABLE = "undecodable"
    """Bytes there that could not be decoded; left out, or silence where the length is known."""
    MISSING = "missing"
    """The file's clock jumps ahead; silence fills the gap."""
    CUT_SHORT = "cut-short"
    """The file ends before the length that it gives."""
    NOT_A_NUMBER = "not-a-number"
    """Samples that are no numbers; silence instead."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch that could not be read as it should; of no length where none is known."""

    start_ms: int
    end_ms: int
    what: DamageKind


class DamageList:
    """Damage in the order in which it was met; stretches that touch are one, and the list is bounded."""

    def __init__(self) -> None:
        self._entries: list[Damage] = []

    def add(self, start_ms: int, end_ms: int, what: DamageKind) -> None:
        last = self._entries[-1] if self._entries else None
        # The silence that fills an undecodable stretch belongs to it.
        same = last is not None and (what is last.what or {what, last.what} == _ONE_CAUSE)
        if last is not None and ((same and start_ms <= last.end_ms + MERGE_MS) or len(self._entries) >= MAX_ENTRIES):
            self._entries[-1] = Damage(last.start_ms, max(last.end_ms, end_ms), last.what)
        else:
            self._entries.append(Damage(start_ms, end_ms, what))

    def __iter__(self) -> Iterator[Damage]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


_ONE_CAUSE = {DamageKind.UNDECODABLE, DamageKind.MISSING}
