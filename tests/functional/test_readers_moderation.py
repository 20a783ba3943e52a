"""What keeps a discussion fit to be read: one's own five minutes, reports, bans, words, links, services."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from onrecord.core.models import User
from onrecord.readers import proofs, senders
from onrecord.readers.models import Comment, CommentReport, SenderBan, WordRule
from onrecord.readers.services import (
    comment_answer,
    comment_approve,
    comment_ban,
    comment_edit,
    comment_judge,
    comment_spam,
    comment_token,
    comment_withdraw,
    discussion_set,
)
from onrecord.readers.services.own import OWN_FOR, TimeOver
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.readers import COMMENT, send

pytestmark = pytest.mark.django_db

REPORT = "/comments/report/"
QUEUE = "/desk/comments/"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MAX_NUMBER", 50)


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
    return Comment.objects.create(story=story, **{**values, "status": "approved", **fields})


def written(client: Client, story: StoryPage, **fields: Any) -> Comment:
    """A comment as a reader sends it."""
    send(client, COMMENT, {"story": story.pk, "name": "Ann", "text": "I was on that bus.", **fields})
    return Comment.objects.latest("pk")


def test_an_author_changes_a_comment_without_scripts(client: Client, story: StoryPage) -> None:
    thanks = client.post(COMMENT, {"story": story.pk, "name": "Ann", "text": "I was on that buss."}).content.decode()
    link = thanks.split('href="/comments/own/')[1].split('"')[0]
    own = f"/comments/own/{link}"
    page = client.get(own)
    assert "I was on that buss." in page.content.decode()
    assert not page.cookies
    assert client.post(own, {"act": "save", "text": "I was on that bus."}).status_code == 200
    row = Comment.objects.get()
    assert (row.text, row.status) == ("I was on that bus.", "held")
    assert row.edited_at is not None
    assert client.post(own, {"act": "save", "text": " "}).status_code == 400
    assert client.post(own, {"act": "withdraw"}).status_code == 200
    row.refresh_from_db()
    assert (row.status, row.name, row.text) == ("withdrawn", "", "")
    assert client.get(own).status_code == 410


def test_the_script_gets_the_link_too(client: Client, story: StoryPage) -> None:
    answer = send(client, COMMENT, {"story": story.pk, "name": "Ann", "text": "Hm."}).json()
    assert client.get(answer["own_url"]).status_code == 200


@pytest.mark.parametrize("forged", ["x", "1", "MQ:AAAA", "MQ:1tAAAA:BBBB", "%F0%9F%98%80"])
def test_forged_tokens(client: Client, story: StoryPage, forged: str) -> None:
    comment(story)
    for response in (client.get(f"/comments/own/{forged}/"), client.post(f"/comments/own/{forged}/", {"text": "x"})):
        assert response.status_code == 404
        assert "not one that we gave out" in response.content.decode()
    assert Comment.objects.get().text == "I was on that bus."


def test_five_minutes_are_five_minutes(client: Client, story: StoryPage) -> None:
    row = comment(story, created_at=timezone.now() - OWN_FOR + timedelta(seconds=30))
    own = f"/comments/own/{comment_token(row)}/"
    assert client.get(own).status_code == 200
    Comment.objects.update(created_at=timezone.now() - OWN_FOR - timedelta(seconds=1))
    assert client.get(own).status_code == 410
    assert client.post(own, {"act": "withdraw"}).status_code == 410
    assert "five minutes" in client.get(own).content.decode()
    with pytest.raises(TimeOver):
        comment_edit(token=comment_token(row), text="Other words")
    with pytest.raises(TimeOver):
        comment_withdraw(token=comment_token(row))


def test_another_site_cannot_change_it(client: Client, story: StoryPage) -> None:
    own = f"/comments/own/{comment_token(comment(story))}/"
    assert client.post(own, {"act": "withdraw"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(own, {"act": "save", "text": "x" * 300_000}).status_code == 413
    assert Comment.objects.get().status == "approved"


def test_what_a_moderator_approved_is_not_exchanged_unseen(client: Client, story: StoryPage, moderator: User) -> None:
    row = written(client, story)
    comment_approve(actor=moderator, comment=row)
    comment_edit(token=comment_token(row), text="Buy my tickets")
    row.refresh_from_db()
    assert (row.status, row.held_for) == ("held", "edited")
    assert "Its author changed it" in client.get(f"{QUEUE}?queue=new").content.decode()


def test_the_newsrooms_answer_has_no_such_link(story: StoryPage, moderator: User) -> None:
    answer = comment_answer(actor=moderator, comment=comment(story), text="Yes.")
    with pytest.raises(TimeOver):
        comment_edit(token=comment_token(answer), text="No.")


def test_readers_report_a_comment(client: Client, story: StoryPage, moderator: User) -> None:
    row = comment(story)
    form = client.get(REPORT, {"comment": row.pk}).content.decode()
    assert "I was on that bus." in form
    fields = {"comment": row.pk, "kind": "abuse", "note": "He means me."}
    assert client.post(REPORT, fields).status_code == 201
    assert send(client, REPORT, {**fields, "note": "He does mean me."}).status_code == 201
    assert CommentReport.objects.count() == 1
    queue = client.get(f"{QUEUE}?queue=reported").content.decode()
    assert "He does mean me." in queue
    assert "Reported (1)" in queue
    assert "Comments (1)" in queue
    comment_approve(actor=moderator, comment=row)
    queue = client.get(f"{QUEUE}?queue=reported").content.decode()
    assert "Reported (0)" in queue
    row.refresh_from_db()
    assert row.status == "approved"


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 40, "held"])
def test_only_what_is_shown_is_reported(client: Client, story: StoryPage, pk: str) -> None:
    if pk == "held":
        pk = str(comment(story, status="held", text="Hidden words").pk)
    for response in (client.get(REPORT, {"comment": pk}), client.post(REPORT, {"comment": pk, "kind": "spam"})):
        assert response.status_code == 404
        assert "Hidden words" not in response.content.decode()


def test_a_report_needs_a_kind(client: Client, story: StoryPage) -> None:
    response = client.post(REPORT, {"comment": comment(story).pk, "kind": "nonsense"})
    assert response.status_code == 400
    assert not CommentReport.objects.exists()


@pytest.mark.parametrize(
    ("text", "status", "held_for"),
    [
        pytest.param("See https://a.example and www.b.example", "approved", "", id="two links"),
        pytest.param("https://a.example https://b.example [url=c]", "held", "links", id="three links"),
        pytest.param("Cheap CASINO here", "spam", "words", id="a word"),
        pytest.param("Cheap ｃａｓｉｎｏ here", "spam", "words", id="a wide word"),
        pytest.param("casinos and pseudocasino", "approved", "", id="parts of a word"),
        pytest.param("Gambling, again", "held", "words", id="a beginning"),
        pytest.param("buy now", "held", "words", id="two words"),
        pytest.param("buy – NOW!", "held", "words", id="two words with marks between"),
        pytest.param("now buy", "approved", "", id="in another order"),
    ],
)
def test_links_and_words(
    client: Client, story: StoryPage, settings: Any, text: str, status: str, held_for: str
) -> None:
    settings.COMMENTS_MODERATION = "after"
    WordRule.objects.create(words="casino", action="spam")
    WordRule.objects.create(words="gambl*", action="hold")
    WordRule.objects.create(words="buy now", action="hold")
    row = written(client, story, text=text)
    assert (row.status, row.held_for) == (status, held_for)


def test_the_word_list_is_kept_at_the_desk(client: Client, moderator: User, story: StoryPage) -> None:
    assert client.get("/desk/comments/words/").status_code == 200
    assert client.post("/desk/comments/words/new/", {"words": "casino", "action": "spam"}).status_code == 302
    assert WordRule.objects.get().words == "casino"
    client.force_login(factories.person("Reporter"))
    assert client.get("/desk/comments/words/").status_code == 302


def test_a_network_is_banned_and_let_in_again(client: Client, story: StoryPage, moderator: User) -> None:
    row = written(client, story, text="Buy")
    client.post(f"{QUEUE}{row.pk}/ban/", {"reason": "Sells things"})
    row.refresh_from_db()
    assert (row.status, row.reason, row.handled_by) == ("spam", "Sells things", moderator)
    message = {"story": story.pk, "name": "Ann", "text": "Again"}
    refused = send(client, COMMENT, message)
    assert (refused.status_code, refused.json()["ok"]) == (409, False)
    assert "moderators take no comments" in refused.json()["message"]
    assert send(client, COMMENT, message, REMOTE_ADDR="192.0.2.1").status_code == 201
    bans = client.get(f"{QUEUE}banned/").content.decode()
    assert "Sells things" in bans
    client.post(f"{QUEUE}banned/", {"ban": SenderBan.objects.get().pk})
    assert send(client, COMMENT, message).status_code == 201
    assert client.post(f"{QUEUE}banned/", {"ban": "x"}).status_code == 404
    actions = set(ModelLogEntry.objects.values_list("action", flat=True))
    assert {"readers.comment.ban", "readers.comment.spam", "readers.comment.unban"} <= actions


def test_a_forgotten_sender_is_not_banned(client: Client, story: StoryPage, moderator: User) -> None:
    row, known = comment(story, sender=""), written(client, story)
    page = client.post(f"{QUEUE}{row.pk}/ban/", follow=True).content.decode()
    assert "Nobody can tell any more" in page
    asked = client.get(f"/desk/bulk/readers/comment/ban/?id={row.pk}&id={known.pk}").content.decode()
    assert "Reason" in asked
    client.post(f"/desk/bulk/readers/comment/ban/?id={row.pk}&id={known.pk}&next={QUEUE}", {"reason": "Sells"})
    assert "2 comments are filed as spam" in client.get(QUEUE).content.decode()
    assert SenderBan.objects.count() == 1
    assert set(Comment.objects.values_list("status", "reason")) == {("spam", "Sells")}


def test_many_are_spam_at_once(client: Client, story: StoryPage, moderator: User) -> None:
    rows = [comment(story, status="held") for _ in range(2)]
    other = comment(factories.story("Another.", title="Other", publish=True), status="held")
    client.post(f"/desk/bulk/readers/comment/spam/?id=all&queue=new&story={story.pk}")
    assert {row.status for row in Comment.objects.filter(pk__in=[row.pk for row in rows])} == {"spam"}
    other.refresh_from_db()
    assert other.status == "held"


def test_an_unknown_decision(client: Client, story: StoryPage, moderator: User) -> None:
    assert client.post(f"{QUEUE}{comment(story).pk}/nonsense/").status_code == 404
    long = client.post(f"{QUEUE}{comment(story).pk}/reject/", {"reason": "r" * 501}, follow=True)
    assert "too long" in long.content.decode()


def test_services_authorise_for_themselves(story: StoryPage) -> None:
    reporter, row = factories.person("Reporter"), comment(story, sender="a" * 64)
    for act in (
        lambda: comment_spam(actor=reporter, comment=row),
        lambda: comment_ban(actor=reporter, comment=row),
        lambda: comment_answer(actor=reporter, comment=row, text="Hm."),
        lambda: discussion_set(actor=reporter, story=story, state="closed"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not SenderBan.objects.exists()


class Judge(BaseHTTPRequestHandler):
    """A service that speaks Akismet's protocol."""

    asked: list[dict[str, str]] = []
    answer = "false"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        Judge.asked.append({name: values[0] for name, values in parse_qs(body).items()})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(Judge.answer.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def service(settings: Any) -> Iterator[type[Judge]]:
    server = HTTPServer(("127.0.0.1", 0), Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SPAM_SERVICE = "onrecord.readers.spam_service.Akismet"
    settings.SPAM_SERVICE_URL = f"http://127.0.0.1:{server.server_port}/1.1/comment-check"
    settings.SPAM_SERVICE_KEY = "our key"
    Judge.asked, Judge.answer = [], "false"
    yield Judge
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("answer", "moderation", "status", "held_for"),
    [
        ("false", "before", "held", ""),
        ("false", "after", "approved", ""),
        ("true", "after", "spam", "service"),
        ("invalid", "after", "held", "unchecked"),
    ],
)
def test_a_service_judges(
    story: StoryPage, service: type[Judge], settings: Any, answer: str, moderation: str, status: str, held_for: str
) -> None:
    settings.COMMENTS_MODERATION, service.answer = moderation, answer
    row = comment(story, status="held", held_for="unchecked")
    comment_judge(row.pk)
    row.refresh_from_db()
    assert (row.status, row.held_for) == (status, held_for)
    (asked,) = service.asked
    assert (asked["comment_content"], asked["comment_author"], asked["api_key"]) == (row.text, "Ann", "our key")
    assert asked["user_ip"] == "192.0.2.1"


def test_a_service_that_is_away_leaves_it_to_a_moderator(story: StoryPage, settings: Any) -> None:
    settings.SPAM_SERVICE = "onrecord.readers.spam_service.Akismet"
    settings.SPAM_SERVICE_URL = "http://127.0.0.1:9/"
    row = comment(story, status="held", held_for="unchecked")
    comment_judge(row.pk)
    row.refresh_from_db()
    assert (row.status, row.held_for) == ("held", "unchecked")


def test_the_service_is_asked_after_the_comment_is_stored(
    client: Client, story: StoryPage, service: type[Judge], settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.COMMENTS_MODERATION = "after"
    with django_capture_on_commit_callbacks(execute=True):
        row = written(client, story)
    assert (row.status, len(service.asked)) == ("held", 1)
    row.refresh_from_db()
    assert row.status == "approved"


def test_by_default_nobody_is_asked(client: Client, story: StoryPage, service: type[Judge], settings: Any) -> None:
    settings.SPAM_SERVICE = ""
    row = written(client, story)
    comment_judge(row.pk)
    assert service.asked == []


def test_floods_are_stopped_and_told(client: Client, story: StoryPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "LIMIT_PROVED", 3)
    row = comment(story)
    codes = [send(client, REPORT, {"comment": row.pk, "kind": "spam"}).status_code for _ in range(2)]
    codes += [send(client, COMMENT, {"story": story.pk, "name": "A", "text": "b"}).status_code for _ in range(4)]
    assert codes == [201, 201, 201, 201, 429, 429]  # the second report took the place of the first


@pytest.mark.parametrize(
    ("name", "value"), [("COMMENTS_MODERATION", "never"), ("SPAM_SERVICE", "onrecord.readers.spam_service.Akismet")]
)
def test_settings_are_checked(name: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import onrecord.config.settings"],
        env={"SECRET_KEY": "x", name: value}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ImproperlyConfigured.__name__ in done.stderr
    assert name in done.stderr
