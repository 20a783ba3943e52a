"""Masks on words that a machine has heard anew: nothing that was covered is heard again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from onrecord.text.transcripts import Segment, Word, bare

NEAR_MS = 1500
UNCLEAR = "[unclear]"


def masks_carried(old: Sequence[Segment], new: Sequence[Segment], *, new_id: Callable[[], str]) -> tuple[Segment, ...]:
    """The new segments with the masks of the old ones: on the same word nearby, else on every word of that time.

    Where nothing was heard, a masked `[unclear]` stands. Masked words are not exact and their segments cover the
    time that the old ones had, so that more is bleeped rather than less.
    """
    segments = list(new)
    for segment in old:
        for word in segment.words:
            if word.mask is not None:
                exact = word.exact and word.start_ms is not None and word.end_ms is not None
                start, end = (word.start_ms or 0, word.end_ms or 0) if exact else (segment.start_ms, segment.end_ms)
                _cover(segments, word, start, end, new_id)
    return tuple(sorted(segments, key=lambda segment: (segment.start_ms, segment.end_ms)))


def _cover(segments: list[Segment], hidden: Word, start: int, end: int, new_id: Callable[[], str]) -> None:
    def heard(within: int) -> list[tuple[int, int]]:
        return [
            (number, place)
            for number, segment in enumerate(segments)
            if segment.start_ms - within < end and segment.end_ms + within > start
            for place, word in enumerate(segment.words)
            if (word.start_ms or segment.start_ms) - within < end and (word.end_ms or segment.end_ms) + within > start
        ]

    said = bare(hidden.text)
    found = [at for at in heard(NEAR_MS) if bare(segments[at[0]].words[at[1]].text) == said] or heard(0)
    if not found:
        word = Word(new_id(), UNCLEAR, start, end, False, hidden.mask, "unclear", hidden.reads)
        segments.append(Segment(new_id(), start, end, "", (word,)))
    for number in {number for number, _ in found}:
        segment, places = segments[number], {place for at, place in found if at == number}
        words = tuple(
            replace(word, mask=word.mask or hidden.mask, reads=word.reads or hidden.reads, exact=False)
            if place in places
            else word
            for place, word in enumerate(segment.words)
        )
        low, high = min(segment.start_ms, start), max(segment.end_ms, end)
        segments[number] = replace(segment, start_ms=low, end_ms=high, words=words)
