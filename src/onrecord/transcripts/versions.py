"""Versions of transcripts: how the next one is written, and which is the newest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from onrecord.archive.custody import record_event
from onrecord.archive.models import Recording
from onrecord.archive.services import audio_withdraw_if_masks_changed
from onrecord.core.models import User
from onrecord.text import transcripts as text
from onrecord.transcripts.models import Transcript, TranscriptVersion
from onrecord.transcripts.reviews import Reviews, reviews_carried
from onrecord.transcripts.segments import segments_from_json, segments_to_json

Lock = Callable[[Sequence[text.Segment], Sequence[text.Segment]], tuple[text.Segment, ...]]
VersionListener = Callable[[TranscriptVersion], None]
_version_listeners: list[VersionListener] = []


def register_version_listener(listener: VersionListener) -> None:
    """Let an upper app know, inside the transaction, that a transcript has a new version."""
    _version_listeners.append(listener)


def latest_version(recording: Recording, language: str) -> TranscriptVersion | None:
    """The newest version of the recording's words in a language."""
    return (
        TranscriptVersion.objects.filter(transcript__recording=recording, transcript__language=language)
        .select_related("transcript__recording")
        .order_by("-number")
        .first()
    )


def latest_versions(recordings: Iterable[Recording]) -> list[TranscriptVersion]:
    """The newest version of every transcript and translation of the recordings."""
    newest = TranscriptVersion.objects.filter(transcript=OuterRef("transcript")).order_by("-number").values("number")
    rows = (
        TranscriptVersion.objects.filter(transcript__recording__in=list(recordings))
        .annotate(newest=Subquery(newest[:1]))
        .filter(number=F("newest"))
        .select_related("transcript__recording")
        .order_by("transcript_id")
    )
    return list(rows)


def version_write(
    transcript: Transcript,
    segments: Sequence[text.Segment],
    *,
    actor: User | None,
    note: str = "",
    warnings: Sequence[str] = (),
    reviews: Reviews | None = None,
    provenance: Mapping[str, Any] | None = None,
    under: TranscriptVersion | None = None,
) -> TranscriptVersion:
    """Write the next version and tell everybody; call inside a transaction, authorised.

    Without `reviews` those of the version before stay on the segments whose words are as they were. Machine text
    has a `provenance`: engine, model, parameters. With `under`, the newest version, this one goes into the history
    and the words of `under` are written again as the newest ones: nobody sees them change.
    """
    recording = Recording.objects.select_for_update().get(pk=transcript.recording_id)
    now = timezone.now()
    latest = transcript.versions.first()
    rows = segments_to_json(segments)
    if reviews is None:
        reviews = reviews_carried(latest.segments, latest.reviews, rows) if latest else {}
    version = TranscriptVersion.objects.create(
        transcript=transcript,
        number=latest.number + 1 if latest else 1,
        created_at=now,
        created_by=actor,
        note=note,
        warnings=list(warnings),
        segments=rows,
        reviews=reviews,
        provenance=dict(provenance or {}),
    )
    record_event(
        recording,
        actor=str(actor) if actor else "command line",
        action="translation saved" if transcript.is_translation else "transcript saved",
        data={"language": transcript.language, "version": version.number},
        at=now,
    )
    if under is not None:
        version_write(
            transcript, segments_from_json(under.segments), actor=actor, warnings=under.warnings,
            note=f"Version {under.number} again, above version {version.number}",
            reviews=under.reviews, provenance=under.provenance,
        )  # fmt: skip
        return version
    audio_withdraw_if_masks_changed(recording)
    for listener in _version_listeners:
        listener(version)
    return version


def translations_write(version: TranscriptVersion, lock: Lock, *, actor: User | None) -> None:
    """Keep every translation locked to the transcript's segments of now."""
    original = segments_from_json(version.segments)
    for transcript in Transcript.objects.filter(recording=version.transcript.recording_id, is_translation=True):
        latest = transcript.versions.first()
        if latest is None:
            continue
        segments = lock(original, segments_from_json(latest.segments))
        if segments_to_json(segments) != latest.segments:
            note = f"Follows version {version.number} of the transcript"
            version_write(transcript, segments, actor=actor, note=note)


def new_id() -> str:
    """An id for a new segment or word."""
    return uuid4().hex[:12]


def authorise(actor: User | None) -> None:
    """Raise PermissionDenied for who may not change transcripts; None is the operator at the command line."""
    if actor is not None and not actor.has_perm("transcripts.change_transcript"):
        raise PermissionDenied
