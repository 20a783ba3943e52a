"""The outline of a recording's loudness that players draw."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.blocks import Block

MAX_PEAKS = 1_800
FINEST_MS = 20
SILENCE = 10 ** (-60 / 20)
"""A recording whose loudest sample is below this (−60 dBFS) is drawn flat."""


class PeakMeter:
    """Collects peaks of a stream of unknown length: bins of 20 ms, paired up whenever they become too many.

    Memory does not grow with length; the result does not depend on how the sound is cut into blocks.
    """

    def __init__(self, sample_rate: int, max_peaks: int = MAX_PEAKS) -> None:
        if sample_rate <= 0 or max_peaks < 2:
            raise ValueError(f"sample rate {sample_rate} and {max_peaks} peaks make no outline")
        self._bin = max(1, sample_rate * FINEST_MS // 1000)
        self._max_peaks = max_peaks
        self._group = 1
        """Bins to a peak; doubles as the stream grows."""
        self._samples: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        """Magnitudes of the bin that is not full yet."""
        self._bins: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        """Bins of the group that is not full yet."""
        self._groups: NDArray[np.float32] = np.zeros(0, dtype=np.float32)

    def add(self, block: Block) -> None:
        """Take in the next samples, shape (channels, samples)."""
        full, self._samples = _maxima(np.concatenate([self._samples, np.abs(block).max(axis=0)]), self._bin)
        self._bins = np.concatenate([self._bins, full])
        self._gather()
        while self._groups.size > self._max_peaks:
            # A group without a partner goes back to the bins that wait to become one.
            paired = self._groups.size // 2 * 2
            self._bins = np.concatenate([np.repeat(self._groups[paired:], self._group), self._bins])
            self._groups, _ = _maxima(self._groups[:paired], 2)
            self._group *= 2
            self._gather()

    def peaks(self) -> tuple[int, ...]:
        """At most `max_peaks` integers, 0 for silence to 100 for the loudest moment of this recording."""
        values = self._groups
        waiting = max(self._bins.max(initial=0.0), self._samples.max(initial=0.0))
        if self._bins.size or self._samples.size:
            values = np.append(values, np.float32(waiting))
        if values.size > self._max_peaks:
            values, _ = _maxima(np.append(values, np.float32(0)) if values.size % 2 else values, 2)
        loudest = float(values.max(initial=0.0))
        if loudest < SILENCE:
            return (0,) * values.size
        return tuple(int(value) for value in np.rint(values / loudest * 100))

    def _gather(self) -> None:
        full, self._bins = _maxima(self._bins, self._group)
        self._groups = np.concatenate([self._groups, full])


def peaks(blocks: Iterable[Block], sample_rate: int, max_peaks: int = MAX_PEAKS) -> tuple[int, ...]:
    """The outline of a stream: at most `max_peaks` integers from 0 to 100, evenly spaced over its length."""
    meter = PeakMeter(sample_rate, max_peaks)
    for block in blocks:
        meter.add(block)
    return meter.peaks()


def _maxima(values: NDArray[np.float32], width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The maxima of runs of `width` values, and the values left over at the end."""
    whole = values.size // width * width
    return np.asarray(values[:whole].reshape(-1, width).max(axis=1), dtype=np.float32), values[whole:]
