"""The plain edit form of a transcript: rows in, rows out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from onrecord.archive.desk import clock
from onrecord.errors import OnrecordError
from onrecord.text.masks import parse_marked, to_marked
from onrecord.text.transcripts import Segment
from onrecord.transcripts.services import EditedSegment

_TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?")


@dataclass(frozen=True)
class Row:
    """One segment as typed; `newer` is what a version saved meanwhile has in its place."""

    segment_id: str
    start: str
    end: str
    speaker: str
    text: str
    counterpart: str = ""
    newer: str = ""
    errors: tuple[str, ...] = field(default=())

    @property
    def start_ms(self) -> int | None:
        return parse_time(self.start)

    @property
    def end_ms(self) -> int | None:
        return parse_time(self.end)


def parse_time(text: str) -> int | None:
    """Milliseconds of 1:02:03.456, 1:02.3 or 62; None when it is no time."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    ms = int((fraction or "0").ljust(3, "0"))
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)) * 1000 + ms


def rows_of(segments: Sequence[Segment], counterparts: Mapping[str, Segment]) -> list[Row]:
    """The form's rows for stored segments, each with its words in the other language."""
    return [
        Row(
            segment.id,
            clock(segment.start_ms, precise=True),
            clock(segment.end_ms, precise=True),
            segment.speaker,
            to_marked(segment.words),
            counterpart=counterparts[segment.id].text if segment.id in counterparts else "",
        )
        for segment in segments
    ]


def rows_posted(data: Mapping[str, Sequence[str]]) -> list[Row]:
    """The rows of a posted form, as typed."""
    names = ("id", "start", "end", "speaker", "text")
    columns = [data.get(name, []) for name in names]
    return [Row(*values) for values in zip(*columns, strict=False)]


def rows_checked(rows: Sequence[Row], *, translation: bool) -> tuple[list[EditedSegment], list[Row], bool]:
    """What the service takes, the rows with their errors, and whether all are right.

    A line break in the words splits the segment there; a row without words is left out (in a translation it
    stays: it has no translation yet).
    """
    edited: list[EditedSegment] = []
    checked: list[Row] = []
    for row in rows:
        errors = _errors(row) if row.text.strip() or translation else ()
        checked.append(replace(row, errors=errors))
        if not errors:
            edited.extend(_segments(row, translation=translation))
    return edited, checked, not any(row.errors for row in checked)


def rows_changed(rows: Sequence[Row], order: str) -> list[Row]:
    """The rows after a press on “insert-N” or “delete-N”, for browsers without scripts."""
    action, _, number = order.partition("-")
    if not number.isdigit() or int(number) >= len(rows):
        return list(rows)
    n = int(number)
    if action == "delete":
        return [*rows[:n], *rows[n + 1 :]]
    if action == "insert":
        end = rows[n + 1].start if n + 1 < len(rows) else rows[n].end
        return [*rows[: n + 1], Row("", rows[n].end, end, rows[n].speaker, ""), *rows[n + 1 :]]
    return list(rows)


def rows_compared(rows: Sequence[Row], newest: Sequence[Segment]) -> list[Row]:
    """The typed rows with what the newest version has in their place where that differs."""
    words = {segment.id: to_marked(segment.words) for segment in newest}
    return [
        replace(row, newer=words[row.segment_id])
        if row.segment_id in words and words[row.segment_id].split() != row.text.split()
        else row
        for row in rows
    ]


def _errors(row: Row) -> tuple[str, ...]:
    errors = []
    start, end = row.start_ms, row.end_ms
    if start is None or end is None:
        errors.append("Write times as 1:02.345 or 1:02:03.")
    elif end < start:
        errors.append("It ends before it starts.")
    try:
        parse_marked(row.text)
    except OnrecordError as error:
        errors.append(str(error))
    return tuple(errors)


def _segments(row: Row, *, translation: bool) -> list[EditedSegment]:
    start, end = row.start_ms or 0, row.end_ms or 0
    lines = [" ".join(line.split()) for line in row.text.splitlines() if line.strip()]
    if translation or len(lines) < 2:
        return [EditedSegment(row.segment_id, start, end, row.speaker.strip(), " ".join(lines))]
    total, passed, pieces = sum(map(len, lines)), 0, []
    for number, line in enumerate(lines):
        low = start + (end - start) * passed // total
        passed += len(line)
        high = start + (end - start) * passed // total
        pieces.append(EditedSegment(row.segment_id if number == 0 else "", low, high, row.speaker.strip(), line))
    return pieces
