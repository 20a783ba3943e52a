"""The public log of corrections."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onrecord.core.models import User
from onrecord.readers.models import CorrectionNote
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import TEXT, accept, case_url, correction, shown

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


def note(story: StoryPage, **fields: Any) -> CorrectionNote:
    now = timezone.now()
    values = {"old_words": "old", "new_words": "new", "reason": "why", "created_at": now, "published_at": now}
    return CorrectionNote.objects.create(story=story, **{**values, **fields})


def test_the_log_shows_no_note_of_a_story_that_is_not_public(client: Client, story: StoryPage) -> None:
    note(story, reason="Shown reason")
    note(factories.story("Draft.", title="Hidden draft"), reason="Hidden reason")
    page = shown(client.get(reverse("corrections-log")))
    assert "Shown reason" in page
    assert "Hidden" not in page


def test_the_log_costs_the_same_for_many(
    client: Client, story: StoryPage, django_assert_num_queries: Callable[[int], Any]
) -> None:
    note(story)
    client.get("/corrections/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/corrections/")
    few = len(queries)
    for number in range(8):
        note(factories.story("Another one.", title=f"Story {number}", publish=True))
    client.get("/corrections/")
    with django_assert_num_queries(few):
        client.get("/corrections/")
    assert few <= 10


def test_the_log_escapes_what_it_shows(client: Client, story: StoryPage) -> None:
    note(story, old_words="<script>alert(1)</script>", new_words="<b>x</b>", reason="<i>y</i>")
    page = shown(client.get("/corrections/"))
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_the_old_words_proposed_are_the_published_ones(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story, exact="The bus left on Monday", prefix="", suffix=", not", start=0, end=22)
    row.reports.update(suggestion="The bus left on Tuesday")
    accept(client, correction(story))
    page = shown(client.get(case_url(row)))
    assert ">\nThe bus left on Monday</textarea>" in page
    assert ">\nThe bus left on Tuesday</textarea>" in page
