"""Numbered texts in a folder: text by number, and number by text."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

_TEXTS_KEPT = 1 << 16

Table = tuple[NDArray[Any], NDArray[Any]]
"""Sorted CRC-32 of texts, and their numbers."""


class Texts(Sequence[str]):
    """The texts of a mapped table: number n ends at byte ends[n] of `data`."""

    def __init__(self, data: Any, ends: NDArray[np.uint32]) -> None:
        self._data = data
        self._ends = ends
        self._text = lru_cache(_TEXTS_KEPT)(self._read)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self._text(n) for n in range(*number.indices(len(self)))]
        return self._text(number)

    def written(self, numbers: NDArray[Any]) -> Iterator[bytes]:
        """The bytes of several texts."""
        ends = self._ends[numbers].tolist()
        starts = np.where(numbers > 0, self._ends[numbers - 1], 0).tolist()
        return (bytes(self._data[start:end]) for start, end in zip(starts, ends, strict=True))

    def _read(self, number: int) -> str:
        start = int(self._ends[number - 1]) if number else 0
        return bytes(self._data[start : int(self._ends[number])]).decode("utf-8", "surrogatepass")


class Numbers:
    """The numbers of texts, by several tables."""

    def __init__(self, texts: Texts, tables: Iterable[Table]) -> None:
        self._texts = texts
        self._tables = tuple(tables)
        self._found = lru_cache(_TEXTS_KEPT)(self._find)

    def get(self, text: str, default: int, /) -> int:
        """The number of a text, or the default."""
        found = self._found(text)
        return default if found is None else found

    def _find(self, text: str) -> int | None:
        code = np.uint32(_code(text))
        for codes, numbers in self._tables:
            at = int(np.searchsorted(codes, code))
            while at < len(codes) and codes[at] == code:
                if self._texts[int(numbers[at])] == text:
                    return int(numbers[at])
                at += 1
        return None

    def of(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of many texts at once, -1 for those that are not known."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        wanted = np.fromiter(map(zlib.crc32, encoded), dtype=np.uint32, count=len(encoded))
        result = np.full(len(texts), -1, dtype=np.int32)
        for codes, numbers in self._tables:
            if not len(codes):
                continue
            at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
            met = np.flatnonzero(codes[at] == wanted)
            found = numbers[at[met]]
            for place, number, written in zip(met.tolist(), found.tolist(), self._texts.written(found), strict=True):
                if written == encoded[place]:
                    result[place] = number
                elif result[place] < 0:  # two texts share a code
                    result[place] = self.get(texts[place], -1)
        return result


class Numbering:
    """Numbers for a writer: known texts keep theirs, new ones get the next and are remembered in `new`."""

    def __init__(self, known: Numbers, count: int) -> None:
        self._known = known
        self._next = count
        self._cache: dict[str, int] = {}
        self._all_new = count == 0
        self.new: list[str] = []

    def of(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of texts, none of which comes twice."""
        cache = self._cache
        numbers = np.fromiter(map(cache.get, texts, repeat(-1)), dtype=np.int32, count=len(texts))
        met = np.flatnonzero(numbers < 0)
        fresh = [texts[place] for place in met.tolist()]
        found = np.full(len(fresh), -1, dtype=np.int32) if self._all_new else self._known.of(fresh)
        unknown = np.flatnonzero(found < 0)
        found[unknown] = np.arange(self._next, self._next + len(unknown))
        self._next += len(unknown)
        self.new.extend([fresh[place] for place in unknown.tolist()])
        cache.update(zip(fresh, found.tolist(), strict=True))
        numbers[met] = found
        return numbers

    def take_new(self) -> tuple[bytes, NDArray[np.uint32], Table]:
        """What came since the last time: the bytes of the texts, where each ends among them, and their table."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in self.new]
        ends = np.cumsum([len(text) for text in encoded], dtype=np.uint32) if encoded else np.empty(0, dtype=np.uint32)
        codes = np.array([zlib.crc32(text) for text in encoded], dtype=np.uint32)
        numbers = np.arange(self._next - len(encoded), self._next, dtype=np.int32)
        order = np.argsort(codes, kind="stable")
        self.new = []
        return b"".join(encoded), ends, (codes[order], numbers[order])


def joined(tables: Sequence[Table]) -> Table:
    """One table out of several."""
    codes = np.concatenate([codes for codes, _ in tables])
    numbers = np.concatenate([numbers for _, numbers in tables])
    order = np.argsort(codes, kind="stable")
    return codes[order], numbers[order]


def _code(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
