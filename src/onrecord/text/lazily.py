"""Segments of a transcript that are made when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import overload

from onrecord.text.transcripts import Segment

_KEPT = 1024

Written = Iterable[tuple[str, Sequence[str]]]
"""The speaker and the written words of one segment after another."""


class LazySegments(Sequence[Segment]):
    """As many segments as `count`, each by `make`; `written` gives what an index needs of all of them."""

    def __init__(self, count: int, make: Callable[[int], Segment], written: Callable[[], Written]) -> None:
        self._count = count
        self._make = lru_cache(_KEPT)(make)
        self.written = written

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Segment]:
        return map(self._make, range(self._count))

    @overload
    def __getitem__(self, number: int) -> Segment: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Segment]: ...
    def __getitem__(self, number: int | slice) -> Segment | Sequence[Segment]:
        if isinstance(number, slice):
            return [self._make(n) for n in range(*number.indices(self._count))]
        return self._make(range(self._count)[number])
