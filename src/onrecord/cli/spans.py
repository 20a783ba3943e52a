"""Where the masks are: from the command line, or from a file. Nothing is guessed and no line is passed over."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from onrecord.audio.blocks import Span
from onrecord.errors import NotSubtitles, OnrecordError
from onrecord.text.subtitles import read_subtitles

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):([0-5]\d(?:[.,]\d{1,9})?)|(\d+(?:[.,]\d{1,9})?)")
_RANGE = re.compile(r"([\d:.,]+)\s*-\s*([\d:.,]+)")
_ARROW = re.compile(r"\s*(\S+)\s+-->\s+(\S+)")
_NAMES = {"start_ms": "end_ms", "start": "end", "from": "to"}
_WAYS = (
    "Write START-END (1:02.5-1:03.2), or give a CSV with columns start,end, a JSON list of "
    '{"start": …, "end": …}, or a WebVTT whose cues are the masks'
)


class BadSpans(OnrecordError):
    code = "bad-spans"
    message = "{where}: {reason}. {remedy}. No audio was made."


def read_spans(arguments: Sequence[str]) -> list[Span]:
    """The spans that the arguments name: `START-END`, or files of them. Raises BadSpans, NotSubtitles."""
    spans: list[Span] = []
    for argument in arguments:
        match = _RANGE.fullmatch(argument)
        spans += [_span(match[1], match[2], argument)] if match else _from_file(Path(argument))
    return spans


def _from_file(path: Path) -> list[Span]:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"neither a span nor a file that can be read ({error.strerror or error})"
        raise _bad(path, reason) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(path, "it is not text in UTF-8") from error
    head = text.lstrip()
    if head[:1] in ("[", "{"):
        spans = _from_json(text, data, path)
    elif "-->" in text:
        spans = _from_cues(text, data, path)
    else:
        spans = list(_from_table(text, path))
    if not spans:
        raise _bad(path, "there is no span in it")
    return spans


def _from_json(text: str, data: bytes, path: Path) -> list[Span]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _bad(path, f"it is not whole JSON ({error})") from error
    if isinstance(found, dict) and isinstance(found.get("spans"), list):
        found = found["spans"]
    if isinstance(found, dict):
        return _masked_words(data, path)
    return [_from_row(row, f"{path}, entry {number}") for number, row in enumerate(found, 1)]


def _from_cues(text: str, data: bytes, path: Path) -> list[Span]:
    """Marked words where the file has some, as in a transcript of the newsroom; else every cue."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if "-->" in line]
    try:
        marked = any(word.mask for segment in read_subtitles(data, path.name).segments for word in segment.words)
    except NotSubtitles:  # cues of spans may well be empty
        marked = False
    if marked:
        return _masked_words(data, path)
    spans = []
    for number, line in lines:
        match = _ARROW.match(line)
        if match is None:
            raise _bad(f"{path}, line {number}", "the times cannot be read")
        spans.append(_span(match[1], match[2], f"{path}, line {number}"))
    return spans


def _masked_words(data: bytes, path: Path) -> list[Span]:
    """The rule of the newsroom: a marked word where its time was measured, else the whole segment it is in."""
    parsed = read_subtitles(data, str(path))
    if parsed.warnings:
        raise _bad(path, f"its times are not sure ({parsed.warnings[0]})")
    spans = [
        Span(word.start_ms, word.end_ms)
        if word.exact and word.start_ms is not None and word.end_ms is not None
        else Span(segment.start_ms, segment.end_ms)
        for segment in parsed.segments
        for word in segment.words
        if word.mask is not None
    ]
    if not spans:
        raise _bad(path, "no word of this transcript is masked")
    return spans


def _from_table(text: str, path: Path) -> Iterator[Span]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise _bad(path, "it is empty")
    separator = next((mark for mark in ("\t", ";", ",") if mark in lines[0]), ",")
    rows = list(csv.reader(lines, delimiter=separator))
    names = [name.strip().lower() for name in rows[0]]
    headed = any(start in names for start in _NAMES)
    for number, row in enumerate(rows, 1):
        where = f"{path}, row {number}"
        if headed and number == 1:
            continue
        if headed:
            yield _from_row({name: cell.strip() for name, cell in zip(names, row, strict=False)}, where)
        elif len(row) < 2:
            raise _bad(where, "a start and an end are needed")
        else:
            yield _span(row[0].strip(), row[1].strip(), where)


def _from_row(row: Any, where: str) -> Span:
    if isinstance(row, dict):
        for start, end in _NAMES.items():
            if start in row and end in row:
                unit = "ms" if start == "start_ms" else ""
                return _span(row[start], row[end], where, unit)
    raise _bad(where, "it has no start and end")


def _span(start: Any, end: Any, where: str, unit: str = "") -> Span:
    """A span that covers what was asked for: its start rounded down to the millisecond, its end up."""
    first, last = _milliseconds(start, where, unit), _milliseconds(end, where, unit)
    span = Span(math.floor(first), math.ceil(last))
    if not 0 <= first < last:
        raise _bad(where, f"from {start} to {end} is no stretch of time", "A span starts at 0 or later, and then ends")
    return span


def _milliseconds(given: Any, where: str, unit: str) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given):
        return given if unit == "ms" else round(given * 1000, 6)
    match = _CLOCK.fullmatch(str(given))
    if match is None or isinstance(given, bool) or (unit == "ms" and not match[4]):
        raise _bad(where, f"{given!r} is no time", "Write seconds (62.5) or a clock (1:02.500, 0:01:02.500)")
    hours, minutes, seconds, plain = match.groups()
    if plain:
        value = float(plain.replace(",", "."))
        return value if unit == "ms" else round(value * 1000, 6)
    return round((int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))) * 1000, 6)


def _bad(where: Path | str, reason: str, remedy: str = _WAYS) -> BadSpans:
    return BadSpans(where=where, reason=reason, remedy=remedy)
