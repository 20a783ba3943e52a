"""One state of an index: its manifest, its catalogue, its files mapped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from onrecord.text.index.catalogue import Catalogue
from onrecord.text.index.files import Arrays, Manifest, RunFile, Stream, map_arrays, map_stream
from onrecord.text.index.segments import ROW, MappedSegments
from onrecord.text.index.strings import Numbers, Texts
from onrecord.text.postings import Postings, Run
from onrecord.text.record import Record
from onrecord.text.speakers import KnownSpeakers
from onrecord.text.transcripts import Segment, Transcript

VOCABULARY = ("forms", "form-ends", "keys", "key-ends")
CONTENT = ("tokens", "words", "rows", "times", "silence", "more", "catalogue")


def file_of(manifest: Manifest, name: str) -> str:
    """The file of a stream; packing begins new ones for all but the vocabulary."""
    return name if name in VOCABULARY else f"{manifest.generation}-{name}"


@dataclass(slots=True)
class State:
    """What a manifest names, mapped. `catalogue` may be shared with a later state: only `live` ones grow."""

    folder: Path
    manifest: Manifest
    catalogue: Catalogue

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> State:
        """Map what the manifest names; raises FileNotFoundError where a writer has just replaced it."""
        catalogue = Catalogue()
        state = cls(folder, manifest, catalogue)
        catalogue.replay(bytes(state.stream("catalogue")).splitlines())
        return state

    def stream(self, name: str) -> Any:
        """The bytes of a stream."""
        file = file_of(self.manifest, name)
        return map_stream(self.folder, file, self.manifest.streams.get(file, Stream()))

    def array(self, name: str, kind: Any) -> NDArray[Any]:
        """A stream as an array."""
        return np.frombuffer(self.stream(name), dtype=kind)

    def runs(self) -> list[Arrays]:
        return [map_arrays(self.folder, run) for run in self.manifest.runs]

    def vocabulary(self, runs: list[Arrays], kind: str) -> tuple[Texts, Numbers]:
        """Texts by number and numbers by text, of `form` or `key`."""
        texts = Texts(self.stream(f"{kind}s"), self.array(f"{kind}-ends", "<u4"))
        return texts, Numbers(texts, [(run[f"{kind}-codes"], run[f"{kind}-numbers"]) for run in runs])

    def record(self) -> Record:
        """The transcripts that count, as a record over mapped arrays."""
        runs = self.runs()
        keys, key_numbers = self.vocabulary(runs, "key")
        forms, _ = self.vocabulary(runs, "form")
        tokens, rows = self.array("tokens", "<i4"), self.array("rows", ROW)
        words, times = self.array("words", "<i4"), self.array("times", "<u2")
        segments = MappedSegments(rows, words, forms, times, self.stream("more"), self.catalogue.places)
        places = self.catalogue.places
        live = np.array(self.catalogue.live, dtype=np.bool_)
        return Record(
            transcripts=[_transcript(segments, place) for place in places],
            languages=[place.told for place in places],
            live=live,
            vocabulary=key_numbers,
            keys=keys,
            tokens=tokens,
            postings=Postings(
                map(as_run, runs), [as_run(map_arrays(self.folder, run)) for run in self.manifest.removed]
            ),
            silence=self.array("silence", "<i4"),
            segments=segments,
            segment_first_token=rows["token"],
            transcript_first_token=np.array([place.tokens[0] for place in places], dtype=np.int32),
            speakers=KnownSpeakers(
                s for p, counts in zip(places, live, strict=True) if counts for s in p.speakers if s
            ),
            size=len(tokens) - self.manifest.removed_tokens,
        )

    def next(self, **changes: Any) -> Manifest:
        """The manifest of the state after this one."""
        return replace(self.manifest, number=self.manifest.number + 1, **changes)

    def verified(self) -> list[tuple[str, int | None, int]]:
        """Each file with its length and CRC-32."""
        streams = [(name, stream.length, stream.crc) for name, stream in self.manifest.streams.items()]
        return [*streams, *((run.name, None, run.crc) for run in (*self.manifest.runs, *self.manifest.removed))]


def as_run(arrays: Arrays) -> Run:
    return Run(arrays["keys"], arrays["starts"], arrays["positions"])


def _transcript(segments: MappedSegments, place: Any) -> Transcript:
    stretch = cast("tuple[Segment, ...]", segments.stretch(*place.rows))
    return Transcript(place.id, place.language, stretch, place.translation)


__all__ = ["CONTENT", "VOCABULARY", "RunFile", "State", "as_run", "file_of"]
