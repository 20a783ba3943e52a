"""Where in a record a quotation may have been said: by its rarest pairs of neighbouring words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.text.record import Ints, Record

_MOST_ANCHORS = 24
_MOST_HITS = 4000
_ENOUGH_HITS = 600
_ENOUGH_ANCHORS = 8
_BRIDGE = 200
_WORTH = 0.35
_BRIDGE_VOTES = 2.5
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of tokens start..end (exclusive) of one transcript, and how much speaks for it."""

    start: int
    end: int
    votes: float


def exact_places(record: Record, keys: Sequence[int], allowed: NDArray[np.bool_], most: int = 100) -> Iterator[int]:
    """First tokens of all places where the keys stand one after the other, at most `most` of them."""
    if not keys or min(keys) < 1:
        return
    order = sorted(range(len(keys)), key=lambda i: record.frequency(keys[i]))
    rarest = order[0]
    positions = record.positions(keys[rarest])
    found = 0
    for low in range(0, len(positions), _AT_ONCE):
        starts = positions[low : low + _AT_ONCE] - rarest
        starts = starts[(starts >= 0) & (starts + len(keys) <= len(record.tokens))]
        for i in order[1:]:
            if len(starts):
                starts = starts[record.tokens.take(starts + i) == keys[i]]
        if len(starts):
            starts = starts[allowed[record.transcripts_of(starts)]][: most - found]
            found += len(starts)
            yield from starts.tolist()
        if found >= most:
            return


@dataclass(frozen=True, slots=True)
class Hits:
    """For each occurrence of an anchor: where the quotation would start, the anchor's place in it, its weight."""

    starts: Ints
    owners: Ints
    weights: NDArray[np.float64]


def likely_places(
    record: Record, keys: Sequence[int], allowed: NDArray[np.bool_], found: Hits, *, reach: int, most: int = 6
) -> list[Place]:
    """Stretches that share most of the quotation's word pairs, best first.

    `found` are the hits of `keys`, which have -1 where an ellipsis, a bracket or a mask stands and 0 for words that
    the record never has.
    `reach` is how many tokens an ellipsis may leave out.
    """
    hits, owners, weights = found.starts, found.owners, found.weights
    homes = record.transcripts_of(hits + owners)
    counts = allowed[homes]
    if not counts.any():
        return []
    hits, owners, weights, homes = hits[counts], owners[counts], weights[counts], homes[counts]
    order = np.argsort((homes << 32) + hits)
    hits, owners, weights, homes = hits[order], owners[order], weights[order], homes[order]
    slack = 4 + len(keys) // 6
    cuts = np.flatnonzero((np.diff(hits) > slack) | (np.diff(homes) != 0)) + 1
    lows = np.concatenate(([0], cuts))
    groups = np.repeat(np.arange(len(lows)), np.diff(lows, append=len(hits)))
    votes = _distinct_weights(groups, owners, weights, len(keys))
    pad = 3 + len(keys) // 5
    places: list[Place] = []
    for group in _highest(votes, 2 * most).tolist():
        low = int(lows[group])
        high = int(lows[group + 1]) if group + 1 < len(lows) else len(hits)
        first, last = record.bounds(int(homes[low]))
        start = max(first, int(hits[low]) - pad - reach)
        end = min(last, int(hits[high - 1]) + len(keys) + pad + reach)
        if end > start:
            places.append(Place(start, end, float(votes[group])))
    worth = [place for n, place in enumerate(places) if n < 2 or place.votes >= _WORTH * places[0].votes]
    return _bridged(record, worth)[:most]


def _highest(votes: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """The places of the highest values, highest first; of equal ones the earlier."""
    least = np.partition(votes, -most)[-most] if len(votes) > most else votes.min()
    among = np.flatnonzero(votes >= least)
    return among[np.argsort(-votes[among], kind="stable")][:most]


def _bridged(record: Record, places: list[Place]) -> list[Place]:
    """The places, and first those that join two near each other: a passage with a gap votes for both."""
    bridges: list[Place] = []
    for n, a in enumerate(places[:3]):
        for b in places[n + 1 :]:
            gap = max(a.start, b.start) - min(a.end, b.end)
            same = record.transcript_of(a.start) == record.transcript_of(b.start)
            if same and gap <= _BRIDGE and min(a.votes, b.votes) >= _BRIDGE_VOTES:
                bridges.append(Place(min(a.start, b.start), max(a.end, b.end), a.votes + b.votes))
    return [*bridges[:2], *places]


def anchors(record: Record, keys: Sequence[int]) -> list[tuple[int, int]]:
    """(place in `keys`, width) of the pairs, and failing them single words, that single out a place best."""
    pairs = [
        (min(record.frequency(a), record.frequency(b)), i)
        for i, (a, b) in enumerate(itertools.pairwise(keys))
        if a > 0 and b > 0
    ]
    pairs.sort()
    chosen = [(i, 2) for _, i in pairs[:_MOST_ANCHORS]]
    singles = sorted((record.frequency(key), i) for i, key in enumerate(keys) if key > 0)
    chosen.extend((i, 1) for count, i in singles[:8] if count <= 60)
    return chosen


def anchor_hits(record: Record, keys: Sequence[int]) -> Hits:
    """Where the anchors of a quotation occur."""
    starts: list[Ints] = []
    owners: list[Ints] = []
    weights: list[NDArray[np.float64]] = []
    total = 0
    for i, width in anchors(record, keys):
        found = record.positions(keys[i]) if width == 1 else record.pairs(keys[i], keys[i + 1], _MOST_HITS)
        if not len(found) or len(found) > _MOST_HITS:
            continue
        if total > _ENOUGH_HITS and len(starts) >= _ENOUGH_ANCHORS:
            break
        total += len(found)
        starts.append((found - i).astype(np.int32))
        owners.append(np.full(len(found), i, dtype=np.int32))
        weights.append(np.full(len(found), 1.0 / np.log2(2.0 + len(found)) + width - 1.0))
    if not starts:
        empty = np.empty(0, dtype=np.int32)
        return Hits(empty, empty, np.empty(0))
    return Hits(np.concatenate(starts), np.concatenate(owners), np.concatenate(weights))


def _distinct_weights(
    groups: NDArray[np.intp], owners: Ints, weights: NDArray[np.float64], size: int
) -> NDArray[np.float64]:
    """What speaks for each group: each place in the quotation votes once, with its best anchor."""
    voters = groups * size + owners
    order = np.argsort(voters, kind="stable")
    voters = voters[order]
    first = np.concatenate(([0], np.flatnonzero(np.diff(voters)) + 1))
    best = np.maximum.reduceat(weights[order], first)
    return np.bincount(voters[first] // size, weights=best).astype(np.float64, copy=False)
