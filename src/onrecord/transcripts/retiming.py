"""Times for words that were typed since: the worker listens to the passages they stand in, and to no others.

Words that have a measured time keep it. What is found goes into the draft, where the words still read as they were
heard; no window has to give way to it, for a window never sends times.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus, task
from django_tasks.exceptions import TaskResultDoesNotExist

from onrecord.archive.models import Recording
from onrecord.archive.services import plain_sound
from onrecord.audio.alignment import Flag, align
from onrecord.audio.alignment.features import SAMPLE_RATE
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text.languages import base
from onrecord.transcripts.aligning import SURE, NothingToTie
from onrecord.transcripts.draft_state import Work
from onrecord.transcripts.models import Draft, DraftRow
from onrecord.transcripts.rows import Row
from onrecord.transcripts.versions import authorise

MARGIN_MS = 300
NEAR_MS = 2000
"""A neighbour that is no farther off is listened to as well: its words say where the new ones are not."""
UNHEARD = 0
"""Revision of a row that is in the draft for its times alone: nobody typed there, so that no save clashes with it."""
Times = dict[str, tuple[str, int, int]]


class NoNewWords(OnrecordError):
    code = "no-new-words"
    message = "Every word typed since the last version has a time that was measured. Nothing was listened to."


class NoSuchRetiming(OnrecordError):
    code = "no-such-retiming"
    message = "This work is not known any more. Ask for the times again."


@dataclass(frozen=True)
class Passage:
    """Neighbouring rows and the part of the sound they are in."""

    rows: tuple[Row, ...]
    start_ms: int
    end_ms: int


def retiming_start(*, actor: User, recording: Recording, segment: str = "") -> TaskResult:
    """Have the worker find when the words are said that were typed since the last version, and those of `segment`
    that have no measured time. Raises NoNewWords, PermissionDenied."""
    authorise(actor)
    draft = Draft.objects.filter(recording=recording).first() or Draft(recording=recording)
    wanted = _wanted(Work(recording, draft) if draft.pk else None, recording, segment)
    if not wanted:
        raise NoNewWords()
    return retime.enqueue(str(recording.pk), wanted)


def retiming_of(recording: Recording, job: str) -> TaskResult:
    """The work by its id, if it is of this recording. Raises NoSuchRetiming."""
    try:
        result = retime.get_result(job)
    except TaskResultDoesNotExist as error:
        raise NoSuchRetiming() from error
    if not result.args or result.args[0] != str(recording.pk):
        raise NoSuchRetiming()
    return result


def retiming_told(result: TaskResult) -> dict[str, Any]:
    """How far the work is: `state` is waiting, running, done or failed; when done how many words have a time now."""
    states = {TaskResultStatus.READY: "waiting", TaskResultStatus.RUNNING: "running"}
    if not result.is_finished:
        return {"job": str(result.id), "state": states[result.status]}
    if result.status != TaskResultStatus.SUCCESSFUL:
        return {"job": str(result.id), "state": "failed", "problem": ""}
    found = cast("dict[str, Any]", result.return_value)
    return {"job": str(result.id), "state": "failed" if found["problem"] else "done", **found}


@task()
def retime(recording_id: str, segments: list[str]) -> dict[str, Any]:
    """Find when words are said, and put it into the draft."""
    recording = Recording.objects.get(pk=recording_id)
    try:
        heard, asked = _listened(recording, segments)
    except OnrecordError as error:
        return {"problem": str(error), "timed": 0, "unsure": 0, "segments": []}
    written = _write(recording, segments, heard)
    return {"problem": "", "timed": written, "unsure": asked - written, "segments": segments}


def _wanted(work: Work | None, recording: Recording, segment: str) -> list[str]:
    """Rows with words of the recording's language that were typed since the version and have no measured time."""
    language = recording.language
    if work is None:
        work = Work(recording, Draft.objects.get_or_create(recording=recording)[0])
    known = {
        word[0] for row in work.base.values() if language in row["sides"] for word in row["sides"][language]["words"]
    }
    wanted = []
    for row in work.rows():
        words = row["sides"].get(language, {"words": []})["words"]
        if any(not word[4] and (word[0] not in known or row["id"] == segment) for word in words):
            wanted.append(row["id"])
    return wanted


def _listened(recording: Recording, segments: Sequence[str]) -> tuple[Times, int]:
    """Text and time of the words that were heard surely, by their id; and how many were listened for."""
    copy = recording.timed_copy()
    draft = Draft.objects.get(recording=recording)
    rows = Work(recording, draft).rows()
    language = recording.language
    times: Times = {}
    asked = 0
    if copy is None:
        raise NothingToTie(title=recording.title)
    with plain_sound(copy, sample_rate=SAMPLE_RATE) as sound, tempfile.TemporaryDirectory() as folder:
        for passage in passages(rows, set(segments), language, recording.duration_ms):
            piece = Path(folder) / "passage.wav"
            _cut(sound, piece, passage)
            words = [[word[1] for word in row["sides"][language]["words"]] for row in passage.rows]
            found = align(piece, words, language=base(language))
            for row, moment in zip(passage.rows, found.segments, strict=True):
                if row["id"] not in segments:
                    continue
                spoken = row["sides"][language]["words"]
                asked += sum(not word[4] for word in spoken)
                if moment.flag in (Flag.NONE, Flag.GAP):
                    times.update(_new_times(row, spoken, moment.words, passage.start_ms))
    return times, asked


def passages(rows: Sequence[Row], wanted: set[str], language: str, duration_ms: int | None) -> Iterator[Passage]:
    """The wanted rows with their near neighbours, joined where they touch."""
    spoken = [row for row in rows if row["sides"].get(language, {"words": []})["words"]]
    groups: list[list[int]] = []
    for at, row in enumerate(spoken):
        if row["id"] not in wanted:
            continue
        low = at - 1 if at and row["start"] - spoken[at - 1]["end"] <= NEAR_MS else at
        high = at + 1 if at + 1 < len(spoken) and spoken[at + 1]["start"] - row["end"] <= NEAR_MS else at
        if groups and low <= groups[-1][1]:
            groups[-1][1] = high
        else:
            groups.append([low, high])
    for low, high in groups:
        part = tuple(spoken[low : high + 1])
        end = max(row["end"] for row in part) + MARGIN_MS
        yield Passage(part, max(0, part[0]["start"] - MARGIN_MS), min(end, duration_ms) if duration_ms else end)


def _cut(sound: Path, piece: Path, passage: Passage) -> None:
    """The passage of a WAV file as a file of its own."""
    with wave.open(str(sound), "rb") as whole, wave.open(str(piece), "wb") as part:
        rate = whole.getframerate()
        part.setparams(whole.getparams())
        whole.setpos(min(passage.start_ms * rate // 1000, whole.getnframes()))
        part.writeframes(whole.readframes((passage.end_ms - passage.start_ms) * rate // 1000))


def _new_times(row: Row, words: Sequence[list[Any]], found: Iterable[Any], offset_ms: int) -> Times:
    """Times of the words that had none, where they lie between the measured words around them."""
    times: Times = {}
    low = row["start"]
    for number, (word, heard) in enumerate(zip(words, found, strict=True)):
        if word[4]:
            low = word[3]
            continue
        high = next((later[2] for later in words[number + 1 :] if later[4]), row["end"])
        start, end = heard.start_ms + offset_ms, heard.end_ms + offset_ms
        # A neighbour's own border is as uncertain as this one's.
        start, end = max(start, low), min(end, high)
        if heard.confidence >= SURE and start < end:
            times[word[0]] = (word[1], start, end)
            low = end
    return times


def _write(recording: Recording, segments: Sequence[str], times: Times) -> int:
    """Put the times into the draft's rows, wherever the words stand now; gives how many were put."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(recording=recording)
        work, now = Work(recording, draft), timezone.now()
        count = 0
        for row in work.rows():
            side = row["sides"].get(recording.language)
            if side is None:
                continue
            words = [_with_time(word, times) for word in side["words"]]
            changed = sum(new is not old for new, old in zip(words, side["words"], strict=True))
            if changed:
                fresh = {**row, "sides": {**row["sides"], recording.language: {**side, "words": words}}}
                _store(work, fresh, now)
                count += changed
    return count


def _with_time(word: list[Any], times: Mapping[str, tuple[str, int, int]]) -> list[Any]:
    found = times.get(word[0])
    if word[4] or found is None or found[0] != word[1]:
        return word
    return [word[0], word[1], found[1], found[2], True, *word[5:]]


def _store(work: Work, row: Row, at: datetime) -> None:
    over = work.overlay.get(row["id"])
    if over is not None and over.content is not None:
        over.content = row
        over.save(update_fields=["content"])
        return
    DraftRow.objects.update_or_create(
        draft=work.draft,
        segment_id=row["id"],
        defaults={"content": row, "gone": False, "revision": UNHEARD, "tab": "times", "changed_at": at},
    )
