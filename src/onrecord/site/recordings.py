"""Where the stories quote a recording, for the recording's own page."""

from dataclasses import dataclass

from django.db.models import F

from onrecord.archive.models import Recording
from onrecord.core.reads import covered, note
from onrecord.stories.bindings import QuotationBinding
from onrecord.text.verdicts import Verdict


@dataclass(frozen=True)
class Quoted:
    """A quotation in a published story, and its moment."""

    number: int
    text: str
    speaker: str
    start_ms: int
    end_ms: int
    recording_id: str
    recording_title: str
    play_url: str
    transcript_url: str
    story_title: str
    story_url: str


def quoted_moments(recording: Recording) -> list[Quoted]:
    """Quotations of cleared stories from the recording: newest story first, then as they are said."""
    rows = (
        QuotationBinding.objects.filter(
            recording=recording,
            start_ms__isnull=False,
            end_ms__isnull=False,
            check_run__page__live=True,
            check_run__revision=F("check_run__page__live_revision"),
        )
        .exclude(verdict=Verdict.FRAGMENT)
        .select_related("check_run__page")
        .order_by("-check_run__page__first_published_at", "check_run__page_id", "start_ms", "number")
    )
    audio, address = recording.audio_url, recording.get_absolute_url()
    with covered(f"moments:{recording.pk}"):
        found = list(rows)
    note(*(f"card:{row.check_run.page_id}" for row in found))
    return [
        Quoted(
            number=row.number,
            text=row.text,
            speaker=row.speaker,
            start_ms=row.start_ms or 0,
            end_ms=row.end_ms or 0,
            recording_id=str(recording.pk),
            recording_title=recording.title,
            play_url=f"{audio}#t={(row.start_ms or 0) / 1000:.3f},{(row.end_ms or 0) / 1000:.3f}" if audio else "",
            transcript_url=f"{address}#s-{row.first_segment}",
            story_title=row.check_run.page.title,
            story_url=row.check_run.page.url or "",
        )
        for row in found
    ]
