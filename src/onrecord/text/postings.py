"""Where each key of a record occurs: runs of positions sorted by key, as one array each and none of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
_MERGED_AT_ONCE = 1 << 22
_LOW = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Run:
    """The positions of keys[i], ascending, are positions[starts[i] : starts[i + 1]]; `keys` ascend, 0 is not one."""

    keys: Ints
    starts: Ints
    positions: Ints

    def of(self, key: int) -> Ints:
        """Where one key occurs in this run."""
        at = int(np.searchsorted(self.keys, np.int32(key)))  # not an int: the whole array would be widened
        if at == len(self.keys) or self.keys[at] != key:
            return self.positions[:0]
        return self.positions[self.starts[at] : self.starts[at + 1]]

    def __len__(self) -> int:
        return len(self.positions)


def run_of(tokens: Ints, first: int = 0) -> Run:
    """The run over a stretch of tokens that begins at position `first`; gaps (0) are left out."""
    return _unpacked(_sorted(tokens, np.arange(first, first + len(tokens), dtype=np.int64)))


def merged(runs: Sequence[Run]) -> Iterator[tuple[Ints, Ints, Ints]]:
    """One run out of several, in pieces of (keys, how many positions each has, positions), so that none is large."""
    keys = np.unique(np.concatenate([run.keys for run in runs]))
    counts = np.zeros(len(keys), dtype=np.int64)
    for run in runs:
        counts[np.searchsorted(keys, run.keys)] += np.diff(run.starts)
    pieces = np.cumsum(counts) // _MERGED_AT_ONCE
    for cut in np.split(np.arange(len(keys)), np.flatnonzero(np.diff(pieces)) + 1):
        if not len(cut):
            continue
        low, high = keys[cut[0]], keys[cut[-1]]
        packed = [_packed(run, low, high) for run in runs]
        together = np.concatenate(packed)
        together.sort(kind="stable")  # which joins sorted runs, where the default sorts anew
        yield keys[cut], counts[cut].astype(np.int32), (together & _LOW).astype(np.int32)


class Postings:
    """All positions of a key over several runs, without those that were taken out.

    `runs` follow one another in position; `removed` hold positions that count no more.
    """

    def __init__(self, runs: Iterable[Run], removed: Iterable[Run] = ()) -> None:
        self._runs = tuple(runs)
        self._removed = tuple(removed)
        self._none = np.empty(0, dtype=np.int32)

    def positions(self, key: int) -> Ints:
        """Where a key occurs, in order; empty for an unknown key (below 1)."""
        if key < 1:
            return self._none
        found = _together([run.of(key) for run in self._runs], self._none)
        gone = _together([run.of(key) for run in self._removed], self._none)
        return found[~np.isin(found, gone, assume_unique=True)] if len(gone) else found

    def frequency(self, key: int) -> int:
        """How often a key occurs."""
        if key < 1:
            return 0
        return sum(len(run.of(key)) for run in self._runs) - sum(len(run.of(key)) for run in self._removed)


def _together(parts: Sequence[Ints], none: Ints) -> Ints:
    full = [part for part in parts if len(part)]
    return full[0] if len(full) == 1 else np.concatenate(full) if full else none


def _sorted(tokens: Ints, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Key and position in one number each: sorting those is several times faster than a stable sort of places."""
    packed = (tokens.astype(np.int64) << 32) | positions
    packed = packed[tokens > 0]
    packed.sort(kind="stable")
    return packed


def _unpacked(packed: NDArray[np.int64]) -> Run:
    keys = (packed >> 32).astype(np.int32)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(keys)) + 1)) if len(keys) else np.empty(0, dtype=np.int64)
    ends = np.concatenate((starts, [len(keys)])).astype(np.int32)
    return Run(keys[starts], ends, (packed & _LOW).astype(np.int32))


def _packed(run: Run, low: int, high: int) -> NDArray[np.int64]:
    """The part of a run with keys low..high (inclusive)."""
    first = int(np.searchsorted(run.keys, np.int32(low)))
    last = int(np.searchsorted(run.keys, np.int32(high), side="right"))
    a, b = int(run.starts[first]), int(run.starts[last])
    keys = np.repeat(run.keys[first:last].astype(np.int64), np.diff(run.starts[first : last + 1]))
    return (keys << 32) | run.positions[a:b]
