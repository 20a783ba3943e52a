"""Files as publishers put them out: any codec, with a word about their making in the metadata."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from onrecord.audio.blocks import Block


def publish(path: Path, sound: Block, sample_rate: int, *, codec: str, bit_rate: int | None, note: str) -> None:
    """Write mono sound with an FFmpeg codec into the container that the name asks for, `note` as its comment.

    The same sound gives the same bytes. Raises OSError.
    """
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        container.metadata["comment"] = note
        stream = container.add_stream(codec, rate=sample_rate, options={"flags": "+bitexact"})
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        if bit_rate is not None:
            stream.bit_rate = bit_rate
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(np.clip(sound, -1, 1)), format="fltp", layout="mono")
        frame.sample_rate = sample_rate
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
