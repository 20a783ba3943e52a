"""Several readers on one passage become one case."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django_tasks import task
from wagtail.log_actions import log

from onrecord.readers.following import report_place
from onrecord.readers.models import CorrectionCase, CorrectionReport
from onrecord.readers.passages import Found, Selected
from onrecord.stories.models import StoryPage

SHARE = 0.5
MOST_COMPARED = 500
_OPEN = {"status": CorrectionCase.Status.OPEN, "origin": CorrectionCase.Origin.READER}


def same_passage(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two spans mean the same words: at least half of the shorter one lies in the other."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return shared > 0 and shared >= SHARE * min(first[1] - first[0], second[1] - second[0])


def case_take(*, story: StoryPage, revision_read: int | None, selected: Selected, kind: str, at: datetime) -> int:
    """The id of the open case about these words, if it was read in the same revision; else of a new one.

    Cheap, as each reader waits for it. Words read in another revision are compared by the worker. Call it in the
    transaction that stores the report.
    """
    for case_id, other in _read_alike(story, revision_read, selected):
        if _agree(selected, other):
            return case_id
    about_words = bool(selected.exact.strip())
    case = CorrectionCase.objects.create(story=story, kind=kind, created_at=at, gathered=not about_words)
    if about_words and not CorrectionCase.objects.filter(gathered=False).exclude(pk=case.pk).exists():
        transaction.on_commit(gather_cases.enqueue)
    return case.pk


@task()
def gather_cases() -> None:
    """The worker puts new cases to those about the same words."""
    cases_gather()


def cases_gather() -> int:
    """Put each new case into the one that is about the same words by now; gives how many were put in. May run twice."""
    gathered = 0
    while True:
        stories = CorrectionCase.objects.filter(gathered=False).values_list("story_id", flat=True)
        story_id = stories.order_by("created_at").first()
        if story_id is None:
            return gathered
        gathered += _gather(story_id)


def _read_alike(
    story: StoryPage, revision_read: int | None, selected: Selected
) -> Iterator[tuple[int, tuple[str, int, int]]]:
    """Words that were marked in the same passage of the same revision, with the open case that they belong to.

    In the order of an index: where thousands wrote on one passage, the first few of their rows are read.
    """
    if not (revision_read and selected.block_id) or selected.start is None or selected.end is None:
        return
    rows = CorrectionReport.objects.filter(
        story=story, revision_read=revision_read, block_id=selected.block_id, withdrawn_at=None,
        start__lt=selected.end, end__gt=selected.start, case__status=CorrectionCase.Status.OPEN,
        case__origin=CorrectionCase.Origin.READER,
    )  # fmt: skip
    for row in rows.order_by("case_id").values("case_id", "exact", "start", "end")[:20]:
        yield row["case_id"], (row["exact"], row["start"] or 0, row["end"] or 0)


def _agree(selected: Selected, other: tuple[str, int, int]) -> bool:
    """Offsets come from the reader's side: they count where the words that both marked are the same words."""
    if selected.start is None or selected.end is None:
        return False
    exact, first, last = other
    if not same_passage((selected.start, selected.end), (first, last)):
        return False
    start, end = max(selected.start, first), min(selected.end, last)
    mine = selected.exact[start - selected.start : end - selected.start]
    return bool(mine) and mine == exact[start - first : end - first]


@transaction.atomic
def _gather(story_id: int) -> int:
    story = StoryPage.objects.get(pk=story_id)
    rows = CorrectionCase.objects.select_for_update().filter(story_id=story_id, **_OPEN)
    cases = sorted(rows.order_by("-pk")[:MOST_COMPARED], key=lambda case: case.pk)
    places = _places(story, cases)
    homes: list[CorrectionCase] = []
    put_in = 0
    for case in cases:
        place = places.get(case.pk)
        home = next((home for home in homes if place and _same_place(place, places[home.pk])), None)
        if home is not None and _untouched(case):
            case.reports.update(case=home)
            log(home, "readers.case.gather", data={"story": story_id})
            case.delete()
            put_in += 1
        elif place is not None:
            homes.append(case)
    CorrectionCase.objects.filter(story_id=story_id, gathered=False).update(gathered=True)
    return put_in


def _places(story: StoryPage, cases: Sequence[CorrectionCase]) -> dict[int, Found]:
    """Where each case's words stand in what readers have now; those whose words are gone are left out."""
    state = story if story.live else story.get_latest_revision_as_object()
    revision_id = story.live_revision_id if story.live else story.latest_revision_id
    reports: dict[int, Any] = {}
    for report in CorrectionReport.objects.filter(case__in=cases, withdrawn_at=None).exclude(exact=""):
        reports.setdefault(report.case_id, report)
    found = {pk: report_place(report, state, revision_id) for pk, report in reports.items()}
    return {pk: place for pk, place in found.items() if place is not None}


def _same_place(first: Found, second: Found) -> bool:
    same = first.passage.id == second.passage.id
    return same and same_passage((first.start, first.end), (second.start, second.end))


def _untouched(case: CorrectionCase) -> bool:
    """New, and no editor has done anything with it: what people have sorted stays as they sorted it."""
    return not case.gathered and case.assignee_id is None and not case.notes.exists()
