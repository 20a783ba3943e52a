"""How a candidate lies on the query: at what speed, from where to where, and how surely.

A line gives each frame f of the recording a time in the query. Its score is the sum over frames of (soft bit of the
query) x (sign of the recording's bit); by chance that is 0, and its spread is known, which makes z.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.candidates import Candidate
from onrecord.audio.fingerprints.model import BITS, PROOF, signs
from onrecord.audio.fingerprints.places import Reader, Stretch
from onrecord.audio.fingerprints.query import FINE, Query, interpolated
from onrecord.audio.fingerprints.spectrum import FRAME, FRAME_MS, RATE, Floats

_NEAR = 94
"""Frames on either side of a candidate at which a line is first tried: 3 s."""
_LEAST_AGREEMENT = 0.1
"""A frame counts for a match when it agrees by more than this part of what it could, at first."""
_SPREAD = 0.39
"""Standard deviation of one frame's agreement by chance: its 64 bits are not independent."""

_HOPE = 2.8
"""z below which a candidate is given up after one tempo."""
_TEMPI, _STEPS = (0.93, 1.0, 1.07), 0.01 * np.arange(-4, 5)
"""What a candidate is heard at, and the speeds around each; 3 % beside its speed, a patch still agrees."""

_SETTLE = (-0.4, -0.2, 0.0, 0.2, 0.4)
"""Frames by which the ends of a line are moved to see where it agrees best; of 5 s, that gives the speed to 0.1 %."""

Line = tuple[float, float]
"""The recording's frame at the query's start, and frames of the recording a frame of the query's own time."""
Numbers = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A stretch of a recording found in a query: `frame = start + speed * query_frame` from `first` to `last`."""

    stretch: Stretch
    start: float
    speed: float
    first: int
    last: int
    agreement: float
    evidence: float
    """Independent frames; z is agreement * sqrt(evidence) / 0.39."""

    @property
    def z(self) -> float:
        return self.agreement * float(np.sqrt(self.evidence)) / _SPREAD

    @property
    def end(self) -> int:
        """The frame at which the last patch ends."""
        return self.last + PROOF.steps

    @property
    def query_start(self) -> float:
        return (self.first - self.start) / self.speed

    @property
    def query_end(self) -> float:
        return (self.end - self.start) / self.speed


class _Grid:
    """Agreement of half frames of a heard query, from the `low`-th, with frames of a recording, from `first`."""

    def __init__(self, heard: Floats, tempo: float, bits: Floats, first: int, low: int = 0) -> None:
        # Half frames before the first and after the last are silent, so that there is always a neighbour.
        self._heard = np.pad(heard, ((1, 2), (0, 0)))
        self._low = low - 1
        self._tempo = tempo
        self.first = first
        self.frames = np.arange(first, first + bits.shape[0])
        self._weight = np.abs(self._heard).sum(axis=1)
        self._bits = bits
        self._agree = self._heard @ bits.T

    def along(self, starts: Numbers, speeds: Numbers) -> tuple[Floats, Floats]:
        """Agreement and weight by frame, shape (lines, frames), of lines in the query's own time."""
        where = (self.frames - starts[:, np.newaxis]) / speeds[:, np.newaxis] * (self._tempo * FINE) - self._low
        inside = (where >= 1) & (where <= self._weight.size - 3)
        where = np.where(inside, where, 0)
        low = where.astype(np.int64)
        part = (where - low).astype(np.float32)
        width = self.frames.size
        at = low * width + np.arange(width)
        flat = self._agree.ravel()
        agree = flat[at] * (1 - part) + flat[at + width] * part
        weight = self._weight[low] * (1 - part) + self._weight[low + 1] * part
        return np.where(inside, agree, 0), np.where(inside, weight, 0)

    def exactly(self, line: Line, first: int, last: int) -> tuple[Numbers, Numbers]:
        """Agreement and weight of frames on a line, from soft bits between the half frames."""
        where = (np.arange(first, last + 1) - line[0]) / line[1] * (self._tempo * FINE) - self._low
        soft = interpolated(self._heard, np.clip(where, 0, len(self._heard) - 1))
        bits = self._bits[first - self.first : last + 1 - self.first]
        return (soft * bits).sum(axis=1, dtype=np.float64), (np.abs(soft) * np.abs(bits)).sum(axis=1, dtype=np.float64)


def near(query: Query, reader: Reader, candidate: Candidate, stretch: Stretch) -> tuple[float, Line]:
    """z around a candidate, and the line that gives it, searched by 1 % from 0.89 to 1.11 and by half frames."""
    pivot = candidate.place - stretch.first
    bits, first = _bits(reader, stretch, pivot, round(_NEAR * _TEMPI[-1]))
    found = (0.0, (0.0, 1.0))
    for tempo in sorted(_TEMPI, key=lambda tempo: abs(tempo - candidate.tempo)):
        heard = query.proof(candidate.pitch, tempo)
        own = candidate.frame / candidate.tempo
        low = max(0, round((own * tempo - _NEAR) * FINE))
        grid = _Grid(heard[low : round((own * tempo + _NEAR) * FINE)], tempo, bits, first, low)
        best = _best(grid, own, pivot + 0.5 * np.arange(-4, 5), tempo * (1 + _STEPS))
        z = _z(*(row[0] for row in grid.along(*_as_arrays(best))))
        if z > found[0]:
            found = (z, best)
        if found[0] < _HOPE:
            break
    return found


def refined(query: Query, reader: Reader, candidate: Candidate, stretch: Stretch, line: Line) -> Alignment | None:
    """The match that a promising line belongs to: its span, its speed to a tenth of a per cent, its evidence."""
    start, speed = line
    tempo = round(speed, 3)
    length = query.seconds * RATE / FRAME
    bits, low = _bits(reader, stretch, round(start + speed * length / 2), round(length * speed * 0.53) + 8)
    frame = candidate.place - stretch.first
    first, last = max(frame - _NEAR, low), min(frame + _NEAR, low + bits.shape[0] - 1)
    best, chosen = -1.0, None
    # Higher as it is faster (a tape played faster), not at all (a tempo changed by computation), or as guessed.
    for pitch in sorted({candidate.pitch, tempo, 1.0}):
        grid = _Grid(query.proof(pitch, tempo), tempo, bits, low)
        agree, _ = grid.along(*_as_arrays(line))
        total = float(agree[0, first - low : last + 1 - low].sum())
        if total > best:
            best, chosen = total, grid
    return None if chosen is None else _followed(chosen, stretch, line, first, last)


def _followed(grid: _Grid, stretch: Stretch, line: Line, first: int, last: int) -> Alignment | None:
    """The line made finer, while the span grows or shrinks to where it agrees."""
    start, speed = line
    low, least = grid.first, _LEAST_AGREEMENT
    for step in (0.5, 0.25, 0.1):
        # The ends of the span move by as much as its middle.
        half = max(8.0, (last - first) / 2)
        middle = (first + last) / 2
        speeds = speed * (1 + step / half * np.arange(-4, 5))
        offsets = middle + step * np.arange(-4, 5)
        start, speed = _best(grid, (middle - start) / speed, offsets, speeds, (first, last))
        agree, weight = grid.along(*_as_arrays((start, speed)))
        span = _span(agree[0] - least * weight[0])
        if span is None:
            return None
        first, last = low + span[0], low + span[1]
        inside = slice(span[0], span[1] + 1)
        # Half the agreement is where a frame that belongs and one that does not are equally likely.
        least = max(_LEAST_AGREEMENT, float(agree[0, inside].sum() / weight[0, inside].sum()) / 2)
    start, speed = _settled(grid, (start, speed), first, last)
    agreed, weights = grid.exactly((start, speed), first, last)
    total = float(weights.sum())
    if total <= 0:
        return None
    agreement, evidence = float(agreed.sum()) / total, total**2 / float((weights**2).sum())
    return Alignment(stretch, start, speed, first, last, agreement, evidence)


def _settled(grid: _Grid, line: Line, first: int, last: int) -> Line:
    """The line at the top of the paraboloid through the agreement of lines whose ends lie a little to either side."""
    middle, half = (first + last) / 2, max(8.0, (last - first) / 2)
    start, speed = line
    for _ in range(2):
        own = (middle - start) / speed
        rows, totals = [], []
        for shift in _SETTLE:
            for turn in _SETTLE:
                tried = speed * (1 + turn / half)
                agreed, _ = grid.exactly((middle + shift - tried * own, tried), first, last)
                rows.append((1.0, shift, turn, shift * shift, shift * turn, turn * turn))
                totals.append(float(agreed.sum()))
        _, b, c, d, e, f = np.linalg.lstsq(np.array(rows), np.array(totals), rcond=None)[0]
        bend = np.array([[2 * d, e], [e, 2 * f]])
        if d >= 0 or np.linalg.det(bend) <= 0:
            break
        shift, turn = np.clip(np.linalg.solve(bend, [-b, -c]), _SETTLE[0], _SETTLE[-1])
        speed *= 1 + turn / half
        start = middle + shift - speed * own
    return float(start), float(speed)


def _bits(reader: Reader, stretch: Stretch, middle: int, reach: int) -> tuple[Floats, int]:
    """Signs of the recording's frames within `reach` of the middle one, and the first of them."""
    first, end = max(0, min(middle - reach, stretch.frames - 2)), min(stretch.frames, max(2, middle + reach + 1))
    return signs(reader.proof(np.arange(first, end) + stretch.first)), first


def _best(grid: _Grid, own: float, frames: Numbers, speeds: Numbers, span: tuple[int, int] | None = None) -> Line:
    """Of the lines through query frame `own` and one of `frames`, at one of `speeds`, the best, between steps too."""
    frame, speed = (axis.ravel() for axis in np.meshgrid(frames, speeds, indexing="ij"))
    agree, _ = grid.along(frame - speed * own, speed)
    if span is not None:
        agree = agree[:, span[0] - grid.first : span[1] + 1 - grid.first]
    total = agree.sum(axis=1).reshape(frames.size, speeds.size)
    row, column = np.unravel_index(int(total.argmax()), total.shape)
    best_frame = frames[row] + _vertex(total[:, column], int(row)) * (frames[1] - frames[0])
    best_speed = speeds[column] + _vertex(total[row], int(column)) * (speeds[1] - speeds[0])
    return float(best_frame - best_speed * own), float(best_speed)


def _vertex(values: Numbers, at: int) -> float:
    """Where between its neighbours the top of a parabola through the largest value lies, in steps."""
    if not 0 < at < values.size - 1:
        return 0.0
    before, here, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else 0.5 * (before - after) / bend


def _span(gain: Floats) -> tuple[int, int] | None:
    """First and last of the run with the largest sum."""
    total = np.concatenate([[0.0], np.cumsum(gain, dtype=np.float64)])
    rise = total - np.minimum.accumulate(total)
    end = int(rise.argmax())
    if rise[end] <= 0:
        return None
    # The last of equal minima: frames outside of the query add nothing.
    return end - int(total[end::-1].argmin()), end - 1


def _z(agree: Floats, weight: Floats) -> float:
    total = float(weight.sum())
    if total <= 0:
        return 0.0
    evidence = total**2 / float((weight.astype(np.float64) ** 2).sum())
    return float(agree.sum()) / total * float(np.sqrt(evidence)) / _SPREAD


def _as_arrays(line: Line) -> tuple[Numbers, Numbers]:
    return np.array([line[0]]), np.array([line[1]])


def moved(alignment: Alignment, frames: float) -> Alignment:
    """The alignment with the query's frames counted from so many frames earlier."""
    return replace(alignment, start=alignment.start - alignment.speed * frames)


def milliseconds(frames: float) -> int:
    """Frames as whole milliseconds."""
    return round(frames * FRAME_MS)


assert BITS == 64
