"""The API: what readers may see, in one form, for programs; and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as run

from onrecord.publishing.api.api import api
from onrecord.stories.models import SeriesIndexPage, SeriesPage, StoryPage
from tests import factories

pytestmark = pytest.mark.django_db

QUOTE = "“The water came over the bridge at six and nobody told us,” a woman said."
MASKED = factories.CALL_VTT.replace("buses", "{profanity|buses}")
LISTS = ["stories", "recordings", "corrections", "series", "topics", "authors"]


@pytest.fixture(autouse=True)
def fresh_rate() -> None:
    cache.clear()


@pytest.fixture
def story() -> StoryPage:
    factories.newsroom()
    call = factories.recording()
    factories.transcript(call, MASKED)
    factories.transcript(call, factories.CALL_UK_VTT, language="uk")
    series = SeriesIndexPage.objects.get().add_child(instance=SeriesPage(title="The flood", slug="the-flood"))
    return factories.story(QUOTE, recordings=[call], publish=True, title="A call", slug="a-call", series=series)


@pytest.fixture
def hidden() -> StoryPage:
    other = factories.recording(title="Not for readers", seed=2)
    factories.transcript(other)
    return factories.story(QUOTE, recordings=[other], title="A draft", slug="a-draft")


def get(path: str, status: int = 200, **headers: str) -> Any:
    response = Client(headers=headers).get(f"/api/v1/{path}")
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_story_with_its_quotations_and_their_moments(story: StoryPage) -> None:
    found = get("stories/a-call")
    (quotation,) = found["quotations"]
    (call,) = story.named_recordings()
    assert found["url"] == f"http://testserver{story.url}"
    assert found["series"]["slug"] == "the-flood"
    assert quotation["verdict"] == "verbatim"
    assert quotation["moment"]["recording"] == str(call.pk)
    assert (quotation["moment"]["start_ms"], quotation["moment"]["end_ms"]) == (0, 4000)
    assert get("quotations?story=a-call")["results"][0]["key"] == quotation["key"]
    assert QUOTE in [passage["text"] for passage in found["text"]]


def test_a_recording_with_its_transcripts(story: StoryPage) -> None:
    (call,) = story.named_recordings()
    found = get(f"recordings/{call.pk}")
    assert [row["language"] for row in found["transcripts"]] == ["en", "uk"]
    assert found["copies"][0]["publisher"] == "Velna Wire"
    segments = get(f"recordings/{call.pk}/transcripts/en?per_page=2")
    assert (segments["count"], len(segments["results"])) == (3, 2)
    assert "b***s" in segments["results"][1]["text"]
    assert segments["next"].endswith(f"/api/v1/recordings/{call.pk}/transcripts/en?per_page=2&page=2")


def test_lists_are_filtered_and_paged(story: StoryPage) -> None:
    assert get("stories?series=the-flood")["count"] == 1
    assert get("stories?series=another")["count"] == 0
    assert get("stories?since=2100-01-01")["count"] == 0
    assert get(f"stories?recording={story.named_recordings()[0].pk}")["count"] == 1
    assert get("recordings?language=uk")["count"] == 0
    empty = get("stories?page=9")
    assert (empty["results"], empty["next"], empty["previous"]) == ([], None, "http://testserver/api/v1/stories?page=8")
    assert get("series")["results"][0]["stories"] == 1


def test_masked_words_and_drafts_are_nowhere(story: StoryPage, hidden: StoryPage) -> None:
    (call,) = story.named_recordings()
    (other,) = hidden.named_recordings()
    paths = [
        *LISTS, "stories/a-call", "quotations?story=a-call", f"recordings/{call.pk}", "search?q=told", "search?q=buses",
        f"recordings/{call.pk}/transcripts/en", f"recordings/{call.pk}/transcripts/uk",
    ]  # fmt: skip
    for path in paths:
        text = json.dumps(get(path), ensure_ascii=False)
        assert "buses" not in text, path
        for secret in ("A draft", "a-draft", "Not for readers", str(other.pk)):
            assert secret not in text, path
    for path in ("stories/a-draft", "quotations?story=a-draft", f"recordings/{other.pk}",
                 f"recordings/{other.pk}/transcripts/en", f"recordings/{call.pk}/transcripts/de"):  # fmt: skip
        assert get(path, 404)["error"]["code"] == "not-found", path


def test_what_is_taken_down_is_gone(story: StoryPage) -> None:
    (call,) = story.named_recordings()
    story.unpublish()
    get("stories/a-call", 404)
    get(f"recordings/{call.pk}", 404)
    assert get("stories")["count"] == 0


def test_an_entity_tag_saves_the_answer(story: StoryPage, client: Client) -> None:
    first = client.get("/api/v1/stories")
    again = client.get("/api/v1/stories", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    StoryPage.objects.filter(pk=story.pk).update(byline="Somebody else")
    assert client.get("/api/v1/stories", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("stories?page=0", 422, "not-understood"),
        ("stories?per_page=101", 422, "not-understood"),
        ("stories?since=yesterday", 422, "not-understood"),
        ("quotations", 422, "not-understood"),
        ("recordings/abc", 404, "not-found"),
        ("nothing/here", 404, "not-found"),
        ("", 404, "not-found"),
        ("search?q=" + "a" * 501, 422, "not-understood"),
    ],
)
def test_errors_have_one_form(path: str, status: int, code: str) -> None:
    error = get(path, status)["error"]
    assert error["code"] == code
    assert error["message"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/stories")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "method-not-allowed")
    assert response.headers["Allow"] == "GET"


def test_who_asks_too_often_is_told_to_wait(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    (throttle,) = api.throttle
    monkeypatch.setattr(throttle, "num_requests", 2)
    assert [client.get("/api/v1/series").status_code for _ in range(3)] == [200, 200, 429]
    response = client.get("/api/v1/series")
    assert response.json()["error"]["code"] == "too-many-requests"
    assert int(response.headers["Retry-After"]) > 0


def test_lists_take_a_bounded_number_of_queries(
    story: StoryPage, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        factories.story(QUOTE, recordings=story.named_recordings(), publish=True, title=f"Story {number}")
    with django_assert_max_num_queries(12):
        assert client.get("/api/v1/stories").json()["count"] == 6


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request does not close the connection that this test's rows are in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_every_operation_answers_as_its_description_says(story: StoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    (throttle,) = api.throttle
    monkeypatch.setattr(throttle, "num_requests", 10**6)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 11
    for operation in operations:

        @run(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate()

        ask()
