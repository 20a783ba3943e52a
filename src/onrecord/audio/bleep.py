"""Take masked words out of the sound: a tone in their place, everything else untouched.

    original  ────────╲_____________________________╱────────
    tone              ╱‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾╲
                  fade│ guard │   span      │ guard │fade

It fails closed: an order that cannot be carried out in full raises MaskFailed, and no caller keeps what came
before. Blocks may be floats or the integers of a file; what is untouched is the same to the bit in either.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.blocks import Span, merged, milliseconds_at, samples_at
from onrecord.audio.convert import as_float
from onrecord.audio.loudness import RunningLevel
from onrecord.errors import MaskFailed

__all__ = ["Span", "bleep", "checked_spans"]

GUARD_MS = 80
"""Taken out on either side of a span: word times are rarely better, and a word's edge gives it away."""
FADE_MS = 5
TONE_HZ = 1_000.0
QUIETEST_DBFS, LOUDEST_DBFS = -50.0, -14.0
"""Bounds of the tone's RMS level, whatever the programme does."""
USUAL_DBFS = -23.0
"""The tone's level where there is nothing to measure (EBU R 128's target)."""
LOOKAHEAD_S = 5
"""Where nothing was heard before a span, this much from its start tells how loud the speech is."""

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class _Region:
    """In samples: original until `fade_in`, tone alone from `start` to `end`, original from `fade_out`."""

    fade_in: int
    start: int
    end: int
    fade_out: int


@dataclass(frozen=True, slots=True)
class _Cleared:
    """A block with its masked stretches taken out, where it begins, and the regions that reach into it."""

    block: NDArray[Any]
    position: int
    regions: tuple[_Region, ...]


def bleep(
    blocks: Iterable[NDArray[Number]],
    spans: Sequence[Span],
    *,
    sample_rate: int,
    guard_ms: int = GUARD_MS,
    fade_ms: int = FADE_MS,
    tone_hz: float = TONE_HZ,
    level_dbfs: float | None = None,
) -> Iterator[NDArray[Number]]:
    """The stream with each span replaced by a tone as loud as the speech around it, or silence with `tone_hz` 0.

    Nothing of the original is left in a span and `guard_ms` on either side; over `fade_ms` beyond, it fades;
    outside that every sample is the same to the bit. `level_dbfs` sets the tone's RMS level instead of
    measuring. Spans may overlap and come in any order. Raises MaskFailed for a span that is no span, when
    iteration begins, and for one that starts after the sound's end, when the end is reached.
    """
    regions = _regions(spans, sample_rate, guard_ms, fade_ms)
    if not 0 <= tone_hz < sample_rate / 2:
        raise MaskFailed(reason=f"a tone of {tone_hz:g} Hz does not exist at {sample_rate} samples a second")
    level = RunningLevel(sample_rate)
    cleared = _cleared(blocks, spans, regions, sample_rate, level)
    waiting: deque[_Cleared] = deque()
    amplitudes: dict[_Region, float] = {}
    for item in cleared:
        waiting.append(item)
        while waiting:
            item = waiting.popleft()
            kept = item.block
            for region in item.regions:
                if region not in amplitudes:
                    dbfs = level_dbfs if level_dbfs is not None else level.before(region.fade_in)
                    if dbfs is None:
                        dbfs = _level_ahead(region, item, waiting, cleared, level, sample_rate)
                    amplitudes[region] = _amplitude(dbfs)
                _add_tone(kept, region, item.position, tone_hz / sample_rate, amplitudes[region])
            level.forget_before(item.position)
            yield kept


def checked_spans(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans, when each is a stretch of time. Raises MaskFailed for the first that is none."""
    for span in spans:
        if not 0 <= span.start_ms < span.end_ms:
            raise MaskFailed(reason=f"a mask from {span.start_ms} ms to {span.end_ms} ms is no stretch of time")
    return spans


def _regions(spans: Sequence[Span], sample_rate: int, guard_ms: int, fade_ms: int) -> list[_Region]:
    if guard_ms < 0 or fade_ms < 0:
        raise MaskFailed(reason=f"a guard of {guard_ms} ms and a fade of {fade_ms} ms make no sense")
    # Regions whose fades would meet are one, so that each sample belongs to one region at most.
    wide = guard_ms + fade_ms
    outer = merged(Span(span.start_ms - wide, span.end_ms + wide) for span in checked_spans(spans))
    fade = samples_at(fade_ms, sample_rate)
    regions = []
    for span in outer:
        start = max(0, samples_at(span.start_ms + fade_ms, sample_rate))
        end = samples_at(span.end_ms - fade_ms, sample_rate)
        regions.append(_Region(max(0, start - fade), start, end, end + fade))
    return regions


def _cleared(
    blocks: Iterable[NDArray[Number]],
    spans: Sequence[Span],
    regions: Sequence[_Region],
    sample_rate: int,
    level: RunningLevel,
) -> Iterator[_Cleared]:
    """The blocks without their masked stretches, each measured; at the end, whether every span was within them."""
    position = done = 0
    for block in blocks:
        end = position + block.shape[1]
        while done < len(regions) and regions[done].fade_out <= position:
            done += 1
        touched = tuple(_until(regions, done, end))
        kept = block.copy() if touched else block
        for region in touched:
            _take_out(kept, region, position)
        level.add(as_float(kept))
        yield _Cleared(kept, position, touched)
        position = end
    late = [span for span in spans if samples_at(span.start_ms, sample_rate) >= position]
    if late:
        raise MaskFailed(
            reason=f"a mask starts at {late[0].start_ms} ms, but the sound ends at "
            f"{milliseconds_at(position, sample_rate)} ms"
        )


def _level_ahead(
    region: _Region,
    item: _Cleared,
    waiting: deque[_Cleared],
    cleared: Iterator[_Cleared],
    level: RunningLevel,
    sample_rate: int,
) -> float | None:
    """The level of the speech from a region's start on, read ahead of what is being written."""
    enough = region.fade_in + LOOKAHEAD_S * sample_rate
    last = waiting[-1] if waiting else item
    while last.position + last.block.shape[1] < enough:
        following = next(cleared, None)
        if following is None:
            break
        waiting.append(following)
        last = following
    return level.between(region.fade_in, enough)


def _until(regions: Sequence[_Region], first: int, position: int) -> Iterator[_Region]:
    for region in regions[first:]:
        if region.fade_in >= position:
            return
        yield region


def _take_out(block: NDArray[Any], region: _Region, position: int) -> None:
    """Silence in a region, in place, with the fades beside it."""
    block[:, _within(block, position, region.start, region.end)] = _silence(block.dtype)
    for part, share in _fades(block, region, position):
        block[:, part] = _numbers(_values(block[:, part]) * (1 - share), block.dtype)


def _add_tone(block: NDArray[Any], region: _Region, position: int, cycles: float, amplitude: float) -> None:
    """The tone in a region that was taken out, in place; its phase is counted from the region's beginning."""
    if cycles == 0:
        return

    def tone(part: slice) -> NDArray[np.float64]:
        at = np.arange(part.start, part.stop, dtype=np.float64) + (position - region.fade_in)
        return amplitude * np.sin(2 * math.pi * cycles * at)

    inside = _within(block, position, region.start, region.end)
    block[:, inside] = _numbers(tone(inside), block.dtype)
    for part, share in _fades(block, region, position):
        block[:, part] = _numbers(_values(block[:, part]) + share * tone(part), block.dtype)


def _fades(block: NDArray[Any], region: _Region, position: int) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Where the two fades of a region lie in a block, and the tone's share in each sample of them."""
    for first, last, rising in ((region.fade_in, region.start, True), (region.end, region.fade_out, False)):
        part = _within(block, position, first, last)
        at = (np.arange(part.start, part.stop) + position - first + 0.5) / max(1, last - first)
        yield part, np.sin(at * math.pi / 2) ** 2 if rising else np.cos(at * math.pi / 2) ** 2


def _within(block: NDArray[Any], position: int, first: int, last: int) -> slice:
    length = block.shape[1]
    return slice(min(max(first - position, 0), length), min(max(last - position, 0), length))


def _silence(dtype: np.dtype[Any]) -> int:
    return 128 if dtype == np.uint8 else 0


def _values(numbers: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers of a file at full scale ±1.0; what is no number is silence."""
    if numbers.dtype.kind == "f":
        return np.nan_to_num(numbers.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    return (numbers.astype(np.float64) - _silence(numbers.dtype)) / 2.0 ** (8 * numbers.dtype.itemsize - 1)


def _numbers(values: NDArray[np.float64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Values at full scale ±1.0 as numbers of a file, rounded and limited to what it can hold."""
    if dtype.kind == "f":
        return values.astype(dtype)
    half = 2.0 ** (8 * dtype.itemsize - 1)
    return (np.clip(np.rint(values * half), -half, half - 1) + _silence(dtype)).astype(dtype)


def _amplitude(dbfs: float | None) -> float:
    bounded = min(max(USUAL_DBFS if dbfs is None else dbfs, QUIETEST_DBFS), LOUDEST_DBFS)
    return math.sqrt(2) * 10 ** (bounded / 20)
