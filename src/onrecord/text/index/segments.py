"""Segments with their words and times, packed into arrays and made again.

A row a segment. Times that are nothing but the segment's span shared out by letters (`estimate_word_times`) take no
room; measured ones take two 16-bit numbers a word: the pause before it, and its length with a bit for `exact`. What
does not fit there, masks and whatever else a word carries, and ids other than s1, s2… are a line of JSON.
Ids of words are not kept: they are empty in what is read back.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from onrecord.text.index.catalogue import Place
from onrecord.text.index.strings import Texts
from onrecord.text.postings import Ints
from onrecord.text.transcripts import Segment, Word
from onrecord.text.words import GAP

ROW = np.dtype(
    [("token", "<i4"), ("word", "<i4"), ("start", "<i4"), ("end", "<i4"), ("times", "<i4"), ("more", "<i4"),
     ("speaker", "<i4")]
)  # fmt: skip
_NONE = -1
_SEGMENTS_KEPT = 4096
_EXACT = 1 << 15
_LARGEST = (1 << 31) - 1
_KEPT = ("id", "text", "start_ms", "end_ms", "exact")
_OTHERS = tuple(field.name for field in fields(Word) if field.name not in _KEPT)


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows without `token` and `word`; times of measured words, two a word; lines of JSON."""

    rows: NDArray[Any]
    times: NDArray[np.uint16]
    more: bytes


@dataclass(frozen=True, slots=True)
class Columns:
    """What words are made of, one array each; `others` tells of the few words that carry more, by number."""

    texts: list[str]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    exact: NDArray[np.bool_]
    others: list[tuple[int, dict[str, Any]]]


def columns_of(stretches: Iterable[Sequence[Word]]) -> Columns:
    """The columns of all words; a stretch of some thousand words stays in the processor's cache while it is read."""
    texts: list[str] = []
    starts, ends, exact = [], [], []
    others: list[tuple[int, dict[str, Any]]] = []
    for words in stretches:
        if [word for word in words if word.mask or word.kind or word.reads]:
            for number, word in enumerate(words, start=len(texts)):
                if found := {name: value for name in _OTHERS if (value := getattr(word, name))}:
                    others.append((number, found))
        texts.extend([word.text for word in words])
        starts.append(_times_of([word.start_ms for word in words]))
        ends.append(_times_of([word.end_ms for word in words]))
        exact.append(np.frombuffer(bytes([word.exact for word in words]), dtype=np.bool_))
    empty = np.empty(0, dtype=np.int64)
    return Columns(
        texts,
        np.concatenate([empty, *starts]),
        np.concatenate([empty, *ends]),
        np.concatenate([empty.astype(np.bool_), *exact]),
        others,
    )


_UNKNOWN = np.iinfo(np.int64).min // 4


def _times_of(times: Sequence[int | None]) -> NDArray[np.int64]:
    try:
        return np.fromiter(times, dtype=np.int64, count=len(times))
    except TypeError:
        known = (_UNKNOWN if time is None else time for time in times)
        return np.fromiter(known, dtype=np.int64, count=len(times))


More = defaultdict[int, dict[str, Any]]
"""By the number of a segment what its row has no room for."""


def pack(
    segments: Sequence[tuple[str, int, Segment]], words: Columns, lengths: Ints, first_word: NDArray[np.int64]
) -> Packed:
    """Segments, each with its usual id and the number of its speaker, and all their words with their lengths.

    `first_word` is the place of each segment's first word in `words`, and at its end how many there are.
    """
    rows = np.zeros(len(segments), dtype=ROW)
    spans = np.empty((len(segments), 2), dtype=np.int64)
    spans[:, 0] = [segment.start_ms for _, _, segment in segments]
    spans[:, 1] = [segment.end_ms for _, _, segment in segments]
    rows["start"], rows["end"] = np.clip(spans, -_LARGEST, _LARGEST).T
    rows["speaker"] = [speaker for _, speaker, _ in segments]
    more: More = defaultdict(dict)
    for number, (usual, _, segment) in enumerate(segments):
        if segment.id != usual:
            more[number]["id"] = segment.id
    for number in np.flatnonzero(np.abs(spans).max(axis=1, initial=0) > _LARGEST).tolist():
        more[number]["span"] = spans[number].tolist()
    rows["times"], times = _times(words, lengths, first_word, spans, more)
    for number, others in words.others:
        home = int(np.searchsorted(first_word, number, side="right")) - 1
        more[home].setdefault("words", []).append([number - int(first_word[home]), others])
    rows["more"] = _NONE
    lines, at = [], 0
    for number, found in sorted(more.items()):
        rows["more"][number] = at
        lines.append(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
        at += len(lines[-1]) + 1
    return Packed(rows, times, b"".join(line + b"\n" for line in lines))


def unpack(
    row: Any, usual_id: str, speaker: str, texts: Sequence[str], times: NDArray[np.uint16], more: Any
) -> Segment:
    """One segment again; `times` and `more` are the whole streams."""
    found: dict[str, Any] = {}
    if row["more"] != _NONE:
        at = int(row["more"])
        found = json.loads(bytes(more[at : more.find(b"\n", at)]).decode("utf-8", "surrogatepass"))
    start, end = found.get("span", (int(row["start"]), int(row["end"])))
    if "times" in found:
        spans = [(a, b, bool(exact)) for a, b, exact in found["times"]]
        words = [Word("", text, *span) for text, span in zip(texts, spans, strict=True)]
    elif row["times"] != _NONE:
        first = 2 * int(row["times"])
        words = _measured(texts, times[first : first + 2 * len(texts)].tolist(), start)
    else:
        words = _estimated_words(texts, start, max(0, end - start))
    for number, others in found.get("words", ()):
        word = words[number]
        words[number] = Word(word.id, word.text, word.start_ms, word.end_ms, word.exact, **others)
    return Segment(found.get("id", usual_id), start, end, speaker, tuple(words))


def _estimated_words(texts: Sequence[str], start: int, room: int) -> list[Word]:
    """What `estimate_word_times` gives, in one pass: most of what is read back is this."""
    words, passed, low = [], 0, start
    total = sum(map(len, texts)) + len(texts)
    for text in texts:
        passed += len(text) + 1
        high = start + room * passed // total
        words.append(Word("", text, low, high))
        low = high
    return words


def _measured(texts: Sequence[str], times: Sequence[int], start: int) -> list[Word]:
    words, at = [], start
    for text, pause, length in zip(texts, times[::2], times[1::2], strict=True):
        low = at + (pause if pause < _EXACT else pause - 2 * _EXACT)
        at = low + (length & ~_EXACT)
        words.append(Word("", text, low, at, length >= _EXACT))
    return words


def _times(
    words: Columns, lengths: Ints, first_word: NDArray[np.int64], spans: NDArray[np.int64], more: More
) -> tuple[Ints, NDArray[np.uint16]]:
    """Where each segment's measured times begin, and these; what does not fit goes to `more`."""
    starts, ends, exact = words.starts, words.ends, words.exact
    sizes = np.diff(first_word)
    home = np.repeat(np.arange(len(sizes)), sizes)
    low = spans[:, 0][home]
    estimated = _estimated(lengths, first_word, home, spans)
    odd = exact | (starts != estimated[0]) | (ends != estimated[1])
    measured = np.bincount(home[odd], minlength=len(sizes)) > 0
    if not measured.any():
        return np.full(len(sizes), _NONE, dtype=np.int32), np.empty(0, dtype=np.uint16)
    before = np.where(np.arange(len(starts)) == first_word[home], low, np.roll(ends, 1))
    pause, length = starts - before, ends - starts
    fits = (pause >= -_EXACT) & (pause < _EXACT) & (length >= 0) & (length < _EXACT) & (starts != _UNKNOWN)
    fits &= ends != _UNKNOWN
    unfit = np.bincount(home[~fits], minlength=len(sizes)) > 0
    for number in np.flatnonzero(measured & unfit).tolist():
        run = range(first_word[number], first_word[number + 1])
        more[number]["times"] = [[_known(starts[n]), _known(ends[n]), int(exact[n])] for n in run]
    packed = measured & ~unfit
    kept = packed[home]
    places = np.where(packed, np.cumsum(sizes * packed) - sizes, _NONE).astype(np.int32)
    both = np.stack((pause[kept] % (2 * _EXACT), length[kept] + exact[kept] * _EXACT), axis=1)
    return places, both.astype(np.uint16).reshape(-1)


def _known(time: np.int64) -> int | None:
    return None if time == _UNKNOWN else int(time)


def _estimated(
    lengths: Ints, first_word: NDArray[np.int64], home: NDArray[np.intp], spans: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and end of each word as `estimate_word_times` gives them where none is measured."""
    passed = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths + 1, out=passed[1:])
    low = spans[:, 0][home]
    room = np.maximum(spans[:, 1] - spans[:, 0], 0)[home]
    base, total = passed[first_word[:-1]][home], np.maximum(np.diff(passed[first_word]), 1)[home]
    return low + room * (passed[:-1] - base) // total, low + room * (passed[1:] - base) // total


class MappedSegments(Sequence[Segment]):
    """The segments of an index by number; the words of one lie between its row and the next."""

    def __init__(
        self,
        rows: NDArray[Any],
        words: Ints,
        forms: Texts,
        times: NDArray[np.uint16],
        more: Any,
        places: Sequence[Place],
    ) -> None:
        self._rows, self._words, self._forms = rows, words, forms
        self._times, self._more, self._places = times, more, places
        self._firsts = [place.rows[0] for place in places]
        self._segment = lru_cache(_SEGMENTS_KEPT)(self._read)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, number: int) -> Segment: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Segment]: ...
    def __getitem__(self, number: int | slice) -> Segment | Sequence[Segment]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        return self._segment(number)

    def _read(self, number: int) -> Segment:
        row = self._rows[number]
        first = int(row["word"])
        end = int(self._rows["word"][number + 1]) if number + 1 < len(self._rows) else len(self._words)
        texts = [self._forms[form - 1] for form in self._words[first:end].tolist() if form != GAP]
        place = self._places[bisect_right(self._firsts, number) - 1]
        usual = usual_id(number - place.rows[0])
        return unpack(row, usual, place.speakers[int(row["speaker"])], texts, self._times, self._more)

    def stretch(self, first: int, count: int) -> Sequence[Segment]:
        """Some of the segments, made when they are asked for."""
        return _Stretch(self, range(first, first + count))


class _Stretch(Sequence[Segment]):
    def __init__(self, segments: MappedSegments, numbers: range) -> None:
        self._segments, self._numbers = segments, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, number: int) -> Segment: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Segment]: ...
    def __getitem__(self, number: int | slice) -> Segment | Sequence[Segment]:
        if isinstance(number, slice):
            return _Stretch(self._segments, self._numbers[number])
        return self._segments[self._numbers[number]]


def usual_id(number: int) -> str:
    """The id that a segment has by its place in its transcript, from 0."""
    return f"s{number + 1}"
