"""Tying a transcript's words to the sound, in the worker: started, watched, stopped, tried again.

What comes of it is a new version. Times are taken where the aligner is sure; a masked word never loses cover by it.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from onrecord.archive.models import Recording
from onrecord.archive.services import plain_sound
from onrecord.audio.alignment import AlignedSegment, Flag, align
from onrecord.audio.alignment import Alignment as Found
from onrecord.audio.alignment.features import SAMPLE_RATE
from onrecord.core.models import User
from onrecord.errors import AlignmentStopped, OnrecordError
from onrecord.text.languages import base
from onrecord.text.transcripts import Segment
from onrecord.transcripts.drafts import draft_replaced
from onrecord.transcripts.locking import follow
from onrecord.transcripts.models import Alignment, TranscriptVersion
from onrecord.transcripts.segments import segments_from_json, segments_to_json
from onrecord.transcripts.versions import authorise, latest_version, translations_write, version_write

SURE = 0.5
"""Words of less confidence have no exact time."""
NOTE = "Words tied to the sound"
_EVERY_S = 1.0


class NothingToTie(OnrecordError):
    code = "nothing-to-tie"
    message = "“{title}” has no transcript whose words could be tied to the sound. Import one first."


def alignment_start(*, actor: User | None, recording: Recording) -> Alignment:
    """Have the worker tie the newest words to the sound; gives the one that is under way, if any.

    Raises NothingToTie, PermissionDenied.
    """
    authorise(actor)
    if latest_version(recording, recording.language) is None:
        raise NothingToTie(title=recording.title)
    with transaction.atomic():
        Recording.objects.select_for_update().get(pk=recording.pk)
        known = Alignment.objects.filter(recording=recording, status__in=Alignment.UNDER_WAY).first()
        if known is not None:
            return known
        made = Alignment.objects.create(recording=recording, started_by=actor, started_at=timezone.now())
        transaction.on_commit(partial(tie_words.enqueue, made.pk))
    return made


def alignment_stop(*, actor: User, recording: Recording) -> None:
    """Ask for what is under way to be stopped; one that waits is stopped at once. Raises PermissionDenied."""
    authorise(actor)
    rows = Alignment.objects.filter(recording=recording)
    rows.filter(status=Alignment.Status.WAITING).update(status=Alignment.Status.STOPPED, finished_at=timezone.now())
    rows.filter(status=Alignment.Status.RUNNING).update(stop_asked=True)


@task()
def tie_words(alignment_id: int) -> None:
    """Tie a recording's words to its sound."""
    alignment_run(alignment_id)


def alignment_run(alignment_id: int) -> Alignment:
    """Do the work; may run twice. A failure is kept in plain words, and nothing else is changed by it."""
    job = Alignment.objects.select_related("recording", "started_by").get(pk=alignment_id)
    if job.status not in Alignment.UNDER_WAY:
        return job
    _update(job, status=Alignment.Status.RUNNING)
    version = latest_version(job.recording, job.recording.language)
    copy = job.recording.timed_copy()
    try:
        if version is None or copy is None:
            raise NothingToTie(title=job.recording.title)
        segments = segments_from_json(version.segments)
        watch = _Watch(job)
        with plain_sound(copy, sample_rate=SAMPLE_RATE) as sound:
            found = align(
                sound,
                [[word.text for word in segment.words] for segment in segments],
                language=base(job.recording.language),
                progress=watch.progress,
                cancelled=watch.cancelled,
            )
        with transaction.atomic():
            made = _write(job, segments, found)
            _update(
                job, status=Alignment.Status.DONE, percent=100, version=made, finished_at=timezone.now(),
                flagged=_flagged(segments, found),
                unclaimed=[[span.start_ms, span.end_ms] for span in found.unclaimed],
                words=sum(len(segment.words) for segment in segments),
                words_unsure=sum(word.confidence < SURE for moment in found.segments for word in moment.words),
            )  # fmt: skip
    except AlignmentStopped:
        _update(job, status=Alignment.Status.STOPPED, finished_at=timezone.now())
    except OnrecordError as error:
        _update(job, status=Alignment.Status.FAILED, problem=str(error), finished_at=timezone.now())
    return job


def tied(segments: Sequence[Segment], heard: Sequence[Segment], found: Found) -> tuple[Segment, ...]:
    """Segments with the moments found; `heard` are those that were listened for, which may have been edited since.

    A segment whose words have changed meanwhile stays as it is. A flagged segment with a masked word covers the time
    that it had and the time found, and no word in it is exact: more is bleeped rather than less.
    """
    moments = {segment.id: (segment, moment) for segment, moment in zip(heard, found.segments, strict=True)}

    def one(segment: Segment) -> Segment:
        known, moment = moments.get(segment.id, (None, None))
        if known is None or moment is None or not segment.words:
            return segment
        if [(word.id, word.text) for word in segment.words] != [(word.id, word.text) for word in known.words]:
            return segment
        return _moved(segment, moment)

    return tuple(map(one, segments))


def _moved(segment: Segment, moment: AlignedSegment) -> Segment:
    start, end = moment.start_ms, max(moment.end_ms, moment.start_ms + 1)
    if moment.flag and any(word.mask for word in segment.words):
        start, end = min(start, segment.start_ms), max(end, segment.end_ms)
    sure = moment.flag in (Flag.NONE, Flag.GAP)
    words = tuple(
        replace(word, start_ms=at.start_ms, end_ms=at.end_ms, exact=sure and at.confidence >= SURE)
        for word, at in zip(segment.words, moment.words, strict=True)
    )
    return replace(segment, start_ms=start, end_ms=end, words=words)


def _write(job: Alignment, heard: Sequence[Segment], found: Found) -> TranscriptVersion | None:
    """The next version with the times; None when they were so already."""
    draft_replaced(job.recording, actor=job.started_by)
    latest = latest_version(job.recording, job.recording.language)
    assert latest is not None  # versions are never deleted
    segments = tied(segments_from_json(latest.segments), heard, found)
    if segments_to_json(segments) == latest.segments:
        return latest
    version = version_write(latest.transcript, segments, actor=job.started_by, note=NOTE)
    translations_write(version, follow, actor=job.started_by)
    return version


def _flagged(segments: Sequence[Segment], found: Found) -> list[list[Any]]:
    return [
        [segment.id, str(moment.flag), moment.start_ms, moment.end_ms]
        for segment, moment in zip(segments, found.segments, strict=True)
        if moment.flag
    ]


def _update(job: Alignment, **values: Any) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=list(values))


class _Watch:
    """Writes down how far the work is, and looks whether it is to stop, once a second."""

    def __init__(self, job: Alignment) -> None:
        self._rows = Alignment.objects.filter(pk=job.pk)
        self._percent = 0
        self._stop = False
        self._due = 0.0

    def progress(self, share: float) -> None:
        self._percent = round(100 * share)

    def cancelled(self) -> bool:
        if monotonic() >= self._due:
            self._due = monotonic() + _EVERY_S
            self._rows.update(percent=self._percent)
            self._stop = self._rows.filter(stop_asked=True).exists()
        return self._stop
