"""The shape of a transcript, and how the identity of its words survives an edit.

Times are integer milliseconds from the start of the recording. A segment is one speaker's turn or
sentence; its words carry their punctuation as written ("flood,").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz.distance import Indel

_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Word:
    """One written word. `exact` tells that its times were measured, not interpolated.

    `kind` marks what is written but was not said so: `unclear`, `sound` or `clarification` (see
    `onrecord.text.brackets`). `reads` is what the public reads for a masked word; empty: what its kind gives.
    """

    id: str
    text: str
    start_ms: int | None
    end_ms: int | None
    exact: bool = False
    mask: str | None = None
    kind: str | None = None
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One speaker's turn or sentence; `speaker` is a described voice and may be empty."""

    id: str
    start_ms: int
    end_ms: int
    speaker: str
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words joined by one space, unmasked."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Transcript:
    """Segments of one recording in one language; `language` is a BCP 47 tag or empty if unknown."""

    id: str
    language: str
    segments: tuple[Segment, ...]
    is_translation: bool = False


EditedText = str | Sequence[tuple[str, str | None]]
"""Plain text (masks are carried over), or words with masks as `masks.parse_marked` gives (masks as given)."""

EditedSegment = tuple[str | None, int, int, str, EditedText]
"""Id of the segment or None for a new one, start_ms, end_ms, speaker, text."""


def estimate_word_times(words: Sequence[Word], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """The same words with every time filled in: those without get a share by characters, `exact=False`.

    Each run of words without times is spread between its timed neighbours, or the ends given.
    """
    timed: list[Word] = []
    for missing, group in groupby(words, key=lambda word: word.start_ms is None or word.end_ms is None):
        run = list(group)
        if not missing:
            timed.extend(run)
            continue
        low = _end(timed[-1]) if timed else start_ms
        following = words[len(timed) + len(run) :]
        high = _start(following[0]) if following else end_ms
        timed.extend(_spread(run, low, max(low, high)))
    return tuple(timed)


def carry_identity(
    old: Sequence[Segment], new_texts: Sequence[EditedSegment], *, new_id: Callable[[], str]
) -> tuple[Segment, ...]:
    """The segments of the next version: words that were not touched keep id, times, exactness and mask.

    A word of which only punctuation or case changed counts as not touched; it takes the new spelling.
    Words that are new get an id from `new_id` (called in order of the text) and times interpolated
    between their neighbours. Words keep identity when their segment is split, merged or renamed.
    """
    wanted = [_wanted(text) for *_, text in new_texts]
    kept = _kept_words(old, [entry[0] for entry in new_texts], wanted)
    taken = {entry[0] for entry in new_texts}
    result = []
    for entry, texts, origins in zip(new_texts, wanted, kept, strict=True):
        segment_id, start_ms, end_ms, speaker, given = entry
        if segment_id is None:
            segment_id = new_id()
            if segment_id in taken:
                raise ValueError(f"the id factory gave {segment_id!r}, which is in use")
        words = []
        for (text, mask), origin in zip(texts, origins, strict=True):
            if origin is None:
                words.append(Word(new_id(), text, None, None, False, mask))
            else:
                words.append(replace(origin, text=text, mask=origin.mask if isinstance(given, str) else mask))
        timed = estimate_word_times(words, start_ms, end_ms)
        result.append(Segment(segment_id, start_ms, end_ms, speaker, timed))
    return tuple(result)


def bare(text: str) -> str:
    """A word without punctuation at its ends and without case; punctuation alone stays as it is."""
    return _EDGES.sub("", text).casefold() or text


def _wanted(text: EditedText) -> list[tuple[str, str | None]]:
    return [(word, None) for word in text.split()] if isinstance(text, str) else list(text)


def _kept_words(
    old: Sequence[Segment], ids: Sequence[str | None], wanted: Sequence[Sequence[tuple[str, str | None]]]
) -> list[list[Word | None]]:
    """For each new word the old one it continues, or None; segment by segment."""
    kept: list[list[Word | None]] = [[None] * len(texts) for texts in wanted]
    for old_range, new_range in _changed_stretches(old, ids, wanted, kept):
        before = [word for i in old_range for word in old[i].words]
        after = [(n, k, bare(text)) for n in new_range for k, (text, _) in enumerate(wanted[n])]
        codes = Indel.opcodes([bare(word.text) for word in before], [text for _, _, text in after])
        for code in codes:
            if code.tag == "equal":
                for i, j in zip(
                    range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True
                ):
                    kept[after[j][0]][after[j][1]] = before[i]
    return kept


def _changed_stretches(
    old: Sequence[Segment],
    ids: Sequence[str | None],
    wanted: Sequence[Sequence[tuple[str, str | None]]],
    kept: list[list[Word | None]],
) -> Iterator[tuple[range, range]]:
    """Carry segments that read the same at once; yield the stretches between them, old and new."""
    place = {segment.id: i for i, segment in enumerate(old)}
    last_old, last_new = 0, 0
    for n, segment_id in enumerate(ids):
        i = place.get(segment_id, -1) if segment_id is not None else -1
        if i < last_old or [bare(w.text) for w in old[i].words] != [bare(t) for t, _ in wanted[n]]:
            continue
        yield range(last_old, i), range(last_new, n)
        kept[n] = list(old[i].words)
        last_old, last_new = i + 1, n + 1
    yield range(last_old, len(old)), range(last_new, len(ids))


def _spread(run: Sequence[Word], low: int, high: int) -> Iterator[Word]:
    weights = [len(word.text) + 1 for word in run]
    total, passed = sum(weights), 0
    for word, weight in zip(run, weights, strict=True):
        start = low + (high - low) * passed // total
        passed += weight
        end = low + (high - low) * passed // total
        # Not dataclasses.replace: in the profile of reading a transcript it came first.
        yield Word(word.id, word.text, start, end, False, word.mask, word.kind, word.reads)


def _start(word: Word) -> int:
    return word.start_ms if word.start_ms is not None else 0


def _end(word: Word) -> int:
    return word.end_ms if word.end_ms is not None else 0
