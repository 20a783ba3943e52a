"""Suggested corrections for those who judge them, and the public notes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.readers.following import report_place
from onrecord.readers.models import CorrectionNote, CorrectionReport
from onrecord.readers.passages import Found
from onrecord.readers.reading.ordering import first
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.checked import Checked
from onrecord.stories.gate import bound_quotations
from onrecord.stories.models import StoryPage
from onrecord.stories.reading import QuotationView, quotations_view


@dataclass(frozen=True)
class Reading:
    """A passage in one state of a story: where it is, or `found` None when it is gone."""

    label: str
    found: Found | None


@dataclass(frozen=True)
class CorrectionCase:
    """A suggestion with all that an editor needs to judge it."""

    report: CorrectionReport
    readings: tuple[Reading, ...]
    quotations: tuple[QuotationView, ...]
    published: Found | None

    @property
    def current(self) -> Found | None:
        """Where the words are in the newest state of the story."""
        return self.readings[-1].found if self.readings else None


def notes_log() -> list[dict[str, Any]]:
    """All public notes on stories that readers may see, newest first."""
    notes = CorrectionNote.objects.filter(
        published_at__isnull=False, story__in=StoryPage.objects.cleared()
    ).select_related("story")
    return [
        {
            "story_title": note.story.title,
            "story_url": note.story.url,
            "old_words": note.old_words,
            "new_words": note.new_words,
            "reason": note.reason,
            "published_at": note.published_at,
            "anchor": note.anchor,
        }
        for note in notes
    ]


def correction_reports_visible_to(user: User) -> QuerySet[CorrectionReport]:
    """Suggestions that this person may read, open ones first, then the newest."""
    rows = CorrectionReport.objects.select_related("story", "handled_by")
    if not (user.has_perm("readers.view_correctionreport") or user.has_perm("readers.change_correctionreport")):
        return rows.none()
    return rows.order_by(first(Q(status=CorrectionReport.Status.OPEN)), "-created_at", "-pk")


def corrections_open_count() -> int:
    """How many suggestions wait."""
    return CorrectionReport.objects.filter(status=CorrectionReport.Status.OPEN).count()


def correction_case(report: CorrectionReport) -> CorrectionCase:
    """The passage as the reader had it, as it is published and as it is in the draft; and what it quotes."""
    story = report.story
    states: list[tuple[str, StoryPage, int | None]] = []
    if report.revision_read not in (None, story.live_revision_id):
        for revision in Revision.objects.filter(pk=report.revision_read):
            states.append((_("As the reader had it"), revision.as_object(), revision.pk))
    if story.live:
        by_reader = report.origin == CorrectionReport.Origin.READER and report.revision_read
        label = _("As the reader had it, and as published") if by_reader and not states else _("As published now")
        states.append((label, story, story.live_revision_id))
    if not story.live or story.latest_revision_id != story.live_revision_id:
        states.append((_("In the newest draft"), story.get_latest_revision_as_object(), None))
    readings: list[Reading] = []
    quotations: tuple[Checked, ...] = ()
    published = None
    for label, state, revision_id in states:
        found = report_place(report, state, revision_id or story.latest_revision_id)
        readings.append(Reading(label, found))
        if revision_id == story.live_revision_id:
            published = found
        if found and revision_id:
            quotations = _quoted(story, revision_id, found) or quotations
    return CorrectionCase(report, tuple(readings), tuple(quotations_view(story, quotations)), published)


def _quoted(story: StoryPage, revision_id: int, found: Found) -> tuple[Checked, ...]:
    check = StoryCheck.objects.filter(page=story, revision_id=revision_id).first()
    return tuple(
        quotation
        for quotation in (bound_quotations(check) if check else ())
        if quotation.passage == found.passage.id
        and quotation.offset < found.end
        and found.start < quotation.offset + quotation.length
    )


def corrections_context(story: StoryPage) -> dict[str, Any]:
    """The notes that a story shows, and where it sends new suggestions."""
    return {
        "correction_notes": list(CorrectionNote.objects.filter(story_id=story.pk, published_at__isnull=False)),
        "revision_id": story.live_revision_id,
        "suggest_url": reverse("correction-suggest"),
    }
