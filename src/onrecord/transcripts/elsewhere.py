"""Where else in the newsroom's recordings the words of a quotation stand."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from onrecord.archive.models import Recording
from onrecord.text.quotations import Quotation
from onrecord.text.verdicts import Evidence, Verdict, check_quotation
from onrecord.transcripts.index import newsroom_record_at_hand
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.tasks import update_index

MOST_PLACES = 5
_ASK_AGAIN_S = 60


@dataclass(frozen=True)
class Place:
    """Where words stand in the record of the newsroom.

    `verdict` tells how well the place bears the words out; `unbound` is a near miss. `said` are the words there,
    unmasked: for people at the desk only. Times are ms into the recording.
    """

    recording: Recording
    version: TranscriptVersion
    first_segment: str
    last_segment: str
    start_ms: int
    end_ms: int
    speaker: str
    said: str
    verdict: Verdict


def said_elsewhere(
    words: str, *, exclude: Collection[UUID | str] = (), language: str | None = None, most: int = MOST_PLACES
) -> tuple[Place, ...]:
    """The places in other recordings where the words of a quotation stand, or nearly stand; the best first.

    `exclude` are the ids of recordings whose words are known already, such as those that the story names. A
    quotation of one or two words has none: it stands everywhere. While the index is being built there are none.
    """
    record = newsroom_record_at_hand()
    if record is None:
        if cache.add("transcripts-index-update", True, _ASK_AGAIN_S):
            update_index.enqueue()
        return ()
    finding = check_quotation(Quotation.of(words), record, language=language)
    if finding.verdict is Verdict.FRAGMENT:
        return ()
    found = [place for place in (finding.evidence, *finding.alternatives) if place is not None]
    versions = TranscriptVersion.objects.select_related("transcript__recording").in_bulk(
        {int(place.transcript) for place in found}
    )
    excluded = {str(recording) for recording in exclude}
    places = [
        _place(place, versions[int(place.transcript)], finding.verdict)
        for place in found
        if int(place.transcript) in versions
    ]
    return tuple(place for place in places if str(place.recording.pk) not in excluded)[:most]


def _place(evidence: Evidence, version: TranscriptVersion, verdict: Verdict) -> Place:
    return Place(
        recording=version.transcript.recording,
        version=version,
        first_segment=evidence.first_segment,
        last_segment=evidence.last_segment,
        start_ms=evidence.start_ms,
        end_ms=evidence.end_ms,
        speaker=evidence.speaker,
        said=evidence.text,
        verdict=verdict,
    )
