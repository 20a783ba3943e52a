"""Take masked words out of the sound: a tone in their place, everything else untouched.

    original  ────────╲_____________________________╱────────
    tone              ╱‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾╲
                  fade│ guard │   span      │ guard │fade

It fails closed: an order that cannot be carried out in full raises MaskFailed, and no caller keeps what came
before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.blocks import Block, Span, merged, milliseconds_at, samples_at
from onrecord.audio.loudness import RunningLevel
from onrecord.errors import MaskFailed

__all__ = ["Span", "bleep"]

GUARD_MS = 80
"""Taken out on either side of a span: word times are rarely better, and a word's edge gives it away."""
FADE_MS = 5
TONE_HZ = 1_000.0
QUIETEST_DBFS, LOUDEST_DBFS = -40.0, -14.0
"""Bounds of the tone's RMS level, whatever the programme does."""
USUAL_DBFS = -23.0
"""The tone's level when a span comes before there was anything to measure (EBU R 128's target)."""


@dataclass(frozen=True, slots=True)
class _Region:
    """In samples: original until `fade_in`, tone alone from `start` to `end`, original from `fade_out`."""

    fade_in: int
    start: int
    end: int
    fade_out: int


def bleep(
    blocks: Iterable[Block],
    spans: Sequence[Span],
    *,
    sample_rate: int,
    guard_ms: int = GUARD_MS,
    fade_ms: int = FADE_MS,
    tone_hz: float = TONE_HZ,
    level_dbfs: float | None = None,
) -> Iterator[Block]:
    """The stream with each span replaced by a tone at the programme's loudness, or silence with `tone_hz` 0.

    Nothing of the original is left in a span and `guard_ms` on either side; over `fade_ms` beyond, it fades;
    outside that every sample is the same to the bit. `level_dbfs` sets the tone's RMS level instead of
    measuring. Spans may overlap and come in any order. Raises MaskFailed for a span that is no span, when
    iteration begins, and for one that starts after the sound's end, when the end is reached.
    """
    regions = _regions(spans, sample_rate, guard_ms, fade_ms)
    if not 0 <= tone_hz < sample_rate / 2:
        raise MaskFailed(reason=f"a tone of {tone_hz:g} Hz does not exist at {sample_rate} samples a second")
    level = RunningLevel(sample_rate)
    gain: dict[_Region, float] = {}
    position = done = 0
    for block in blocks:
        end = position + block.shape[1]
        while done < len(regions) and regions[done].fade_out <= position:
            done += 1
        touched = list(_until(regions, done, end))
        level.count_until(position)
        if not touched:
            level.add(block)
            yield block
        else:
            kept = block.copy()
            for region in touched:
                _fade(kept, region, position, None)
            level.add(kept)
            for region in touched:
                if region not in gain:
                    level.count_until(region.fade_in)
                    gain[region] = _amplitude(level.dbfs if level_dbfs is None else level_dbfs)
                tone = _tone(block.shape[1], region, position, tone_hz / sample_rate, gain[region])
                _fade(kept, region, position, tone)
            yield kept
        position = end
    late = [span for span in spans if samples_at(span.start_ms, sample_rate) >= position]
    if late:
        raise MaskFailed(
            reason=f"a mask starts at {late[0].start_ms} ms, but the sound ends at "
            f"{milliseconds_at(position, sample_rate)} ms"
        )


def _regions(spans: Sequence[Span], sample_rate: int, guard_ms: int, fade_ms: int) -> list[_Region]:
    if guard_ms < 0 or fade_ms < 0:
        raise MaskFailed(reason=f"a guard of {guard_ms} ms and a fade of {fade_ms} ms make no sense")
    for span in spans:
        if not 0 <= span.start_ms < span.end_ms:
            raise MaskFailed(reason=f"a mask from {span.start_ms} ms to {span.end_ms} ms is no stretch of time")
    # Regions whose fades would meet are one, so that each sample belongs to one region at most.
    wide = guard_ms + fade_ms
    outer = merged(Span(span.start_ms - wide, span.end_ms + wide) for span in spans)
    fade = samples_at(fade_ms, sample_rate)
    regions = []
    for span in outer:
        start = max(0, samples_at(span.start_ms + fade_ms, sample_rate))
        end = samples_at(span.end_ms - fade_ms, sample_rate)
        regions.append(_Region(max(0, start - fade), start, end, end + fade))
    return regions


def _until(regions: Sequence[_Region], first: int, position: int) -> Iterator[_Region]:
    for region in regions[first:]:
        if region.fade_in >= position:
            return
        yield region


def _tone(length: int, region: _Region, position: int, cycles: float, amplitude: float) -> NDArray[np.float64]:
    """The tone over a block that begins at `position`, its phase counted from the region's beginning."""
    at = np.arange(position - region.fade_in, position - region.fade_in + length, dtype=np.float64)
    return amplitude * np.sin(2 * math.pi * cycles * at)


def _fade(kept: Block, region: _Region, position: int, tone: NDArray[np.float64] | None) -> None:
    """Take the original out of a block in place (`tone` None), or put the tone into what was taken out."""
    length = kept.shape[1]

    def within(first: int, last: int) -> slice:
        return slice(min(max(first - position, 0), length), min(max(last - position, 0), length))

    inside = within(region.start, region.end)
    kept[:, inside] = 0.0 if tone is None else tone[inside]
    for first, last, rising in ((region.fade_in, region.start, True), (region.end, region.fade_out, False)):
        part = within(first, last)
        at = (np.arange(part.start, part.stop) + position - first + 0.5) / max(1, last - first)
        tone_share = np.sin(at * math.pi / 2) ** 2 if rising else np.cos(at * math.pi / 2) ** 2
        if tone is None:
            kept[:, part] *= (1 - tone_share).astype(np.float32)
        else:
            kept[:, part] += (tone_share * tone[part]).astype(np.float32)


def _amplitude(dbfs: float | None) -> float:
    bounded = min(max(USUAL_DBFS if dbfs is None else dbfs, QUIETEST_DBFS), LOUDEST_DBFS)
    return math.sqrt(2) * 10 ** (bounded / 20)
