"""A body of transcripts made ready for search: every word as a number, and where each number occurs.

The arrays are what an index on disk would hold; everything above reaches them through `Record`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from onrecord.text.languages import base, guess_language
from onrecord.text.normalise import word_keys
from onrecord.text.transcripts import Segment, Transcript, Word

Ints = NDArray[np.int32]
_SAMPLE_WORDS = 400
_GAP = 0


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Transcripts with an index over their words. Build it once and pass it wherever transcripts are taken.

    `tokens` holds the key number of every comparable piece of every word, a 0 between transcripts;
    `token_word` the number of its word over the whole record; `word_segment` the segment of each word.
    """

    transcripts: tuple[Transcript, ...]
    languages: tuple[str, ...]
    vocabulary: dict[str, int]
    keys: list[str]
    tokens: Ints
    token_word: Ints
    silent: NDArray[np.bool_]
    word_segment: Ints
    segment_transcript: Ints
    segments: list[Segment]
    segment_first_word: Ints
    transcript_first_token: Ints
    order: Ints
    starts: Ints
    speakers: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def build(cls, transcripts: Sequence[Transcript]) -> Record:
        """Index the transcripts; a language that is not stated is guessed from the words."""
        vocabulary: dict[str, int] = {"": _GAP}
        cache: dict[str, tuple[int, ...]] = {}
        tokens: list[int] = []
        token_word: list[int] = []
        silent: list[bool] = []
        word_segment: list[int] = []
        segments: list[Segment] = []
        segment_transcript: list[int] = []
        segment_first_word: list[int] = []
        first_token: list[int] = []
        for t, transcript in enumerate(transcripts):
            first_token.append(len(tokens))
            aside = False
            for segment in transcript.segments:
                number = len(segments)
                segments.append(segment)
                segment_transcript.append(t)
                segment_first_word.append(len(word_segment))
                for word in segment.words:
                    text = word.text
                    ids = cache.get(text)
                    if ids is None:
                        ids = tuple(vocabulary.setdefault(key, len(vocabulary)) for key in word_keys(text))
                        cache[text] = ids
                    aside = aside or text[:1] in "(["
                    for i in ids:
                        tokens.append(i)
                        token_word.append(len(word_segment))
                        silent.append(aside)
                    if aside and (")" in text or "]" in text):
                        aside = False
                    word_segment.append(number)
                aside = False
            tokens.append(_GAP)
            token_word.append(-1)
            silent.append(False)
        ids_array = np.array(tokens, dtype=np.int32)
        order = np.argsort(ids_array, kind="stable").astype(np.int32)
        starts = np.searchsorted(ids_array[order], np.arange(len(vocabulary) + 1)).astype(np.int32)
        return cls(
            tuple(transcripts),
            tuple(base(t.language) or guess_language(_sample(t)) for t in transcripts),
            vocabulary,
            list(vocabulary),
            ids_array,
            np.array(token_word, dtype=np.int32),
            np.array(silent, dtype=np.bool_),
            np.array(word_segment, dtype=np.int32),
            np.array(segment_transcript, dtype=np.int32),
            segments,
            np.array(segment_first_word, dtype=np.int32),
            np.array(first_token, dtype=np.int32),
            order,
            starts,
            frozenset(segment.speaker for segment in segments if segment.speaker),
        )

    def positions(self, key: int) -> Ints:
        """Where a key occurs, in order; empty for an unknown key (below 1)."""
        if key < 1:
            return self.order[:0]
        return self.order[self.starts[key] : self.starts[key + 1]]

    def frequency(self, key: int) -> int:
        """How often a key occurs."""
        return int(self.starts[key + 1] - self.starts[key]) if key > 0 else 0

    def transcript_of(self, position: int) -> int:
        """The number of the transcript in which a token lies."""
        return int(np.searchsorted(self.transcript_first_token, position, side="right")) - 1

    def bounds(self, transcript: int) -> tuple[int, int]:
        """First token of a transcript and the one after its last."""
        first = int(self.transcript_first_token[transcript])
        following = transcript + 1
        last = int(self.transcript_first_token[following]) if following < len(self.transcripts) else len(self.tokens)
        return first, last - 1

    def word(self, position: int) -> Word:
        """The word of which a token is a piece."""
        number = int(self.token_word[position])
        segment = int(self.word_segment[number])
        return self.segments[segment].words[number - int(self.segment_first_word[segment])]

    def words_between(self, a: int, b: int) -> list[str]:
        """Written words between those of two tokens that have nothing to compare: dashes that stand alone."""
        first, last = int(self.token_word[a]) + 1, int(self.token_word[b])
        numbers = [(n, int(self.word_segment[n])) for n in range(first, last)]
        return [self.segments[s].words[n - int(self.segment_first_word[s])].text for n, s in numbers]

    def segment_number(self, position: int) -> int:
        """The number of the segment in which a token lies."""
        return int(self.word_segment[self.token_word[position]])

    def words(self, start: int, end: int) -> list[Word]:
        """The words of which tokens start..end (exclusive) are pieces."""
        words: list[Word] = []
        last = -1
        for position in range(start, end):
            number = int(self.token_word[position])
            if number >= 0 and number != last:
                words.append(self.word(position))
                last = number
        return words


def as_record(record: Record | Sequence[Transcript]) -> Record:
    """The record itself, or one built for this call."""
    return record if isinstance(record, Record) else Record.build(record)


def _sample(transcript: Transcript) -> str:
    words: list[str] = []
    for segment in transcript.segments:
        words.extend(word.text for word in segment.words)
        if len(words) > _SAMPLE_WORDS:
            break
    return " ".join(words)
