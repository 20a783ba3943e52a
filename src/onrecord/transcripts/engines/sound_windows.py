"""Long sound in parts that an engine can hold in memory, cut where it is quiet."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
WINDOW_S = 300
_SEARCHED_S = 30
_FRAME = SAMPLE_RATE // 20

Sound = NDArray[np.float32]


def length_ms(path: Path) -> int:
    """How long the sound in a WAV file is."""
    with wave.open(str(path)) as file:
        return 1000 * file.getnframes() // file.getframerate()


def windows(path: Path, *, from_ms: int = 0, window_s: int = WINDOW_S) -> Iterator[tuple[int, int, Sound]]:
    """Start and end in ms, and the samples, of parts that follow each other; of a mono 16-bit WAV file at SAMPLE_RATE.

    A part is cut at the quietest place of the last half minute that it could have.
    """
    with wave.open(str(path)) as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, SAMPLE_RATE):
            raise ValueError(f"not mono, 16 bits, {SAMPLE_RATE} Hz")
        at, total = from_ms * SAMPLE_RATE // 1000, file.getnframes()
        while at < total:
            file.setpos(at)
            read = np.frombuffer(file.readframes(window_s * SAMPLE_RATE), dtype="<i2")
            samples = read.astype(np.float32) * np.float32(1 / 32768)
            end = at + len(samples)
            if end < total:
                end = at + _quietest(samples, window_s)
            yield 1000 * at // SAMPLE_RATE, 1000 * end // SAMPLE_RATE, samples[: end - at]
            at = end


def _quietest(samples: Sound, window_s: int) -> int:
    searched = min(_SEARCHED_S, window_s // 2) * SAMPLE_RATE
    begin = len(samples) - searched
    frames = samples[begin : begin + searched // _FRAME * _FRAME].reshape(-1, _FRAME)
    loudness = np.convolve((frames**2).mean(axis=1), np.ones(5), mode="same")
    return begin + int(loudness.argmin()) * _FRAME + _FRAME // 2
