"""Where there are many stories, the page of all of them shows the newest, and each year has a page of its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from onrecord.publishing.bake import bake_all
from onrecord.publishing.tasks import page_changed
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def baked(path: str) -> str:
    file = Path(settings.BAKED_DIR) / path.strip("/") / "index.html"
    return file.read_text() if file.exists() else ""


def story(title: str, *moment: int) -> StoryPage:
    page = factories.story("Nothing was said.", title=title, publish=True)
    StoryPage.objects.filter(pk=page.pk).update(first_published_at=datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type]
    return StoryPage.objects.get(pk=page.pk)


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch) -> list[StoryPage]:
    monkeypatch.setattr("onrecord.stories.reading.INDEX_STORIES", 2)
    return [
        story("The first ferry", 2023, 12, 31, 12), story("The second ferry", 2024, 1, 1, 12),
        story("The third ferry", 2024, 1, 9), story("The fourth ferry", 2024, 5, 2),
    ]  # fmt: skip


def test_years_have_pages_by_month(stories: list[StoryPage]) -> None:
    bake_all()
    index = baked("/stories/")
    assert "The fourth ferry" in index
    assert "The third ferry" in index
    assert "The second ferry" not in index
    assert 'href="/stories/archive/2023/"' in index
    year = baked("/stories/archive/2024/")
    order = ["May 2024", "The fourth ferry", "January 2024", "The third ferry", "The second ferry"]
    places = [year.index(f">{words}<") for words in order]
    assert places == sorted(places)
    assert "The first ferry" not in year
    assert 'href="/stories/archive/2024/" aria-current="page"' in year
    assert "The first ferry" in baked("/stories/archive/2023/")


def test_they_follow_what_is_published(stories: list[StoryPage]) -> None:
    bake_all()
    stories[1].unpublish()
    assert "The second ferry" not in baked("/stories/archive/2024/")
    stories[0].unpublish()
    assert baked("/stories/archive/2023/") == ""
    again = story("A ferry of this year", 2026, 2, 1)
    page_changed(StoryPage, again)
    assert "A ferry of this year" in baked("/stories/archive/2026/")


def test_few_stories_have_no_archive(client: Client) -> None:
    page = story("The only ferry", 2024, 1, 1)
    bake_all()
    assert "archive" not in baked("/stories/")
    assert baked("/stories/archive/2024/") == ""
    assert client.get("/stories/archive/2024/").status_code == 404
    assert client.get("/stories/archive/99999/").status_code == 404
    assert page.title in baked("/stories/")
