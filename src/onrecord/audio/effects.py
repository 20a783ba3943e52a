"""What a recording goes through before it is published: a telephone, a room, another speed."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from onrecord.audio.blocks import Block

TELEPHONE_BAND_HZ = (300.0, 3_400.0)
Colour = Literal["white", "pink"]


def band_pass(sound: Block, sample_rate: int, low_hz: float, high_hz: float, *, edge: float = 0.08) -> Block:
    """The sound within a band, without a shift in time; for whole sounds (one FFT), not for streams.

    Outside the band the response falls over `edge` (a share of each limit) to nothing, as a cosine.
    """
    size = _transform_size(sound.shape[1])
    spectrum = np.fft.rfft(sound.astype(np.float64), n=size, axis=1)
    frequency = np.fft.rfftfreq(size, 1 / sample_rate)
    rise = np.clip((frequency - low_hz * (1 - edge)) / (low_hz * edge or 1.0), 0, 1) if low_hz else 1.0
    fall = np.clip((high_hz * (1 + edge) - frequency) / (high_hz * edge), 0, 1)
    response = np.sin(np.minimum(rise, fall) * math.pi / 2) ** 2
    return np.fft.irfft(spectrum * response, n=size, axis=1)[:, : sound.shape[1]].astype(np.float32)


def mu_law(sound: Block, *, mu: float = 255.0) -> Block:
    """The sound through eight bits of µ-law (ITU-T G.711's curve): the grain of a telephone line."""
    limited = np.clip(sound.astype(np.float64), -1, 1)
    coded = np.round(np.sign(limited) * np.log1p(mu * np.abs(limited)) / math.log1p(mu) * 127) / 127
    return (np.sign(coded) * np.expm1(np.abs(coded) * math.log1p(mu)) / mu).astype(np.float32)


def telephone(sound: Block, sample_rate: int) -> Block:
    """The sound as a telephone carries it: 300–3,400 Hz, eight bits of µ-law, the band once more."""
    return band_pass(mu_law(band_pass(sound, sample_rate, *TELEPHONE_BAND_HZ)), sample_rate, *TELEPHONE_BAND_HZ)


def noise(samples: int, *, colour: Colour, seed: int) -> Block:
    """Noise of RMS 1, shape (1, samples), the same for the same seed; pink falls by 3 dB an octave."""
    white = np.random.default_rng(seed).standard_normal(samples)
    if colour == "pink" and samples > 1:
        size = _transform_size(samples)
        spectrum = np.fft.rfft(white, n=size)
        spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
        spectrum[0] = 0
        white = np.fft.irfft(spectrum, n=size)[:samples]
    return (white / max(rms(white), 1e-12))[np.newaxis, :].astype(np.float32)


def with_noise(sound: Block, *, snr_db: float, colour: Colour, seed: int) -> Block:
    """The sound with noise `snr_db` below its own RMS level; silence stays silence."""
    level = rms(sound) * 10 ** (-snr_db / 20)
    return (sound + level * noise(sound.shape[1], colour=colour, seed=seed)).astype(np.float32)


def room(sound: Block, sample_rate: int, *, reverberation_ms: int, wet_db: float, seed: int) -> Block:
    """The sound in a room: after the direct sound, noise that falls by 60 dB over `reverberation_ms`.

    `wet_db` is the level of the reverberation against the direct sound, which stays where it was.
    """
    time = np.arange(1, sample_rate * reverberation_ms // 1000) / sample_rate
    tail = np.random.default_rng(seed).standard_normal(time.size) * 10 ** (-3_000 * time / reverberation_ms)
    tail[: sample_rate // 200] = 0  # the walls are some metres away
    response = np.concatenate([[1.0], tail * 10 ** (wet_db / 20) / np.sqrt(np.square(tail).sum())])
    size = _transform_size(sound.shape[1] + response.size)
    spectrum = np.fft.rfft(sound.astype(np.float64), n=size, axis=1) * np.fft.rfft(response, n=size)
    return np.fft.irfft(spectrum, n=size, axis=1)[:, : sound.shape[1]].astype(np.float32)


def at_speed(sound: Block, factor: float) -> Block:
    """The sound played `factor` times as fast, pitch and all (cubic interpolation); for whole sounds."""
    if factor <= 0:
        raise ValueError(f"a speed of {factor} is none")
    length = sound.shape[1]
    at = np.arange(int(length / factor), dtype=np.float64) * factor
    whole = at.astype(np.intp)
    part = (at - whole).astype(np.float32)
    before, here, after, beyond = (sound[:, np.clip(whole + step, 0, length - 1)] for step in (-1, 0, 1, 2))
    # Catmull-Rom spline, Horner form.
    cubic = -before + 3 * here - 3 * after + beyond
    square = 2 * before - 5 * here + 4 * after - beyond
    return (here + 0.5 * part * (after - before + part * (square + part * cubic))).astype(np.float32)


def levelled(sound: Block, *, rms_dbfs: float, peak_dbfs: float = -1.0) -> Block:
    """The sound at an RMS level, lower where its peak would go over `peak_dbfs`; silence stays silence."""
    loudest = float(np.abs(sound).max(initial=0.0))
    if loudest == 0:
        return sound
    factor = min(10 ** (rms_dbfs / 20) / rms(sound), 10 ** (peak_dbfs / 20) / loudest)
    return (sound * np.float32(factor)).astype(np.float32)


def rms(sound: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> float:
    """Root mean square of all samples; 0 for none."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if sound.size else 0.0


def _transform_size(samples: int) -> int:
    """The least size from `samples` up, of 2, 3, 4 or 5 times a power of two, that an FFT does fast."""
    return min(small << max(0, (-(-samples // small) - 1).bit_length()) for small in (2, 3, 4, 5))
