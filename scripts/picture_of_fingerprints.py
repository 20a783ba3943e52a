"""Draw fingerprints: python scripts/picture_of_fingerprints.py docs/explanation/fingerprints.svg

Three seconds of synthetic speech, and the same over a telephone with noise, 4 % faster: what each sounds like in bands,
the codes made of it, and where the codes differ, beside those of other speech.
"""

from __future__ import annotations

import base64
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.convert import Resampler
from onrecord.audio.fingerprints.model import PROOF
from onrecord.audio.fingerprints.query import FINE, SoundQuery
from onrecord.audio.fingerprints.spectrum import FRAME, QUERY_HOP, RATE, Floats, levels, power
from onrecord.audio.fingerprints.training import mixed, pink, spoil
from onrecord.audio.speech import synthesise

SPEED, FRAMES = 1.04, 94
INK, PAPER, RED = (32, 32, 36), (250, 249, 246), (190, 40, 40)
Picture = NDArray[np.uint8]


def main() -> int:
    rng = np.random.default_rng(4)
    said = _speech("The water came over the bridge at six, and nobody had told us that it would come.", "en-gb+m3")
    other = _speech("Nine new harbours were opened along the eastern shore last year, and two were closed.", "en-gb+m3")
    telephone = mixed(_faster(spoil(said, "phone", [said], rng)), pink(round(said.size / SPEED), rng), 6)
    rows = [
        ("as recorded", said, 1.0),
        ("repost: telephone, noise, 4 % faster", telephone, SPEED),
        ("other words", other, 1.0),
    ]
    drawn = []
    codes = []
    for title, sound, speed in rows:
        bands, code = _bands(sound, speed), SoundQuery(sound).proof(speed, speed)[::FINE][:FRAMES].T > 0
        codes.append(code)
        wrong = code != codes[0]
        share = f"{100 * wrong.mean():.0f} % of the bits differ from the first" if len(codes) > 1 else ""
        drawn.append((title, share, _grey(bands), _inked(code, np.zeros_like(code)), _inked(wrong, wrong)))
    Path(sys.argv[1]).write_text(_svg(drawn))
    return 0


def _speech(text: str, voice: str) -> Floats:
    spoken = synthesise(text, voice=voice)
    resampler = Resampler(spoken.sample_rate, RATE, 1)
    sound = np.concatenate([resampler.push(spoken.samples), resampler.flush()], axis=1)[0]
    return sound[: (FRAMES + 2 * PROOF.steps) * FRAME]


def _faster(sound: Floats) -> Floats:
    resampler = Resampler(round(RATE * SPEED), RATE, 1)
    return np.concatenate([resampler.push(sound[np.newaxis, :]), resampler.flush()], axis=1)[0]


def _bands(sound: Floats, speed: float) -> Floats:
    level = levels(power(sound, QUERY_HOP), PROOF.bands, hop=QUERY_HOP, pitch=speed)
    at = np.arange(FRAMES) * FRAME / QUERY_HOP / speed
    return level[np.minimum(np.rint(at).astype(int), len(level) - 1)].T[::-1]


def _grey(values: Floats) -> Picture:
    share = np.clip((values - values.min()) / np.ptp(values), 0, 1)[..., np.newaxis]
    return (np.array(PAPER) * (1 - share) + np.array(INK) * share).astype(np.uint8)


def _inked(dark: NDArray[np.bool_], red: NDArray[np.bool_]) -> Picture:
    colours = np.where(dark[..., np.newaxis], np.array(INK), np.array(PAPER))
    return np.where(red[..., np.newaxis], np.array(RED), colours).astype(np.uint8)


def _png(picture: Picture) -> str:
    """The picture as PNG in base64 (ISO/IEC 15948: signature, IHDR, IDAT, IEND)."""
    height, width, _ = picture.shape
    lines = b"".join(b"\0" + line.tobytes() for line in picture)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    data = b"\x89PNG\r\n\x1a\n"
    for kind, body in chunks:
        data += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return base64.b64encode(data).decode()


def _svg(rows: list[tuple[str, str, Picture, Picture, Picture]]) -> str:
    width, height, gap = 290, 150, 20
    columns = ("how loud each band is", "the codes: 64 bits every 32 ms", "bits unlike the first one’s")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {3 * (width + gap) + gap} {60 + 3 * (height + 46)}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="t">',
        '<title id="t">Fingerprints of synthetic speech, of a repost of it, and of other words</title>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for number, words in enumerate(columns):
        parts.append(f'<text x="{gap + number * (width + gap)}" y="28" font-weight="600">{words}</text>')
    for row, (title, share, *pictures) in enumerate(rows):
        top = 66 + row * (height + 46)
        parts.append(f'<text x="{gap}" y="{top - 8}" fill="#333">{title}</text>')
        parts.append(f'<text x="{gap + 2 * (width + gap)}" y="{top - 8}" fill="#a02020">{share}</text>')
        for number, picture in enumerate(pictures):
            parts.append(
                f'<image x="{gap + number * (width + gap)}" y="{top}" width="{width}" height="{height}" '
                f'preserveAspectRatio="none" style="image-rendering: pixelated" '
                f'href="data:image/png;base64,{_png(picture)}"/>'
            )
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    sys.exit(main())
