"""How loud a programme is, measured while it runs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.blocks import Block

FRAME_MS = 100
GATE_DBFS = -50.0
"""Frames quieter than this are pauses and do not count (a simple form of the gate in ITU-R BS.1770)."""
FEWEST_FRAMES = 5


class RunningLevel:
    """Mean level of a stream's speech up to a sample, however the stream is cut into blocks."""

    def __init__(self, sample_rate: int) -> None:
        self._frame = max(1, sample_rate * FRAME_MS // 1000)
        self._open: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        """Squares of the frame that is not full yet."""
        self._waiting: list[float] = []
        """Powers of full frames that are not counted yet."""
        self._frames_counted = 0
        self._power = 0.0
        self._loud_frames = 0

    def add(self, block: Block) -> None:
        """Take in the next samples, shape (channels, samples). They count once `count_until` reaches them."""
        squares = np.concatenate([self._open, np.square(block).mean(axis=0)])
        whole = squares.size // self._frame * self._frame
        self._open = squares[whole:]
        self._waiting.extend(squares[:whole].reshape(-1, self._frame).mean(axis=1, dtype=np.float64).tolist())

    def count_until(self, sample: int) -> None:
        """Count the frames that end at or before `sample`; ask in ascending order."""
        number = min(max(0, sample // self._frame - self._frames_counted), len(self._waiting))
        for power in self._waiting[:number]:
            if power > 10 ** (GATE_DBFS / 10):
                self._power += power
                self._loud_frames += 1
        del self._waiting[:number]
        self._frames_counted += number

    @property
    def dbfs(self) -> float | None:
        """RMS level of the counted frames in dB of full scale; None while they are too few to tell."""
        if self._loud_frames < FEWEST_FRAMES:
            return None
        return 10 * math.log10(self._power / self._loud_frames)
