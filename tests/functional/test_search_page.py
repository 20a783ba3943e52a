"""The readers' search page, as a browser without scripts gets it."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from onrecord.archive.models import Recording
from onrecord.search import finding
from onrecord.search.asking import SearchTookTooLong
from onrecord.search.finding import SearchBusy
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_worker_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.search.keeping.on_commit", lambda work: work())


@pytest.fixture
def call() -> Recording:
    row = factories.recording()
    factories.transcript(row)
    factories.transcript(row, factories.CALL_UK_VTT, language="uk")
    return row


@pytest.fixture
def story(call: Recording) -> StoryPage:
    return factories.story("“Nobody told us,” a woman says.", recordings=[call], publish=True)


def page(client: Client, **typed: str) -> BeautifulSoup:
    response = client.get("/search/", typed)
    assert response.status_code == 200
    assert "private" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    return BeautifulSoup(response.content, "html.parser")


def test_a_moment_is_played_from_the_result(client: Client, story: StoryPage, call: Recording) -> None:
    (moment,) = page(client, q="bridges").select(".found-moment")
    play = moment.select_one("a.play")
    assert play is not None
    assert play["href"] == f"{call.audio_url}#t=0.000,4.000"
    assert play["data-recording"] == str(call.pk)
    assert moment.select_one("mark").text == "bridge"  # type: ignore[union-attr]
    assert [row["lang"] for row in moment.select("[lang]")] == ["en", "uk"]
    assert moment.select_one(".meta a")["href"].startswith(f"/recordings/{call.pk}/#s-")  # type: ignore[index,union-attr]


def test_stories_and_recordings_are_groups_of_their_own(client: Client, story: StoryPage) -> None:
    found = page(client, q="told")
    assert [title.text for title in found.select(".search-group h2")] == ["Stories", "Moments in recordings"]
    assert found.select_one('.search-kinds a[href="?q=told&in=moments"]') is not None
    only = page(client, q="told", **{"in": "stories"})
    assert [title.text for title in only.select(".search-group h2")] == ["Stories"]


def test_what_is_typed_stays_and_nothing_of_it_is_markup(client: Client, story: StoryPage) -> None:
    typed = "\"><script>alert(1)</script> bridge's"
    found = page(client, q=typed, speaker=typed, lang=typed, **{"from": typed, "sort": typed, "page": typed})
    assert [script.get("src") for script in found.select("body script")] == []
    assert found.select_one("#q")["value"] == typed  # type: ignore[index]


@pytest.mark.parametrize(
    "typed",
    [
        {"q": "a" * 10_000},
        {"q": '"' * 500},
        {"q": "* " * 500},
        {"q": "bridge\0water"},
        {"q": "bridge", "page": "99999"},
        {"q": "bridge", "page": "-1"},
        {"q": "bridge", "page": "٣"},
        {"q": "bridge", "from": "2024-13-45", "to": "x"},
        {"q": "bridge", "from": "9999-12-31", "to": "9999-12-31"},
        {"q": "bridge", "lang": "'; DROP TABLE x"},
        {"speaker": "%_%"},
        {"speaker": "'" * 5000},
        {"q": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    ],
)
def test_hostile_wishes_are_answered(client: Client, story: StoryPage, typed: dict[str, str]) -> None:
    page(client, **typed)


def test_help_where_nothing_was_found_or_asked(client: Client, story: StoryPage) -> None:
    assert page(client).select_one(".search-help") is not None
    nothing = page(client, q="zeppelin", lang="en")
    assert "Nothing was found for “zeppelin”" in nothing.text
    assert nothing.select_one('a[href="?q=zeppelin"]') is not None
    assert "at least one word without a minus" in page(client, q="-bridge").text
    assert "A date could not be read" in page(client, q="bridge", **{"from": "31.5."}).text


@pytest.mark.parametrize("error", [SearchBusy(), SearchTookTooLong()])
def test_a_search_that_fails_says_what_to_do(
    client: Client, story: StoryPage, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(finding, "_search", fail)
    response = client.get("/search/?q=bridge")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert str(error) in BeautifulSoup(response.content, "html.parser").text


def test_only_so_many_search_at_once(client: Client, story: StoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "WAIT_SECONDS", 0.01)
    held = [finding._places.acquire() for _ in range(finding.AT_ONCE)]
    try:
        assert client.get("/search/?q=bridge").status_code == 503
    finally:
        for _ in held:
            finding._places.release()
    assert client.get("/search/?q=bridge").status_code == 200


def test_queries_of_the_database_do_not_grow_with_the_results(
    client: Client, story: StoryPage, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        page(client, q="leave")
