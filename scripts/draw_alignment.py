"""Draw docs/explanation/alignment.svg: an alignment of synthetic speech with a sentence that the text does not have.

Run: python scripts/draw_alignment.py
"""

import base64
import struct
import tempfile
import wave
import zlib
from html import escape
from pathlib import Path

import numpy as np

from onrecord.audio.alignment import Alignment, align
from onrecord.audio.alignment.features import SAMPLE_RATE, log_mel
from onrecord.audio.convert import Resampler
from onrecord.audio.speech import synthesise

SAID = (
    ("The water rose at night, and we left for the school.", "en-gb-scotland+m7"),
    ("Nobody in the valley told us that it would come!", "en-gb-x-gbclan+f1"),
    ("They had already closed the bridge by the brewery.", "en-gb-scotland+m7"),
)
UNWRITTEN = 1
WIDTH, TOP, HEIGHT = 1100, 46, 120
TARGET = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "alignment.svg"


def main() -> None:
    silence = np.zeros(SAMPLE_RATE // 2, np.float32)
    sound = np.concatenate([part for text, voice in SAID for part in (silence, _spoken(text, voice))] + [silence])
    text = [line.split() for n, (line, _) in enumerate(SAID) if n != UNWRITTEN]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes())
        found = align(path, text, language="en")
    TARGET.write_text(_picture(sound, text, found), encoding="utf-8")


def _spoken(text: str, voice: str) -> np.ndarray:
    made = synthesise(text, voice=voice, rate_wpm=165)
    resampler = Resampler(made.sample_rate, SAMPLE_RATE, 1)
    return np.concatenate([resampler.push(made.samples), resampler.flush()], axis=1)[0]


def _picture(sound: np.ndarray, text: list[list[str]], found: Alignment) -> str:
    frames = log_mel([sound[np.newaxis, :]]).astype(np.float32)
    shades = np.clip((frames.T[::-1] - frames.max() + 12) / 12, 0, 1)
    image = base64.b64encode(_png((255 - 200 * shades).astype(np.uint8))).decode()
    scale = WIDTH / found.duration_ms
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 200" font-family="sans-serif" font-size="12">',
        "<title>Two sentences placed in a spectrogram, with a third between them that the text does not have</title>",
        f'<rect width="{WIDTH}" height="200" fill="#fff"/>',
        f'<image x="0" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{image}"/>',
    ]
    for span in found.unclaimed:
        x, width = span.start_ms * scale, (span.end_ms - span.start_ms) * scale
        rows.append(f'<rect x="{x:.0f}" y="{TOP}" width="{width:.0f}" height="{HEIGHT}" fill="#c60" opacity=".25"/>')
        rows.append(f'<text x="{x + width / 2:.0f}" y="38" text-anchor="middle" fill="#a40">not in the text</text>')
    for n, (words, segment) in enumerate(zip(text, found.segments, strict=True), start=1):
        x, width = segment.start_ms * scale, (segment.end_ms - segment.start_ms) * scale
        rows.append(f'<text x="{x:.0f}" y="18" fill="#06506b">segment {n}, confidence {segment.confidence:.2f}</text>')
        rows.append(f'<rect x="{x:.0f}" y="23" width="{width:.0f}" height="4" fill="#06506b"/>')
        for word, at in zip(words, segment.words, strict=True):
            left, middle = at.start_ms * scale, (at.start_ms + at.end_ms) / 2 * scale
            rows.append(f'<path d="M{left:.1f} {TOP}v{HEIGHT}" stroke="#06506b"/>')
            rows.append(f'<text x="{middle:.0f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{escape(word)}</text>')
    for second in range(int(found.duration_ms / 1000) + 1):
        rows.append(f'<text x="{second * 1000 * scale + 2:.0f}" y="197" fill="#777" font-size="11">{second} s</text>')
        rows.append(f'<path d="M{second * 1000 * scale:.0f} 188v12" stroke="#999"/>')
    return "\n".join([*rows, "</svg>"]) + "\n"


def _png(grey: np.ndarray) -> bytes:
    """A grey image as PNG."""
    height, width = grey.shape
    lines = np.pad(grey, ((0, 0), (1, 0))).tobytes()
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    ]
    body = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


if __name__ == "__main__":
    main()
