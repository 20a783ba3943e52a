"""Frames to moments: the times, confidences and flags of words and segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.confidence import UNSURE_BELOW, Fit, confidence, pooled
from onrecord.audio.alignment.features import FRAME_MS
from onrecord.audio.alignment.result import AlignedSegment, AlignedWord, Alignment, Flag
from onrecord.audio.alignment.states import FILLER, Ints, Spelling
from onrecord.audio.blocks import Span

UNCLAIMED_MS = 1500
"""Speech of this length between phrases, in no phone, is said to be missing from the text."""
EARLY_MS = 8
"""A frame looks 25 ms wide, so that a word's first frame is found this much late (the middle of all sets measured)."""
_NEAR_MS = 1300
_LONG_WORD, _STRAY_MS = 3.0, 1000
_SHARED_FRAMES, _WHOLE_FRAMES = 60, 100


def moments(
    segments: Sequence[Sequence[str]],
    spelling: Spelling,
    phones: Ints,
    classes: Ints,
    fit: Fit,
    speech: NDArray[np.bool_],
) -> Alignment:
    """The alignment from the phone and the class of each frame (phone -1 in gaps, where the class tells which)."""
    total = sum(len(segment) for segment in segments)
    first, last = _extents(phones, spelling, total)
    counts, sums = (pooled(values, spelling.word, total) for values in (fit.count, fit.sums))
    usual = pooled(spelling.duration_ms.astype(np.float64), spelling.word, total)
    usual *= counts.sum() * FRAME_MS / max(usual[counts > 0].sum(), 1.0)
    sure = np.where(counts > 0, confidence(_smoothed(sums, counts, [len(segment) for segment in segments])), 0.0)
    sure *= np.minimum(1.0, _LONG_WORD * (usual + 50) / np.maximum(counts * FRAME_MS, 1))
    noted = np.zeros(total, dtype=bool)
    noted[spelling.word[spelling.phone < 0]] = True
    sure[noted & (first >= 0)] = UNSURE_BELOW
    unclaimed = _unclaimed(phones, classes, speech)
    start, end = _filled(first, last, len(phones))
    times = np.maximum(np.stack([start, end], axis=1) * FRAME_MS - EARLY_MS, 0)
    overall = float(sums.sum() / max(counts.sum(), 1))
    result: list[AlignedSegment] = []
    at = 0
    for segment in segments:
        own = slice(at, at + len(segment))
        at += len(segment)
        words = tuple(
            AlignedWord(int(low), int(high), round(float(trust), 3))
            for (low, high), trust in zip(times[own], sure[own], strict=True)
        )
        stray = counts[own] * FRAME_MS - usual[own]
        trust = _trust(counts[own], sums[own], first[own] >= 0, noted[own], overall)
        result.append(_segment(words, first[own] >= 0, trust, float(stray.max(initial=0)), unclaimed))
    return Alignment(tuple(result), len(phones) * FRAME_MS, tuple(unclaimed))


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


def _smoothed(sums: NDArray[np.float64], counts: NDArray[np.float64], lengths: Sequence[int]) -> NDArray[np.float64]:
    """Mean margins of words, with half of their neighbours' and 0.6 s of their segment's.

    `lengths` are the words of each segment: one short word says little by itself.
    """
    segment = np.repeat(np.arange(len(lengths)), lengths)
    whole_sums, whole_counts = (np.bincount(segment, values, minlength=len(lengths)) for values in (sums, counts))
    mean = (whole_sums / np.maximum(whole_counts, 1))[segment]
    wide = [np.convolve(values, [0.5, 1.0, 0.5])[1:-1] for values in (sums, counts)]
    return np.asarray((wide[0] + _SHARED_FRAMES * mean) / (wide[1] + _SHARED_FRAMES))


def _unclaimed(phones: Ints, classes: Ints, speech: NDArray[np.bool_]) -> list[Span]:
    """Gaps in which somebody speaks for UNCLAIMED_MS or more, from the first filler in them to the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], phones < 0, [False]]).astype(np.int8)))
    result = []
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        filler = np.flatnonzero(classes[low:high] == FILLER)
        if speech[low:high][filler].sum() * FRAME_MS >= UNCLAIMED_MS:
            result.append(Span(int(low + filler[0]) * FRAME_MS, int(low + filler[-1] + 1) * FRAME_MS))
    return result


def _trust(
    counts: NDArray[np.float64],
    sums: NDArray[np.float64],
    found: NDArray[np.bool_],
    noted: NDArray[np.bool_],
    overall: float,
) -> float:
    """A segment's confidence; 0 where most of its words have no frame. A second of the whole text's margin goes into
    it, and where the whole does not fit no segment is sure: a few words that do are chance."""
    if found.sum() < max(1, len(found) / 2):
        return 0.0
    if noted[found].all():
        return UNSURE_BELOW
    own, whole = confidence(
        np.array([(sums.sum() + _WHOLE_FRAMES * overall) / (counts.sum() + _WHOLE_FRAMES), overall])
    )
    return float(own if whole >= UNSURE_BELOW else min(own, whole))


def _segment(
    words: tuple[AlignedWord, ...], found: NDArray[np.bool_], trust: float, stray_ms: float, unclaimed: Sequence[Span]
) -> AlignedSegment:
    known = [word for word, there in zip(words, found, strict=True) if there] or list(words)
    start_ms, end_ms = (known[0].start_ms, known[-1].end_ms) if known else (0, 0)
    near = (span.start_ms - _NEAR_MS <= end_ms and span.end_ms + _NEAR_MS >= start_ms for span in unclaimed)
    flag = Flag.NONE
    if words and trust == 0:
        flag = Flag.MISSING
    elif words and (trust < UNSURE_BELOW or stray_ms > _STRAY_MS):
        flag = Flag.UNSURE
    elif any(near):
        flag = Flag.GAP
    return AlignedSegment(start_ms, end_ms, round(trust, 3), flag, words)
