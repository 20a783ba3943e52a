"""The files of an index: arrays mapped for reading, streams that only grow, and the manifest that says what counts.

What the manifest names is never changed: streams grow behind the length it gives, all other files are written once.
It is replaced in one step, after everything it names has reached the disk, so a reader sees one state or the next,
whenever a writer dies.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import RecordIndexUnreadable

FORMAT, VERSION = "onrecord record index", 1
MANIFEST, LOCK = "manifest.json", "lock"
_OURS = re.compile(r"(?:run|removed)-\d+|\d+-[a-z]+|manifest\.json\.new")
_END = 16
"""A file of arrays ends with its description (JSON) and the length of that in 16 digits."""

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Stream:
    """How much of a file counts, in bytes, and the CRC-32 of that."""

    length: int = 0
    crc: int = 0


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of arrays; `size` is how many positions it holds."""

    name: str
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of an index. `keys` tells by which rules words were keyed, `number` which state it is."""

    keys: str
    number: int = 0
    generation: int = 0
    streams: Mapping[str, Stream] = field(default_factory=dict)
    runs: tuple[RunFile, ...] = ()
    removed: tuple[RunFile, ...] = ()
    removed_tokens: int = 0

    def names(self) -> set[str]:
        """Every file that belongs to this state."""
        return {*self.streams, *(run.name for run in (*self.runs, *self.removed)), MANIFEST, LOCK}


def read_manifest(folder: Path) -> Manifest:
    """The newest state. Raises RecordIndexUnreadable where there is none, or it is damaged or of another version."""
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
        body = found.pop("manifest")
        if found != {"format": FORMAT, "version": VERSION, "crc": _crc(body)}:
            other = found.get("format") == FORMAT and found.get("version") != VERSION
            raise unreadable(folder, "another version of Onrecord made it" if other else "its manifest is damaged")
        return Manifest(
            **{
                **body,
                "streams": {name: Stream(*values) for name, values in body["streams"].items()},
                "runs": tuple(RunFile(*values) for values in body["runs"]),
                "removed": tuple(RunFile(*values) for values in body["removed"]),
            }
        )
    except FileNotFoundError as error:
        raise unreadable(folder, "there is no index") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(folder, f"its manifest is damaged ({error})") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Make a state the newest; its files must have been written with `grown`, `write_arrays`."""
    body = {
        **asdict(manifest),
        "streams": {name: [stream.length, stream.crc] for name, stream in manifest.streams.items()},
        "runs": [[run.name, run.size, run.crc] for run in manifest.runs],
        "removed": [[run.name, run.size, run.crc] for run in manifest.removed],
    }
    new = folder / f"{MANIFEST}.new"
    with new.open("wb") as file:
        file.write(json.dumps({"format": FORMAT, "version": VERSION, "crc": _crc(body), "manifest": body}).encode())
        _to_disk(file.fileno())
    _folder_to_disk(folder)
    new.replace(folder / MANIFEST)
    _folder_to_disk(folder)


def stamp(folder: Path) -> tuple[int, int]:
    """Differs when the manifest does; a missing one is (0, 0)."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def grown(folder: Path, name: str, known: Stream, pieces: Iterable[bytes | memoryview]) -> Stream:
    """Add to a stream behind what counts of it; what a writer that died left there is overwritten."""
    pieces = [piece for piece in pieces if len(piece)]
    if not pieces:
        return known
    path = folder / name
    length, crc = known.length, known.crc
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(length)
        file.seek(length)
        for piece in pieces:
            file.write(piece)
            length, crc = length + len(piece), zlib.crc32(piece, crc)
        _to_disk(file.fileno())
    return Stream(length, crc)


def write_arrays(folder: Path, name: str, size: int, arrays: Mapping[str, Iterable[NDArray[Any]]]) -> RunFile:
    """A file of named arrays, each given in pieces and of one type, which lie at multiples of 8 bytes."""
    described: dict[str, list[object]] = {}
    at, crc = 0, 0
    with (folder / name).open("wb") as file:

        def put(data: bytes | memoryview) -> None:
            nonlocal at, crc
            file.write(data)
            at, crc = at + len(data), zlib.crc32(data, crc)

        for key, pieces in arrays.items():
            put(bytes(-at % 8))
            start, kind = at, "<i4"
            for piece in pieces:
                kind = piece.dtype.newbyteorder("<").str
                put(raw(piece.astype(kind, copy=False)))
            described[key] = [kind, start, at - start]
        footer = json.dumps(described).encode()
        put(footer)
        put(f"{len(footer):>{_END}}".encode())
        _to_disk(file.fileno())
    return RunFile(name, size, crc)


def map_arrays(folder: Path, run: RunFile) -> Arrays:
    """The arrays of a file, mapped."""
    data = _mapped(folder, run.name, None)
    try:
        footer = int(data[-_END:])
        described = json.loads(data[len(data) - _END - footer : len(data) - _END])
        return {
            key: np.frombuffer(data, dtype=kind, count=length // np.dtype(kind).itemsize, offset=start)
            for key, (kind, start, length) in described.items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise unreadable(folder, f"{run.name} is damaged ({error})") from error


def map_stream(folder: Path, name: str, stream: Stream) -> mmap.mmap | bytes:
    """What counts of a stream, mapped."""
    return _mapped(folder, name, stream.length)


def raw(array: NDArray[Any]) -> memoryview:
    """The bytes of an array."""
    return memoryview(np.ascontiguousarray(array).view(np.uint8).reshape(-1).data)


def check_crc(folder: Path, name: str, length: int | None, crc: int) -> None:
    """Raises RecordIndexUnreadable if a file is not what was written."""
    found = 0
    data = memoryview(_mapped(folder, name, length))
    for at in range(0, len(data), 1 << 24):
        found = zlib.crc32(data[at : at + (1 << 24)], found)
    if found != crc:
        raise unreadable(folder, f"{name} is not what was written")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Waits until no other process or thread writes; a writer that dies gives the lock back."""
    with (folder / LOCK).open("ab") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield


def remove_leftovers(folder: Path, manifest: Manifest) -> None:
    """Delete what an earlier state or a writer that died left behind; who has it mapped still reads it."""
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in manifest.names():
            path.unlink(missing_ok=True)


def unreadable(folder: Path, reason: str) -> RecordIndexUnreadable:
    """The error for an index that cannot be used."""
    return RecordIndexUnreadable(path=str(folder), reason=reason)


def _mapped(folder: Path, name: str, length: int | None) -> mmap.mmap | bytes:
    if length == 0:
        return b""
    with (folder / name).open("rb") as file:
        there = os.fstat(file.fileno()).st_size
        wanted = there if length is None else length
        if there < wanted:
            raise unreadable(folder, f"{name} has {there} bytes and should have {wanted}")
        return mmap.mmap(file.fileno(), wanted, access=mmap.ACCESS_READ) if wanted else b""


def _crc(body: object) -> int:
    return zlib.crc32(json.dumps(body, sort_keys=True).encode())


def _to_disk(descriptor: int) -> None:
    os.fsync(descriptor)


def _folder_to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
