"""How loud the speech around a moment is, measured while the sound runs by."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.blocks import Block

FRAME_MS = 100
WINDOW_S = 30
"""Speech up to this long before a moment tells its loudness."""
GATE_DBFS = -70.0
"""Frames quieter than this are silence (the absolute gate of ITU-R BS.1770)."""
RELATIVE_GATE_DB = -10.0
"""So are frames this much below the mean of the rest (its relative gate): pauses do not count."""
FEWEST_FRAMES = 5


class RunningLevel:
    """Level of a stream's speech before and after a sample, however the stream is cut into blocks.

    Remembers `WINDOW_S` seconds and the seconds after them that `add` was given ahead of the question.
    """

    def __init__(self, sample_rate: int) -> None:
        self._frame = max(1, sample_rate * FRAME_MS // 1000)
        self._kept = WINDOW_S * 1000 // FRAME_MS
        self._open: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        """Squares of the frame that is not full yet."""
        self._powers: NDArray[np.float64] = np.zeros(0, dtype=np.float64)
        """Powers of full frames."""
        self._first = 0
        """Number of the frame that the first of the powers belongs to."""

    def add(self, block: Block) -> None:
        """Take in the next samples, shape (channels, samples). What is no number counts as silence."""
        powers = np.square(block).mean(axis=0)
        if not np.isfinite(powers).all():
            powers = np.nan_to_num(powers, nan=0.0, posinf=0.0, neginf=0.0)
        squares = np.concatenate([self._open, powers])
        whole = squares.size // self._frame * self._frame
        self._open = squares[whole:]
        new = squares[:whole].reshape(-1, self._frame).mean(axis=1, dtype=np.float64)
        self._powers = np.concatenate([self._powers, new])

    def forget_before(self, sample: int) -> None:
        """Nothing will be asked any more about moments before `sample`."""
        excess = min(sample // self._frame - self._kept - self._first, self._powers.size)
        if excess > 0:
            self._powers = self._powers[excess:]
            self._first += excess

    def before(self, sample: int) -> float | None:
        """RMS level in dB of full scale of the speech in the frames that end by `sample`; None where it is silent."""
        end = sample // self._frame - self._first
        return _gated(self._powers[max(0, end - self._kept) : max(0, end)])

    def between(self, start: int, end: int) -> float | None:
        """The same of the frames that lie between two samples."""
        first = -(-start // self._frame) - self._first
        return _gated(self._powers[max(0, first) : max(0, end // self._frame - self._first)])


def _gated(powers: NDArray[np.float64]) -> float | None:
    loud = powers[powers > 10 ** (GATE_DBFS / 10)]
    if loud.size:
        loud = loud[loud >= loud.mean() * 10 ** (RELATIVE_GATE_DB / 10)]
    return 10 * math.log10(loud.mean()) if loud.size >= FEWEST_FRAMES else None
