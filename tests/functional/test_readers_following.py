"""A passage that a reader marked is followed through the revisions made since: to its words, or said to be gone."""

from uuid import uuid4

import pytest
from django.utils import timezone

from onrecord.readers.following import report_place
from onrecord.readers.models import CorrectionCase, CorrectionReport
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db

FIRST = "The bus left on Monday, not before. Nobody at the school was told of it."
SECOND = "The next bus left on Friday, and everybody at the mill was told."


@pytest.fixture
def story() -> StoryPage:
    return factories.story(FIRST, SECOND, title="Nobody told us", publish=True)


def report(story: StoryPage, words: str, block: int = 0) -> CorrectionReport:
    text = (FIRST, SECOND)[block]
    start = text.index(words)
    case = CorrectionCase.objects.create(story=story, created_at=timezone.now())
    return CorrectionReport.objects.create(
        case=case, story=story, block_id=story.body[block].id, exact=words, prefix=text[:start][-32:],
        suffix=text[start + len(words) :][:32], start=start, end=start + len(words), suggestion="Is it so?",
        revision_read=story.live_revision_id, created_at=timezone.now(),
    )  # fmt: skip


def edit(story: StoryPage, *texts: str, ids: tuple[str, ...] = ()) -> StoryPage:
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    ids = ids or tuple(block.id for block in draft.body)
    for number, (text, at) in enumerate(zip(texts, ids, strict=True)):
        draft.body[number] = ("paragraph", f"<p>{text}</p>", at)
    draft.save_revision()
    return StoryPage.objects.get(pk=story.pk)


def words_now(story: StoryPage, row: CorrectionReport) -> str | None:
    found = report_place(row, story.get_latest_revision_as_object(), story.latest_revision_id)
    return found and f"{found.before[-8:]}[{found.words}]"


def test_words_are_followed_through_several_revisions(story: StoryPage) -> None:
    row = report(story, "Monday")
    edit(story, f"It rained. {FIRST}", SECOND)
    now = edit(story, f"It rained. {FIRST}".replace("Monday", "Mondey"), SECOND)
    assert words_now(now, row) == "left on [Mondey]"


def test_the_same_word_elsewhere_is_not_taken_for_one_that_was_replaced(story: StoryPage) -> None:
    row = report(story, "bus")
    now = edit(story, FIRST.replace("bus", "night train"), SECOND)
    assert words_now(now, row) is None


def test_a_paragraph_that_was_cut_and_pasted_is_the_same(story: StoryPage) -> None:
    row = report(story, "told")
    ids = (story.body[1].id, str(uuid4()))
    now = edit(story, SECOND, FIRST, ids=ids)
    assert words_now(now, row) == "ool was [told]"


def test_words_are_back_when_the_paragraph_reads_as_it_did(story: StoryPage) -> None:
    row = report(story, "Monday")
    gone = edit(story, "Nothing is known of the buses.", SECOND)
    assert words_now(gone, row) is None
    back = edit(story, FIRST, SECOND)
    assert words_now(back, row) == "left on [Monday]"


def test_where_it_is_not_known_what_was_read_the_words_are_looked_for(story: StoryPage) -> None:
    row = report(story, "Monday")
    CorrectionReport.objects.filter(pk=row.pk).update(revision_read=None)
    row.refresh_from_db()
    now = edit(story, f"It rained. {FIRST}", SECOND)
    assert words_now(now, row) == "left on [Monday]"
