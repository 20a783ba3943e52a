"""Transcripts into the streams and runs of an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.text.index.catalogue import Catalogue, Place, line_for
from onrecord.text.index.files import (
    Arrays,
    RunFile,
    Stream,
    grown,
    map_arrays,
    raw,
    unreadable,
    write_arrays,
    write_manifest,
)
from onrecord.text.index.segments import ROW, columns_of, pack, usual_id
from onrecord.text.index.state import CONTENT, VOCABULARY, State, as_run, file_of
from onrecord.text.index.strings import Numbering, Table, joined
from onrecord.text.languages import base, guess_language
from onrecord.text.postings import Run, merged, run_of
from onrecord.text.record import sample
from onrecord.text.transcripts import Segment, Transcript
from onrecord.text.words import GAP, forms_of, numbered, silence_of, tokens_of

_MOST_TOKENS = (1 << 31) - 1
_TIER = 4
_REMAPPED_AT_ONCE = 1 << 22

Entry = tuple[str, str, Sequence[Transcript]]
"""A recording, the caller's stamp for its state, and its transcripts and translations."""


class Writer:
    """Changes an index; whoever holds it holds the lock. Each call of `put` and `remove` makes one new state."""

    def __init__(self, state: State) -> None:
        self.state = state
        runs = state.runs()
        forms, form_numbers = state.vocabulary(runs, "form")
        keys, key_numbers = state.vocabulary(runs, "key")
        self._forms = Numbering(form_numbers, len(forms))
        self._keys = Numbering(key_numbers, len(keys))
        if not len(keys):
            self._keys.of([""])

    def put(self, entries: Sequence[Entry]) -> None:
        """Recordings, each of them once, in place of what the index held of them."""
        transcripts = [transcript for *_, given in entries for transcript in given]
        found = _Gathered(transcripts)
        streams, table = self._grow(found)
        places = iter(found.places(self._counts()))
        lines, removed = [], []
        for group, stamp, given in entries:
            own = [next(places) for _ in given]
            removed.extend(self.state.catalogue.remove(group))
            self.state.catalogue.put(group, stamp, own)
            lines.append(line_for(group, stamp, own))
        run = self._new_run(run_of(streams.pop("run"), self._counts()["tokens"]), table)
        self._commit({**streams, "catalogue": b"".join(lines)}, [run], removed)

    def remove(self, groups: Sequence[str]) -> None:
        """Take recordings out."""
        removed = [place for group in groups for place in self.state.catalogue.remove(group)]
        self._commit({"catalogue": b"".join(line_for(group, "", None) for group in groups)}, [], removed)

    def tidy(self) -> None:
        """Join runs so that each is several times the next, and drop what counts no more when it is half of all."""
        manifest = self.state.manifest
        runs = self._joined("run", manifest.runs)
        removed = self._joined("removed", manifest.removed)
        if runs != manifest.runs or removed != manifest.removed:
            self._next(self.state.next(runs=runs, removed=removed))
        if 2 * manifest.removed_tokens > self._counts()["tokens"]:
            self._pack()

    def _counts(self) -> dict[str, int]:
        """How many of each the streams hold."""
        sizes = {"tokens": 4, "words": 4, "rows": ROW.itemsize, "times": 4, "more": 1}
        streams = self.state.manifest.streams
        return {
            name: streams.get(file_of(self.state.manifest, name), Stream()).length // size
            for name, size in sizes.items()
        }

    def _grow(self, found: _Gathered) -> tuple[dict[str, Any], dict[str, Table]]:
        """What goes behind the streams, and the tables of the new words."""
        numbers = np.concatenate(([GAP], self._forms.of(found.forms) + 1)).astype(np.int32)
        keys = self._keys.of(found.keys)
        at = self._counts()
        if at["tokens"] + len(found.tokens) > _MOST_TOKENS:
            raise unreadable(self.state.folder, f"it would hold more than {_MOST_TOKENS:,} words")
        rows = found.packed.rows.copy()
        rows["token"] = found.segment_first_token + at["tokens"]
        rows["word"] = found.segment_first_word + at["words"]
        for name in ("times", "more"):
            rows[name] += np.where(rows[name] >= 0, at[name], 0).astype(np.int32)
        tokens = keys[found.tokens].astype("<i4")
        grown_by: dict[str, Any] = {
            "run": tokens,
            "tokens": tokens,
            "words": numbers[found.words],
            "rows": rows,
            "times": found.packed.times,
            "silence": found.silence + np.int32(at["tokens"]),
            "more": found.packed.more,
        }
        tables: dict[str, Table] = {}
        for kind, numbering in (("form", self._forms), ("key", self._keys)):
            text, ends, tables[kind] = numbering.take_new()
            before = self.state.manifest.streams.get(f"{kind}s", Stream()).length
            grown_by[f"{kind}s"] = text
            grown_by[f"{kind}-ends"] = (ends + np.uint32(before)).astype("<u4")
        return grown_by, tables

    def _commit(self, added: dict[str, Any], runs: list[RunFile], removed: Sequence[Place]) -> None:
        manifest = self.state.manifest
        streams = dict(manifest.streams)
        for name, piece in added.items():
            file = file_of(manifest, name)
            data = piece if isinstance(piece, bytes) else raw(piece)
            streams[file] = grown(self.state.folder, file, streams.get(file, Stream()), [data])
        gone = (*manifest.removed, *self._removed_run(removed))
        count = manifest.removed_tokens + sum(place.tokens[1] for place in removed)
        changes = {"streams": streams, "runs": (*manifest.runs, *runs), "removed": gone, "removed_tokens": count}
        self._next(self.state.next(**changes))

    def _next(self, manifest: Any) -> None:
        write_manifest(self.state.folder, manifest)
        self.state.manifest = manifest

    def _name(self, kind: str) -> str:
        return f"{kind}-{self.state.manifest.number + 1}"

    def _new_run(self, run: Run, tables: dict[str, Table]) -> RunFile:
        arrays = {"keys": [run.keys], "starts": [run.starts], "positions": [run.positions], **_columns(tables)}
        return write_arrays(self.state.folder, self._name("run"), len(run), arrays)

    def _removed_run(self, places: Sequence[Place]) -> list[RunFile]:
        """The positions of what counts no more: of transcripts that lie apart, sorted together."""
        if not places:
            return []
        tokens = self.state.array("tokens", "<i4")
        parts = [run_of(tokens[first : first + count], first) for first, count in (place.tokens for place in places)]
        return [self._merged("removed", parts, {})]

    def _merged(self, kind: str, runs: Sequence[Run], tables: dict[str, Table]) -> RunFile:
        keys, counts = [], [np.zeros(1, dtype=np.int64)]

        def positions() -> Iterator[NDArray[Any]]:
            for some, how_many, where in merged(runs):
                keys.append(some)
                counts.append(how_many.astype(np.int64))
                yield where

        arrays = {
            "positions": positions(),
            "keys": keys,
            "starts": (np.cumsum(np.concatenate(c)).astype(np.int32) for c in [counts]),
            **_columns(tables),
        }
        return write_arrays(self.state.folder, self._name(kind), sum(map(len, runs)), arrays)

    def _joined(self, kind: str, runs: tuple[RunFile, ...]) -> tuple[RunFile, ...]:
        keep = list(runs)
        last = keep[-1:]
        total = sum(run.size for run in last)
        while len(keep) > len(last) and keep[-len(last) - 1].size < _TIER * total:
            last = keep[-len(last) - 1 :]
            total = sum(run.size for run in last)
        if len(last) < 2:
            return runs
        mapped = [map_arrays(self.state.folder, run) for run in last]
        tables = {word: _table(word, mapped) for word in ("form", "key") if kind == "run"}
        return (*keep[: -len(last)], self._merged(kind, [as_run(arrays) for arrays in mapped], tables))

    def _pack(self) -> None:
        """Copy what counts into new streams."""
        old = self.state
        folder, manifest = old.folder, old.manifest
        streams = {name: stream for name, stream in manifest.streams.items() if name in VOCABULARY}
        state = State(folder, replace(manifest, generation=manifest.generation + 1), Catalogue())
        silence = old.array("silence", "<i4")
        arrays = {name: old.array(name, kind) for name, kind in _KINDS.items()}
        more = old.stream("more")
        at = dict.fromkeys(_KINDS, 0) | {"more": 0}
        pieces: dict[str, list[bytes | memoryview]] = {name: [] for name in CONTENT}
        for group, members in old.catalogue.members.items():
            own = []
            for number in members:
                place = old.catalogue.places[number]
                shift = {name: at[name] - getattr(place, name)[0] for name in at}
                rows = arrays["rows"][_part(place.rows)].copy()
                rows["token"] += shift["tokens"]
                rows["word"] += shift["words"]
                for name in ("times", "more"):
                    rows[name] += np.where(rows[name] >= 0, shift[name], 0).astype(np.int32)
                low, high = np.searchsorted(silence, np.array([place.tokens[0], sum(place.tokens)], dtype=np.int32))
                pieces["rows"].append(raw(rows))
                pieces["tokens"].append(raw(arrays["tokens"][_part(place.tokens)]))
                pieces["words"].append(raw(arrays["words"][_part(place.words)]))
                pieces["times"].append(raw(arrays["times"].reshape(-1, 2)[_part(place.times)]))
                pieces["silence"].append(raw(silence[low:high] + np.int32(shift["tokens"])))
                pieces["more"].append(bytes(more[_part(place.more)]))
                own.append(place.moved(at))
                at = {name: at[name] + getattr(place, name)[1] for name in at}
            stamp = old.catalogue.stamps[group]
            state.catalogue.put(group, stamp, own)
            pieces["catalogue"].append(line_for(group, stamp, own))
        for name, parts in pieces.items():
            file = file_of(state.manifest, name)
            streams[file] = grown(folder, file, Stream(), parts)
        state.manifest = replace(state.manifest, streams=streams)
        tokens = state.array("tokens", "<i4")
        cuts = range(0, max(1, len(tokens)), _REMAPPED_AT_ONCE)
        parts_of = [run_of(tokens[cut : cut + _REMAPPED_AT_ONCE], cut) for cut in cuts]
        mapped = old.runs()
        run = self._merged("run", parts_of, {word: _table(word, mapped) for word in ("form", "key")})
        changes = {"streams": streams, "runs": (run,), "removed": (), "removed_tokens": 0}
        self.state = state
        self._next(state.next(**changes))


_KINDS = {"tokens": "<i4", "words": "<i4", "rows": ROW, "times": "<u2"}


def _part(stretch: tuple[int, int]) -> slice:
    return slice(stretch[0], stretch[0] + stretch[1])


def _columns(tables: dict[str, Table]) -> dict[str, list[NDArray[Any]]]:
    result: dict[str, list[NDArray[Any]]] = {}
    for kind, (codes, numbers) in tables.items():
        result |= {f"{kind}-codes": [codes], f"{kind}-numbers": [numbers]}
    return result


def _table(kind: str, runs: Sequence[Arrays]) -> Table:
    return joined([(run[f"{kind}-codes"], run[f"{kind}-numbers"]) for run in runs])


class _Gathered:
    """Transcripts as arrays, with numbers of their own for forms (from 1, 0 is a gap) and keys."""

    def __init__(self, transcripts: Sequence[Transcript]) -> None:
        self._transcripts = transcripts
        self._speakers = [list(dict.fromkeys(segment.speaker for segment in t.segments)) for t in transcripts]
        segments: list[tuple[str, int, Segment]] = []
        for transcript, speakers in zip(transcripts, self._speakers, strict=True):
            numbers = {speaker: n for n, speaker in enumerate(speakers)}
            segments.extend((usual_id(n), numbers[s.speaker], s) for n, s in enumerate(transcript.segments))
        words = columns_of([word for segment in t.segments for word in segment.words] for t in transcripts)
        first_word = np.zeros(len(segments) + 1, dtype=np.int64)
        np.cumsum([len(segment.words) for *_, segment in segments], out=first_word[1:])
        self._rows = np.cumsum([0, *(len(transcript.segments) for transcript in transcripts)])
        ends = first_word[self._rows[1:]]

        flat, table = numbered(words.texts, 1)
        self.words = np.insert(flat, ends, GAP).astype("<i4")
        self.forms = list(table)
        forms, keys = forms_of(self.forms)
        self.keys = list(keys)
        self.tokens, first_token = tokens_of(self.words, forms)
        home = np.repeat(np.arange(len(transcripts)), np.diff(self._rows))
        self.segment_first_word = (first_word[:-1] + home).astype(np.int32)
        self.segment_first_token = first_token[self.segment_first_word]
        self.silence = silence_of(self.words, forms, self.segment_first_word, first_token)
        lengths = np.fromiter(map(len, self.forms), dtype=np.int32, count=len(self.forms))
        self.packed = pack(segments, words, lengths[flat - 1], first_word)
        self._words = np.concatenate(([0], ends + np.arange(1, len(ends) + 1))).astype(np.int64)
        self._tokens = first_token[self._words]

    def places(self, at: dict[str, int]) -> Iterator[Place]:
        """Where each transcript lies if the streams held `at` of each before."""
        times, more = self._times_and_more()
        for n, (transcript, speakers) in enumerate(zip(self._transcripts, self._speakers, strict=True)):
            bounds: dict[str, NDArray[Any]] = {
                "tokens": self._tokens,
                "words": self._words,
                "rows": self._rows,
                "times": times,
                "more": more,
            }
            stretches: dict[str, Any] = {k: (at[k] + int(v[n]), int(v[n + 1] - v[n])) for k, v in bounds.items()}
            told = base(transcript.language) or guess_language(sample(transcript))
            yield Place(transcript.id, transcript.language, told, transcript.is_translation, speakers, **stretches)

    def _times_and_more(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the measured times and the JSON of each transcript begin, and end."""
        rows, result = self.packed.rows, []
        for name, total in (("times", len(self.packed.times) // 2), ("more", len(self.packed.more))):
            used = np.append(np.where(rows[name] < 0, total, rows[name]), total).astype(np.int64)
            following = np.minimum.accumulate(used[::-1])[::-1]
            result.append(following[self._rows])
        return result[0], result[1]
