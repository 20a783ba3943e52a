"""Corrections that the newsroom proposes to itself, because the record under a published quotation changed."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from onrecord.readers.models import MAX_CONTEXT, CorrectionCase, CorrectionReport, Kind
from onrecord.stories.checked import Checked
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages
from onrecord.stories.services import Recheck, StaleQuotation
from onrecord.transcripts.models import TranscriptVersion

PROPOSALS = CorrectionCase.objects.filter(origin=CorrectionCase.Origin.RECORD)


def corrections_follow(recheck: Recheck) -> None:
    """Propose a correction for each published quotation that went stale; close those whose words are borne out again.

    One open proposal a quotation: a later version brings it up to date. What an editor decided about a version is not
    asked again. Call inside the transaction that marks the quotations.
    """
    for stale in recheck.stale:
        _propose(recheck.story, recheck.version, stale)
    settled = PROPOSALS.all().filter(
        story=recheck.story, quotation_key__in=recheck.restored, status=CorrectionCase.Status.OPEN
    )
    for row in settled.select_for_update():
        row.status, row.handled_at = CorrectionCase.Status.SETTLED, timezone.now()
        row.save(update_fields=["status", "handled_at"])
        log(row, "readers.correction.settle", data={"story": row.story_id, "version": recheck.version.pk})


def _propose(story: StoryPage, version: TranscriptVersion, stale: StaleQuotation) -> None:
    rows = PROPOSALS.all().filter(story=story, quotation_key=stale.quotation.key)
    decided = rows.filter(record_version=version).exclude(status=CorrectionCase.Status.OPEN)
    if decided.exclude(status=CorrectionCase.Status.SETTLED).exists():
        return
    now = timezone.now()
    case, created = CorrectionCase.objects.update_or_create(
        story=story,
        quotation_key=stale.quotation.key,
        origin=CorrectionCase.Origin.RECORD,
        status=CorrectionCase.Status.OPEN,
        defaults={"record_version": version, "proposed": stale.proposed},
        create_defaults={
            "record_version": version, "proposed": stale.proposed, "kind": Kind.QUOTATION, "created_at": now,
        },
    )  # fmt: skip
    words = _words(version, stale)
    if not created:
        case.reports.update(suggestion=words)
        return
    CorrectionReport.objects.create(
        case=case, story=story, suggestion=words, created_at=now, revision_read=story.live_revision_id,
        **_passage(story, stale.quotation),
    )  # fmt: skip
    log(case, "readers.correction.propose", data={"story": story.pk, "version": version.pk})


def _words(version: TranscriptVersion, stale: StaleQuotation) -> str:
    transcript = version.transcript
    words = _("The transcript of “%(recording)s” has changed (%(language)s, version %(number)s).") % {
        "recording": transcript.recording.title, "language": transcript.language, "number": version.number,
    }  # fmt: skip
    if not stale.proposed:
        return f"{words} {_('These words are not in it any more.')}"
    return f"{words} {_('It bears out: “%(words)s”') % {'words': stale.proposed}}"


def _passage(story: StoryPage, quotation: Checked) -> dict[str, Any]:
    """Where the quotation stands, as a reader would have selected it."""
    text = next((p.text for p in story_passages(story) if p.id == quotation.passage), "")
    start, end = quotation.parts[0][0], min(len(text), sum(quotation.parts[-1]))
    return {
        "block_id": quotation.passage,
        "exact": text[start:end],
        "prefix": text[max(0, start - MAX_CONTEXT) : start],
        "suffix": text[end : end + MAX_CONTEXT],
        "start": start,
        "end": end,
    }
