"""What is kept of the sound for alignment: log-mel energies, ten milliseconds a frame, sixty bytes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.blocks import Block

SAMPLE_RATE = 16_000
HOP = 160
FRAME_MS = 10
BANDS = 30
CEPSTRA = 13
DIMENSIONS = 2 * CEPSTRA
MARGIN = 3
"""Frames on either side that the deltas of a frame look at."""

_WINDOW, _FFT = 400, 512
_LEAD = (_WINDOW - HOP) // 2
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 7600.0
_TELEPHONE_HZ = (200.0, 3500.0)
_FLOOR = 1e-9
_TELEPHONE_GAP = np.log(10**3.0)
_BATCH = 2048
_MEASURED = 100_000
"""Frames from which a channel is measured, at most."""

Floats = NDArray[np.float32]
Frames = NDArray[np.float32] | NDArray[np.float16]


def log_mel(blocks: Iterable[Block]) -> NDArray[np.float16]:
    """Log-mel energies of mono sound at SAMPLE_RATE, shape (frames, BANDS); frame n stands for HOP samples from n·HOP.

    Pre-emphasised by .97, Hann window of 25 ms. Reads the blocks as they come, so that sound of any length takes
    60 bytes a frame.
    """
    parts = [np.zeros((0, BANDS), dtype=np.float16)]
    held = np.zeros(_LEAD, dtype=np.float32)
    samples = 0
    last = np.float32(0)
    for block in blocks:
        lane = block[0]
        if lane.size == 0:
            continue
        samples += lane.size
        held = np.concatenate([held, lane - np.float32(0.97) * np.concatenate([[last], lane[:-1]])])
        last = lane[-1]
        count = (held.size - _WINDOW) // HOP + 1
        if count >= _BATCH // 8:
            parts.append(_energies(held, count))
            held = held[count * HOP :]
    count = -(-samples // HOP) - sum(len(part) for part in parts)
    if count > 0:
        held = np.pad(held, (0, max(0, (count - 1) * HOP + _WINDOW - held.size)))
        parts.append(_energies(held, count))
    return np.concatenate(parts)


def _energies(sound: Floats, count: int) -> NDArray[np.float16]:
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[: count * HOP : HOP]
    result = np.empty((count, BANDS), dtype=np.float16)
    for at in range(0, count, _BATCH):
        spectrum = np.fft.rfft(frames[at : at + _BATCH] * _hann(), _FFT)
        power = spectrum.real**2 + spectrum.imag**2
        result[at : at + _BATCH] = np.log(power.astype(np.float32) @ _filters() + np.float32(_FLOOR))
    return result


@cache
def _hann() -> Floats:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def band_centres() -> NDArray[np.float64]:
    """The middle of each band in Hz."""
    return _edges()[1:-1]


def _edges() -> NDArray[np.float64]:
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges: NDArray[np.float64] = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    return edges


@cache
def _filters() -> Floats:
    """Triangles, shape (bins, BANDS), each of weight 1, so that a band's energy does not grow with its width."""
    bins = np.arange(_FFT // 2 + 1) * SAMPLE_RATE / _FFT
    edges = _edges()
    rising = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    weights = np.clip(np.minimum(rising, falling), 0, None)
    return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-9), dtype=np.float32)


def loudness(frames: Frames) -> Floats:
    """Log energy of each frame over all bands, smoothed over a tenth of a second."""
    energy = np.empty(len(frames), dtype=np.float32)
    for at in range(0, len(frames), _BATCH):
        part = frames[at : at + _BATCH].astype(np.float32)
        energy[at : at + _BATCH] = np.log(np.exp(part).sum(axis=1))
    if len(energy) < 9:
        return energy
    return np.convolve(np.pad(energy, 4, mode="edge"), np.full(9, 1 / 9, np.float32), mode="valid").astype(np.float32)


def speaking(loud: Floats) -> NDArray[np.bool_]:
    """The frames loud enough to be speech, by the range of loudness of the recording itself."""
    low, high = np.quantile(loud, [0.05, 0.95])
    return np.asarray(loud > low + 0.35 * (high - low))


@dataclass(frozen=True)
class Channel:
    """How a recording sounds, whatever is said: the bands that carry speech, and levels of speech and noise in them.

    `speech` is the mean log energy while somebody speaks and `spread` its deviation; `noise` the mean energy of the
    quietest twelfth. All have shape (BANDS,).
    """

    telephone: bool
    speech: Floats
    spread: Floats
    noise: Floats
    power: Floats

    @property
    def bands(self) -> NDArray[np.bool_]:
        low, high = _TELEPHONE_HZ if self.telephone else (0.0, SAMPLE_RATE / 2)
        centres = band_centres()
        return np.asarray((centres > low) & (centres < high))

    @property
    def floor(self) -> Floats:
        """Log energy below which nothing is told apart: 35 dB below speech."""
        return np.asarray(self.speech - np.log(10**3.5), dtype=np.float32)


def channel_of(frames: Frames, loud: Floats, speech: NDArray[np.bool_]) -> Channel:
    """The channel of a recording from its frames, their loudness, and which of them are speech."""
    step = len(frames) // _MEASURED + 1
    spoken = frames[np.flatnonzero(speech)[::step]].astype(np.float32)
    quiet = frames[np.argsort(loud)[: max(1, len(loud) // 12)][::step]].astype(np.float32)
    centres = band_centres()
    upper, lower = (
        np.log(np.exp(spoken[:, (centres > low) & (centres < high)]).mean(axis=1)).astype(np.float32)
        for low, high in ((4500, 7500), (500, 3500))
    )
    gap = float(np.quantile(lower, 0.95) - np.quantile(upper, 0.95))
    mean = spoken.mean(axis=0)
    floored = np.maximum(spoken, mean - np.float32(np.log(10**3.5)))
    return Channel(
        telephone=bool(gap > _TELEPHONE_GAP),
        speech=floored.mean(axis=0),
        spread=np.maximum(floored.std(axis=0), np.float32(0.3)),
        noise=np.exp(quiet).mean(axis=0),
        power=np.exp(spoken).mean(axis=0),
    )


@cache
def _cosines(bands: int) -> Floats:
    at = (np.arange(bands) + 0.5) / bands
    matrix = np.cos(np.pi * at[:, None] * np.arange(CEPSTRA)) * np.sqrt(2 / bands)
    return np.asarray(matrix, dtype=np.float32)


def cepstra(frames: Frames, channel: Channel) -> Floats:
    """Cepstra and their slopes, shape (frames, DIMENSIONS), of frames levelled by their channel."""
    bands = channel.bands
    level = (np.maximum(frames.astype(np.float32), channel.floor) - channel.speech) / channel.spread
    static = level[:, bands] @ _cosines(int(bands.sum()))
    padded = np.pad(static, ((MARGIN, MARGIN), (0, 0)), mode="edge")
    count = len(static)
    slope = sum(
        (k * (padded[MARGIN + k : MARGIN + k + count] - padded[MARGIN - k : MARGIN - k + count]) for k in (1, 2, 3)),
        np.zeros_like(static),
    )
    return np.concatenate([static, slope * np.float32(2 / 28)], axis=1)


def in_pieces(frames: Frames, channel: Channel, size: int = _BATCH * 2) -> Iterator[tuple[int, Floats]]:
    """The cepstra of a long recording piece by piece, each with the number of its first frame; as if made at once."""
    for at in range(0, len(frames), size):
        start, stop = max(0, at - MARGIN), min(len(frames), at + size + MARGIN)
        yield at, cepstra(frames[start:stop], channel)[at - start : at - start + min(size, len(frames) - at)]
