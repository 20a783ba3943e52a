"""A masked copy of a sound file: the masked words gone, the rest untouched where the format allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.bleep import FADE_MS, GUARD_MS, TONE_HZ, bleep, checked_spans
from onrecord.audio.blocks import Span, merged
from onrecord.audio.damage import Damage
from onrecord.audio.decode import Decoder
from onrecord.audio.encode import MP3_CONTAINER_OPTIONS, MP3_OPTIONS, web_rate
from onrecord.audio.writer import Coding, SoundWriter
from onrecord.errors import MaskFailed

LOSSLESS_SUFFIXES = (".wav", ".flac", ".aiff", ".aif")
LOSSY_SUFFIXES = (".mp3", ".opus", ".ogg")
SUFFIXES = LOSSLESS_SUFFIXES + LOSSY_SUFFIXES
"""What a masked copy can be; the name of the output says which."""

MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
LOSSY_BITS_PER_CHANNEL = 96_000
"""At least this a second; the source's own bit rate where that is higher, so that coding twice costs little."""
_CODEC_NAMES = {"libmp3lame": "mp3", "libopus": "opus"}
_AIFF_LARGEST = 2**32 - 1
_FLAC_CHANNELS = 8


@dataclass(frozen=True)
class MaskedCopy:
    """What was made. `exact`: outside the masks every sample is the source's to the bit; else `note` says why not.

    `masked` are the spans as merged, without their guard bands.
    """

    duration_ms: int
    sample_rate: int
    channels: int
    codec: str
    exact: bool
    note: str
    masked: tuple[Span, ...]
    damage: tuple[Damage, ...]


@dataclass(frozen=True)
class _Plan:
    """How a source becomes an output: `numbers` is what is masked and written ("as coded", or float at a rate)."""

    coding: Coding
    sample_rate: int
    channels: int
    layout: str
    as_coded: bool
    note: str = ""


def masked_copy(
    source: Path,
    destination: Path,
    spans: Sequence[Span],
    *,
    guard_ms: int = GUARD_MS,
    fade_ms: int = FADE_MS,
    tone_hz: float = TONE_HZ,
) -> MaskedCopy:
    """Write the sound of `source` to `destination` with every span masked; see `onrecord.audio.bleep.bleep`.

    WAV, FLAC and AIFF keep rate, channels and number format, and every sample outside the masks to the bit. A lossy
    file cannot be cut that finely (an MP3 frame keeps part of its sound in the frames before it; Opus and AAC frames
    overlap), so MP3 and Opus are coded anew from masked sound. The new file has the sound alone: no tags, pictures,
    chapters, video, second track or edit list. It appears whole, or after any error not at all. Raises MaskFailed,
    EncodeFailed and what `Decoder` raises.
    """
    checked_spans(spans)
    if destination.suffix.lower() not in SUFFIXES:
        raise MaskFailed(reason=f"{destination.name} ends in none of {', '.join(SUFFIXES)}")
    if destination.exists() and source.exists() and destination.samefile(source):
        raise MaskFailed(reason=f"{destination.name} is the original itself, which is never written to")
    with Decoder(source) as decoder:
        plan = _plan(decoder, destination)
        blocks = _numbers(decoder, plan)
        options: dict[str, Any] = {"guard_ms": guard_ms, "fade_ms": fade_ms, "tone_hz": tone_hz}
        masked = bleep(blocks, spans, sample_rate=plan.sample_rate, **options)
        with SoundWriter(destination, plan.coding, sample_rate=plan.sample_rate, layout=plan.layout) as writer:
            for block in masked:
                writer.write(_written(block, plan.coding))
        return MaskedCopy(
            duration_ms=decoder.duration_ms,
            sample_rate=plan.sample_rate,
            channels=plan.channels,
            codec=_CODEC_NAMES.get(plan.coding.codec, plan.coding.codec),
            exact=not plan.note,
            note=plan.note,
            masked=merged(spans),
            damage=decoder.damage,
        )


def _plan(decoder: Decoder, destination: Path) -> _Plan:
    suffix = destination.suffix.lower()
    if suffix in LOSSY_SUFFIXES:
        return _lossy(decoder, suffix)
    numbers = decoder.number_format if decoder.lossless else "flt"
    note = ""
    if numbers == "s64":
        numbers, note = "s32", "64-bit samples were rounded to 32 bits"
    if suffix == ".flac":
        if decoder.channels > _FLAC_CHANNELS:
            raise MaskFailed(reason=f"FLAC holds {_FLAC_CHANNELS} channels and this has {decoder.channels}; write .wav")
        if numbers not in ("u8", "s16", "s24"):
            note = f"FLAC holds 24 bits: the samples ({numbers}) were brought down to that"
        coding = _FLAC_16 if numbers in ("u8", "s16") else _FLAC_24
    else:
        coding = (_WAV if suffix == ".wav" else _AIFF)[numbers]
    return _Plan(coding, decoder.sample_rate, decoder.channels, decoder.layout, decoder.lossless, note)


def _lossy(decoder: Decoder, suffix: str) -> _Plan:
    """MP3 and Opus: one or two channels, at a rate that the format has."""
    channels = decoder.channels if decoder.channels <= 2 else 1
    bit_rate = max(LOSSY_BITS_PER_CHANNEL * channels, 0 if decoder.lossless else decoder.facts().bit_rate or 0)
    if suffix == ".mp3":
        rate = decoder.sample_rate if decoder.sample_rate in MP3_RATES else web_rate(decoder.sample_rate)
        bit_rate = min(bit_rate, 320_000 if rate >= 32_000 else 160_000 if rate >= 16_000 else 64_000)
        coding = Coding("mp3", "libmp3lame", "fltp", bit_rate, MP3_OPTIONS, MP3_CONTAINER_OPTIONS)
    else:
        rate = decoder.sample_rate if decoder.sample_rate in OPUS_RATES else 48_000
        coding = Coding("ogg", "libopus", "flt", min(bit_rate, 256_000 * channels))
    note = f"{'MP3' if suffix == '.mp3' else 'Opus'} is a lossy format: all of the sound was coded anew"
    layout = "mono" if channels == 1 else "stereo"
    return _Plan(coding, rate, channels, layout, as_coded=False, note=note)


def _numbers(decoder: Decoder, plan: _Plan) -> Iterable[NDArray[Any]]:
    return decoder.samples() if plan.as_coded else _floats(decoder, plan)


def _floats(decoder: Decoder, plan: _Plan) -> Iterator[NDArray[Any]]:
    yield from decoder.blocks(sample_rate=plan.sample_rate, channels=plan.channels)


def _written(block: NDArray[Any], coding: Coding) -> NDArray[Any]:
    """A block in the numbers that its coding takes."""
    written = block
    if coding.codec in ("libmp3lame", "libopus"):
        written = np.clip(block, -1.0, 1.0)
    elif coding is _FLAC_16 and block.dtype == np.uint8:
        written = (block.astype(np.int16) - np.int16(128)) << np.int16(8)
    elif coding is _FLAC_24 and block.dtype.kind == "f":
        rounded = np.clip(np.rint(block * 2.0**23), -(2.0**23), 2.0**23 - 1)
        written = np.nan_to_num(rounded).astype(np.int32) << np.int32(8)
    return written


def _pcm(container: str, order: str, **more: Any) -> dict[str, Coding]:
    """The codings of a container of plain numbers, by number format."""
    codecs = {"s16": "s16", "s24": "s24", "s32": "s32", "flt": "f32", "dbl": "f64"}
    kinds = {name: f"pcm_{codec}{order}" for name, codec in codecs.items()}
    kinds["u8"] = "pcm_u8" if order == "le" else "pcm_s8"
    return {name: Coding(container, codec, "s32" if name == "s24" else name, **more) for name, codec in kinds.items()}


# RF64 (EBU Tech 3306) where a WAV file outgrows its 32-bit length.
_WAV = _pcm("wav", "le", container_options={"rf64": "auto"})
_AIFF = _pcm("aiff", "be", largest=_AIFF_LARGEST)
_FLAC_16 = Coding("flac", "flac", "s16", options={"compression_level": "5"})
_FLAC_24 = Coding("flac", "flac", "s32", options={"compression_level": "5", "bits_per_raw_sample": "24"})
