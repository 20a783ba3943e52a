"""What of readers' messages is shown, and to whom: on the pages, in the public log, in the desk."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from wagtail.models import Page, Revision

from onrecord.core.models import User
from onrecord.readers.cleaning import comment_html
from onrecord.readers.following import report_place
from onrecord.readers.models import Comment, CorrectionNote, CorrectionReport
from onrecord.readers.passages import Found
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


def story_readable(pk: str | int | None) -> StoryPage | None:
    """The story, if readers may see it; None alike for a draft and for a number that is no story."""
    text = str(pk or "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return StoryPage.objects.cleared().filter(pk=int(text)).first()


def page_context(page: Page, request: HttpRequest) -> dict[str, Any]:
    """What a story's page shows of readers' messages, and where it sends new ones."""
    if not isinstance(page, StoryPage):
        return {}
    return {
        "correction_notes": list(CorrectionNote.objects.filter(story_id=page.pk, published_at__isnull=False)),
        "comments": [
            {
                "id": row.pk,
                "name": row.name,
                "html": mark_safe(comment_html(row.text)),
                "created_at": row.created_at,
            }
            for row in Comment.objects.filter(story_id=page.pk, status=Comment.Status.APPROVED)
        ],
        "revision_id": page.live_revision_id,
        "suggest_url": reverse("correction-suggest"),
        "comments_url": reverse("comment-add"),
        "challenge_url": reverse("challenge"),
    }


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
    return rows.order_by(_first(Q(status=CorrectionReport.Status.OPEN)), "-created_at", "-pk")


def comments_visible_to(user: User) -> QuerySet[Comment]:
    """Comments that this person may read, held ones first, then the newest."""
    rows = Comment.objects.select_related("story", "handled_by")
    if not (user.has_perm("readers.view_comment") or user.has_perm("readers.change_comment")):
        return rows.none()
    return rows.order_by(_first(Q(status=Comment.Status.HELD)), "-created_at", "-pk")


def corrections_open_count() -> int:
    """How many suggestions wait."""
    return CorrectionReport.objects.filter(status=CorrectionReport.Status.OPEN).count()


def comments_held_count() -> int:
    """How many comments wait."""
    return Comment.objects.filter(status=Comment.Status.HELD).count()


def correction_case(report: CorrectionReport) -> CorrectionCase:
    """The passage as the reader had it, as it is published and as it is in the draft; and what it quotes."""
    story = report.story
    states: list[tuple[str, StoryPage, int | None]] = []
    if report.revision_read not in (None, story.live_revision_id):
        for revision in Revision.objects.filter(pk=report.revision_read):
            states.append(("As the reader had it", revision.as_object(), revision.pk))
    if story.live:
        by_reader = report.origin == CorrectionReport.Origin.READER and report.revision_read
        label = "As the reader had it, and as published" if by_reader and not states else "As published now"
        states.append((label, story, story.live_revision_id))
    if not story.live or story.latest_revision_id != story.live_revision_id:
        states.append(("In the newest draft", story.get_latest_revision_as_object(), None))
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


def _first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())
