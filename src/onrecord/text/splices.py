"""Passages that were said apart and are printed as one.

Every anchor of the quotation puts it on a diagonal (its start in the record). A splice is a path over the
printed words that changes to a diagonal far away; the cheapest path is found word by word (Viterbi 1967).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.text.places import anchor_hits
from onrecord.text.record import Ints, Record

FAR = 10
LEAST_PART = 3
_MOST_DIAGONALS = 48
_NEAR_SWITCH = 1.3
_FAR_SWITCH = 3.0


@dataclass(frozen=True, slots=True)
class Part:
    """Printed tokens first..last (exclusive) stand at start..end (exclusive) of the record."""

    first: int
    last: int
    start: int
    end: int


def find_splice(record: Record, keys: Sequence[int], allowed: NDArray[np.bool_]) -> tuple[tuple[Part, ...], float]:
    """The passages a quotation was joined from and what that leaves unexplained, or none and its length."""
    diagonals = _diagonals(record, keys, allowed)
    if len(diagonals) < 2:
        return (), float(len(keys))
    places = diagonals[:, None] + np.arange(len(keys))[None, :]
    inside = (places >= 0) & (places < len(record.tokens))
    same = inside & (record.tokens[np.clip(places, 0, len(record.tokens) - 1)] == np.asarray(keys)[None, :])
    path, cost = _cheapest(diagonals, same)
    parts = list(_parts(path, diagonals, same))
    if len(parts) < 2 or any(part.last - part.first < LEAST_PART for part in parts):
        return (), float(len(keys))
    return tuple(parts), cost


def _diagonals(record: Record, keys: Sequence[int], allowed: NDArray[np.bool_]) -> Ints:
    hits, _, weights = anchor_hits(record, keys)
    if not len(hits):
        return hits
    values, inverse = np.unique(hits, return_inverse=True)
    votes = np.bincount(inverse, weights=weights)
    best = values[np.argsort(-votes, kind="stable")[: _MOST_DIAGONALS * 2]]
    fit = [d for d in best.tolist() if allowed[record.transcript_of(max(0, d))]]
    return np.array(fit[:_MOST_DIAGONALS], dtype=np.int32)


def _cheapest(diagonals: Ints, same: NDArray[np.bool_]) -> tuple[list[int], float]:
    """The diagonal of each printed token on the cheapest path, and its cost."""
    apart = np.abs(diagonals[:, None] - diagonals[None, :])
    switch = np.where(apart == 0, 0.0, np.where(apart < FAR, _NEAR_SWITCH, _FAR_SWITCH))
    miss = (~same).astype(np.float64)
    total = miss[:, 0]
    back = np.empty((same.shape[1], len(diagonals)), dtype=np.int32)
    for i in range(1, same.shape[1]):
        options = total[:, None] + switch
        back[i] = np.argmin(options, axis=0)
        total = options[back[i], np.arange(len(diagonals))] + miss[:, i]
    at = int(np.argmin(total))
    cost = float(total[at])
    path = [at]
    for i in range(same.shape[1] - 1, 0, -1):
        at = int(back[i][at])
        path.append(at)
    path.reverse()
    return path, cost


def _parts(path: Sequence[int], diagonals: Ints, same: NDArray[np.bool_]) -> list[Part]:
    """Stretches of the path between changes to a diagonal far away."""
    parts: list[Part] = []
    first = 0
    for i in range(1, len(path) + 1):
        over = i == len(path) or abs(int(diagonals[path[i]]) - int(diagonals[path[i - 1]])) >= FAR
        if over:
            start = int(diagonals[path[first]]) + first
            parts.append(Part(first, i, start, int(diagonals[path[i - 1]]) + i))
            first = i
    return parts
