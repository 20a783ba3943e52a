"""The front end: from sound to how loud each band is, against its own last seconds.

Speech on a telephone is 300 to 3,400 Hz; what a codec, a loudspeaker or a broadcaster's equaliser does to a band
lasts, so each band is measured against its own running mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RATE = 8_000
"""Samples a second that everything here works on."""
FRAME = 256
"""Samples from one frame of a fingerprint to the next: 32 ms."""
FRAME_MS = 1000 * FRAME / RATE
INDEX_HOP, QUERY_HOP = 128, 64
"""Samples between spectra of an indexed recording and of a query (16 and 8 ms)."""
_WINDOW = 512
_HANN = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
_SMOOTHING = {INDEX_HOP: (0.25, 0.5, 0.25), QUERY_HOP: (0.125, 0.25, 0.25, 0.25, 0.125)}
_LOWEST_HZ, _HIGHEST_HZ = 300.0, 3_400.0
_MEAN_RADIUS = 31 * FRAME
"""Samples on either side that a band's running mean takes in: about a second."""
_FLOOR = 1e-9
"""Power below which there is nothing to tell (white noise at -90 dBFS)."""


@dataclass(frozen=True)
class Bank:
    """A patch of sound: so many bands by so many frames."""

    bands: int
    steps: int


def power(samples: Floats, hop: int) -> Floats:
    """Smoothed power spectra, shape (samples // hop + 1, 257); the n-th is centred on sample n * hop.

    Scaled so that white noise of variance v has v in each bin. `hop` is INDEX_HOP or QUERY_HOP.
    """
    frames = samples.size // hop + 1
    padded = np.pad(samples, (_WINDOW // 2, _WINDOW // 2 + hop))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::hop][:frames]
    spectrum = np.fft.rfft(windows * _HANN)
    raw = spectrum.real**2 + spectrum.imag**2
    raw *= np.float32(1 / float((_HANN**2).sum()))
    kernel = _SMOOTHING[hop]
    edge = len(kernel) // 2
    padded_power = np.pad(raw, ((edge, edge), (0, 0)), mode="edge")
    smooth: Floats = np.zeros(raw.shape, dtype=np.float32)
    for at, weight in enumerate(kernel):
        smooth += np.float32(weight) * padded_power[at : at + frames]
    return smooth


def levels(spectra: Floats, bands: int, *, hop: int, pitch: float = 1.0) -> Floats:
    """Log level of each band against its running mean, shape (frames, bands).

    `pitch` is how much higher than the recording the sound is heard: its bands are looked for that much higher.
    """
    energy = spectra @ _filters(bands, round(pitch, 4))
    mean = _running_mean(energy, _MEAN_RADIUS // hop)
    floor = np.float32(1e-3) * mean.mean(axis=1, keepdims=True) + np.float32(_FLOOR)
    level: Floats = np.log(energy / (mean + floor) + np.float32(1.5))
    return level


@lru_cache(maxsize=64)
def _filters(bands: int, pitch: float) -> Floats:
    """Raised cosines on a logarithmic scale, a band wide to either side, unit sum; shape (257, bands)."""
    hertz = np.arange(_WINDOW // 2 + 1) * RATE / _WINDOW
    ratio = (_HIGHEST_HZ / _LOWEST_HZ) ** (1 / bands)
    result = np.zeros((hertz.size, bands))
    for band in range(bands):
        centre = _LOWEST_HZ * ratio ** (band + 0.5) * pitch
        half = max(np.log(ratio), np.log1p(RATE / _WINDOW / centre))
        distance = np.abs(np.log(np.maximum(hertz, 1.0) / centre)) / half
        weight = np.where(distance < 1, 1 + np.cos(np.pi * distance), 0.0)
        result[:, band] = weight / weight.sum()
    return result.astype(np.float32)


def _running_mean(energy: Floats, radius: int) -> Floats:
    """Mean over `radius` frames to either side, over fewer at the ends."""
    total = np.zeros((energy.shape[0] + 1, energy.shape[1]))
    np.cumsum(energy, axis=0, dtype=np.float64, out=total[1:])
    at = np.arange(energy.shape[0])
    low, high = np.maximum(at - radius, 0), np.minimum(at + radius + 1, energy.shape[0])
    mean: Floats = ((total[high] - total[low]) / (high - low)[:, np.newaxis]).astype(np.float32)
    return mean
