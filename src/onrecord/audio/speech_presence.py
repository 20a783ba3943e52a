"""Where in a recording somebody may be speaking: told generously, so that its absence means something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import FRAME_MS, SAMPLE_RATE, Floats, log_mel, loudness, speaking
from onrecord.audio.bleep import Span
from onrecord.audio.decode import Decoder

LOUD_ENOUGH = -13.0
"""Log energy over all bands that speech exceeds, about -70 dB of full scale."""
ALIVE = 0.25
"""Deviation of the log energy within a second, 1 dB: speech has eight times as much; hum, tone and noise a fifth."""
_SECOND = 1000 // FRAME_MS
_JOINED_MS, _LEAST_MS = 400, 80


def speech_presence(source: Path) -> tuple[Span, ...]:
    """The times at which there is sound that rises and falls as speech does, in ms; music may pass for it.

    Streamed; 60 bytes a frame of 10 ms. Raises the errors of Decoder.
    """
    with Decoder(source) as decoder:
        frames = log_mel(decoder.blocks(sample_rate=SAMPLE_RATE))
    if len(frames) < _SECOND // 4:
        return ()
    loud = loudness(frames)
    return _spans(speaking(loud) & (loud > LOUD_ENOUGH) & (_liveliness(loud) > ALIVE))


def _liveliness(loud: Floats) -> Floats:
    """The deviation of the loudness within the second around each frame, above what counts as silence."""
    heard = np.maximum(loud.astype(np.float64), LOUD_ENOUGH)
    width = min(_SECOND, len(heard))
    sums = np.concatenate([[0.0], np.cumsum(heard)])
    squares = np.concatenate([[0.0], np.cumsum(heard**2)])
    mean = (sums[width:] - sums[:-width]) / width
    spread = np.sqrt(np.maximum((squares[width:] - squares[:-width]) / width - mean**2, 0))
    lead = width // 2
    return np.pad(spread, (lead, len(heard) - len(spread) - lead), mode="edge").astype(np.float32)


def _spans(speech: NDArray[np.bool_]) -> tuple[Span, ...]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], speech, [False]]).astype(np.int8)))
    joined: list[Span] = []
    for start, end in edges.reshape(-1, 2) * FRAME_MS:
        if joined and start - joined[-1].end_ms <= _JOINED_MS:
            joined[-1] = Span(joined[-1].start_ms, int(end))
        else:
            joined.append(Span(int(start), int(end)))
    return tuple(span for span in joined if span.end_ms - span.start_ms >= _LEAST_MS)
