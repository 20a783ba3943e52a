"""Word files (.docx): paragraphs with labels and times as in plain text, or tables with a row a segment.

The one part that holds the words is read, with expat: python-docx would load every part of a file that may be hostile
into memory, and can't tell paragraphs of a table from those around it by line.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, clock_ms, refused
from onrecord.text.subtitles.plain import read_plain, until_next

START = b"PK\x03\x04"
MOST_BYTES = 40_000_000
_PART = "word/document.xml"
_REMEDY = "Save it again as a Word document (.docx) or as plain text."
_LANGUAGE = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)\s*$")
_CLOCK = r"(?:\d{1,4}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIME = re.compile(rf"\[?({_CLOCK})\]?(?:\s*(?:[-–—]|-->)\s*\[?({_CLOCK})\]?)?")
_LONGEST_SPEAKER = 100


@dataclass
class _Table:
    rows: list[list[list[str]]] = field(default_factory=list)


def read_docx(data: bytes, filename: str, language: str = "") -> CueList:
    """The cues of a Word document; "line" in what is said of them is its paragraph or row.

    Of a table with several columns of words that of `language` is read, else the first: a column names its language
    in brackets, "Translation (en)". Raises NotSubtitles for a file that is damaged, or no Word document.
    """
    parts = _Reader(filename).read(_document(data, filename))
    table = max((part for part in parts if isinstance(part, _Table)), key=lambda part: len(part.rows), default=None)
    if table is not None:
        found = _of_table(table, language)
        if found is not None:
            return found
    lines = []
    for part in parts:
        lines += [part] if isinstance(part, str) else [" ".join(" ".join(cell) for cell in row) for row in part.rows]
    text = "\n\n".join(lines)
    if not text.strip():
        raise refused(filename, 1, "there are no words in the document", _REMEDY)
    return read_plain(text)


def _document(data: bytes, filename: str) -> bytes:
    """The part with the words. Raises NotSubtitles when it is absent, damaged, or far larger than words are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(_PART)
            if info.file_size > MOST_BYTES:
                raise refused(filename, 1, f"its words would take {info.file_size // 1_000_000} MB", _REMEDY)
            with archive.open(info) as part:
                found = part.read(MOST_BYTES + 1)
    except KeyError as error:
        raise refused(filename, 1, "this is an archive, not a Word document", _REMEDY) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise refused(filename, 1, "the Word document is damaged", _REMEDY) from error
    if len(found) > MOST_BYTES:
        raise refused(filename, 1, "it holds far more than words", _REMEDY)
    return found


def _of_table(table: _Table, language: str) -> CueList | None:
    """Cues of a table's rows; None when no row has a time, or a label and words."""
    head, rows, first = _head(table)
    timed = sum(any(_time_in(cell) for cell in row) for row in rows)
    width = max((len(row) for row in rows), default=0)
    if not rows or (timed * 2 < len(rows) and width != 2):
        return None
    time_at = next(
        (n for n in range(width) if sum(_time_in(_cell(row, n)) is not None for row in rows) * 2 >= len(rows)), None
    )
    others = [n for n in range(width) if n != time_at]
    named = {n: match[1].lower() for n in others if (match := _LANGUAGE.search(" ".join(_cell(head, n))))}
    words = [n for n in others if n in named] or _word_columns(rows, others, time_at)
    speaker_at = next((n for n in others if n not in words), None)
    if not words:
        return None
    column = next((n for n in words if named.get(n) == language.lower()), words[0])
    warnings = []
    if len(words) > 1 and named.get(column) != language.lower():
        warnings.append(
            "The table has several columns of words, and none says that it is in this language; the first was read."
        )
    cues: list[Cue] = []
    ends = False
    for number, row in enumerate(rows, start=first):
        start, end, rest = _time_in(_cell(row, time_at)) or (
            None,
            None,
            _cell(row, time_at) if time_at is not None else [],
        )
        if start is None:
            start = cues[-1].end_ms if cues else 0
            if time_at is not None and " ".join(_cell(row, column)).strip():
                warnings.append(f"cue {number} (line {number}) has no time; it was put after the one above it.")
        ends = ends or end is not None
        speaker = " ".join(rest) if rest else " ".join(_cell(row, speaker_at))
        cues.append(
            Cue(
                number,
                number,
                start,
                max(start, end or start),
                speaker.strip(),
                (TimedText(" ".join(_cell(row, column))),),
            )
        )
    if time_at is None or ends:
        return CueList(tuple(cues), named.get(column, ""), tuple(warnings))
    return CueList(tuple(until_next(cues)), named.get(column, ""), tuple(warnings), open_end=True)


def _head(table: _Table) -> tuple[list[list[str]], list[list[list[str]]], int]:
    """The head of the table, if it has one, its rows, and the number of the first."""
    first = table.rows[0] if table.rows else []
    is_head = any(_LANGUAGE.search(" ".join(cell)) for cell in first) or (
        len(table.rows) > 1
        and not any(_time_in(cell) for cell in first)
        and any(_time_in(cell) for cell in table.rows[1])
    )
    return (first, table.rows[1:], 2) if is_head else ([], table.rows, 1)


def _word_columns(rows: list[list[list[str]]], others: list[int], time_at: int | None) -> list[int]:
    """Columns that hold words, not the names of speakers: names are short."""
    if len(others) > 1 and all(len(" ".join(_cell(row, others[0]))) <= _LONGEST_SPEAKER for row in rows):
        apart = bool(
            time_at is not None
            and any(rest for row in rows if (time := _time_in(_cell(row, time_at))) for rest in time[2])
        )
        return others if apart else others[1:]
    return others


def _cell(row: list[list[str]], number: int | None) -> list[str]:
    return row[number] if number is not None and number < len(row) else []


def _time_in(cell: list[str]) -> tuple[int, int | None, list[str]] | None:
    """Start, end and what else stands in a cell whose first or last paragraph is a time."""
    for at in (0, len(cell) - 1):
        match = _TIME.fullmatch(cell[at].strip()) if cell else None
        if match and (start := clock_ms(match[1])) is not None:
            return start, clock_ms(match[2]) if match[2] else None, [*cell[:at], *cell[at + 1 :]]
    return None


class _EntityError(Exception):
    """Ends the reading of a document that declares entities."""


class _Reader:
    """Takes paragraphs and tables from the part with the words; a table within a table is text of its cell."""

    def __init__(self, filename: str) -> None:
        self._filename = filename
        self._parts: list[str | _Table] = []
        self._text: list[str] = []
        self._tables = 0
        self._skipped = 0
        self._takes = False

    def read(self, xml: bytes) -> list[str | _Table]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, _: self._start(name.rpartition(" ")[2])
        parser.EndElementHandler = lambda name: self._end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            reason = f"its XML is broken ({expat.ErrorString(error.code)})"
            raise refused(self._filename, error.lineno, reason, _REMEDY) from error
        except _EntityError as error:
            raise refused(self._filename, 1, "its XML declares entities", _REMEDY) from error
        return self._parts

    def _entity(self, *_: object) -> None:
        raise _EntityError

    def _start(self, tag: str) -> None:
        if tag == "Fallback":  # an older program's copy of what stands before it
            self._skipped += 1
        elif tag == "tbl":
            self._tables += 1
            if self._tables == 1:
                self._parts.append(_Table())
        elif self._tables == 1 and tag == "tr":
            self._table.rows.append([])
        elif self._tables == 1 and tag == "tc" and self._table.rows:
            self._table.rows[-1].append([])
        elif tag == "t":
            self._takes = True
        elif tag in ("tab", "br", "cr"):
            self._text.append(" " if tag == "tab" else "\n")

    def _end(self, tag: str) -> None:
        if tag == "Fallback":
            self._skipped -= 1
        elif tag == "tbl":
            self._tables -= 1
        elif tag == "t":
            self._takes = False
        elif tag == "p":
            lines = [" ".join(line.split()) for line in "".join(self._text).split("\n")]
            self._text = []
            if any(lines) and not self._skipped:
                self._put([line for line in lines if line])

    def _put(self, lines: list[str]) -> None:
        if not self._tables:
            self._parts.append(" ".join(lines))
        elif self._table.rows and self._table.rows[-1]:
            self._table.rows[-1][-1] += lines

    def _characters(self, data: str) -> None:
        if self._takes and not self._skipped:
            self._text.append(data)

    @property
    def _table(self) -> _Table:
        part = self._parts[-1]
        assert isinstance(part, _Table)
        return part
