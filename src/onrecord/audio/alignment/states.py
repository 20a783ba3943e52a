"""The states that a recording passes through when the text is spoken: phones in order, with gaps between phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.models import SILENCE, THIRDS

FILLER = -1
"""The class of a state that takes any sound; it costs nothing beside the filler constant."""
WAYS = 5
"""Ways into a state from others, at most; staying is one more."""

STAY, NEXT, SKIP_ONE = 0.3, 0.3, 1.2
PAUSE_STAY = 0.2
"""Between words; nothing between phrases, so that a pause beside a phrase is not taken for one within it."""
INTO_FILLER, INTO_PAUSE = 3.0, 1.0
LONGEST_PHONE_MS = 250

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Spelling:
    """The text in phones, counted through: number of each phone's name (-1 for a sound that is no speech), its
    duration in ms, its word."""

    phone: Ints
    duration_ms: NDArray[np.float32]
    word: Ints
    phrases: tuple[range, ...]
    """Phones of each phrase, one at least."""


@dataclass(frozen=True)
class Graph:
    """States in the order of the text. `origins` and `prices`, shape (states, WAYS), are the ways in (-1: none)."""

    classes: Ints
    origins: Ints
    prices: NDArray[np.float32]
    stays: NDArray[np.float32]
    """The price of staying a frame."""
    phone: Ints
    """The phone of each state, -1 in gaps and pauses."""
    gaps: Ints
    """The silent state of the gap before each phrase, and of the one at the end; a filler state follows it."""

    farthest: Ints
    """The last state that can be entered from this one or one before it."""

    def __len__(self) -> int:
        return len(self.classes)

    def places_in(self, other: Graph) -> Ints:
        """For each state the one of another graph of the same text at the same place."""
        result = np.zeros(len(self), dtype=np.int32)
        own = self.phone >= 0
        first, count = self._extent()
        other_first, other_count = other._extent()
        phone = self.phone[own]
        share = (np.flatnonzero(own) - first[phone] + 0.5) / count[phone]
        result[own] = other_first[phone] + (share * other_count[phone]).astype(np.int64)
        pauses = np.flatnonzero(~own)
        pauses = pauses[(pauses + 1 < len(self)) & ~np.isin(pauses, self.gaps) & ~np.isin(pauses, self.gaps + 1)]
        result[pauses] = other_first[self.phone[pauses + 1]] - 1
        result[self.gaps], result[self.gaps + 1] = other.gaps, other.gaps + 1
        return result

    def _extent(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        states = np.flatnonzero(self.phone >= 0)
        _, first, count = np.unique(self.phone[states], return_index=True, return_counts=True)
        return states[first], count


def graph_of(spelling: Spelling, *, unit_ms: float, tempo: float | NDArray[np.float32], skip_phrase: float) -> Graph:
    """States for a text: a phone has one for each `unit_ms` that it lasts in the synthesis times `tempo`.

    A phrase can be skipped for `skip_phrase`, one state for SKIP_ONE; between words there may be a pause, between
    phrases silence or any sound.
    """
    length = np.minimum(spelling.duration_ms * tempo, LONGEST_PHONE_MS) / unit_ms
    counts = np.maximum(1, np.rint(length)).astype(np.int32)
    starts_word = np.ones(len(counts), dtype=bool)
    starts_word[1:] = spelling.word[1:] != spelling.word[:-1]
    before = np.zeros(len(counts), dtype=np.int32)
    before[starts_word] = 1
    before[[phrase.start for phrase in spelling.phrases]] = 2
    ends = np.cumsum(before + counts, dtype=np.int64)
    at_phone = ends - counts
    total = int(ends[-1]) + 2
    classes = np.full(total, SILENCE, dtype=np.int32)
    phone = np.full(total, -1, dtype=np.int32)
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    where = np.repeat(at_phone - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(len(owner))
    inside = where - at_phone[owner]
    third = (2 * inside + 1) * THIRDS // (2 * counts[owner])
    classes[where] = np.where(spelling.phone[owner] >= 0, 1 + THIRDS * spelling.phone[owner] + third, FILLER)
    phone[where] = owner
    gaps = np.array([0, *(ends[phrase[-1]] for phrase in spelling.phrases)], dtype=np.int32)
    return _joined(classes, phone, gaps, starts_word, at_phone, skip_phrase)


def _joined(
    classes: Ints,
    phone: Ints,
    gaps: Ints,
    starts_word: NDArray[np.bool_],
    at_phone: NDArray[np.int64],
    skip_phrase: float,
) -> Graph:
    total = len(classes)
    origins = np.full((total, WAYS), -1, dtype=np.int32)
    prices = np.zeros((total, WAYS), dtype=np.float32)

    def way(
        states: NDArray[np.integer] | Sequence[int], column: int, back: int | NDArray[np.integer], price: float
    ) -> None:
        states = np.asarray(states, dtype=np.int64)
        origins[states, column] = states - back
        prices[states, column] = price

    own = np.flatnonzero(phone >= 0)
    way(own, 0, 1, NEXT)
    way(own[own >= 2], 1, 2, SKIP_ONE)
    classes[gaps + 1] = FILLER
    # Words within a phrase: [.. last two states of the word before] [pause] [first] [second ..]
    first = at_phone[starts_word]
    is_gap = np.zeros(total + 1, dtype=bool)
    is_gap[gaps] = is_gap[gaps + 1] = True
    mid = first[~is_gap[first - 1]]
    pause = mid - 1
    way(mid, 1, 2, NEXT)
    way(mid, 2, 3, SKIP_ONE)
    way(pause, 0, 1, INTO_PAUSE)
    second = mid[phone[np.minimum(mid + 1, total - 1)] >= 0] + 1
    way(second, 1, 3, SKIP_ONE)
    # Phrases: [.. last] [silence] [filler] [first ..]
    after = first[is_gap[first - 1]]
    way(after, 0, 1, NEXT)
    way(after, 1, 2, NEXT)
    spoken_before = after[after >= 3]
    spoken_before = spoken_before[phone[spoken_before - 3] >= 0]
    way(spoken_before, 2, 3, NEXT)
    following = after[phone[np.minimum(after + 1, total - 1)] >= 0] + 1
    origins[following, 1] = -1
    after_speech = gaps[(gaps > 0)]
    after_speech = after_speech[phone[after_speech - 1] >= 0]
    way(gaps, 0, -1, 0.0)
    way(gaps + 1, 0, 1, INTO_FILLER)
    way(after_speech, 1, 1, NEXT)
    way(after_speech + 1, 1, 2, INTO_FILLER)
    distance = np.diff(gaps)
    way(gaps[1:], 2, distance, skip_phrase)
    way(gaps[1:] + 1, 2, distance, skip_phrase)
    farthest = np.arange(total, dtype=np.int32)
    for column in range(WAYS):
        known = np.flatnonzero(origins[:, column] >= 0)
        np.maximum.at(farthest, origins[known, column], known.astype(np.int32))
    stays = np.where(phone >= 0, np.float32(STAY), np.float32(PAUSE_STAY)).astype(np.float32)
    stays[gaps] = 0
    stays[classes == FILLER] = 0
    return Graph(classes, origins, prices, stays, phone, gaps, np.maximum.accumulate(farthest))
