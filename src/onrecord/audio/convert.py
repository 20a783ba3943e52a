"""From what a decoder hands out to clean float sound: number format, channels, sample rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from onrecord.audio.blocks import Block

CEILING = 16.0
"""Samples beyond this (24 dB over full scale) can only be damage; they are brought down to it."""

# ITU-R BS.775 for the downmix: the centre carries the speech, the bass channel none of it.
_WEIGHTS = {"FC": 1.0, "FL": 0.7071, "FR": 0.7071, "LFE": 0.0, "LFE2": 0.0}
_OTHER_WEIGHT = 0.5
# PyAV (18.1) finds the end of the list of planes by a null pointer, which is missing from eight planes on: it
# reads memory that is not the frame's. Such frames are interleaved by FFmpeg first.
_UNSAFE_PLANES = 8


def frame_samples(frame: AudioFrame) -> NDArray[np.generic]:
    """A frame's samples, shape (channels, samples), in the number format they have; 64-bit integers in 32 bits."""
    if frame.format.packed.name == "s64":  # which PyAV has no array for
        (frame,) = AudioResampler(format="s32").resample(frame)
    if frame.format.is_planar and frame.layout.nb_channels >= _UNSAFE_PLANES:
        (frame,) = AudioResampler(format=frame.format.packed.name).resample(frame)
    array: NDArray[np.generic] = frame.to_ndarray()
    if not frame.format.is_planar:
        array = array.reshape(-1, frame.layout.nb_channels).T
    return array


def as_float(samples: NDArray[np.generic]) -> Block:
    """Integers scaled to full scale ±1.0; floats as they are."""
    kind = samples.dtype
    if kind == np.uint8:
        return (samples.astype(np.float32) - np.float32(128)) * np.float32(1 / 128)
    if kind.kind == "i":
        return samples.astype(np.float32) * np.float32(2.0 ** (1 - 8 * kind.itemsize))
    return samples.astype(np.float32)


def silence(dtype: np.dtype[Any], channels: int, samples: int) -> NDArray[Any]:
    """Silence in a file's numbers, shape (channels, samples)."""
    return np.full((channels, samples), 128 if dtype == np.uint8 else 0, dtype=dtype)


def cleaned(block: Block) -> tuple[Block, NDArray[np.intp]]:
    """The block with every sample a number within ±CEILING, and the positions where it was not a number."""
    # One pass decides for nearly all sound; a NaN makes the comparison false.
    if block.size == 0 or float(np.abs(block).max()) <= CEILING:
        return block, np.zeros(0, dtype=np.intp)
    bad = np.flatnonzero(~np.isfinite(block).all(axis=0))
    clean = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(clean, -CEILING, CEILING).astype(np.float32), bad


def mix_weights(channel_names: Sequence[str]) -> NDArray[np.float32]:
    """One weight a channel for the mix to mono, summing to 1; equal ones where the layout is unknown."""
    named = all(name in _WEIGHTS or name[:1] in "BST" for name in channel_names)
    weights = np.array(
        [_WEIGHTS.get(name, _OTHER_WEIGHT) if named else 1.0 for name in channel_names], dtype=np.float32
    )
    if weights.sum() == 0:
        weights[:] = 1
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def remixed(block: Block, weights: NDArray[np.float32], channels: int) -> Block:
    """The block in `channels` channels: as it is when it has as many, else mixed to one and repeated."""
    if block.shape[0] == channels:
        return block
    mono = block if block.shape[0] == 1 else (weights @ block)[np.newaxis, :]
    return mono if channels == 1 else np.repeat(mono, channels, axis=0)


class Resampler:
    """Changes the sample rate of a stream of blocks; sample 0 stays sample 0, and the length is exact.

    One libswresample instance a channel, so that no channel layout is needed. Rates that are equal pass
    through.
    """

    def __init__(self, source_rate: int, target_rate: int, channels: int) -> None:
        self.source_rate = source_rate
        self._target_rate = target_rate
        self._same = source_rate == target_rate
        self._taken = 0
        self._given = 0
        self._lanes = [AudioResampler(format="fltp", layout="mono", rate=target_rate) for _ in range(channels)]

    def push(self, block: Block) -> Block:
        """The next samples at the target rate; may be fewer than came in, the rest follow later."""
        if self._same or block.shape[1] == 0:
            return block
        self._taken += block.shape[1]
        return self._limited(np.concatenate([self._run(i, lane) for i, lane in enumerate(block)], axis=0))

    def flush(self) -> Block:
        """The last samples, so that in all round(samples × target / source) were given."""
        if self._same or self._taken == 0:
            return np.zeros((len(self._lanes), 0), dtype=np.float32)
        tail = self._limited(np.concatenate([self._run(i, None) for i in range(len(self._lanes))], axis=0))
        missing = self._length_due() - self._given
        self._given += missing
        return np.pad(tail, ((0, 0), (0, missing)))

    def _run(self, index: int, lane: Block | None) -> Block:
        frame = None
        if lane is not None:
            frame = AudioFrame.from_ndarray(np.ascontiguousarray(lane)[np.newaxis, :], format="fltp", layout="mono")
            frame.sample_rate = self.source_rate
        try:
            frames = self._lanes[index].resample(frame)
        except av.error.EOFError:
            frames = []
        parts = [out.to_ndarray() for out in frames]
        return np.concatenate(parts, axis=1) if parts else np.zeros((1, 0), dtype=np.float32)

    def _length_due(self) -> int:
        return (2 * self._taken * self._target_rate + self.source_rate) // (2 * self.source_rate)

    def _limited(self, block: Block) -> Block:
        kept = block[:, : self._length_due() - self._given]
        self._given += kept.shape[1]
        return kept
