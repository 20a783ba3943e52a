"""Several readers on one passage are one case: gathered by itself, put together and parted by hand, sorted, noted."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onrecord.core.models import User
from onrecord.readers.models import CaseNote, CorrectionCase, CorrectionReport
from onrecord.readers.passages import Selected
from onrecord.readers.senders import Sender
from onrecord.readers.services import (
    case_merge,
    case_note_add,
    case_sort,
    cases,
    cases_gather,
    correction_report_add,
    report_split,
)
from onrecord.readers.services.gathering import same_passage
from onrecord.readers.services.intake import Envelope
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import QUEUE, act, case_url, correction, letter, report, shown

pytestmark = pytest.mark.django_db

FIRST = "The bus left on Monday, not before. Nobody at the school was told of it."


@pytest.fixture
def story() -> StoryPage:
    return factories.story(FIRST, "The next bus left on Friday.", title="Nobody told us", publish=True)


@pytest.fixture
def editor(client: Client, story: StoryPage) -> User:
    user = factories.person("Editor")
    client.force_login(user)
    return user


def sent(story: StoryPage, words: str, says: str = "Is it so?", **fields: Any) -> CorrectionReport:
    """What a reader of the published story sends who marked these words."""
    start = FIRST.index(words)
    now = timezone.now()
    values = {
        "block_id": story.body[0].id, "exact": words, "prefix": FIRST[:start][-32:],
        "suffix": FIRST[start + len(words) :][:32], "start": start, "end": start + len(words),
    }  # fmt: skip
    kind = fields.pop("kind", "")
    revision = fields.pop("revision_read", story.live_revision_id)
    return correction_report_add(
        story=story, selected=Selected(**{**values, **fields}), suggestion=says, kind=kind, revision_read=revision,
        envelope=Envelope(Sender.of("192.0.2.7", now), now),
    )  # fmt: skip


def rewritten(story: StoryPage, text: str) -> StoryPage:
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.body[0] = ("paragraph", f"<p>{text}</p>", story.body[0].id)
    draft.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


# --- gathered by itself -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param((0, 6), (0, 6), True, id="the same words"),
        pytest.param((0, 40), (10, 16), True, id="a word in a sentence"),
        pytest.param((0, 10), (5, 20), True, id="half of the shorter"),
        pytest.param((0, 10), (8, 30), False, id="only the edges touch"),
        pytest.param((0, 10), (10, 20), False, id="side by side"),
    ],
)
def test_spans_that_mean_the_same_words(first: tuple[int, int], second: tuple[int, int], same: bool) -> None:
    assert same_passage(first, second) is same
    assert same_passage(second, first) is same


def test_readers_of_one_version_who_mark_the_same_words_are_one_case(story: StoryPage) -> None:
    first = sent(story, "left on Monday", kind="fact")
    assert sent(story, "Monday").case_id == first.case_id
    assert sent(story, "school").case_id != first.case_id
    assert CorrectionCase.objects.count() == 2
    assert first.case.kind == "fact"


def test_offsets_that_do_not_fit_the_words_join_nobody(story: StoryPage) -> None:
    first = sent(story, "Monday")
    assert sent(story, "school", start=16, end=22).case_id != first.case_id


def test_a_closed_case_takes_no_more(story: StoryPage) -> None:
    first = sent(story, "Monday")
    CorrectionCase.objects.update(status="declined")
    assert sent(story, "Monday").case_id != first.case_id


def test_readers_of_different_versions_are_gathered_by_the_worker(story: StoryPage) -> None:
    first = sent(story, "Monday")
    now = rewritten(story, f"Yesterday it rained. {FIRST}")
    later = sent(now, "on Monday", start=33, end=42, prefix="The bus left ")
    apart = sent(now, "school", start=78, end=84, prefix="Nobody at the ")
    assert CorrectionCase.objects.count() == 3
    assert cases_gather() == 1
    later.refresh_from_db()
    apart.refresh_from_db()
    assert later.case_id == first.case_id
    assert apart.case_id != first.case_id
    assert cases_gather() == 0
    assert not CorrectionCase.objects.filter(gathered=False).exists()


def test_the_worker_is_asked_once_for_a_burst(story: StoryPage, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as first:
        sent(story, "Monday")
    with django_capture_on_commit_callbacks() as second:
        sent(story, "school")
        sent(story, "told of it")
    assert (len(first), len(second)) == (1, 0)


def test_what_an_editor_has_touched_stays_where_it_is(story: StoryPage, editor: User) -> None:
    sent(story, "Monday")
    now = rewritten(story, f"Yesterday it rained. {FIRST}")
    later = sent(now, "Monday", start=37, end=43)
    case_sort(actor=editor, case=later.case, kind="fact", assignee=None)
    case_note_add(actor=editor, case=later.case, words="I ask the bus company.")
    assert cases_gather() == 0
    assert CorrectionCase.objects.count() == 2


def test_messages_without_a_passage_are_cases_of_their_own(story: StoryPage) -> None:
    nothing = {"exact": "", "block_id": "", "start": None, "end": None}
    assert sent(story, "Monday", **nothing).case_id != sent(story, "Monday", **nothing).case_id
    assert not CorrectionCase.objects.filter(gathered=False).exists()


def test_taking_one_in_costs_few_queries(story: StoryPage) -> None:
    for word in ("Monday", "school", "told"):
        sent(story, word)
    with CaptureQueriesContext(connection) as queries:
        sent(story, "Monday")
    assert len(queries) <= 12, [query["sql"][:90] for query in queries]


# --- in the desk ------------------------------------------------------------------------------------------


def test_the_queue_lists_cases_and_how_many_wrote(client: Client, story: StoryPage, editor: User) -> None:
    case = sent(story, "Monday", "It was Tuesday.").case
    sent(story, "Monday", "No, Sunday.")
    sent(story, "school", "Which one?")
    page = shown(client.get(QUEUE))
    assert "Corrections (2)" in page
    assert page.index("It was Tuesday.") < page.index("Which one?")
    assert "No, Sunday." not in page
    assert "No, Sunday." in shown(client.get(case_url(case)))
    assert "It was Tuesday." in shown(client.get(QUEUE, {"q": "sunday"}))
    for order in ("messages", "-messages", "created_at", "kind", "assignee__username", "status"):
        assert "Which one?" in shown(client.get(QUEUE, {"ordering": order})), order


def test_the_queue_is_filtered(client: Client, story: StoryPage, editor: User) -> None:
    mine = correction(story, suggestion="Mine", kind="fact")
    case_sort(actor=editor, case=mine, kind="fact", assignee=editor)
    correction(story, suggestion="Anybody’s", kind="typo")
    letter("A letter")
    for filters, seen in (
        ({"assignee": str(editor.pk)}, ["Mine"]),
        ({"assignee": "none"}, ["Anybody’s", "A letter"]),
        ({"kind": "typo"}, ["Anybody’s"]),
        ({"origin": "letter"}, ["A letter"]),
        ({"mail_failed": "true"}, []),
    ):
        page = shown(client.get(QUEUE, filters))
        for words in ("Mine", "Anybody’s", "A letter"):
            assert (words in page) is (words in seen), (filters, words)


def test_a_case_is_sorted_and_noted(client: Client, story: StoryPage, editor: User) -> None:
    case = correction(story)
    colleague = factories.person("Editor", login="second-editor")
    assert act(client, case, "sort", kind="translation", assignee=colleague.pk).status_code == 302
    assert act(client, case, "note", words="The <i>translator</i> is asked.").status_code == 302
    case.refresh_from_db()
    assert (case.kind, case.assignee) == ("translation", colleague)
    page = shown(client.get(case_url(case)))
    assert "The &lt;i&gt;translator&lt;/i&gt; is asked." in page
    assert "second-editor" in page
    assert "Note added" in page
    assert CaseNote.objects.get().by == editor


def test_a_case_is_given_to_those_alone_who_may_handle_it(story: StoryPage, editor: User) -> None:
    with pytest.raises(cases.CannotHandle):
        case_sort(actor=editor, case=correction(story), kind="", assignee=factories.person("Reporter"))


def test_two_cases_are_put_together_and_parted_again(client: Client, story: StoryPage, editor: User) -> None:
    first, second = correction(story, suggestion="One"), correction(story, suggestion="Two")
    case_note_add(actor=editor, case=second, words="A note of the second.")
    assert "Two" in shown(client.get(case_url(first)))
    response = act(client, second, "merge", into=first.pk)
    assert response.headers["Location"] == case_url(first)
    assert not CorrectionCase.objects.filter(pk=second.pk).exists()
    page = shown(client.get(case_url(first)))
    assert "What 2 readers say" in page
    assert "A note of the second." in page
    moved = first.reports.get(suggestion="Two")
    response = act(client, first, "split", report=moved.pk)
    moved.refresh_from_db()
    assert moved.case_id != first.pk
    assert response.headers["Location"] == case_url(moved.case)
    assert cases_gather() == 0


def test_what_cannot_be_put_together_or_parted(story: StoryPage, editor: User) -> None:
    one = correction(story)
    other_story = factories.story("Another.", title="Another", publish=True)
    for other in (correction(other_story, exact=""), letter(), correction(story, origin="record"), one):
        with pytest.raises(cases.CannotMerge):
            case_merge(actor=editor, case=one, into=other)
    with pytest.raises(cases.CannotSplit):
        report_split(actor=editor, report=one.reports.get())
    closed = correction(story, status="declined")
    for attempt in (
        lambda: case_merge(actor=editor, case=one, into=closed),
        lambda: report_split(actor=editor, report=closed.reports.get()),
        lambda: case_sort(actor=editor, case=closed, kind="", assignee=None),
    ):
        with pytest.raises(cases.AlreadyHandled):
            attempt()


def test_moderators_may_look_and_do_nothing(client: Client, story: StoryPage) -> None:
    one, two = correction(story), correction(story)
    moderator = factories.person("Moderator")
    for attempt in (
        lambda: case_sort(actor=moderator, case=one, kind="", assignee=None),
        lambda: case_note_add(actor=moderator, case=one, words="x"),
        lambda: case_merge(actor=moderator, case=one, into=two),
        lambda: report_split(actor=moderator, report=one.reports.get()),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    client.force_login(moderator)
    assert 'name="decision"' not in shown(client.get(case_url(one)))


def test_a_button_that_is_not_known_does_nothing(client: Client, story: StoryPage, editor: User) -> None:
    case = correction(story)
    assert act(client, case, "explode").status_code == 400
    assert act(client, case, "merge", into="x").status_code == 404
    assert act(client, case, "split", report="999999999999").status_code == 404
    assert act(client, case, "note", words=" ").status_code == 400


def test_what_changed_since_it_was_read_is_shown(client: Client, story: StoryPage, editor: User) -> None:
    case = sent(story, "Monday").case
    rewritten(story, FIRST.replace("the school", "the mill"))
    page = shown(client.get(case_url(case)))
    assert "<del>school</del><ins>mill</ins>" in page


def test_a_case_with_many_messages_costs_as_much_as_one_with_few(
    client: Client, story: StoryPage, editor: User
) -> None:
    case = correction(story)
    report(story, case)
    client.get(case_url(case))
    with CaptureQueriesContext(connection) as few:
        client.get(case_url(case))
    for number in range(10):
        report(story, case, suggestion=f"Message {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(case_url(case))
    assert len(many) == len(few)
