"""The web copy's format: MP3, constant bit rate, written whole or not at all.

Why MP3: it is the one lossy format that every browser plays, Chromium built without proprietary codecs
included (AAC is not in those). Why constant bit rate at 32, 44.1 or 48 kHz: a player that follows a link to a
moment (`#t=754.2`) asks the server for bytes at a place that it computes from the time. With constant bit
rate the place is right to one frame (24–36 ms); a variable one has a table of 100 entries for the whole file,
half a minute off in an hour. MPEG-1 rates are those that all decoders seek in correctly; the half rates
(MPEG-2) are not. An Info header carries encoder delay and padding, so that sample 0 of the sound is sample 0
in the player.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from onrecord.audio.blocks import Block
from onrecord.audio.writer import Coding, SoundWriter

WEB_RATES = (32_000, 44_100, 48_000)
BIT_RATE = 96_000
"""Bits a second for one channel: transparent for speech at 44.1 and 48 kHz, 43 MB an hour."""
NARROW_BIT_RATE = 64_000
"""The same for sound that came at 8, 16 or 32 kHz and is copied at 32: 29 MB an hour."""

# No ID3 block, no encoder names: the same sound gives the same bytes, and nothing of the source is told.
MP3_CONTAINER_OPTIONS = {"id3v2_version": "0", "write_id3v1": "0", "write_xing": "1"}
# LAME's quality scale, 0 slow to 9 fast; 7 costs half of the default's time and is not told apart on speech.
MP3_OPTIONS = {"compression_level": "7"}


def web_rate(source_rate: int) -> int:
    """The rate to encode at: the one of the web rates that the source's rate divides into most simply."""
    if source_rate in (8_000, 16_000, 32_000):
        return 32_000
    return 44_100 if source_rate % 11_025 == 0 else 48_000


def web_bit_rate(sample_rate: int) -> int:
    """Bits a second of a web copy at one of the web rates."""
    return NARROW_BIT_RATE if sample_rate == 32_000 else BIT_RATE


class Mp3Writer(SoundWriter):
    """Writes blocks to `path` as MP3, whole or not at all; see SoundWriter. Beyond full scale is clipped.

    `bit_rate` is by default that of web copies at this rate.
    """

    def __init__(self, path: Path, *, sample_rate: int, channels: int = 1, bit_rate: int | None = None) -> None:
        if sample_rate not in WEB_RATES or channels not in (1, 2):
            raise ValueError(f"MP3 copies have {WEB_RATES} Hz and 1 or 2 channels, not {sample_rate} Hz and {channels}")
        coding = Coding(
            container="mp3",
            codec="libmp3lame",
            number_format="fltp",
            bit_rate=web_bit_rate(sample_rate) if bit_rate is None else bit_rate,
            options=MP3_OPTIONS,
            container_options=MP3_CONTAINER_OPTIONS,
        )
        super().__init__(path, coding, sample_rate=sample_rate, layout="mono" if channels == 1 else "stereo")

    def write(self, block: Block) -> None:  # type: ignore[override]
        """Append a block of shape (channels, samples)."""
        super().write(np.clip(block, -1.0, 1.0))


def write_mp3(
    blocks: Iterable[Block], path: Path, *, sample_rate: int, channels: int = 1, bit_rate: int | None = None
) -> None:
    """Write a stream of blocks as an MP3 file, whole or not at all; see Mp3Writer."""
    with Mp3Writer(path, sample_rate=sample_rate, channels=channels, bit_rate=bit_rate) as writer:
        for block in blocks:
            writer.write(block)
