"""An index in a folder, for those who write and those who ask."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from unicodedata import unidata_version

from onrecord.text.index.files import (
    Manifest,
    check_crc,
    locked,
    read_manifest,
    remove_leftovers,
    stamp,
    unreadable,
    write_manifest,
)
from onrecord.text.index.state import State
from onrecord.text.index.writing import Entry, Writer
from onrecord.text.normalise import KEY_RULES, word_keys
from onrecord.text.record import Record
from onrecord.text.transcripts import Transcript

_BATCH_WORDS = 500_000
_TRIES = 5


class RecordIndex:
    """The transcripts of many recordings as one record, kept on disk and mapped; see `Record` for what it gives.

    A group is a recording with its transcripts and translations, replaced as a whole. An index is derived: it can be
    deleted and built again. It does not know the ids of words (`Evidence.first_word` and `last_word` are empty), and it
    knows the rules by which words were keyed: one made by other rules is not opened.

    One process or thread writes at a time, others wait; any number read meanwhile. A writer that dies leaves the
    state before or after its change, whole. Needs a POSIX file system.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._newest: tuple[State, Record] | None = None

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> RecordIndex:
        """The index in a folder. With `create`, an empty one where there is none.

        Raises RecordIndexUnreadable where there is none, it is damaged, or other rules or another version made it.
        """
        index = cls(folder)
        if create and stamp(folder) == (0, 0):
            folder.mkdir(parents=True, exist_ok=True)
            with locked(folder):
                if stamp(folder) == (0, 0):
                    write_manifest(folder, Manifest(keys=_rules()))
        index._current()
        return index

    def put(self, group: str, transcripts: Sequence[Transcript], *, stamp: str = "") -> None:
        """Replace everything of one recording; `stamp` is what `groups` gives back for it."""
        self.put_many([(group, stamp, transcripts)])

    def put_many(self, entries: Iterable[Entry]) -> None:
        """Replace everything of several recordings, given as (group, stamp, transcripts).

        Whatever is written is whole by recording; many are written in several steps.
        """
        with self._writer() as writer:
            for batch in _batches(entries):
                writer.put(batch)
            writer.tidy()

    def remove(self, *groups: str) -> None:
        """Take recordings out; those that are not in it are passed over."""
        with self._writer() as writer:
            known = [group for group in dict.fromkeys(groups) if group in writer.state.catalogue.stamps]
            if known:
                writer.remove(known)
                writer.tidy()

    def groups(self) -> Mapping[str, str]:
        """The recordings in the index, each with the stamp it was put with."""
        return dict(self._current()[0].catalogue.stamps)

    def record(self) -> Record:
        """The newest state, as it stays whatever is written later; the same object while nothing is."""
        return self._current()[1]

    def verify(self) -> None:
        """Read every file and compare it with what was written. Raises RecordIndexUnreadable where one differs."""
        with locked(self.folder):
            for name, length, crc in self._loaded(read_manifest(self.folder)).verified():
                check_crc(self.folder, name, length, crc)

    def _current(self) -> tuple[State, Record]:
        with self._lock:
            seen = stamp(self.folder)
            if self._newest is None or seen != self._seen:
                self._newest, self._seen = self._mapped(), seen
            return self._newest

    def _mapped(self) -> tuple[State, Record]:
        """The newest state. A writer may replace it, and delete the files of the last but one, while it is read."""
        for tries in range(_TRIES):
            manifest = read_manifest(self.folder)
            try:
                state = self._loaded(manifest)
                return state, state.record()
            except FileNotFoundError as error:
                if tries == _TRIES - 1 and read_manifest(self.folder) == manifest:
                    raise unreadable(self.folder, f"{Path(error.filename).name} is missing") from error
        raise unreadable(self.folder, "it changes faster than it can be read")

    def _loaded(self, manifest: Manifest) -> State:
        if manifest.keys != _rules():
            raise unreadable(self.folder, "it was made by other rules of comparing words")
        try:
            return State.load(self.folder, manifest)
        except (ValueError, KeyError, TypeError) as error:
            raise unreadable(self.folder, f"its catalogue is damaged ({error})") from error

    @contextmanager
    def _writer(self) -> Iterator[Writer]:
        with locked(self.folder):
            state = self._loaded(read_manifest(self.folder))
            remove_leftovers(self.folder, state.manifest)
            writer = Writer(state)
            yield writer
            remove_leftovers(self.folder, writer.state.manifest)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Recordings in steps of about so many words, none of them twice in one."""
    batch: dict[str, Entry] = {}
    words = 0
    for entry in entries:
        if batch and (words >= _BATCH_WORDS or entry[0] in batch):
            yield list(batch.values())
            batch, words = {}, 0
        batch[entry[0]] = entry
        words += sum(len(segment.words) for transcript in entry[2] for segment in transcript.segments)
    if batch:
        yield list(batch.values())


def _rules() -> str:
    """Changes with the rules by which words are keyed: keys of one kind are not looked up among those of another."""
    return f"{zlib.crc32(repr((KEY_RULES, unidata_version, [word_keys(word) for word in _PROBES])).encode()):08x}"


_PROBES = ("don't", "self-esteem", "1,000", "3,5", "½", "th-", "U.S.", "5-го", "d'être", "f**k", "№", "Ёлка", "10km")
