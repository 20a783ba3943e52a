"""From alignments to parts: what belongs together is one, what says the same twice is said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.audio.fingerprints.alignment import Alignment

_GAP = 125
"""Frames that may be unlike between two stretches of one part: 4 s of bleep, jingle or noise."""
_OFF = 5
"""Frames by which two stretches of one part may miss each other's line: 0.16 s."""
_SAME = 16
"""Frames within which two alignments mean the same place: half a second."""


def distinct(found: Sequence[Alignment]) -> list[Alignment]:
    """The alignments without those that a better one explains, best first."""
    kept: list[Alignment] = []
    for one in sorted(found, key=lambda alignment: -alignment.z):
        if not any(_within(one, better) for better in kept):
            kept.append(one)
    return kept


def explains(known: Alignment, stretch: int, frame: float, query_frame: float) -> bool:
    """Whether an alignment puts (nearly) this frame of this stretch at this frame of the query."""
    if known.stretch.first != stretch or not known.query_start - _SAME <= query_frame <= known.query_end + _SAME:
        return False
    return abs(known.start + known.speed * query_frame - frame) <= _SAME


def _within(one: Alignment, better: Alignment) -> bool:
    """Whether one alignment says nothing that the better one does not."""
    ends = ((one.first, one.query_start), ((one.first + one.last) / 2, _middle(one)), (one.end, one.query_end))
    return all(explains(better, one.stretch.first, frame, at) for frame, at in ends)


def joined(found: Sequence[Alignment]) -> list[Alignment]:
    """Stretches that continue one another, as one part each; in the order of the query."""
    parts: list[Alignment] = []
    for one in sorted(found, key=lambda alignment: alignment.query_start):
        for at in range(len(parts) - 1, -1, -1):
            if _continues(parts[at], one):
                parts[at] = _union(parts[at], one)
                break
        else:
            parts.append(one)
    return parts


def _continues(part: Alignment, one: Alignment) -> bool:
    if part.stretch.first != one.stretch.first or one.query_start - part.query_end > _GAP:
        return False
    if abs(part.speed / one.speed - 1) > 0.02:
        return False
    # Where both lines come closest to being measured: between the end of the one and the start of the other.
    query_frame = (part.query_end + one.query_start) / 2
    return abs(part.start + part.speed * query_frame - one.start - one.speed * query_frame) <= _OFF


def _union(part: Alignment, one: Alignment) -> Alignment:
    first, last = min(part.first, one.first), max(part.last, one.last)
    lengths = part.last - part.first + one.last - one.first + 2
    overlap = max(0, min(part.last, one.last) - max(part.first, one.first) + 1)
    evidence = part.evidence + one.evidence
    agreement = (part.agreement * part.evidence + one.agreement * one.evidence) / evidence
    evidence *= 1 - overlap / lengths
    if one.last <= part.last or one.query_end - part.query_start < 2 * _SAME:
        start, speed = part.start, part.speed
    else:
        # The long way from the one's beginning to the other's end measures the speed best.
        a, b = _middle(part), _middle(one)
        at_a, at_b = part.start + part.speed * a, one.start + one.speed * b
        far = b - a > max(part.query_end - part.query_start, one.query_end - one.query_start) / 2
        speed = (at_b - at_a) / (b - a) if far else part.speed
        start = at_a - speed * a
    return replace(part, start=start, speed=speed, first=first, last=last, agreement=agreement, evidence=evidence)


def _middle(one: Alignment) -> float:
    return ((one.first + one.last) / 2 - one.start) / one.speed
