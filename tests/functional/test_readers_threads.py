"""Threads, passages, pages of comments and feeds: what readers see of each other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from onrecord.core.models import User
from onrecord.publishing.addresses import all_paths
from onrecord.publishing.bake import bake_all, bake_due
from onrecord.publishing.models import DuePage
from onrecord.readers import proofs, senders
from onrecord.readers.models import Comment
from onrecord.readers.reading import Threads
from onrecord.readers.services import (
    comment_approve,
    comment_reject,
    discussion_set,
    discussions_close_due,
)
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.readers import COMMENT, send

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2024, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MAX_NUMBER", 50)
    monkeypatch.setattr(senders, "LIMIT_PROVED", 1000)


@pytest.fixture
def story() -> StoryPage:
    return factories.story("The bus left on Monday, not before.", title="Nobody told us", publish=True)


@pytest.fixture
def editor() -> User:
    return factories.person("Editor")


def comment(story: StoryPage, minutes: int = 0, **fields: Any) -> Comment:
    values = {"name": "Ann", "text": "I was on that bus.", "created_at": LONG_AGO + timedelta(minutes=minutes)}
    return Comment.objects.create(story=story, **{**values, "status": "approved", "proved": True, **fields})


def page(client: Client, story: StoryPage) -> str:
    return client.get(story.url).content.decode()


def test_an_answer_to_an_answer_belongs_to_the_first_comment(client: Client, story: StoryPage) -> None:
    first = comment(story)
    answer = comment(story, parent=first, name="Ben")
    send(client, COMMENT, {"story": story.pk, "name": "Cem", "text": "So was I.", "parent": answer.pk})
    assert Comment.objects.get(name="Cem").parent == first


def test_answers_stand_under_what_they_answer(client: Client, story: StoryPage) -> None:
    first, second = comment(story, 0, name="First"), comment(story, 1, name="Second")
    comment(story, 2, parent=first, name="Answer")
    shown = page(client, story)
    assert (
        shown.index('<b dir="auto">First') < shown.index('<b dir="auto">Answer') < shown.index('<b dir="auto">Second')
    )
    assert "Comments (3)" in shown
    assert f"?story={story.pk}&amp;parent={second.pk}" in shown


@pytest.mark.parametrize("parent", ["999999", "x", "-1", "other story", "held"])
def test_only_a_shown_comment_of_this_story_is_answered(client: Client, story: StoryPage, parent: str) -> None:
    if parent == "other story":
        parent = str(comment(factories.story("Another.", title="Other", publish=True)).pk)
    elif parent == "held":
        parent = str(comment(story, status="held").pk)
    answer = send(client, COMMENT, {"story": story.pk, "name": "Cem", "text": "Hm.", "parent": parent})
    if parent in ("x", "-1"):  # a script's nonsense is left out
        assert answer.status_code == 201
        assert Comment.objects.get(name="Cem").parent is None
    else:
        assert answer.status_code == 409
        assert "not shown any more" in answer.json()["message"]
        assert not Comment.objects.filter(name="Cem").exists()


@pytest.mark.parametrize(
    ("status", "says"), [("withdrawn", "took this comment back"), ("rejected", "moderator removed")]
)
def test_answers_outlive_what_they_answer(client: Client, story: StoryPage, status: str, says: str) -> None:
    first = comment(story, text="Secret words", status=status)
    assert "secret words" not in page(client, story).lower()
    assert says not in page(client, story)
    comment(story, 1, parent=first, name="Ben")
    shown = page(client, story)
    assert says in shown
    assert "Secret words" not in shown
    assert "Ben" in shown


def test_the_newsroom_answers_as_the_newsroom(client: Client, story: StoryPage, editor: User) -> None:
    held = comment(story, status="held")
    client.force_login(editor)
    client.post(f"/desk/comments/{held.pk}/answer/", {"text": "We asked the bus company."})
    shown = page(client, story)
    assert "From the newsroom" in shown
    assert "The Test Gazette" in shown
    assert "I was on that bus." in shown
    answer = Comment.objects.get(from_newsroom=True)
    assert (answer.parent, answer.written_by) == (held, editor)
    assert str(editor) not in shown
    response = client.post(f"/desk/comments/{held.pk}/answer/", {"text": "  "}, follow=True)
    assert "Write the answer first" in response.content.decode()


def test_pages_of_comments(client: Client, story: StoryPage, settings: Any) -> None:
    settings.COMMENTS_PER_PAGE = 2
    rows = [comment(story, n, name=f"Reader {n}") for n in range(5)]
    comment(story, 9, parent=rows[4], name="Late answer")
    first = page(client, story)
    assert "Reader 1" in first
    assert "Reader 2" not in first
    assert "Comments (6)" in first
    assert f'href="{story.url}comments/3/#comments"' in first
    last = client.get(f"{story.url}comments/3/")
    assert last.status_code == 200
    assert "Late answer" in last.content.decode()
    assert 'aria-current="page"' in last.content.decode()
    for absent in (0, 1, 4, 999):
        assert client.get(f"{story.url}comments/{absent}/").status_code == 404
    paths = list(all_paths())
    assert [path for path in paths if "/comments/" in path] == [
        f"{story.url}comments/feed.rss", f"{story.url}comments/2/", f"{story.url}comments/3/",
    ]  # fmt: skip
    assert not client.get(f"{story.url}comments/3/").cookies


def test_comments_of_a_draft_are_nowhere(client: Client) -> None:
    draft = factories.story("Secret plans.", title="Secret")
    comment(draft)
    assert client.get(f"/stories/{draft.slug}/comments/2/").status_code == 404
    assert client.get(f"/stories/{draft.slug}/comments/feed.rss").status_code == 404
    assert "bus" not in client.get("/feeds/comments.rss").content.decode()


def test_feeds(client: Client, story: StoryPage, settings: Any, editor: User) -> None:
    settings.COMMENTS_PER_PAGE = 1
    assert client.get(f"{story.url}comments/feed.rss").status_code == 404
    comment(story, 0)
    second = comment(story, 1, name="Ben & Co", text="<b>No</b>")
    comment(story, 2, status="held", text="Not yet")
    for address in (f"{story.url}comments/feed.rss", "/feeds/comments.rss"):
        feed = client.get(address).content.decode()
        assert f"http://testserver{story.url}comments/2/#comment-{second.pk}" in feed
        assert "Ben &amp; Co" in feed
        assert "<b>No" not in feed
        assert "Not yet" not in feed
        assert client.get(address).content.decode() == feed
    discussion_set(actor=editor, story=story, state="hidden")
    assert client.get(f"{story.url}comments/feed.rss").status_code == 404
    assert "Ben" not in client.get("/feeds/comments.rss").content.decode()


def on_words(client: Client, story: StoryPage, exact: str, start: int) -> Comment:
    text = "The bus left on Monday, not before."
    fields = {
        "story": story.pk, "name": "Ann", "text": "I have the ticket.", "revision": story.live_revision_id,
        "block_id": story.body[0].id, "exact": exact, "prefix": text[:start], "suffix": text[start + len(exact) :],
        "start": start, "end": start + len(exact),
    }  # fmt: skip
    assert send(client, COMMENT, fields).status_code == 201
    return Comment.objects.get(exact=exact)


def test_a_comment_on_a_passage_is_shown_beside_it_and_carried_along(
    client: Client, story: StoryPage, editor: User
) -> None:
    row = on_words(client, story, "Monday", 16)
    assert "data-passage-mark" not in page(client, story)
    comment_approve(actor=editor, comment=row)
    block = story.body[0].id
    shown = page(client, story)
    assert (
        f'href="{story.url}#comment-{row.pk}" data-passage-mark data-block="{block}" data-start="16" data-end="22"'
        in shown
    )
    assert f'<a href="{story.url}#b-{block}">Monday</a>' in shown
    publish(story, "Yesterday the bus left on Monday, not before.")
    shown = page(client, story)
    assert 'data-start="26" data-end="32"' in shown
    assert f'<a href="{story.url}#b-{block}">Monday</a>' in shown
    publish(story, "Yesterday the train came.")
    shown = page(client, story)
    assert "data-passage-mark" not in shown
    assert "About words that are not in the story any more" in shown
    assert "Monday" not in shown
    assert "I have the ticket." in shown


def publish(story: StoryPage, text: str) -> None:
    page = StoryPage.objects.get(pk=story.pk)
    page.body[0] = ("paragraph", page.body[0].block.to_python(f"<p>{text}</p>"), page.body[0].id)
    page.save_revision().publish()


def test_closed_and_hidden_discussions(client: Client, story: StoryPage, editor: User) -> None:
    comment(story)
    client.force_login(editor)
    assert "Open, whatever" in client.get(f"/desk/comments/story/{story.pk}/").content.decode()
    client.post(f"/desk/comments/story/{story.pk}/", {"state": "closed"})
    shown = page(client, story)
    assert "I was on that bus." in shown
    assert "takes no comments any more" in shown
    assert "<textarea" not in shown.partition('id="comments"')[2]
    refused = send(client, COMMENT, {"story": story.pk, "name": "Cem", "text": "Hm."})
    assert (refused.status_code, refused.json()["ok"]) == (409, False)
    client.post(f"/desk/comments/story/{story.pk}/", {"state": "hidden"})
    shown = page(client, story)
    assert "I was on that bus." not in shown
    assert 'id="comments"' not in shown
    client.post(f"/desk/comments/story/{story.pk}/", {"state": "open"})
    assert "Write a comment" in page(client, story)
    assert client.post(f"/desk/comments/story/{story.pk}/", {"state": "nonsense"}).status_code == 400


def test_stories_are_closed_by_their_age(client: Client, story: StoryPage, editor: User, settings: Any) -> None:
    settings.COMMENTS_CLOSE_AFTER_DAYS = 10
    message = {"story": story.pk, "name": "Cem", "text": "Hm."}
    assert discussions_close_due() == 0
    assert send(client, COMMENT, message).status_code == 201
    StoryPage.objects.filter(pk=story.pk).update(first_published_at=timezone.now() - timedelta(days=11))
    assert send(client, COMMENT, message).status_code == 409
    assert discussions_close_due() == 1
    assert "takes no comments any more" in page(client, story)
    discussion_set(actor=editor, story=story, state="open")
    assert discussions_close_due() == 0
    assert send(client, COMMENT, message).status_code == 201


def test_the_first_comment(client: Client, story: StoryPage) -> None:
    shown = page(client, story)
    assert "Comments (0)" in shown
    assert "Write the first comment" in shown
    assert "A moderator reads every comment before it appears." in shown


def test_after_publication_moderation(client: Client, story: StoryPage, settings: Any, editor: User) -> None:
    settings.COMMENTS_MODERATION = "after"
    answer = send(client, COMMENT, {"story": story.pk, "name": "Cem", "text": "Hm."})
    assert "is shown in a moment" in answer.json()["message"]
    assert "Cem" in page(client, story)
    assert "moderators read them afterwards" in page(client, story)
    comment_reject(actor=editor, comment=Comment.objects.get())
    assert "Cem" not in page(client, story)


def test_what_a_page_with_comments_costs(client: Client, story: StoryPage, django_assert_num_queries: Any) -> None:
    for n in range(30):
        first = comment(story, n)
        comment(story, 100 + n, parent=first)
    with django_assert_num_queries(3):
        threads = Threads(story)
        threads.page(1)
        threads.marks()


def test_a_burst_of_approvals_is_one_bake_of_the_page(story: StoryPage, editor: User, settings: Any) -> None:
    bake_all()
    DuePage.objects.all().delete()
    rows = [comment(story, n, name=f"Reader {n}", status="held") for n in range(30)]
    for row in rows:
        comment_approve(actor=editor, comment=row)
    due = list(DuePage.objects.values_list("path", flat=True))
    assert {"/feeds/comments.rss", story.url, f"{story.url}comments/2/", f"{story.url}comments/feed.rss"} <= set(due)
    assert len(due) == len(set(due)) < 10  # not one for each approval
    bake_due()
    assert "Comments (30)" in (settings.BAKED_DIR / story.url.strip("/") / "index.html").read_text()
    assert "Reader 29" in (settings.BAKED_DIR / story.url.strip("/") / "comments/2/index.html").read_text()
    for row in rows:
        comment_reject(actor=editor, comment=row)
    assert bake_due().removed == 2
    assert not DuePage.objects.exists()
