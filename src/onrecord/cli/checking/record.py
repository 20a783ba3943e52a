"""What `--against` names: files, folders, recordings of the newsroom by id, or the whole newsroom."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from onrecord.cli.checking.languages import language_code, language_in_name
from onrecord.cli.checking.stories import STORY_SUFFIXES
from onrecord.errors import NotSubtitles, OnrecordError
from onrecord.text.findings import Evidence
from onrecord.text.record import Record
from onrecord.text.subtitles import SUFFIXES, read_subtitles_lazily
from onrecord.text.transcripts import Transcript

NEWSROOM = "newsroom"
_ID = re.compile(r"(?:^|/)([0-9a-f]{8}(?:-?[0-9a-f-]{0,28}))/?(?:#.*)?$", re.IGNORECASE)
_REMEDY = "Give files or a folder of WebVTT, SRT, TTML, Whisper JSON, oTranscribe or plain text."

Warn = Callable[[str], None]


class StoryAsRecord(OnrecordError):
    code = "story-as-record"
    message = (
        "{file}: this is a story, and a story is no evidence for itself. Name the stories before --against, and after "
        "it transcripts only."
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where words of the record come from, as the report tells it.

    `transcript` is the path as found, or RECORDING/LANGUAGE; `shown` is shorter, for people. `translation` is None
    where nobody has said whether it is one.
    """

    transcript: str
    shown: str
    language: str
    translation: bool | None = None
    recording: str = ""
    title: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """The record to check against; `sources` looks up transcripts by their id in it.

    `unreviewed` tells whether evidence is a machine's translation that no person has reviewed.
    """

    record: Record
    sources: Callable[[Iterable[str]], Mapping[str, Source]]
    unreviewed: Callable[[Evidence], bool] = lambda _: False


class FromNewsroom(Protocol):
    """`onrecord.cli.checking.newsroom`, which loads the framework and the database."""

    def transcripts_of(self, names: Sequence[str]) -> list[Transcript]: ...

    def everything(self) -> Record: ...

    def all_transcripts(self) -> list[Transcript]: ...

    def sources(self, ids: Iterable[str]) -> dict[str, Source]: ...

    def is_unreviewed(self, evidence: Evidence) -> bool: ...


def read_against(names: Sequence[str], stories: Collection[str], *, warn: Warn) -> Against:
    """The record that the names give, without the stories themselves.

    A name is a path if there is such a file or folder, else the id of a recording or the word `newsroom`.
    Raises NotSubtitles, StoryAsRecord, UnknownRecording, RecordingWithoutWords.
    """
    paths = [name for name in names if _is_path(name)]
    others = [name for name in dict.fromkeys(names) if not _is_path(name)]
    if NEWSROOM in paths:
        warn("newsroom: the file or folder of this name was read. For the newsroom's recordings, run it elsewhere.")
    for name in others:
        if name != NEWSROOM and not _ID.search(name):
            raise NotSubtitles(file=name, line=0, reason="there is no such file, folder or recording", remedy=_REMEDY)
    newsroom = _newsroom() if others else None
    if newsroom and names == [NEWSROOM]:
        return Against(newsroom.everything(), newsroom.sources, newsroom.is_unreviewed)
    transcripts = list(_from_files(paths, stories, warn=warn)) if paths else []
    shown = {transcript.id: _shown(transcript.id, paths) for transcript in transcripts}
    if newsroom and NEWSROOM in others:
        transcripts += newsroom.all_transcripts()
    elif newsroom:
        transcripts += newsroom.transcripts_of([match[1] for name in others if (match := _ID.search(name))])
    record = Record.build(transcripts)
    files = {
        transcript.id: Source(transcript.id, shown[transcript.id], language)
        for transcript, language in zip(record.transcripts, record.languages, strict=True)
        if transcript.id in shown
    }

    def sources(ids: Iterable[str]) -> Mapping[str, Source]:
        unknown = [one for one in ids if one not in files]
        return {**files, **newsroom.sources(unknown)} if newsroom and unknown else files

    if newsroom is None:
        return Against(record, sources)
    of_newsroom = newsroom.is_unreviewed
    return Against(record, sources, lambda evidence: evidence.transcript not in files and of_newsroom(evidence))


def _newsroom() -> FromNewsroom:
    from onrecord.cli.django_setup import open_newsroom  # in here: files are checked without framework and database

    module: FromNewsroom
    (module,) = open_newsroom("cli.checking.newsroom")
    return module


def _from_files(paths: Sequence[str], stories: Collection[str], *, warn: Warn) -> Iterator[Transcript]:
    """The transcripts in files and folders; what is none in a folder is passed over with a warning."""
    resolved = {Path(story).resolve() for story in stories}
    seen: set[Path] = set()
    count = 0
    for name in paths:
        path = Path(name)
        for file in _files(path):
            known = file.resolve()
            if known in resolved or (file == path and file.suffix.lower() in STORY_SUFFIXES):
                if file == path:
                    raise StoryAsRecord(file=name)
                continue
            if known in seen:
                continue
            seen.add(known)
            try:
                parsed = read_subtitles_lazily(_bytes(file), str(file))
            except NotSubtitles as error:
                if file == path:
                    raise
                warn(f"Passed over: {error}")
                continue
            for warning in parsed.warnings:
                warn(f"{file}: {warning}")
            count += 1
            language = language_code(parsed.language) or language_in_name(file.stem)
            yield Transcript(str(file), language, parsed.segments)
    if not count:
        raise NotSubtitles(file=", ".join(paths), line=0, reason="no transcript was found", remedy=_REMEDY)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotSubtitles(file=str(path), line=0, reason=error.strerror or "cannot be read", remedy=_REMEDY) from error


def _is_path(name: str) -> bool:
    return Path(name).exists()


def _shown(path: str, given: Sequence[str]) -> str:
    """The path from the folder that was given."""
    for name in given:
        if Path(path) != Path(name) and Path(path).is_relative_to(name):
            return str(Path(path).relative_to(name))
    return path
