"""Sounds and files for the tests, made with a seed."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def voice_like(seconds: float, sample_rate: int, *, seed: int = 1, channels: int = 1) -> NDArray[np.float32]:
    """Noise with a syllable rhythm and pauses, RMS about -20 dBFS; shape (channels, samples)."""
    rng = np.random.default_rng(seed)
    length = round(seconds * sample_rate)
    noise = rng.standard_normal((channels, length)).astype(np.float32)
    smooth = np.stack([np.convolve(lane, np.ones(4) / 4, mode="same") for lane in noise])
    time = np.arange(length) / sample_rate
    rhythm = np.clip(np.sin(2 * np.pi * 3.1 * time) + np.sin(2 * np.pi * 0.7 * time), 0, None)
    return (0.15 * smooth * rhythm).astype(np.float32)


def write_media(
    path: Path,
    sound: NDArray[np.float32] | None,
    sample_rate: int,
    *,
    codec: str = "pcm_s16le",
    layout: str | None = None,
    video: bool = False,
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    late_s: float = 0.0,
    bit_rate: int = 0,
    encoder_options: dict[str, str] | None = None,
) -> Path:
    """A media file made with FFmpeg; the container follows from the name."""
    with av.open(str(path), "w", options=options or {}) as container:
        container.metadata.update(metadata or {})
        picture = container.add_stream("mpeg4", rate=10) if video else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        stream = None
        if sound is not None:
            names = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
            layout = layout or names[sound.shape[0]]
            stream = container.add_stream(codec, rate=sample_rate, options=encoder_options or {})
            if bit_rate:
                stream.bit_rate = bit_rate
            stream.layout = layout
        if picture is not None:
            for _ in range(10):
                for packet in picture.encode(av.VideoFrame(64, 64, "yuv420p")):
                    container.mux(packet)
            container.mux(picture.encode(None))
        if stream is not None and sound is not None and layout is not None:
            # Interleaved, as PyAV cannot take eight planes.
            frame = av.AudioFrame.from_ndarray(sound.T.reshape(1, -1), format="flt", layout=layout)
            frame.sample_rate = sample_rate
            frame.pts = round(late_s * sample_rate)
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def similarity(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Correlation of two signals without a shift; 1.0 for the same."""
    one, other = one.ravel().astype(np.float64), other.ravel().astype(np.float64)
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale else 0.0


def files_in(folder: Path) -> list[str]:
    """Names of the files directly in a folder, hidden ones too, sorted."""
    return sorted(path.name for path in folder.iterdir() if path.is_file())
