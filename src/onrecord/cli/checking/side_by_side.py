"""Words said over words printed, aligned word by word, the differences marked beneath."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from rich.cells import cell_len

from onrecord.text.compare import Change, ChangeKind
from onrecord.text.normalise import word_keys


class Mark(StrEnum):
    """What stands under words; a sign each, so that colour is not needed."""

    SAME = " "
    GRAVE = "!"
    CHANGED = "^"
    DECLARED = "."


@dataclass(frozen=True, slots=True)
class Pair:
    """A few words on each side that belong together; either side may be empty."""

    said: str
    printed: str
    mark: Mark = Mark.SAME

    @property
    def width(self) -> int:
        """Columns of a terminal that the wider side takes."""
        return max(cell_len(self.said), cell_len(self.printed))


def pairs(said: str, printed: str, changes: Sequence[Change]) -> list[Pair]:
    """Both texts in pieces that stand over each other; words that differ carry the mark of their change."""
    a, b = said.split(), printed.split()
    matcher = SequenceMatcher(None, [word_keys(w) for w in a], [word_keys(w) for w in b], autojunk=False)
    found: list[Pair] = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            found.extend(Pair(x, y) for x, y in zip(a[i:i_end], b[j:j_end], strict=True))
        else:
            found.extend(_differing(a[i:i_end], b[j:j_end], changes))
    return found


def rows(found: Sequence[Pair], width: int) -> Iterator[list[Pair]]:
    """The pieces in rows of at most `width` columns, one space between pieces; a wider piece has a row to itself."""
    row: list[Pair] = []
    used = 0
    for pair in found:
        if row and used + 1 + pair.width > width:
            yield row
            row, used = [], 0
        used += pair.width + (1 if row else 0)
        row.append(pair)
    if row:
        yield row


def mark_of(change: Change) -> Mark:
    """The sign for a change."""
    if change.grave:
        return Mark.GRAVE
    return Mark.DECLARED if change.kind is ChangeKind.DECLARED else Mark.CHANGED


def _differing(said: Sequence[str], printed: Sequence[str], changes: Sequence[Change]) -> Iterator[Pair]:
    mark = _mark(said, printed, changes)
    for x, y in zip_longest(said, printed, fillvalue=""):
        yield Pair(x, y, _mark([x], [y], changes, otherwise=mark))


def _mark(
    said: Sequence[str], printed: Sequence[str], changes: Sequence[Change], otherwise: Mark = Mark.DECLARED
) -> Mark:
    """The gravest of the changes whose words these are."""
    here = (set(_keys(said)), set(_keys(printed)))
    marks = {
        mark_of(change)
        for change in changes
        for words, wanted in zip(here, (change.said, change.printed), strict=True)
        if words & set(_keys(wanted.split()))
    }
    return next((mark for mark in (Mark.GRAVE, Mark.CHANGED, Mark.DECLARED) if mark in marks), otherwise)


def _keys(words: Sequence[str]) -> list[str]:
    return [key for word in words for key in word_keys(word)]
