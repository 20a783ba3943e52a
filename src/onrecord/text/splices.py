"""Passages that were said apart and are printed as one.

Every anchor of the quotation puts it on a diagonal (its start in the record). A splice is a path over the
printed words that changes to a diagonal far away; the cheapest path is found word by word (Viterbi 1967).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.text.places import Hits
from onrecord.text.record import Ints, Record

FAR = 10
LEAST_PART = 3
_MOST_DIAGONALS = 48
_NEAR_SWITCH = 1.3
_FAR_SWITCH = 3.0
_MOST_COST = 4.0


@dataclass(frozen=True, slots=True)
class Part:
    """Printed tokens first..last (exclusive) stand at start..end (exclusive) of the record."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Diagonals:
    """Where the quotation would start, and the number and the bounds of the transcript that says so."""

    starts: Ints
    homes: Ints
    firsts: Ints
    ends: Ints

    def apart(self) -> NDArray[np.bool_]:
        """Which of them are far from each other, or in different transcripts."""
        far: NDArray[np.bool_] = np.abs(self.starts[:, None] - self.starts[None, :]) >= FAR
        elsewhere: NDArray[np.bool_] = self.homes[:, None] != self.homes[None, :]
        return far | elsewhere


def find_splice(
    record: Record, keys: Sequence[int], allowed: NDArray[np.bool_], hits: Hits, below: float
) -> tuple[tuple[Part, ...], float]:
    """The passages a quotation was joined from and what that leaves unexplained, or none and its length.

    None that leaves `below` unexplained or more, nor one that leaves too much.
    """
    none: tuple[tuple[Part, ...], float] = (), float(len(keys))
    most = max(_MOST_COST, len(keys) / 4)
    if below <= _FAR_SWITCH:
        return none
    diagonals = _diagonals(record, allowed, hits)
    if len(diagonals.starts) < 2:
        return none
    places = diagonals.starts[:, None] + np.arange(len(keys))[None, :]
    inside = (places >= diagonals.firsts[:, None]) & (places < diagonals.ends[:, None])
    same = inside & (record.tokens.take(places, mode="clip") == np.asarray(keys)[None, :])
    least = np.count_nonzero(~same.any(axis=0)) + _FAR_SWITCH
    if least >= below or least > most:
        return none
    apart = diagonals.apart()
    path, cost = _cheapest(same, apart)
    parts = list(_parts(path, diagonals, apart))
    if cost >= below or cost > most or len(parts) < 2 or any(part.last - part.first < LEAST_PART for part in parts):
        return none
    return tuple(parts), cost


def _diagonals(record: Record, allowed: NDArray[np.bool_], hits: Hits) -> _Diagonals:
    """Those with the most votes."""
    homes = record.transcripts_of(hits.starts + hits.owners)
    _, at, inverse = np.unique((homes << 32) + hits.starts, return_index=True, return_inverse=True)
    votes = np.bincount(inverse, weights=hits.weights)
    best = at[np.argsort(-votes, kind="stable")[: _MOST_DIAGONALS * 2]]
    best = best[allowed[homes[best]]][:_MOST_DIAGONALS]
    starts, homes = hits.starts[best], homes[best].astype(np.int32)
    bounds = np.array([record.bounds(home) for home in homes.tolist()], dtype=np.int32).reshape(-1, 2)
    return _Diagonals(starts, homes, bounds[:, 0], bounds[:, 1])


def _cheapest(same: NDArray[np.bool_], apart: NDArray[np.bool_]) -> tuple[list[int], float]:
    """The diagonal of each printed token on the cheapest path, and its cost."""
    switch = np.where(apart, _FAR_SWITCH, _NEAR_SWITCH)
    np.fill_diagonal(switch, 0.0)
    miss = (~same).astype(np.float64)
    total = miss[:, 0]
    back = np.empty((same.shape[1], len(same)), dtype=np.int32)
    for i in range(1, same.shape[1]):
        options = total[:, None] + switch
        back[i] = np.argmin(options, axis=0)
        total = options[back[i], np.arange(len(same))] + miss[:, i]
    at = int(np.argmin(total))
    cost = float(total[at])
    path = [at]
    for i in range(same.shape[1] - 1, 0, -1):
        at = int(back[i][at])
        path.append(at)
    path.reverse()
    return path, cost


def _parts(path: Sequence[int], diagonals: _Diagonals, apart: NDArray[np.bool_]) -> Iterator[Part]:
    """Stretches of the path between changes to a diagonal far away, within their transcripts."""
    first = 0
    for i in range(1, len(path) + 1):
        if i == len(path) or apart[path[i], path[i - 1]]:
            start, end = int(diagonals.starts[path[first]]) + first, int(diagonals.starts[path[i - 1]]) + i
            low, high = int(diagonals.firsts[path[first]]), int(diagonals.ends[path[first]])
            yield Part(first, i, max(start, low), min(end, high))
            first = i
