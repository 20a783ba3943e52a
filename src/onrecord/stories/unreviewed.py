"""No machine's translation reaches a quotation before a person has reviewed the segment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from onrecord.stories.checked import BORNE_OUT, Checked, Place
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.reviews import unreviewed_between

Versions = Mapping[str, TranscriptVersion]


def reviewed_places_first(found: Sequence[Checked], versions: Versions) -> list[Checked]:
    """Findings at a place that people stand for, where the same words are said at several."""

    def moved(quotation: Checked) -> Checked:
        if not quotation.elsewhere or not _held(quotation.places[0], versions):
            return quotation
        place = next((other for other in quotation.elsewhere if not _held(other, versions)), None)
        if place is None:
            return quotation
        rest = [other for other in quotation.elsewhere if other is not place]
        return quotation.at(place, [*quotation.places[:1], *rest])

    return list(map(moved, found))


def unreviewed_held(found: Sequence[Checked], versions: Versions) -> list[Checked]:
    """Findings in which words that only a machine's unreviewed translation bears out do not pass.

    Words heard by a machine alone, and single words, are let through with a caution.
    """
    return [_judged(quotation, versions) for quotation in found]


def _judged(quotation: Checked, versions: Versions) -> Checked:
    if quotation.blocks or not quotation.places or not _by_machine(quotation.places[0], versions):
        return quotation
    if quotation.verdict in BORNE_OUT and _held(quotation.places[0], versions):
        return replace(quotation, verdict=Verdict.UNREVIEWED)
    if _held(quotation.places[0], versions):
        return replace(quotation, caution=_("A machine translated this, and no person has reviewed it."))
    return replace(quotation, caution=_("A machine wrote these words down, and no person has reviewed them: listen."))


def _held(place: Place, versions: Versions) -> bool:
    version = versions.get(str(place.version_id))
    return version is not None and version.transcript.is_translation and _by_machine(place, versions)


def _by_machine(place: Place, versions: Versions) -> bool:
    version = versions.get(str(place.version_id))
    if version is None:
        return False
    return unreviewed_between(version.segments, version.reviews, place.first_segment, place.last_segment)
