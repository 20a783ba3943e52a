"""The copy of a recording that readers get: one format, masked words gone, no metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from onrecord.audio.bleep import bleep
from onrecord.audio.blocks import Span
from onrecord.audio.damage import Damage
from onrecord.audio.decode import Decoder
from onrecord.audio.encode import Mp3Writer, web_rate
from onrecord.audio.waveform import PeakMeter


@dataclass(frozen=True)
class WebCopy:
    """What was made: the sound's length, its outline (0–100), and what was damaged in the original."""

    duration_ms: int
    peaks: tuple[int, ...]
    damage: tuple[Damage, ...]
    sample_rate: int
    channels: int


def web_copy(source: Path, destination: Path, *, masks: Sequence[Span] = (), bit_rate: int | None = None) -> WebCopy:
    """Make the web copy of `source` as mono MP3 at `destination` in one pass, every span of `masks` bleeped.

    `destination` appears whole or, after any error, not at all (one that was there stays as it was). Times in
    the copy are times in the source. Raises what `Decoder`, `bleep` and `Mp3Writer` raise.
    """
    with Decoder(source) as decoder:
        rate = web_rate(decoder.sample_rate)
        meter = PeakMeter(rate)
        sound = bleep(decoder.blocks(sample_rate=rate), masks, sample_rate=rate)
        with Mp3Writer(destination, sample_rate=rate, bit_rate=bit_rate) as writer:
            for block in sound:
                meter.add(block)
                writer.write(block)
        return WebCopy(
            duration_ms=decoder.duration_ms,
            peaks=meter.peaks(),
            damage=decoder.damage,
            sample_rate=rate,
            channels=1,
        )
