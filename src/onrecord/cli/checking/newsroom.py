"""The newsroom's own recordings as a record to check against; imported through `open_newsroom`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from onrecord.archive.models import Recording
from onrecord.cli.checking.record import Source
from onrecord.errors import OnrecordError
from onrecord.text.findings import Evidence
from onrecord.text.record import Record
from onrecord.text.transcripts import Transcript
from onrecord.transcripts.index import newsroom_record, newsroom_transcripts
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.reviews import unreviewed_between
from onrecord.transcripts.services import as_text, latest_versions

_PREFIX = "newsroom:"


class UnknownRecording(OnrecordError):
    code = "unknown-recording"
    message = (
        "{given}: no recording of this newsroom has this id. The id is in the address of the recording's page and is "
        "what `onrecord add` prints; its first eight characters will do."
    )


class AmbiguousRecording(OnrecordError):
    code = "ambiguous-recording"
    message = "{given}: several recordings begin so ({ids}). Give more of the id."


class RecordingWithoutWords(OnrecordError):
    code = "recording-without-words"
    message = "{given}: the recording “{title}” has no transcript yet. Add one in the desk, then check again."


def transcripts_of(names: Sequence[str]) -> list[Transcript]:
    """The newest transcript and translations of recordings, named by id or its beginning.

    Raises UnknownRecording, AmbiguousRecording, RecordingWithoutWords.
    """
    recordings = list(dict.fromkeys(recording_named(name) for name in names))
    versions = latest_versions(recordings)
    having = {version.transcript.recording_id for version in versions}
    for recording in recordings:
        if recording.pk not in having:
            raise RecordingWithoutWords(given=recording.pk, title=recording.title)
    return [_as_text(version) for version in versions]


def everything() -> Record:
    """All that was said in the newsroom's recordings, through its index."""
    return newsroom_record()


def all_transcripts() -> list[Transcript]:
    """The same, to be joined with other transcripts."""
    return [replace(text, id=f"{_PREFIX}{text.id}") for text in newsroom_transcripts()]


def sources(ids: Iterable[str]) -> dict[str, Source]:
    """Where transcripts of the newsroom come from, by their id in the record."""
    keys = {given: int(given.removeprefix(_PREFIX)) for given in ids}
    versions = TranscriptVersion.objects.defer("segments").select_related("transcript__recording")
    rows = versions.in_bulk(set(keys.values()))
    return {given: _source(rows[key]) for given, key in keys.items()}


def is_unreviewed(evidence: Evidence) -> bool:
    """True if the words stand in a machine's translation that no person has reviewed."""
    version = _translation(int(evidence.transcript.removeprefix(_PREFIX)))
    if version is None:
        return False
    return unreviewed_between(version.segments, version.reviews, evidence.first_segment, evidence.last_segment)


@lru_cache(maxsize=64)
def _translation(key: int) -> TranscriptVersion | None:
    return TranscriptVersion.objects.filter(pk=key, transcript__is_translation=True).first()


def _source(version: TranscriptVersion) -> Source:
    transcript = version.transcript
    recording = transcript.recording
    kind = "translation" if transcript.is_translation else "transcript"
    return Source(
        transcript=f"{recording.pk}/{transcript.language}",
        shown=f"{recording.title}, {kind} ({transcript.language}), {recording.pk}",
        language=transcript.language,
        translation=transcript.is_translation,
        recording=str(recording.pk),
        title=recording.title,
        version=version.number,
    )


def _as_text(version: TranscriptVersion) -> Transcript:
    text = as_text(version)
    return replace(text, id=f"{_PREFIX}{text.id}")


def recording_named(name: str) -> Recording:
    """The recording with this id, or the one whose id begins so. Raises UnknownRecording, AmbiguousRecording."""
    found = list(Recording.objects.filter(pk__startswith=name.lower()).order_by("pk")[:4])
    if not found:
        raise UnknownRecording(given=name)
    if len(found) > 1:
        raise AmbiguousRecording(given=name, ids=", ".join(str(recording.pk) for recording in found))
    return found[0]
