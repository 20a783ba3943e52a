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
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
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
_CELL_BITS = 12
"""Ranges that are sorted at a time begin at multiples of a 4096th of all keys."""
_LOW = np.uint64(0xFFFFFFFF)
_ROW = np.dtype([("key", "<u4"), ("entry", "<u8")])
_REMEDY = "Make it again with `onrecord fingerprint`."

Words = NDArray[np.uint32]
Range = tuple[int, int, Words, Codes]
"""From which key to before which, and the keys and entries of it in order."""


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
            _write(file, stretches, proof, seed, bits, temporary.with_name(f"{temporary.name}.ranges"))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write(
    file: BinaryIO,
    stretches: Sequence[Stretch],
    proof: Sequence[Codes],
    seed: Sequence[Codes],
    bits: int,
    scratch: Path,
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
    tables = [file.tell()]
    for size in (8 * live, 8 * live, *([4 * ((1 << bits) + 1)] * 2 if stored else ())):
        tables[-1] += -tables[-1] % _ALIGN
        tables.append(tables[-1] + size)
    for table in (0, 1):
        with closing(_sorted(seed, table, live, scratch)) as ranges:
            _write_table(file, ranges, tables[table], tables[2 + table] if stored else None, bits)
    file.seek(tables[-1])
    _pad(file)
    file.write(_MAGIC)


def _write_table(file: BinaryIO, ranges: Iterator[Range], at: int, directory_at: int | None, bits: int) -> None:
    """Entries in the order of their keys and, where there is a place for it, the directory of their buckets."""
    written = 0
    for first, last, keys, entries in ranges:
        file.seek(at + 8 * written)
        file.write(entries.astype("<u8", copy=False).data)
        if directory_at is not None:
            low, high = first >> (32 - bits), last >> (32 - bits)
            counts = np.bincount((keys >> np.uint32(32 - bits)).astype(np.int64) - low, minlength=high - low)
            ends = written + np.cumsum(counts)
            file.seek(directory_at + 4 * low)
            file.write(np.concatenate([[written], ends]).astype("<u4").data)
        written += entries.size


def _sorted(seed: Sequence[Codes], table: int, live: int, scratch: Path) -> Generator[Range]:
    """Keys and entries in the order of the keys, a range of keys at a time: no more than fits into memory.

    The seeds are gone through twice, however many there are: to count, and to put each into its range in a file.
    """
    if live <= _CHUNK:
        keys, entries = [np.empty(0, np.uint32)], [np.empty(0, np.uint64)]
        for more_keys, more_entries in _taken(seed, table):
            keys.append(more_keys)
            entries.append(more_entries)
        yield (0, 1 << 32, *_in_order(np.concatenate(keys), np.concatenate(entries)))
        return
    counts = np.zeros(1 << _CELL_BITS, dtype=np.int64)
    for key, _ in _taken(seed, table):
        counts += np.bincount(key >> np.uint32(32 - _CELL_BITS), minlength=counts.size)
    edges = _edges(counts)
    ends = np.concatenate([[0], np.cumsum(counts)])[edges]
    range_of = np.repeat(np.arange(len(edges) - 1, dtype=np.uint16), np.diff(edges))
    try:
        rows = np.memmap(scratch, _ROW, "w+", shape=(live,))
        filled = ends[:-1].copy()
        for key, entry in _taken(seed, table):
            ranges = range_of[key >> np.uint32(32 - _CELL_BITS)]
            order = np.argsort(ranges, kind="stable")  # of 16 bits: numpy counts instead of comparing
            piece = np.empty(order.size, dtype=_ROW)
            piece["key"], piece["entry"] = key[order], entry[order]
            sizes = np.bincount(ranges, minlength=filled.size)
            starts = np.cumsum(sizes) - sizes
            for number in np.flatnonzero(sizes).tolist():
                part = piece[starts[number] : starts[number] + sizes[number]]
                rows[filled[number] : filled[number] + part.size] = part
            filled += sizes
        for number, (low, high) in enumerate(pairwise(edges)):
            part = rows[ends[number] : ends[number + 1]]
            shift = 32 - _CELL_BITS
            yield (low << shift, high << shift, *_in_order(part["key"], part["entry"]))
    finally:
        scratch.unlink(missing_ok=True)


def _taken(seed: Sequence[Codes], table: int) -> Iterator[tuple[Words, Codes]]:
    """The keys of one table and what is kept beside each, in the order of the places, some millions at a time."""
    at = 0
    for part in seed:
        for start in range(0, part.size, _CHUNK):
            codes = np.asarray(part[start : start + _CHUNK])
            chosen = np.flatnonzero(codes)
            codes = codes[chosen].astype(np.uint64, copy=False)
            keys, other = (codes, codes >> np.uint64(32)) if table else (codes >> np.uint64(32), codes)
            place = (chosen + at + start).astype(np.uint64)
            yield (keys & _LOW).astype(np.uint32), ((other & _LOW) << np.uint64(32)) | place
        at += part.size


def _in_order(keys: Words, entries: Codes) -> tuple[Words, Codes]:
    order = np.argsort(keys, kind="stable")
    return keys[order], entries[order]


def _edges(counts: NDArray[np.int64]) -> list[int]:
    """Cells at which a range begins, so that each has some millions of seeds; the last one ends the keys."""
    edges, held = [0], 0
    for cell, count in enumerate(counts.tolist()):
        if held and held + count > _CHUNK:
            edges.append(cell)
            held = 0
        held += count
    return [*edges, counts.size]


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
