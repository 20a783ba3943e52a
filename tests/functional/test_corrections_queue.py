"""Corrections in the desk: listed, and judged in context."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onrecord.core.models import User
from onrecord.readers.models import CorrectionCase
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import QUEUE, TEXT, accept, case_url, correction, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> StoryPage:
    return factories.story(TEXT, title="Nobody told us", publish=True)


@pytest.fixture
def editor(client: Client, story: StoryPage) -> User:
    user = factories.person("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def moderator(story: StoryPage) -> User:
    return factories.person("Moderator")


def test_open_suggestions_come_first_and_are_counted(client: Client, editor: User, story: StoryPage) -> None:
    closed = correction(story, suggestion="Closed one", status="declined")
    waiting = correction(story, suggestion="Waiting one")
    CorrectionCase.objects.filter(pk=waiting.pk).update(created_at=closed.created_at.replace(year=2020))
    page = shown(client.get(QUEUE))
    assert page.index("Waiting one") < page.index("Closed one")
    assert "Corrections (1)" in page
    assert story.url in page
    assert "Closed one" not in shown(client.get(QUEUE, {"status": "open"}))
    assert "Waiting one" not in shown(client.get(QUEUE, {"q": "closed"}))
    assert "Waiting one" in shown(client.get(f"{QUEUE}results/"))


def test_an_empty_queue(client: Client, editor: User) -> None:
    page = shown(client.get(QUEUE))
    assert "Corrections (" not in page


def test_the_queue_costs_the_same_for_many(
    client: Client, editor: User, story: StoryPage, django_assert_num_queries: Callable[[int], Any]
) -> None:
    correction(story)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE)
    few = len(queries)
    for number in range(10):
        correction(factories.story("Another one.", title=f"Story {number}", publish=True))
    client.get(QUEUE)
    with django_assert_num_queries(few):
        client.get(QUEUE)
    assert few <= 20


@pytest.mark.parametrize(("role", "queue", "case"), [("Reporter", 302, 302), ("Moderator", 200, 200)])
def test_roles(client: Client, story: StoryPage, role: str, queue: int, case: int) -> None:
    row = correction(story)
    client.force_login(factories.person(role))
    assert client.get(QUEUE).status_code == queue
    assert client.get(case_url(row)).status_code == case
    assert accept(client, row).status_code == 302 if role == "Reporter" else 403
    row.refresh_from_db()
    assert row.status == "open"
    home = shown(client.get("/desk/"))
    assert (QUEUE in home) == (queue == 200)


def test_a_moderator_sees_no_e_mail_and_no_form(client: Client, moderator: User, story: StoryPage) -> None:
    client.force_login(moderator)
    page = shown(client.get(case_url(correction(story))))
    assert "It was Tuesday." in page
    assert "reader@example.org" not in page
    assert 'value="accept"' not in page


def test_a_stranger_is_asked_to_log_in(client: Client, story: StoryPage) -> None:
    assert client.get(QUEUE).status_code == 302
    assert client.get(case_url(correction(story))).status_code == 302


def test_the_passage_is_shown_in_context(client: Client, editor: User, story: StoryPage) -> None:
    page = shown(client.get(case_url(correction(story))))
    assert "The bus left on <mark>Monday</mark>, not before." in page
    assert "As the reader had it, and as published" in page
    assert "reader@example.org" in page
    assert story.url in page
    assert f"/desk/pages/{story.pk}/edit/#block-{story.body[0].id}-section" in page


def test_the_passage_is_found_in_the_version_read_and_in_the_current_one(
    client: Client, editor: User, story: StoryPage
) -> None:
    row = correction(story)
    draft = story.get_latest_revision_as_object()
    draft.body[0] = (
        "paragraph",
        "<p>Yesterday it rained. The bus left on Monday, not before.</p>",
        story.body[0].id,
    )
    draft.save_revision().publish()
    page = shown(client.get(case_url(row)))
    assert "As the reader had it" in page
    assert "As published now" in page
    assert page.count("left on <mark>Monday</mark>, not before") == 2


def test_a_passage_that_is_gone_is_said_to_be_gone(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story)
    draft = story.get_latest_revision_as_object()
    draft.body[0] = ("paragraph", "<p>Something else altogether happened here.</p>", str(uuid4()))
    draft.save_revision()
    page = shown(client.get(case_url(row)))
    assert page.count("<mark>Monday</mark>") == 1
    assert "In the newest draft" in page
    assert "These words are gone" in page


def test_a_suggestion_without_a_passage(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story, exact="", prefix="", suffix="", start=None, end=None, block_id="", revision_read=None)
    assert "The reader marked no passage." in shown(client.get(case_url(row)))


def test_scripts_in_every_field_stay_text(client: Client, editor: User, story: StoryPage) -> None:
    script = "<script>alert(1)</script>"
    row = correction(story, suggestion=script, exact=script, prefix=script, suffix=script, email="")
    for url in (QUEUE, case_url(row)):
        page = shown(client.get(url))
        assert "alert(1)" in page
        assert script not in page


def test_a_quotation_shows_its_evidence(client: Client, editor: User) -> None:
    recording = factories.recording()
    factories.transcript(recording)
    story = factories.story(
        "“The water came over the bridge at six and nobody told us,” a woman said.",
        title="Told by nobody", recordings=[recording], publish=True,
    )  # fmt: skip
    row = correction(story, exact="at six", prefix="over the bridge ", suffix=" and nobody", start=None, end=None)
    page = shown(client.get(case_url(row)))
    assert "verbatim" in page
    assert "Play the moment" in page
    assert "#t=0.000," in page
    beside = correction(story, exact="a woman said", prefix="us,” ", suffix=".", start=None, end=None)
    assert "Play the moment" not in shown(client.get(case_url(beside)))
