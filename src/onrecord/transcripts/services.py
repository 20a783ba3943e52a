"""Transcripts and translations: importing, editing into the next version, reading side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from onrecord.archive.models import Recording
from onrecord.audio.bleep import Span
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text import masks as mask_markup
from onrecord.text import transcripts as text
from onrecord.text.subtitles import lock_translation, read_subtitles
from onrecord.transcripts.aligning import alignment_start
from onrecord.transcripts.drafts import draft_replaced
from onrecord.transcripts.locking import follow
from onrecord.transcripts.models import Transcript, TranscriptVersion
from onrecord.transcripts.reviews import machine_reviews
from onrecord.transcripts.segments import segments_from_json, segments_to_json
from onrecord.transcripts.versions import authorise, new_id, translations_write, version_write
from onrecord.transcripts.versions import latest_version as latest_version
from onrecord.transcripts.versions import latest_versions as latest_versions
from onrecord.transcripts.versions import register_version_listener as register_version_listener


class EditConflict(OnrecordError):
    code = "edit-conflict"
    message = (
        "Version {latest} was saved by {by} after you opened version {based_on}. "
        "Your text is kept below; compare it with the newer one before you save again."
    )


class NoTranscriptYet(OnrecordError):
    code = "no-transcript-yet"
    message = "A translation is locked to the transcript segment by segment: add the transcript ({language}) first."


class EmptyTranscript(OnrecordError):
    code = "empty-transcript"
    message = "{filename}: no words in it. Nothing was changed."


@dataclass(frozen=True)
class EditedSegment:
    """One segment as edited: `segment_id` empty for a new one, times in ms, `marked` with mask markup."""

    segment_id: str
    start_ms: int
    end_ms: int
    speaker: str
    marked: str


@dataclass(frozen=True)
class SideBySide:
    """One segment of the original with its translations by language; words as the newsroom has them."""

    original: text.Segment
    translations: dict[str, text.Segment]


def transcript_file_check(data: bytes, filename: str) -> None:
    """See that a file can be imported before anything is stored with it. Raises NotSubtitles, EmptyTranscript."""
    if not any(segment.words for segment in read_subtitles(data, filename).segments):
        raise EmptyTranscript(filename=filename)


def transcript_import(
    *,
    actor: User | None,
    recording: Recording,
    data: bytes,
    filename: str,
    language: str = "",
    encoding: str = "",
    made_by: str = "",
    note: str = "",
    provenance: Mapping[str, Any] | None = None,
) -> TranscriptVersion:
    """Read a transcript or translation file into a new version.

    In the recording's own language (the default) it is the transcript; in another, a translation that is locked to
    the transcript's segments. `encoding` is needed where the file's bytes do not tell it. `provenance` (engine, model,
    parameters) says that a machine made it, and marks every segment so; without it segments that read as before keep
    their review, so that a machine's words do not become a person's by way of a file. What the desk has not made a
    version of yet becomes one first. Raises NotSubtitles, NoTranscriptYet, EmptyTranscript, PermissionDenied.
    """
    authorise(actor)
    language = language or recording.language
    is_translation = language != recording.language
    parsed = read_subtitles(
        data, filename, encoding=encoding or None, duration_ms=recording.duration_ms, language=language
    )
    if not any(segment.words for segment in parsed.segments):
        raise EmptyTranscript(filename=filename)
    segments, warnings = parsed.segments, parsed.warnings
    with transaction.atomic():
        draft_replaced(recording, actor=actor)
        if is_translation:
            original = latest_version(recording, recording.language)
            if original is None:
                raise NoTranscriptYet(language=recording.language)
            segments, lock_warnings = lock_translation(segments_from_json(original.segments), segments)
            warnings = (*warnings, *lock_warnings)
        transcript, _ = Transcript.objects.get_or_create(
            recording=recording,
            language=language,
            defaults={"is_translation": is_translation, "made_by": made_by},
        )
        if made_by and transcript.made_by != made_by:
            transcript.made_by = made_by
            transcript.save(update_fields=["made_by"])
        version = version_write(
            transcript,
            segments,
            actor=actor,
            note=note or f"Imported from {filename}",
            warnings=warnings,
            reviews=machine_reviews(segments_to_json(segments)) if provenance else None,
            provenance=provenance,
        )
        if not is_translation:
            translations_write(version, lambda new, old: lock_translation(new, old)[0], actor=actor)
        if not is_translation and parsed.format in ("text", "word") and settings.ALIGN_PLAIN_TEXT:
            alignment_start(actor=actor, recording=recording)
        return version


def transcript_edit(
    *,
    actor: User | None,
    transcript: Transcript,
    rows: Sequence[EditedSegment],
    based_on: int,
    note: str = "",
) -> TranscriptVersion:
    """Save an edited text as the next version; words that were not touched keep id, times and mask.

    `based_on` is the number of the version that was edited. Raises EditConflict when there is a newer one,
    EmptyTranscript, the mask errors of `onrecord.text.masks`, PermissionDenied.
    """
    authorise(actor)
    with transaction.atomic():
        Transcript.objects.select_for_update().get(pk=transcript.pk)
        draft_replaced(transcript.recording, actor=actor)
        latest = transcript.versions.first()
        if latest is None or latest.number != based_on:
            by = str(latest.created_by) if latest and latest.created_by else "somebody"
            raise EditConflict(latest=latest.number if latest else 0, based_on=based_on, by=by)
        edited: list[text.EditedSegment] = [
            (
                row.segment_id or None,
                row.start_ms,
                row.end_ms,
                row.speaker,
                mask_markup.parse_marked(row.marked),
            )
            for row in rows
            if row.marked.strip() or transcript.is_translation
        ]
        segments = text.carry_identity(segments_from_json(latest.segments), edited, new_id=new_id)
        if not any(segment.words for segment in segments):
            raise EmptyTranscript(filename=str(transcript))
        if segments_to_json(segments) == latest.segments:
            return latest
        version = version_write(transcript, segments, actor=actor, note=note)
        if not transcript.is_translation:
            translations_write(version, follow, actor=actor)
        return version


def as_text(version: TranscriptVersion) -> text.Transcript:
    """A version for the pure core; its id there is the version's primary key in decimal."""
    return text.Transcript(
        id=str(version.pk),
        language=version.transcript.language,
        segments=segments_from_json(version.segments),
        is_translation=version.transcript.is_translation,
    )


def side_by_side(recording: Recording) -> list[SideBySide]:
    """The newest transcript with its translations, segment by segment; empty when there is no transcript."""
    versions = {version.transcript.language: version for version in latest_versions([recording])}
    original = versions.pop(recording.language, None)
    if original is None:
        return []
    translations = {
        language: {segment.id: segment for segment in segments_from_json(version.segments)}
        for language, version in sorted(versions.items())
    }
    return [
        SideBySide(
            segment,
            {language: rows[segment.id] for language, rows in translations.items() if segment.id in rows},
        )
        for segment in segments_from_json(original.segments)
    ]


def masked_spans(recording: Recording) -> list[Span]:
    """What must not be heard: masked words where their times are measured, else the whole segment they are in."""
    version = latest_version(recording, recording.language)
    spans = []
    for segment in segments_from_json(version.segments) if version else ():
        for word in segment.words:
            if word.mask is None:
                continue
            if word.exact and word.start_ms is not None and word.end_ms is not None:
                spans.append(Span(word.start_ms, word.end_ms))
            else:
                spans.append(Span(segment.start_ms, segment.end_ms))
    return spans
