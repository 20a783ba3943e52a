"""A body of transcripts made ready for search: every word as a number, and where each number occurs.

The arrays may lie in memory (`Record.build`) or be mapped from a folder (`onrecord.text.index`); everything above
reaches them through `Record`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, chain
from typing import Protocol, overload

import numpy as np
from numpy.typing import NDArray

from onrecord.text.languages import base, guess_language, script_of
from onrecord.text.lazily import LazySegments
from onrecord.text.normalise import word_keys
from onrecord.text.postings import Ints, Postings, run_of
from onrecord.text.speakers import KnownSpeakers
from onrecord.text.transcripts import Segment, Transcript, Word
from onrecord.text.words import GAP, forms_of, numbered, silence_of, tokens_of

__all__ = ["Ints", "Record", "as_record"]

_SAMPLE_WORDS = 400
_SEGMENTS_KEPT = 4096
_FREQUENCIES_KEPT = _KEYS_KEPT = 1 << 16
_OFTEN, _PAIRS_KEPT = 2000, 512


class Vocabulary(Protocol):
    """The number of a key."""

    def get(self, key: str, default: int, /) -> int: ...


class Record:
    """Transcripts with an index over their words. Build it once and pass it wherever transcripts are taken.

    `tokens` holds the key number of every comparable piece of every word, a 0 after each transcript; `silence` the
    positions of those that are not speech. `segments` makes a segment when it is asked for.
    `live` says which transcripts count: an index keeps what was replaced until it is next packed.
    """

    def __init__(
        self,
        *,
        transcripts: Sequence[Transcript],
        languages: Sequence[str],
        live: NDArray[np.bool_],
        vocabulary: Vocabulary,
        keys: Sequence[str],
        tokens: Ints,
        postings: Postings,
        silence: Ints,
        segments: Sequence[Segment],
        segment_first_token: Ints,
        transcript_first_token: Ints,
        speakers: KnownSpeakers,
        size: int,
    ) -> None:
        self.transcripts = transcripts
        self.languages = languages
        self.vocabulary = vocabulary
        self.keys = keys
        self.tokens = tokens
        self.segments = segments
        self.transcript_first_token = transcript_first_token
        self.speakers = speakers
        self.size = size
        """How many tokens count, a gap for each transcript among them."""
        self.positions = postings.positions
        self.frequency = lru_cache(_FREQUENCIES_KEPT)(postings.frequency)
        self._live = live
        self._silence = silence
        self._silences = silence.data
        self._segment_starts = segment_first_token.data
        self._transcript_starts = transcript_first_token.data
        self._key = lru_cache(_KEYS_KEPT)(keys.__getitem__)
        self._pairs_of_frequent = lru_cache(_PAIRS_KEPT)(self._find_pairs)
        self._spoken = lru_cache(_SEGMENTS_KEPT)(self._make_spoken)
        self._allowed = lru_cache(256)(self._in_language)

    @classmethod
    def build(cls, transcripts: Sequence[Transcript]) -> Record:
        """Index the transcripts in memory; a language that is not stated is guessed from the words."""
        words: list[str] = []
        segment_first_word: list[int] = []
        first_word: list[int] = []
        speakers: set[str] = set()
        for n, transcript in enumerate(transcripts):
            first_word.append(len(words) + n)
            for speaker, texts in spoken_words(transcript):
                segment_first_word.append(len(words) + n)
                words.extend(texts)
                speakers.add(speaker)
        flat, table = numbered(words, 1)
        forms, vocabulary = forms_of(list(table))
        gaps = [*(first - n for n, first in enumerate(first_word[1:], start=1)), *[len(words)][: len(first_word)]]
        numbers, segment_words = np.insert(flat, gaps, GAP), np.array(segment_first_word, dtype=np.int32)
        tokens, first_token = tokens_of(numbers, forms)
        return cls(
            transcripts=tuple(transcripts),
            languages=tuple(base(t.language) or guess_language(sample(t)) for t in transcripts),
            live=np.ones(len(transcripts), dtype=np.bool_),
            vocabulary=vocabulary,
            keys=list(vocabulary),
            tokens=tokens,
            postings=Postings([run_of(tokens)]),
            silence=silence_of(numbers, forms, segment_words, first_token),
            segments=_Segments([transcript.segments for transcript in transcripts]),
            segment_first_token=first_token[segment_words],
            transcript_first_token=first_token[first_word] if first_word else first_token[:0],
            speakers=KnownSpeakers(filter(None, speakers)),
            size=len(tokens),
        )

    def transcript_of(self, position: int) -> int:
        """The number of the transcript in which a token lies."""
        return bisect_right(self._transcript_starts, position) - 1

    def transcripts_of(self, positions: Ints) -> NDArray[np.int64]:
        """The numbers of the transcripts in which tokens lie."""
        return np.searchsorted(self.transcript_first_token, positions, side="right").astype(np.int64) - 1

    def bounds(self, transcript: int) -> tuple[int, int]:
        """First token of a transcript and the one after its last."""
        following = transcript + 1
        last = self._transcript_starts[following] if following < len(self._transcript_starts) else len(self.tokens)
        return self._transcript_starts[transcript], last - 1

    def segment_number(self, position: int) -> int:
        """The number of the segment in which a token lies."""
        return bisect_right(self._segment_starts, position) - 1

    def is_inside(self, number: int) -> bool:
        """True if a segment has one before and one after it in its transcript."""
        if not 0 < number < len(self.segments) - 1:
            return False
        before, after = self._segment_starts[number - 1], self._segment_starts[number + 1]
        return self.transcript_of(before) == self.transcript_of(after)

    def speaker(self, position: int) -> str:
        """Whose turn a token lies in."""
        return self._spoken(self.segment_number(position)).segment.speaker

    def word(self, position: int) -> Word:
        """The word of which a token is a piece; the same object for each piece of one word."""
        spoken, number = self._word(position)
        return spoken.segment.words[number]

    def word_number(self, position: int) -> int:
        """The place of a token's word in its segment, from 0."""
        return self._word(position)[1]

    def words(self, start: int, end: int) -> list[Word]:
        """The words of which tokens start..end (exclusive) are pieces."""
        words: list[Word] = []
        for position in range(start, end):
            word = self.word(position)
            if not words or words[-1] is not word:
                words.append(word)
        return words

    def turns(self, start: int, end: int) -> Iterator[tuple[int, Segment, Word]]:
        """For each of the tokens start..end (exclusive) of one transcript: number of its segment, this, its word."""
        position = start
        while position < end:
            number = self.segment_number(position)
            spoken = self._spoken(number)
            offset = position - self._segment_starts[number]
            here = spoken.word_of[offset : offset + end - position]
            for word in here:
                yield number, spoken.segment, spoken.segment.words[word]
            position += max(1, len(here))

    def words_between(self, a: int, b: int) -> list[str]:
        """Written words between those of two tokens that have nothing to compare: dashes that stand alone."""
        (first, start), (last, end) = self._word(a), self._word(b)
        if first is last:
            return [word.text for word in first.segment.words[start + 1 : end]]
        between = [self.segments[n] for n in range(self.segment_number(a) + 1, self.segment_number(b))]
        parts = [first.segment.words[start + 1 :], *(s.words for s in between), last.segment.words[:end]]
        return [word.text for word in chain.from_iterable(parts)]

    def texts(self, start: int, end: int) -> tuple[list[int], list[str]]:
        """The numbers of the keys of tokens start..end (exclusive), and the keys."""
        numbers: list[int] = self.tokens[start:end].tolist()
        return numbers, list(map(self._key, numbers))

    def pairs(self, a: int, b: int, most: int) -> Ints:
        """Where key `a` is followed by key `b`, in order; empty if they are more than `most`."""
        often = min(self.frequency(a), self.frequency(b)) >= _OFTEN
        return self._pairs_of_frequent(a, b, most) if often else self._find_pairs(a, b, most)

    def _find_pairs(self, a: int, b: int, most: int) -> Ints:
        if self.frequency(a) <= self.frequency(b):
            found = self.positions(a)
            beside = self.tokens[1:].take(found, mode="clip") == b
        else:
            found = self.positions(b) - 1
            beside = self.tokens.take(found, mode="clip") == a
        return found.compress(beside) if np.count_nonzero(beside) <= most else np.empty(0, dtype=np.int32)

    def silent(self, start: int, end: int) -> list[bool]:
        """For each of the tokens start..end (exclusive) whether it is not speech."""
        low, high = np.searchsorted(self._silence, np.array([start, end], dtype=np.int32))
        result = [False] * (end - start)
        for position in self._silence[low:high].tolist():
            result[position - start] = True
        return result

    def is_silent(self, position: int) -> bool:
        """True if a token is not speech."""
        at = bisect_left(self._silences, position)
        return at < len(self._silences) and self._silences[at] == position

    def in_language(self, wanted: str, letters: str) -> NDArray[np.bool_]:
        """The transcripts in a language; where either's cannot be told, those in its script (see `languages`)."""
        return self._allowed(wanted, letters)

    def _in_language(self, wanted: str, letters: str) -> NDArray[np.bool_]:
        def fits(own: str) -> bool:
            return (not letters or script_of(own) in ("", letters)) if not own or not wanted else own == wanted

        known = {own: fits(own) for own in set(self.languages)}
        return self._live & np.array([known[own] for own in self.languages], dtype=np.bool_)

    def _word(self, position: int) -> tuple[_Spoken, int]:
        number = self.segment_number(position)
        spoken = self._spoken(number)
        return spoken, spoken.word_of[position - self._segment_starts[number]]

    def _make_spoken(self, number: int) -> _Spoken:
        segment = self.segments[number]
        return _Spoken(segment, [n for n, word in enumerate(segment.words) for _ in word_keys(word.text)])


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A segment, and for each of its tokens the number of its word there."""

    segment: Segment
    word_of: list[int] = field(default_factory=list)


class _Segments(Sequence[Segment]):
    """The segments of several transcripts one after another."""

    def __init__(self, parts: Sequence[Sequence[Segment]]) -> None:
        self._parts = parts
        self._starts = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, number: int) -> Segment: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Segment]: ...
    def __getitem__(self, number: int | slice) -> Segment | Sequence[Segment]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        part = bisect_right(self._starts, number) - 1
        return self._parts[part][number - self._starts[part]]


def as_record(record: Record | Sequence[Transcript]) -> Record:
    """The record itself, or one built for this call."""
    return record if isinstance(record, Record) else Record.build(record)


def spoken_words(transcript: Transcript) -> Iterator[tuple[str, Sequence[str]]]:
    """The speaker and the written words of each segment."""
    if isinstance(transcript.segments, LazySegments):
        yield from transcript.segments.written()
        return
    for segment in transcript.segments:
        yield segment.speaker, [word.text for word in segment.words]


def sample(transcript: Transcript) -> str:
    """The first words of a transcript, enough to tell its language."""
    words: list[str] = []
    for _, texts in spoken_words(transcript):
        words.extend(texts)
        if len(words) > _SAMPLE_WORDS:
            break
    return " ".join(words)
