"""A segment as the desk edits it: one row with a side for each language, so that the sides cannot come apart.

`{"id", "start", "end", "speaker", "sides": {language: {"words": [[id, text, start, end, exact, mask, kind, reads]],
"state", "by", "at"}}}`; times in ms, the last two places of a word only where it has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from onrecord.errors import OnrecordError
from onrecord.text.brackets import bracket_kinds
from onrecord.text.masks import KINDS, gives_away
from onrecord.text.transcripts import Segment, Word, bare, estimate_word_times
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.reviews import DRAFT, STATES
from onrecord.transcripts.segments import word_to_json

Row = dict[str, Any]
Side = dict[str, Any]
_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
LONGEST_WORD, LONGEST_SPEAKER, LONGEST_READING = 200, 200, 80


class BadRow(OnrecordError):
    code = "bad-row"
    message = "Segment {segment}: {reason}. It is kept in your browser; nothing of this save was stored."


def rows_of(versions: Sequence[TranscriptVersion]) -> dict[str, Row]:
    """The rows of the newest versions, the transcript first; a translation has what it has for each segment."""
    rows: dict[str, Row] = {}
    for version in versions:
        language, reviews = version.transcript.language, version.reviews
        for segment in version.segments:
            segment_id = segment["id"]
            row = rows.get(segment_id)
            if row is None:
                if version.transcript.is_translation:
                    continue
                row = rows[segment_id] = {
                    "id": segment_id,
                    "start": segment["start_ms"],
                    "end": segment["end_ms"],
                    "speaker": segment["speaker"],
                    "sides": {},
                }
            row["sides"][language] = side(segment["words"], reviews.get(segment_id, DRAFT))
    for row in rows.values():
        for version in versions:
            row["sides"].setdefault(version.transcript.language, side([], DRAFT))
    return rows


def side(words: list[list[Any]], review: Sequence[str]) -> Side:
    """One language of a row."""
    state, by, at = review
    return {"words": words, "state": state, "by": by, "at": at}


def segment_of(row: Row, language: str) -> Segment:
    """A row's segment in a language, for the pure core."""
    words = tuple(Word(*word) for word in row["sides"][language]["words"])
    return Segment(row["id"], row["start"], row["end"], row["speaker"], words)


def row_changed(
    before: Row | None,
    change: Mapping[str, Any],
    *,
    languages: Sequence[str],
    known: Callable[[str, str], list[Any] | None],
    base: Row | None,
    by: str,
    at: datetime,
    duration_ms: int | None,
) -> Row:
    """The row after what the desk sent for it.

    `known(language, id)` gives a word that was there before, with its times; a word that reads as it did keeps them,
    others get theirs from their neighbours. Raises BadRow.
    """
    segment_id = str(change.get("id", ""))
    if not _ID.fullmatch(segment_id):
        raise BadRow(segment=segment_id[:50], reason="it has no proper id")
    blank: Row = {"id": segment_id, "start": 0, "end": 0, "speaker": "", "sides": {}}
    row: Row = {**(before or blank)}
    row["start"], row["end"] = _times(row, change, is_new=before is None, duration_ms=duration_ms)
    row["speaker"] = " ".join(_text(segment_id, change.get("speaker", row["speaker"]), LONGEST_SPEAKER).split())
    sent = change.get("sides", {})
    if not isinstance(sent, dict) or not set(sent) <= set(languages):
        raise BadRow(segment=segment_id, reason="it names a language that this recording has no words in")
    moved = before is not None and (row["start"], row["end"]) != (before["start"], before["end"])
    sides: dict[str, Side] = {}
    for language in languages:
        old = row["sides"].get(language) or side([], DRAFT)
        new = sent.get(language, {})
        words = old["words"]
        if "words" in new:
            words = _words(segment_id, new["words"], partial(known, language))
        if "words" in new or moved:
            words = _timed(words, row["start"], row["end"])
        base_side = base["sides"].get(language) if base else None
        sides[language] = side(words, _review(segment_id, old, words, new.get("state"), base_side, by, at))
    row["sides"] = sides
    return row


def same_row(a: Row, b: Row) -> bool:
    """True if both read the same, side by side, with the same speaker, times and states."""
    return _essence(a) == _essence(b)


def masked_ids(row: Row) -> Iterable[tuple[str, list[Any]]]:
    """Language and word of every masked word."""
    for language, one in row["sides"].items():
        for word in one["words"]:
            if word[5] is not None:
                yield language, word


def _essence(row: Row) -> tuple[Any, ...]:
    sides = {
        language: (one["state"], [[word[1], *word[5:]] for word in one["words"]])
        for language, one in row["sides"].items()
    }
    return row["start"], row["end"], row["speaker"], sides


def _text(segment_id: str, value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise BadRow(segment=segment_id, reason=f"a text of at most {longest} characters is needed")
    return value


def _times(row: Row, change: Mapping[str, Any], *, is_new: bool, duration_ms: int | None) -> tuple[int, int]:
    start, end = change.get("start", row["start"]), change.get("end", row["end"])
    if (start, end) == (row["start"], row["end"]) and not is_new:
        return start, end
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in (start, end)):
        raise BadRow(segment=row["id"], reason="times are whole milliseconds")
    if start < 0 or end <= start:
        raise BadRow(segment=row["id"], reason="it ends before it starts")
    # A file may be a little longer than what was decoded of it.
    if duration_ms and end > max(duration_ms, row["end"]) + 1000:
        raise BadRow(segment=row["id"], reason="it ends after the recording")
    return start, end


def _words(segment_id: str, sent: Any, known: Callable[[str], list[Any] | None]) -> list[list[Any]]:
    """The words as sent, `[id, text, mask, kind, reads]`, with the times of those that were there before."""
    if not isinstance(sent, list) or not all(isinstance(word, list) and len(word) == 5 for word in sent):
        raise BadRow(segment=segment_id, reason="its words are not readable")
    texts = [_text(segment_id, word[1], LONGEST_WORD) for word in sent]
    kinds = bracket_kinds(texts, [word[3] for word in sent])
    words: list[list[Any]] = []
    for (word_id, text, mask, _, reads), kind in zip(sent, kinds, strict=True):
        if not text or text != "".join(text.split()):
            raise BadRow(segment=segment_id, reason="a word is empty or has a space in it")
        if not isinstance(word_id, str) or not _ID.fullmatch(word_id):
            raise BadRow(segment=segment_id, reason=f"the word “{text}” has no proper id")
        if mask is not None and mask not in KINDS:
            raise BadRow(segment=segment_id, reason=f"there is no mask of this kind (known: {', '.join(KINDS)})")
        reads = "" if mask is None else " ".join(_text(segment_id, reads, LONGEST_READING).split())
        if mask is not None and gives_away(reads, text):
            raise BadRow(segment=segment_id, reason="what stands for a masked word must not contain the word")
        origin = known(word_id)
        if origin is not None and bare(origin[1]) == bare(text):
            word = Word(word_id, text, origin[2], origin[3], origin[4], mask, kind, reads)
        else:
            word = Word(word_id, text, None, None, False, mask, kind, reads)
        words.append(word_to_json(word))
    return words


def _timed(words: Sequence[list[Any]], start: int, end: int) -> list[list[Any]]:
    """Measured times stay; estimated ones that now lie outside, or are missing, are estimated again."""
    again = [Word(*word) for word in words]
    if any(not word.exact and not _within(word, start, end) for word in again):
        again = [word if word.exact else replace(word, start_ms=None, end_ms=None) for word in again]
    return [word_to_json(word) for word in estimate_word_times(again, start, end)]


def _within(word: Word, start: int, end: int) -> bool:
    if word.start_ms is None or word.end_ms is None:
        return True
    return start <= word.start_ms and word.end_ms <= end


def _review(
    segment_id: str, old: Side, words: list[list[Any]], state: Any, base: Side | None, by: str, at: datetime
) -> list[str]:
    if state is not None and state not in STATES:
        raise BadRow(segment=segment_id, reason=f"there is no state {state}")
    untouched = [word[1] for word in words] == [word[1] for word in old["words"]]
    if state == "reviewed" and words:
        if untouched and old["state"] == "reviewed":
            return [old["state"], old["by"], old["at"]]
        return ["reviewed", by, at.isoformat(timespec="seconds")]
    if state is None and untouched:
        return [old["state"], old["by"], old["at"]]
    as_made = base is not None and [word[1] for word in words] == [word[1] for word in base["words"]]
    if state == "machine" and as_made and base is not None and base["state"] == "machine":
        return ["machine", "", ""]
    return list(DRAFT)
