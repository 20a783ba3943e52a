"""Transcript files in and out: WebVTT, SRT, TTML, JSON of Whisper and podcasts, oTranscribe, Word, plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import cast

from onrecord.text.subtitles.cues import CueList, capped, lazy_segments, ordered, refused, segments_of
from onrecord.text.subtitles.decoding import Reading, decode, readings
from onrecord.text.subtitles.json_files import read_json
from onrecord.text.subtitles.plain import read_plain, spread
from onrecord.text.subtitles.srt import looks_like_srt, read_srt
from onrecord.text.subtitles.translations import TranslatedSegment, lock_translation
from onrecord.text.subtitles.ttml import read_ttml
from onrecord.text.subtitles.webvtt import read_webvtt
from onrecord.text.subtitles.word_reading import START as ZIP_START
from onrecord.text.subtitles.word_reading import read_docx
from onrecord.text.subtitles.writing import (
    write_json,
    write_otranscribe,
    write_podcast,
    write_srt,
    write_text,
    write_ttml,
    write_vtt,
)
from onrecord.text.transcripts import Segment

__all__ = [
    "SUFFIXES",
    "Parsed",
    "Reading",
    "TranslatedSegment",
    "lock_translation",
    "read_subtitles",
    "read_subtitles_lazily",
    "readings",
    "write_json",
    "write_otranscribe",
    "write_podcast",
    "write_srt",
    "write_text",
    "write_ttml",
    "write_vtt",
]

LARGEST = 64_000_000
"""Bytes of a file: a day of talk with the time of every word takes less."""
SUFFIXES = (".vtt", ".srt", ".ttml", ".dfxp", ".xml", ".json", ".otr", ".docx", ".txt")
"""Names under which transcripts are found in a folder."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Segments in order of time, what was odd in the file, and what the file said of itself.

    `format` is webvtt, srt, ttml, whisper, podcast, otranscribe, word or text; `language` is empty if the file
    names none.
    """

    segments: tuple[Segment, ...]
    warnings: tuple[str, ...]
    format: str
    language: str = ""
    encoding: str = "utf-8"


def read_subtitles(
    data: bytes, filename: str, *, encoding: str | None = None, duration_ms: int | None = None, language: str = ""
) -> Parsed:
    """Segments of a subtitle or transcript file, told by its content and only then by its name.

    Cues that are empty, overlap, run backwards or past `duration_ms` are kept, clamped or left out, each
    with a warning that names cue and line. Plain text has no times: segments lie at 0, or are spread over
    `duration_ms` by characters. `language` chooses among the columns of a Word file. Raises NotSubtitles (file, line,
    what is wrong, what to do).
    """
    kind, found, used, warnings = _cues(data, filename, encoding, duration_ms, language)
    segments, odd = segments_of(found.cues, duration_ms)
    return _parsed(segments, filename, kind, found, used, (*warnings, *capped(found.warnings), *odd))


def read_subtitles_lazily(data: bytes, filename: str, *, encoding: str | None = None) -> Parsed:
    """What `read_subtitles` gives, but each segment is made when it is looked at: many files are to be searched."""
    kind, found, used, warnings = _cues(data, filename, encoding, None, "")
    order, odd = ordered(found.cues, None)
    segments = cast("tuple[Segment, ...]", lazy_segments(order))
    return _parsed(segments, filename, kind, found, used, (*warnings, *capped(found.warnings), *odd))


def _cues(
    data: bytes, filename: str, encoding: str | None, duration_ms: int | None, language: str
) -> tuple[str, CueList, str, tuple[str, ...]]:
    """The format, the cues, the encoding and what was odd about that."""
    if len(data) > LARGEST:
        raise refused(
            filename, 1, f"{len(data) // 1_000_000} MB are too much for a transcript", "Give the words alone."
        )
    if data.startswith(ZIP_START):
        kind, used = "word", "utf-8"
        warnings: tuple[str, ...] = ()
        found = read_docx(data, filename, language)
    else:
        text, used, warnings = decode(data, filename, encoding)
        if not text.strip():
            raise refused(filename, 1, "the file is empty", "Export the transcript again.")
        kind, found = _read(text, filename)
    if kind in ("text", "word") and not any(cue.end_ms for cue in found.cues) and duration_ms:
        found = replace(found, cues=spread(found.cues, duration_ms), open_end=False)
    return kind, found.ended(duration_ms), used, warnings


def _parsed(
    segments: tuple[Segment, ...], filename: str, kind: str, found: CueList, used: str, warnings: tuple[str, ...]
) -> Parsed:
    if not segments:
        raise refused(filename, 1, "every cue is empty", "Export the transcript again.")
    return Parsed(segments, warnings, kind, found.language, used)


def _read(text: str, filename: str) -> tuple[str, CueList]:
    head = text.lstrip()
    suffix = PurePath(filename).suffix.lower()
    if head.startswith("WEBVTT"):
        return "webvtt", read_webvtt(text, filename)
    if re.match(r"<\?xml|<(\w+:)?tt[\s>]", head):
        return "ttml", read_ttml(text, filename)
    if suffix in (".json", ".otr") or (head[0] in "{[" and head.rstrip()[-1] in "}]" and '"' in head):
        return read_json(text, filename)
    if looks_like_srt(text):
        return ("webvtt", read_webvtt(text, filename)) if suffix == ".vtt" else ("srt", read_srt(text, filename))
    if suffix in (".vtt", ".srt", ".ttml", ".dfxp", ".xml"):
        wanted = {".vtt": "WebVTT", ".srt": "SRT"}.get(suffix, "TTML")
        raise refused(filename, 1, f"this is not {wanted}: no time was found", "Check that it is the right file.")
    if re.match(r"<!doctype html|<html", head, re.IGNORECASE):
        raise refused(filename, 1, "this is a web page", "Download the transcript itself, not the page about it.")
    return "text", read_plain(text)
