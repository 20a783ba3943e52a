"""The one shape sound has inside the core, and spans of time in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]
"""Sound: float32, shape (channels, samples), full scale ±1.0. The sample rate always travels beside it."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A moment: `start_ms` up to, not including, `end_ms`, in whole milliseconds from the sound's start."""

    start_ms: int
    end_ms: int


def samples_at(milliseconds: int, sample_rate: int) -> int:
    """The sample nearest to a time; halves go up."""
    return (2 * milliseconds * sample_rate + 1000) // 2000


def milliseconds_at(samples: int, sample_rate: int) -> int:
    """The time of a sample in whole milliseconds; halves go up."""
    return (2000 * samples + sample_rate) // (2 * sample_rate)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time covered by the fewest spans, in order."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start_ms <= result[-1].end_ms:
            if span.end_ms > result[-1].end_ms:
                result[-1] = Span(result[-1].start_ms, span.end_ms)
        else:
            result.append(span)
    return tuple(result)


def joined(blocks: Sequence[Block]) -> Block:
    """Blocks of one stream as one array; shape (1, 0) when there are none. For short sounds only."""
    if not blocks:
        return np.zeros((1, 0), dtype=np.float32)
    return np.concatenate(blocks, axis=1)
