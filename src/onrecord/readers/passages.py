"""A passage that a reader selected, found again in some state of the story, or said to be gone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.errors import BadSelection
from onrecord.readers.models import Comment, CorrectionReport
from onrecord.stories.passages import Passage
from onrecord.text.selectors import Selection, find

MARGIN = 0.15


@dataclass(frozen=True)
class Selected:
    """What a reader selected: in which block, and as W3C TextQuoteSelector and TextPositionSelector."""

    block_id: str = ""
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None

    @classmethod
    def of(cls, report: CorrectionReport | Comment) -> "Selected":
        return cls(report.block_id, report.exact, report.prefix, report.suffix, report.start, report.end)

    @property
    def selection(self) -> Selection:
        start, end = (-1, -1) if self.start is None or self.end is None else (self.start, self.end)
        return Selection(exact=self.exact, prefix=self.prefix, suffix=self.suffix, start=start, end=end)


@dataclass(frozen=True)
class Found:
    """Characters `start` to `end` of a passage's plain text."""

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def before(self) -> str:
        return self.passage.text[: self.start]

    @property
    def words(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def after(self) -> str:
        return self.passage.text[self.end :]


def passage_find(passages: Sequence[Passage], selected: Selected) -> Found | None:
    """Where the selected words are; None when they are gone or it can't be told which of several they are.

    Looked for in the block named, and in the others only when that block has none of it.
    """
    anywhere = replace(selected, start=None, end=None)
    named = [_find(passage, selected) for passage in passages if passage.id == selected.block_id]
    lines = [_find(passage, anywhere) for passage in passages if _is_part(passage, selected.block_id)]
    if found := _single([*named, *lines]):
        return found
    others = [p for p in passages if p.id != selected.block_id and not _is_part(p, selected.block_id)]
    return _single([_find(passage, anywhere) for passage in others])


def block_of(passage_id: str) -> str:
    """The block that a passage belongs to: a line of an exchange is `block/number`."""
    return passage_id.partition("/")[0]


def _is_part(passage: Passage, block_id: str) -> bool:
    return bool(block_id) and passage.id.startswith(f"{block_id}/")


def _find(passage: Passage, selected: Selected) -> Found | None:
    try:
        match = find(passage.text, selected.selection)
    except BadSelection:  # nothing visible was selected
        return None
    return Found(passage, match.start, match.end, match.score) if match else None


def _single(found: Sequence[Found | None]) -> Found | None:
    best = sorted((one for one in found if one is not None), key=lambda one: -one.score)
    if not best or (len(best) > 1 and best[0].score - best[1].score < MARGIN):
        return None
    return best[0]
