"""Corrections for those who judge them, and the public notes."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.readers.drafts import word_edits
from onrecord.readers.following import report_place
from onrecord.readers.models import CorrectionCase, CorrectionReport, ReaderMail
from onrecord.readers.passages import Found
from onrecord.readers.reading.ordering import first
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.checked import Checked
from onrecord.stories.gate import bound_quotations
from onrecord.stories.models import StoryPage
from onrecord.stories.reading import QuotationView, quotations_view

SEE, HANDLE = "readers.view_correctionreport", "readers.change_correctionreport"


@dataclass(frozen=True)
class Reading:
    """A passage in one state of a story: where it is, or `found` None when it is gone."""

    label: str
    found: Found | None


@dataclass(frozen=True)
class CaseView:
    """A case with what an editor needs to judge it. `changes` since it was read: kept, del or ins, and the words."""

    case: CorrectionCase
    report: CorrectionReport | None
    readings: tuple[Reading, ...]
    quotations: tuple[QuotationView, ...]
    published: Found | None
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def current(self) -> Found | None:
        """Where the words are in the newest state of the story."""
        return self.readings[-1].found if self.readings else None


def correction_cases_visible_to(user: User) -> QuerySet[CorrectionCase]:
    """Cases that this person may read, open ones first, then those of most readers; with `messages`, `mail_failed`."""
    rows = CorrectionCase.objects.select_related("story", "handled_by", "assignee")
    if not (user.has_perm(SEE) or user.has_perm(HANDLE)):
        return rows.none()
    failed = ReaderMail.objects.filter(report__case=OuterRef("pk"), state=ReaderMail.State.FAILED)
    return (
        rows.annotate(
            messages=Count("reports", filter=Q(reports__withdrawn_at=None)),
            mail_failed=Exists(failed),
        )
        .prefetch_related(Prefetch("reports", queryset=CorrectionReport.objects.order_by("created_at", "pk")))
        .order_by(first(Q(status=CorrectionCase.Status.OPEN)), "-messages", "created_at", "pk")
    )


def corrections_open_count() -> int:
    """How many cases wait."""
    return CorrectionCase.objects.filter(status=CorrectionCase.Status.OPEN).count()


def correction_editors() -> QuerySet[User]:
    """Those who may be given a case."""
    codename = HANDLE.partition(".")[2]
    allowed = Permission.objects.filter(codename=codename, content_type__app_label="readers")
    may = Q(is_superuser=True) | Q(groups__permissions__in=allowed) | Q(user_permissions__in=allowed)
    return User.objects.filter(may, is_active=True).distinct().order_by("first_name", "last_name", "username")


def cases_beside(case: CorrectionCase) -> list[CorrectionCase]:
    """Other open cases that readers sent about the same story: it could be put together with one of them."""
    if case.story_id is None or case.origin != CorrectionCase.Origin.READER:
        return []
    rows = CorrectionCase.objects.filter(story_id=case.story_id, origin=case.origin, status=CorrectionCase.Status.OPEN)
    return list(rows.exclude(pk=case.pk).prefetch_related("reports").order_by("created_at")[:20])


def case_view(case: CorrectionCase) -> CaseView:
    """The passage as the reader had it, as it is published and as it is in the draft; and what it quotes."""
    reports = [row for row in case.reports.all() if not row.withdrawn_at] or list(case.reports.all())
    report = next((row for row in reports if row.exact), reports[0] if reports else None)
    story = case.story
    if report is None or story is None or not report.exact:
        return CaseView(case, report, (), (), None)
    readings: list[Reading] = []
    quotations: tuple[Checked, ...] = ()
    published = None
    for label, state, revision_id in _states(case, report, story):
        found = report_place(report, state, revision_id or story.latest_revision_id)
        readings.append(Reading(label, found))
        if revision_id == story.live_revision_id:
            published = found
        if found and revision_id:
            quotations = _quoted(story, revision_id, found) or quotations
    view = tuple(quotations_view(story, quotations))
    return CaseView(case, report, tuple(readings), view, published, _changes(readings))


def _states(
    case: CorrectionCase, report: CorrectionReport, story: StoryPage
) -> list[tuple[str, StoryPage, int | None]]:
    states: list[tuple[str, StoryPage, int | None]] = []
    if report.revision_read not in (None, story.live_revision_id):
        for revision in Revision.objects.filter(pk=report.revision_read):
            states.append((_("As the reader had it"), revision.as_object(), revision.pk))
    if story.live:
        by_reader = case.origin == CorrectionCase.Origin.READER and report.revision_read
        both = by_reader and not states
        label = _("As the reader had it, and as published") if both else _("As published now")
        states.append((label, story, story.live_revision_id))
    if not story.live or story.latest_revision_id != story.live_revision_id:
        states.append((_("In the newest draft"), story.get_latest_revision_as_object(), None))
    return states


def _changes(readings: list[Reading]) -> tuple[tuple[str, str], ...]:
    """What was done to the passage's text between the first reading and the last, as kept, del and ins."""
    ends = [reading.found for reading in readings]
    if len(ends) < 2 or ends[0] is None or ends[-1] is None or ends[0].passage.text == ends[-1].passage.text:
        return ()
    old, pieces, done = ends[0].passage.text, [], 0
    for edit in word_edits(old, ends[-1].passage.text):
        pieces += [("kept", old[done : edit.start]), ("del", old[edit.start : edit.end]), ("ins", edit.new)]
        done = edit.end
    return tuple((kind, words) for kind, words in [*pieces, ("kept", old[done:])] if words)


def _quoted(story: StoryPage, revision_id: int, found: Found) -> tuple[Checked, ...]:
    check = StoryCheck.objects.filter(page=story, revision_id=revision_id).first()
    return tuple(
        quotation
        for quotation in (bound_quotations(check) if check else ())
        if quotation.passage == found.passage.id
        and quotation.offset < found.end
        and found.start < quotation.offset + quotation.length
    )
