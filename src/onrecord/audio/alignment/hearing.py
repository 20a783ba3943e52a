"""A recording as the search knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from onrecord.audio.alignment.features import FRAME_MS, SAMPLE_RATE, channel_of, log_mel, loudness, speaking
from onrecord.audio.alignment.search import Sound
from onrecord.audio.blocks import Block
from onrecord.audio.decode import Decoder
from onrecord.errors import NothingToAlign

SHORTEST_FRAMES = 20
SILENT = -16.0
"""Log energy that no band of a silent recording reaches, about -70 dB of full scale."""


def hear(source: Path, each_second: Callable[[], None] = lambda: None) -> Sound:
    """A recording as alignment knows it; streamed, 60 bytes a frame. Raises the errors of Decoder."""
    with Decoder(source) as decoder:
        frames = log_mel(_watched(decoder.blocks(sample_rate=SAMPLE_RATE), each_second))
    if len(frames) < SHORTEST_FRAMES:
        raise NothingToAlign(path=source, reason=f"it is shorter than {SHORTEST_FRAMES * FRAME_MS / 1000} s")
    if float(frames.max()) < SILENT:
        raise NothingToAlign(path=source, reason="the recording is silent")
    loud = loudness(frames)
    spoken = speaking(loud)
    return Sound(frames, channel_of(frames, loud, spoken), spoken)


def _watched(blocks: Iterator[Block], each: Callable[[], None]) -> Iterator[Block]:
    for block in blocks:
        each()
        yield block
