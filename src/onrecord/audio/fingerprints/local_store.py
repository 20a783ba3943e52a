"""An index of fingerprints in a folder: immutable segments, and a list of them that is replaced as a whole.

    index/  segments.json   which segments count, and what was removed from them
            000001.seg …    see `segment`
            lock            held by the one who writes

Readers map the segments of one list and are not disturbed by writers. A writer that is killed leaves at most files
that no list names; the next one clears them. Segments are merged so that there are few: each is at least four times
as large as the next.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.codes import Fingerprint
from onrecord.audio.fingerprints.lookup import CROWDED, OTHER_WRONG, halves, keys_to_try
from onrecord.audio.fingerprints.model import ALGORITHM, CONSTANTS, VERSION, Codes, packed, same_kind
from onrecord.audio.fingerprints.places import Places, Stretch
from onrecord.audio.fingerprints.segment import Segment, open_segment, write_segment
from onrecord.audio.fingerprints.spectrum import Floats
from onrecord.errors import IndexUnreadable

LIST = "segments.json"
_FORMAT = "onrecord fingerprint index 1"
_RATIO = 4
_NUMBER = 40
"""Bits of a place below the number of its segment."""


class LocalStore:
    """Fingerprints in a folder of local files, made when it is not there.

    Raises IndexUnreadable for a folder that holds something else or a damaged index.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Segment] = {}
        if folder.exists() and not is_index(folder) and (not folder.is_dir() or any(folder.iterdir())):
            raise IndexUnreadable(
                path=folder, reason="something else is there", remedy="Name a folder that is empty or not there yet."
            )

    def add(self, name: str, fingerprint: Fingerprint) -> None:
        self.add_all([(name, fingerprint)])

    def add_all(self, items: Sequence[tuple[str, Fingerprint]]) -> None:
        """Add several at once: quicker than one by one, and all of them or none."""
        new = dict(items)
        for name, fingerprint in new.items():
            same_kind(name, fingerprint.algorithm, fingerprint.version, fingerprint.constants)
        if not new:
            return
        with self._writing() as listed:
            listed = _without(listed, set(new), self._segments(listed))
            stretches, first = [], 0
            for name, fingerprint in new.items():
                stretches.append(Stretch(name, first, fingerprint.proof.size, fingerprint.duration_ms))
                first += fingerprint.proof.size
            file = self._write(stretches, [f.proof for f in new.values()], [f.seed for f in new.values()], listed)
            self._publish(self._merged([*listed, {"file": file, "removed": []}]))

    def remove(self, name: str) -> None:
        with self._writing() as listed:
            self._publish(_without(listed, {name}, self._segments(listed)))

    def names(self) -> list[str]:
        return sorted(stretch.name for stretch in self.reader().stretches())

    def reader(self) -> LocalReader:
        for _ in range(20):
            try:
                listed = self._listed()
                return LocalReader(self._segments(listed), [set(row["removed"]) for row in listed])
            except IndexUnreadable:
                # A writer may have merged the segments between our reading the list and opening them.
                if self._listed() == listed:
                    raise
        raise IndexUnreadable(path=self._folder, reason="it changes too quickly", remedy="Try again.")

    def close(self) -> None:
        self._open.clear()

    def _listed(self) -> list[dict]:  # type: ignore[type-arg]
        try:
            text = (self._folder / LIST).read_text()
        except FileNotFoundError:
            return []
        try:
            data = json.loads(text)
            if data["format"] != _FORMAT:
                raise ValueError
            return list(data["segments"])
        except (ValueError, KeyError, TypeError) as error:
            raise IndexUnreadable(
                path=self._folder / LIST,
                reason="its list of segments is damaged",
                remedy="Make it again with `onrecord fingerprint`.",
            ) from error

    def _segments(self, listed: Sequence[dict]) -> list[Segment]:  # type: ignore[type-arg]
        files = [row["file"] for row in listed]
        self._open = {
            file: self._open[file] if file in self._open else open_segment(self._folder / file) for file in files
        }
        return [self._open[file] for file in files]

    @contextmanager
    def _writing(self) -> Iterator[list[dict]]:  # type: ignore[type-arg]
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            listed = self._listed()
            self._clear(listed)
            yield listed

    def _clear(self, listed: Sequence[dict]) -> None:  # type: ignore[type-arg]
        kept = {row["file"] for row in listed}
        for path in self._folder.iterdir():
            if (path.suffix == ".seg" or ".seg." in path.name or path.name.startswith(f".{LIST}")) and (
                path.name not in kept
            ):
                path.unlink(missing_ok=True)

    def _write(
        self,
        stretches: Sequence[Stretch],
        proof: Sequence[Codes],
        seed: Sequence[Codes],
        listed: Sequence[dict],  # type: ignore[type-arg]
    ) -> str:
        used = [int(path.stem) for path in self._folder.glob("*.seg")] + [int(Path(r["file"]).stem) for r in listed]
        file = f"{max(used, default=0) + 1:06}.seg"
        write_segment(self._folder / file, stretches, proof, seed)
        return file

    def _merged(self, listed: list[dict]) -> list[dict]:  # type: ignore[type-arg]
        segments = self._segments(listed)
        order = sorted(range(len(listed)), key=lambda at: -segments[at].seed.size)
        listed, segments = [listed[at] for at in order], [segments[at] for at in order]
        sizes = [segment.seed.size for segment in segments]
        keep = len(listed) - 1
        while keep > 0 and sizes[keep - 1] < _RATIO * sum(sizes[keep:]):
            keep -= 1
        if keep == len(listed) - 1:
            return listed
        stretches, proof, seed, first = [], [], [], 0
        for segment, row in zip(segments[keep:], listed[keep:], strict=True):
            for stretch in segment.stretches:
                if stretch.first in row["removed"]:
                    continue
                end = stretch.first + stretch.frames
                stretches.append(Stretch(stretch.name, first, stretch.frames, stretch.duration_ms))
                proof.append(segment.proof[stretch.first : end])
                seed.append(segment.seed[stretch.first // 2 : end // 2])
                first += stretch.frames
        file = self._write(stretches, proof, seed, listed)
        return [*listed[:keep], {"file": file, "removed": []}]

    def _publish(self, listed: list[dict]) -> None:  # type: ignore[type-arg]
        head = {"format": _FORMAT, "algorithm": ALGORITHM, "version": VERSION, "constants": CONSTANTS}
        temporary = self._folder / f".{LIST}.{os.getpid()}"
        with temporary.open("w") as file:
            json.dump({**head, "segments": listed}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._folder / LIST)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._clear(listed)


class LocalReader:
    """A list of mapped segments. A place is a segment's number, and below it a frame."""

    def __init__(self, segments: Sequence[Segment], removed: Sequence[set[int]]) -> None:
        self._segments = segments
        self._removed = removed
        self._firsts = [np.array([stretch.first for stretch in segment.stretches]) for segment in segments]

    def stretches(self) -> Iterator[Stretch]:
        """Every recording, in the order of the segments."""
        for segment, removed in zip(self._segments, self._removed, strict=True):
            yield from (stretch for stretch in segment.stretches if stretch.first not in removed)

    def seeds(self, soft: Floats, flips: int) -> tuple[NDArray[np.int64], Places]:
        heard = packed(soft)
        found = [
            (rows, places + (number << _NUMBER))
            for number, segment in enumerate(self._segments)
            for table in (0, 1)
            for rows, places in (_hits(segment, table, soft, heard, flips),)
        ]
        if not found:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate([rows for rows, _ in found]), np.concatenate([places for _, places in found])

    def proof(self, places: Places) -> Codes:
        if len(self._segments) == 1:
            return self._segments[0].proof.take(places, mode="clip")
        result = np.zeros(places.shape, dtype=np.uint64)
        number, frame = places >> _NUMBER, places & ((1 << _NUMBER) - 1)
        for at, segment in enumerate(self._segments):
            chosen = np.flatnonzero(number == at)
            result[chosen] = segment.proof.take(frame[chosen], mode="clip")
        return result

    def stretch(self, place: int) -> Stretch | None:
        number, frame = place >> _NUMBER, place & ((1 << _NUMBER) - 1)
        at = int(np.searchsorted(self._firsts[number], frame, side="right")) - 1
        found = self._segments[number].stretches[at]
        if found.first in self._removed[number]:
            return None
        return Stretch(found.name, found.first + (number << _NUMBER), found.frames, found.duration_ms)


def _hits(segment: Segment, table: int, soft: Floats, heard: Codes, flips: int) -> tuple[NDArray[np.int64], Places]:
    keys = keys_to_try(soft, table, segment.bits, flips)
    low, count = segment.bucket(table, keys.ravel())
    count[count > CROWDED] = 0
    chosen = np.flatnonzero(count)
    low, count = low[chosen], count[chosen]
    rows = np.repeat(chosen // keys.shape[1], count)
    starts = np.cumsum(count) - count
    entries = segment.entries[table][np.arange(rows.size) + np.repeat(low - starts, count)]
    other = halves(heard, table)[1]
    wrong = np.bitwise_count((entries >> np.uint64(32)).astype(np.uint32) ^ other[rows])
    alike = wrong <= OTHER_WRONG
    return rows[alike], (entries[alike] & np.uint64(0xFFFFFFFF)).astype(np.int64) * 2


def _without(listed: list[dict], names: set[str], segments: Sequence[Segment]) -> list[dict]:  # type: ignore[type-arg]
    result = []
    for row, segment in zip(listed, segments, strict=True):
        gone = {stretch.first for stretch in segment.stretches if stretch.name in names} | set(row["removed"])
        result.append({"file": row["file"], "removed": sorted(gone)})
    return result


def is_index(folder: Path) -> bool:
    """Whether a folder is an index of fingerprints."""
    return (folder / LIST).is_file()
