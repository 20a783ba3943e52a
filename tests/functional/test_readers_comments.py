"""Comments in the desk: held, approved, rejected, many at once; readers see the approved ones only."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from onrecord.core.models import User
from onrecord.readers.models import Comment
from onrecord.readers.services import comment_approve, listeners
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db

QUEUE = "/desk/comments/"


@pytest.fixture
def story() -> StoryPage:
    return factories.story("The bus left on Monday.", title="Nobody told us", publish=True)


@pytest.fixture
def moderator(client: Client, story: StoryPage) -> User:
    user = factories.person("Moderator")
    client.force_login(user)
    return user


def comment(story: StoryPage, **fields: Any) -> Comment:
    values = {"name": "Ann", "text": "I was on that bus.", "created_at": timezone.now(), "proved": True}
    return Comment.objects.create(story=story, **{**values, **fields})


def given(story: StoryPage, rf: Any) -> list[dict[str, Any]]:
    """What the story's page is given to show."""
    page = StoryPage.objects.get(pk=story.pk).get_context(rf.get("/"))["comment_page"]
    return [vars(one) for one in page.threads]


def status(row: Comment) -> str:
    row.refresh_from_db()
    return row.status


def test_a_comment_is_shown_only_when_approved(client: Client, moderator: User, story: StoryPage, rf: Any) -> None:
    row = comment(story, text="First.\n\nSee https://a.example/b")
    assert given(story, rf) == []
    response = client.post(f"{QUEUE}{row.pk}/approve/")
    assert (response.status_code, response.headers["Location"]) == (302, QUEUE)
    (shown,) = given(story, rf)
    assert (shown["id"], shown["name"], shown["created_at"]) == (row.pk, "Ann", row.created_at)
    assert shown["html"] == (
        '<p>First.</p><p>See <a href="https://a.example/b" rel="nofollow ugc noopener">https://a.example/b</a></p>'
    )
    client.post(f"{QUEUE}{row.pk}/reject/")
    assert given(story, rf) == []
    row.refresh_from_db()
    assert row.handled_by == moderator


def test_held_comments_come_first_and_are_counted(client: Client, moderator: User, story: StoryPage) -> None:
    comment(story, text="Done already", status="approved")
    comment(story, text="Waiting still", created_at=timezone.now().replace(year=2020))
    page = client.get(QUEUE).content.decode()
    assert page.index("Waiting still") < page.index("Done already")
    assert "Comments (1)" in page
    assert story.url in page
    assert "Done already" not in client.get(QUEUE, {"status": "held"}).content.decode()
    assert "Done already" not in client.get(QUEUE, {"q": "still"}).content.decode()
    assert "Waiting still" in client.get(f"{QUEUE}results/").content.decode()


def test_an_empty_queue(client: Client, moderator: User) -> None:
    page = client.get(QUEUE).content.decode()
    assert "No reader has commented yet" in page
    assert "No comment matches" in client.get(QUEUE, {"q": "nothing"}).content.decode()


def test_scripts_stay_text(client: Client, moderator: User, story: StoryPage, rf: Any) -> None:
    script = "<script>alert(1)</script>"
    row = comment(story, name=script, text=script, status="approved")
    page = client.get(QUEUE).content.decode()
    assert script not in page
    assert script not in given(story, rf)[0]["html"]
    confirm = client.get("/desk/bulk/readers/comment/reject/", {"id": row.pk}).content.decode()
    assert script not in confirm


def test_after_a_decision_the_list_is_where_it_was(client: Client, moderator: User, story: StoryPage) -> None:
    row = comment(story)
    here = f"{QUEUE}?status=held"
    assert client.post(f"{QUEUE}{row.pk}/approve/", {"next": here}).headers["Location"] == here
    away = client.post(f"{QUEUE}{row.pk}/reject/", {"next": "https://elsewhere.example/"})
    assert away.headers["Location"] == QUEUE


def test_decisions_are_posted(client: Client, moderator: User, story: StoryPage) -> None:
    row = comment(story)
    assert client.get(f"{QUEUE}{row.pk}/approve/").status_code == 405
    assert client.post(f"{QUEUE}999999/approve/").status_code == 404
    assert status(row) == "held"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(moderator)
    assert strict.post(f"{QUEUE}{row.pk}/approve/").status_code == 403
    page = strict.get(QUEUE).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    strict.post(f"{QUEUE}{row.pk}/approve/", {"csrfmiddlewaretoken": token})
    assert status(row) == "approved"


@pytest.mark.parametrize(("role", "allowed"), [("Reporter", False), ("Moderator", True), ("Editor", True)])
def test_roles(client: Client, story: StoryPage, role: str, allowed: bool) -> None:
    row = comment(story)
    client.force_login(factories.person(role))
    assert (client.get(QUEUE).status_code == 200) == allowed
    client.post(f"{QUEUE}{row.pk}/approve/")
    client.post("/desk/bulk/readers/comment/approve/?id=" + str(row.pk))
    assert status(row) == ("approved" if allowed else "held")
    assert (QUEUE in client.get("/desk/").content.decode()) == allowed


@pytest.mark.parametrize(("action", "becomes"), [("approve", "approved"), ("reject", "rejected")])
def test_many_at_once(client: Client, moderator: User, story: StoryPage, action: str, becomes: str) -> None:
    rows = [comment(story, name=f"Reader {number}") for number in range(3)]
    other = comment(story)
    url = f"/desk/bulk/readers/comment/{action}/?" + "&".join(f"id={row.pk}" for row in rows) + f"&next={QUEUE}"
    asked = client.get(url).content.decode()
    assert "Reader 2" in asked
    response = client.post(url)
    assert (response.status_code, response.headers["Location"]) == (302, QUEUE)
    assert [status(row) for row in rows] == [becomes] * 3
    assert status(other) == "held"
    assert f"3 comments are {becomes}" in client.get(QUEUE).content.decode()


def test_all_in_the_list_at_once(client: Client, moderator: User, story: StoryPage) -> None:
    held, rejected = comment(story), comment(story, status="rejected")
    client.post("/desk/bulk/readers/comment/approve/?id=all&status=held")
    assert (status(held), status(rejected)) == ("approved", "rejected")


def test_whoever_listens_is_told_when_readers_see_a_change(
    client: Client, moderator: User, story: StoryPage, django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told: list[str] = []
    monkeypatch.setattr(listeners, "_listeners", [lambda page, what: told.append(page.title)])
    row, spam = comment(story), comment(story)
    for decided, action, expected in (
        (spam, "reject", 0), (row, "approve", 1), (row, "approve", 1), (row, "reject", 2), (row, "reject", 2),
    ):  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{QUEUE}{decided.pk}/{action}/")
        assert told == [story.title] * expected


def test_the_audit_log_has_no_words_and_no_people(client: Client, moderator: User, story: StoryPage) -> None:
    row = comment(story)
    client.post(f"{QUEUE}{row.pk}/approve/")
    client.post(f"{QUEUE}{row.pk}/approve/")
    client.post(f"{QUEUE}{row.pk}/reject/")
    entries = list(ModelLogEntry.objects.filter(action__startswith="readers.").order_by("pk"))
    assert [entry.action for entry in entries] == ["readers.comment.approve", "readers.comment.reject"]
    for entry in entries:
        assert (entry.user, entry.label, entry.data) == (moderator, f"Comment {row.pk}", {"story": story.pk})


def test_the_service_authorises_for_itself(story: StoryPage) -> None:
    with pytest.raises(PermissionDenied):
        comment_approve(actor=factories.person("Reporter"), comment=comment(story))


def test_the_queue_costs_the_same_for_many(
    client: Client, moderator: User, story: StoryPage, django_assert_num_queries: Callable[[int], Any]
) -> None:
    comment(story)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE)
    few = len(queries)
    for number in range(8):
        comment(factories.story("Another one.", title=f"Story {number}", publish=True))
    client.get(QUEUE)
    with django_assert_num_queries(few):
        client.get(QUEUE)
    assert few <= 20
