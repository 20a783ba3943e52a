"""One immutable file of an index: codes of recordings in a row, and two tables of where seed codes occur.

A seed code is two keys of 32 bits. Each table sorts the seeds by one key's upper bits (a directory gives the range
of a bucket) and holds, beside the place, the other key, so that most chance hits are refused without a look at
another part of memory. The number of upper bits follows the number of seeds: a bucket holds about one, whatever the
size, and a look-up costs the same at ten hours and at ten thousand.

    header | proof codes | seed codes | entries by first key | entries by second key | two directories

Small segments leave the directories out; they are made when the segment is opened.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.model import ALGORITHM, CONSTANTS, VERSION, Codes, same_kind
from onrecord.audio.fingerprints.places import Stretch
from onrecord.errors import IndexUnreadable

_MAGIC = b"onrecfp1"
_ALIGN = 64
_SMALL = 1 << 19
"""Seeds up to which directories are made on opening."""
_SMALL_BITS = 18
MAX_BITS = 30
_CHUNK = 1 << 24
"""Seeds sorted at a time, so that memory stays bounded."""
_MOST_RANGES = 12
"""Times that all seeds are gone through to sort them: over 2,000 hours, more are sorted at a time instead."""
_REMEDY = "Make it again with `onrecord fingerprint`."

Words = NDArray[np.uint32]


@dataclass(frozen=True)
class Segment:
    """The arrays of a segment, mapped from its file."""

    path: Path
    stretches: tuple[Stretch, ...]
    bits: int
    proof: Codes
    seed: Codes
    entries: tuple[Codes, Codes]
    directories: tuple[Words, Words]

    def bucket(self, table: int, keys: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the buckets of `keys` (upper `bits` bits) begin in `entries[table]`, and their sizes."""
        low = self.directories[table][keys].astype(np.int64)
        return low, self.directories[table][keys + np.uint32(1)] - low


def write_segment(path: Path, stretches: Sequence[Stretch], proof: Sequence[Codes], seed: Sequence[Codes]) -> None:
    """Write a segment durably: a temporary file, flushed to disk, then renamed into place.

    `proof` and `seed` are the codes of the stretches one after the other.
    """
    seeds = sum(part.size for part in seed)
    bits = _bits_for(seeds)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w+b") as file:
            _write(file, stretches, proof, seed, bits)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(
    file: BinaryIO, stretches: Sequence[Stretch], proof: Sequence[Codes], seed: Sequence[Codes], bits: int
) -> None:
    counts = {"proof": sum(part.size for part in proof), "seed": sum(part.size for part in seed)}
    live = sum(int(np.count_nonzero(part)) for part in seed)
    stored = counts["seed"] > _SMALL
    head = {
        "algorithm": ALGORITHM,
        "version": VERSION,
        "constants": CONSTANTS,
        "bits": bits,
        **counts,
        "live": live,
        "directories": stored,
        "stretches": [asdict(stretch) for stretch in stretches],
    }
    text = json.dumps(head, ensure_ascii=False).encode()
    file.write(_MAGIC + len(text).to_bytes(4, "little") + zlib.crc32(text).to_bytes(4, "little") + text)
    for parts in (proof, seed):
        _pad(file)
        for part in parts:
            # In pieces: one write takes no more than two gigabytes.
            for at in range(0, part.size, _CHUNK):
                file.write(part[at : at + _CHUNK].astype("<u8", copy=False).data)
    directories = []
    for table in (0, 1):
        _pad(file)
        counted = np.zeros((1 << bits) + 1, dtype=np.uint32)
        for keys, entries in _sorted(seed, table, live):
            file.write(entries.astype("<u8", copy=False).data)
            _count(counted, keys >> np.uint32(32 - bits))
        directories.append(counted)
    for directory in directories if stored else ():
        _pad(file)
        np.cumsum(directory, out=directory)
        file.write(directory.astype("<u4", copy=False).data)
    _pad(file)
    file.write(_MAGIC)


def _sorted(seed: Sequence[Codes], table: int, live: int) -> Iterator[tuple[Words, Codes]]:
    """Keys and entries in the order of the keys, a range of keys at a time."""
    ranges = min(max(1, -(-live // _CHUNK)), _MOST_RANGES)
    # Keys are not spread evenly; twice as many ranges keep the largest within reason.
    edges = np.linspace(0, 1 << 32, (2 * ranges if ranges > 1 else 1) + 1).astype(np.uint64)
    for low, high in pairwise(edges):
        keys, entries, at = [], [], 0
        for part in seed:
            key = (part >> np.uint64(0 if table else 32)).astype(np.uint32)
            chosen = np.flatnonzero((key >= low) & (key < high) & (np.asarray(part) != 0))
            other = (part[chosen] >> np.uint64(32 if table else 0)) & np.uint64(0xFFFFFFFF)
            keys.append(key[chosen])
            entries.append((other << np.uint64(32)) | (chosen + at).astype(np.uint64))
            at += part.size
        key = np.concatenate(keys)
        order = np.argsort(key, kind="stable")
        yield key[order], np.concatenate(entries)[order]


def _count(directory: Words, keys: Words) -> None:
    if keys.size:
        first = int(keys[0])
        counts = np.bincount(keys.astype(np.int64) - first)
        directory[first + 1 : first + 1 + counts.size] += counts.astype(np.uint32)


def _bits_for(seeds: int) -> int:
    return int(np.clip(np.ceil(np.log2(max(1, seeds))) - 1, _SMALL_BITS, MAX_BITS))


def _pad(file: BinaryIO) -> None:
    file.write(bytes(-file.tell() % _ALIGN))


def open_segment(path: Path) -> Segment:
    """Map a segment; nothing is read but its header. Raises IndexUnreadable for one that is damaged or not ours."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise _unreadable(path, "a part of it is missing or cannot be read") from error
    head, at = _header(path, data)
    arrays: list[NDArray[np.generic]] = []
    directory = [(1 << head["bits"]) + 1] * 2 if head["directories"] else []
    sizes = [(head["proof"], "<u8"), (head["seed"], "<u8"), (head["live"], "<u8"), (head["live"], "<u8")]
    for count, kind in [*sizes, *((count, "<u4") for count in directory)]:
        at += -at % _ALIGN
        if at + count * int(kind[-1]) > len(data):
            raise _unreadable(path, "it ends too early")
        arrays.append(np.frombuffer(data, kind, count, at))
        at += count * int(kind[-1])
    if data[at + -at % _ALIGN :] != _MAGIC:
        raise _unreadable(path, "its end is damaged")
    proof, seed, *rest = arrays
    entries = (rest[0], rest[1])
    made = (rest[2], rest[3]) if directory else tuple(_directory(seed, table, head["bits"]) for table in (0, 1))
    stretches = tuple(Stretch(**stretch) for stretch in head["stretches"])
    return Segment(path, stretches, head["bits"], proof, seed, entries, made)  # type: ignore[arg-type]


def _directory(seed: NDArray[np.generic], table: int, bits: int) -> Words:
    codes = seed[seed != 0].astype(np.uint64)
    keys = (codes >> np.uint64(64 - bits if not table else 32 - bits)) & np.uint64((1 << bits) - 1)
    result = np.zeros((1 << bits) + 1, dtype=np.uint32)
    np.cumsum(np.bincount(keys.astype(np.int64), minlength=1 << bits), out=result[1:])
    return result


def _header(path: Path, data: mmap.mmap) -> tuple[dict[str, Any], int]:
    if data[:8] != _MAGIC:
        raise _unreadable(path, "it does not begin as one")
    size = int.from_bytes(data[8:12], "little")
    text = data[16 : 16 + size]
    if len(text) < size or zlib.crc32(text) != int.from_bytes(data[12:16], "little"):
        raise _unreadable(path, "its beginning is damaged")
    head = json.loads(text)
    same_kind(path, head["algorithm"], head["version"], head["constants"])
    return head, 16 + size


def _unreadable(path: Path, reason: str) -> IndexUnreadable:
    return IndexUnreadable(path=path, reason=reason, remedy=_REMEDY)
