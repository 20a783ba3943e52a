"""What was decided and found before, laid over what the check finds now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.checked import BORNE_OUT, Checked
from onrecord.stories.decisions import QuotationConfirmation, QuotationOverride, QuotationPlace
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.models import TranscriptVersion


def with_decisions(page_id: int, found: Sequence[Checked], current: Mapping[int, TranscriptVersion]) -> list[Checked]:
    """Findings, at their chosen places, with the editors' decisions that are in force: overrides, confirmations by ear.

    What blocks now and was borne out by an older version of its transcript than the `current` one (by transcript) is
    stale; what only waits for a review is not.
    """
    found = list(found)
    if any(quotation.blocks for quotation in found):
        found = _overridden_or_stale(page_id, found, current)
    return _confirmed(page_id, found)


def at_chosen_places(page_id: int, found: Sequence[Checked]) -> list[Checked]:
    """Findings at the places that editors chose among several."""
    keys = {quotation.key for quotation in found if quotation.elsewhere}
    if not keys:
        return list(found)
    chosen = {row.key: row for row in QuotationPlace.objects.in_force().filter(page_id=page_id, key__in=keys)[::-1]}
    result = []
    for quotation in found:
        row = chosen.get(quotation.key)
        wanted = (str(row.recording_id), row.start_ms) if row else None
        place = next((p for p in quotation.elsewhere if (p.recording_id, p.start_ms) == wanted), None)
        if place is not None:
            others = [other for other in quotation.elsewhere if other is not place]
            quotation = quotation.at(place, [*quotation.places[:1], *others])
        result.append(quotation)
    return result


def _overridden_or_stale(
    page_id: int, found: Sequence[Checked], current: Mapping[int, TranscriptVersion]
) -> list[Checked]:
    overrides = {
        row.key: row for row in QuotationOverride.objects.in_force().filter(page_id=page_id).select_related("by")[::-1]
    }
    keys = {quotation.key for quotation in found if quotation.blocks}
    earlier = {
        row.key: row
        for row in QuotationBinding.objects.filter(
            check_run__page_id=page_id, key__in=keys, verdict__in=(*BORNE_OUT, Verdict.STALE),
            transcript_version__isnull=False,
        ).select_related("transcript_version").defer("transcript_version__segments").order_by("pk")
    }  # fmt: skip
    result = []
    for quotation in found:
        if quotation.blocks and (override := overrides.get(quotation.key)):
            quotation = replace(
                quotation, verdict=Verdict.OVERRIDDEN, was=str(quotation.verdict), override_reason=override.reason,
                overridden_by=str(override.by or gettext("an editor")),
            )  # fmt: skip
        elif quotation.verdict is Verdict.UNREVIEWED:
            pass
        elif quotation.blocks and (binding := earlier.get(quotation.key)):
            version = binding.transcript_version
            newest = current.get(version.transcript_id) if version else None
            if version and newest and newest.number > version.number:
                quotation = replace(
                    quotation, verdict=Verdict.STALE, was=str(quotation.verdict),
                    hint=gettext("Version %(old)s of the transcript bore it out; version %(new)s does not.")
                    % {"old": version.number, "new": newest.number},
                )  # fmt: skip
        result.append(quotation)
    return result


def _confirmed(page_id: int, found: Sequence[Checked]) -> list[Checked]:
    keys = {quotation.key for quotation in found if quotation.audible}
    if not keys:
        return list(found)
    heard = {
        (row.key, *row.span): row
        for row in QuotationConfirmation.objects.in_force()
        .filter(page_id=page_id, key__in=keys)
        .select_related("by")[::-1]
    }
    return [
        replace(quotation, confirmed_at=row.at, confirmed_by=str(row.by or gettext("somebody who has left")))
        if (row := heard.get((quotation.key, *quotation.span))) and quotation.audible
        else quotation
        for quotation in found
    ]
