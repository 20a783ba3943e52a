"""Frames to moments: the times, confidences and flags of words and segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.confidence import UNSURE_BELOW, Margins, confidence, pooled
from onrecord.audio.alignment.features import FRAME_MS
from onrecord.audio.alignment.result import AlignedSegment, AlignedWord, Alignment, Flag
from onrecord.audio.alignment.states import FILLER, Ints, Spelling
from onrecord.audio.blocks import Span

UNCLAIMED_MS = 1500
_NEAR_MS = 700


def moments(
    segments: Sequence[Sequence[str]],
    spelling: Spelling,
    phones: Ints,
    classes: Ints,
    margins: Margins,
    speech: NDArray[np.bool_],
) -> Alignment:
    """The alignment from the phone and the class of each frame (phone -1 in gaps, where the class tells which)."""
    total = sum(len(segment) for segment in segments)
    first, last = _extents(phones, spelling, total)
    duration_ms = len(phones) * FRAME_MS
    counts = pooled(margins.count, spelling.word, total)
    sums = pooled(margins.sums, spelling.word, total)
    sure = np.where(counts > 0, confidence(_smoothed(sums, counts)), 0.0)
    unclaimed = _unclaimed(classes, speech)
    start, end = _filled(first, last, len(phones))
    result: list[AlignedSegment] = []
    at = 0
    for segment in segments:
        own = slice(at, at + len(segment))
        at += len(segment)
        words = tuple(
            AlignedWord(int(low) * FRAME_MS, int(high) * FRAME_MS, round(float(trust), 3))
            for low, high, trust in zip(start[own], end[own], sure[own], strict=True)
        )
        result.append(_segment(words, counts[own], sums[own], first[own] >= 0, unclaimed))
    return Alignment(tuple(result), duration_ms, tuple(unclaimed))


def _extents(phones: Ints, spelling: Spelling, words: int) -> tuple[Ints, Ints]:
    """First frame of each word and the one after its last; -1 where it has none."""
    frames = np.flatnonzero(phones >= 0)
    word = spelling.word[phones[frames]]
    first, last = np.full(words, -1, np.int32), np.full(words, -1, np.int32)
    found, index = np.unique(word, return_index=True)
    first[found] = frames[index]
    last[word] = frames + 1
    return first, last


def _filled(first: Ints, last: Ints, frames: int) -> tuple[Ints, Ints]:
    """Times for words that were not found: no length, where the word before them ends."""
    start, end = first.copy(), last.copy()
    here = 0
    following = np.minimum.accumulate(np.where(first >= 0, first, frames)[::-1])[::-1]
    for n in range(len(first)):
        if first[n] < 0:
            start[n] = end[n] = min(here, int(following[n]))
        here = int(end[n])
    return start, end


def _smoothed(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean margins, each word with half of its neighbours': one short word says little."""
    weights = np.array([0.5, 1.0, 0.5])
    wide = [
        np.convolve(values, weights, mode="same")[: len(values)] if len(values) > 2 else values
        for values in (sums, counts)
    ]
    return np.asarray(wide[0] / np.maximum(wide[1], 1e-9))


def _unclaimed(classes: Ints, speech: NDArray[np.bool_]) -> list[Span]:
    """Stretches of filler in which somebody speaks for UNCLAIMED_MS or more."""
    filler = np.concatenate([[False], classes == FILLER, [False]])
    edges = np.flatnonzero(filler[1:] != filler[:-1])
    return [
        Span(int(low) * FRAME_MS, int(high) * FRAME_MS)
        for low, high in zip(edges[::2], edges[1::2], strict=True)
        if speech[low:high].sum() * FRAME_MS >= UNCLAIMED_MS
    ]


def _segment(
    words: tuple[AlignedWord, ...],
    counts: NDArray[np.float64],
    sums: NDArray[np.float64],
    found: NDArray[np.bool_],
    unclaimed: Sequence[Span],
) -> AlignedSegment:
    known = [word for word, there in zip(words, found, strict=True) if there]
    if len(known) < max(1, len(words) / 2):
        flag, trust = Flag.MISSING, 0.0
    else:
        trust = float(confidence(np.array(sums.sum() / max(counts.sum(), 1))))
        flag = Flag.UNSURE if trust < UNSURE_BELOW else Flag.NONE
    ends = known or list(words)
    start_ms, end_ms = (ends[0].start_ms, ends[-1].end_ms) if ends else (0, 0)
    if flag is Flag.NONE and any(
        span.start_ms - _NEAR_MS <= end_ms and span.end_ms + _NEAR_MS >= start_ms for span in unclaimed
    ):
        flag = Flag.GAP
    return AlignedSegment(start_ms, end_ms, round(trust, 3), flag, words)
