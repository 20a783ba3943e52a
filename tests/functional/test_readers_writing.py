"""Readers write in: from the site's script, from a plain form, and with everything that may be wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from onrecord.readers import proofs, senders
from onrecord.readers.models import Comment, CorrectionReport, SpentProof
from onrecord.readers.views.writing import MAX_BODY_BYTES
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.readers import COMMENT, JSON, SUGGEST, proof, send

pytestmark = pytest.mark.django_db

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
Fields = dict[str, Any]


@pytest.fixture(autouse=True)
def quick_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "MAX_NUMBER", 50)


@pytest.fixture
def story() -> StoryPage:
    return factories.story("The bus left on Monday, not before.", publish=True)


@pytest.fixture
def draft(story: StoryPage) -> StoryPage:
    return factories.story("Nobody may read this yet.", title="Secret plans")


@pytest.fixture
def suggestion(story: StoryPage) -> Fields:
    return {
        "story": story.pk, "revision": story.live_revision_id, "block_id": story.body[0].id,
        "exact": "Monday", "prefix": "The bus left on ", "suffix": ", not before.", "start": 16, "end": 22,
        "suggestion": "It was Tuesday.", "email": "reader@example.org", "website": "",
    }  # fmt: skip


@pytest.fixture
def comment(story: StoryPage) -> Fields:
    return {"story": story.pk, "name": "Ann", "text": "I was on that bus.", "website": ""}


@pytest.fixture(params=["suggestion", "comment"])
def message(request: pytest.FixtureRequest) -> tuple[str, Fields, Callable[[], int]]:
    """Each kind of message: its address, its fields, how many are stored."""
    if request.param == "suggestion":
        return SUGGEST, request.getfixturevalue("suggestion"), CorrectionReport.objects.count
    return COMMENT, request.getfixturevalue("comment"), Comment.objects.count


Message = tuple[str, Fields, Callable[[], int]]


def errors(response: HttpResponse) -> dict[str, list[str]]:
    answer = response.json()  # type: ignore[attr-defined]
    assert answer["ok"] is False
    assert answer["message"]
    found: dict[str, list[str]] = answer["errors"]
    return found


def test_a_suggestion_is_stored_with_its_selectors(client: Client, suggestion: Fields, story: StoryPage) -> None:
    response = send(client, SUGGEST, suggestion)
    assert response.status_code == 201
    assert response.json()["ok"] is True
    row = CorrectionReport.objects.get()
    assert (row.story, row.revision_read, row.block_id) == (story, story.live_revision_id, story.body[0].id)
    assert (row.exact, row.prefix, row.suffix, row.start, row.end) == (
        "Monday", "The bus left on ", ", not before.", 16, 22,
    )  # fmt: skip
    assert (row.suggestion, row.email, row.case.status) == ("It was Tuesday.", "reader@example.org", "open")
    assert row.proved
    assert "127.0.0.1" not in row.sender


def test_a_comment_is_held(client: Client, comment: Fields, story: StoryPage) -> None:
    response = send(client, COMMENT, comment)
    assert response.status_code == 201
    row = Comment.objects.get()
    assert (row.story, row.name, row.text, row.status, row.proved) == (
        story,
        "Ann",
        "I was on that bus.",
        "held",
        True,
    )
    assert b"I was on that bus." not in client.get(story.url).content


def test_a_plain_form_needs_no_script(client: Client, message: Message) -> None:
    url, fields, stored = message
    form = client.get(url, {"story": fields["story"]})
    assert form.status_code == 200
    response = client.post(url, fields)
    assert response.status_code == 201
    assert "Thank you" in response.content.decode()
    assert stored() == 1
    row = CorrectionReport.objects.first() or Comment.objects.first()
    assert row is not None
    assert not row.proved


def test_the_form_takes_over_what_the_link_says(client: Client, suggestion: Fields) -> None:
    form = client.get(SUGGEST, {"story": suggestion["story"], "exact": "Monday", "block_id": "b-1", "website": "x"})
    page = form.content.decode()
    assert ">\nMonday</textarea>" in page
    assert 'name="block_id" value="b-1"' in page
    assert 'value="x"' not in page


def test_no_cookie_is_set(client: Client, message: Message) -> None:
    url, fields, _ = message
    for response in (
        client.get("/api/challenge/"), client.get(url, {"story": fields["story"]}), client.post(url, fields),
        send(client, url, fields), client.get("/corrections/"),
    ):  # fmt: skip
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_challenge_is_never_cached(client: Client) -> None:
    first, second = client.get("/api/challenge/"), client.get("/api/challenge/")
    assert first.json()["challenge"] != second.json()["challenge"]
    assert set(first.json()) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert "no-store" in first.headers["Cache-Control"]
    assert client.post("/api/challenge/").status_code == 405


@pytest.mark.parametrize(("altcha", "why"), [("", "missing"), ("nonsense", "cannot be read")])
def test_a_scripted_message_needs_a_proof(client: Client, message: Message, altcha: str, why: str) -> None:
    url, fields, stored = message
    response = send(client, url, {**fields, "altcha": altcha})
    assert response.status_code == 400
    assert why in errors(response)["altcha"][0]
    assert stored() == 0


def test_a_proof_is_good_for_one_message(client: Client, message: Message) -> None:
    url, fields, stored = message
    payload = proof(client)
    assert send(client, url, {**fields, "altcha": payload}).status_code == 201
    again = send(client, url, {**fields, "altcha": payload})
    assert again.status_code == 400
    assert "used before" in errors(again)["altcha"][0]
    assert stored() == 1


def test_a_proof_survives_a_mistake_in_the_form(client: Client, comment: Fields) -> None:
    payload = proof(client)
    assert send(client, COMMENT, {**comment, "name": "", "altcha": payload}).status_code == 400
    assert send(client, COMMENT, {**comment, "altcha": payload}).status_code == 201


def test_a_proof_expires(client: Client, comment: Fields, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "VALID_FOR", timedelta(seconds=-1))
    response = send(client, COMMENT, comment)
    assert response.status_code == 400
    assert "too old" in errors(response)["altcha"][0]


def test_spent_proofs_are_forgotten_when_they_have_expired(client: Client, comment: Fields) -> None:
    SpentProof.objects.create(signature="0" * 64, expires_at=timezone.now() - timedelta(minutes=1))
    send(client, COMMENT, comment)
    assert proofs.proofs_forget(timezone.now()) == 1
    assert SpentProof.objects.exclude(signature="0" * 64).count() == SpentProof.objects.count() == 1


def test_a_bad_proof_in_a_plain_form_keeps_what_was_typed(client: Client, comment: Fields) -> None:
    response = client.post(COMMENT, {**comment, "altcha": "nonsense"})
    assert response.status_code == 400
    assert "I was on that bus." in response.content.decode()
    assert "nonsense" not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_machine_in_the_honeypot_is_told_that_all_is_well(
    client: Client, message: Message, headers: dict[str, str]
) -> None:
    url, fields, stored = message
    response = client.post(url, {**fields, "website": "https://spam.example"}, **headers)
    assert response.status_code == 201
    assert stored() == 0


def test_addresses_are_limited(client: Client, message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "LIMIT_PROVED", 2)
    url, fields, stored = message
    assert [send(client, url, fields).status_code for _ in range(3)] == [201, 201, 429]
    refused = send(client, url, fields)
    assert refused.headers["Retry-After"] == "3600"
    assert "wait" in refused.json()["message"]
    assert stored() == 2
    assert SpentProof.objects.count() == 2
    assert send(client, url, fields, REMOTE_ADDR="192.0.3.9").status_code == 201


def test_messages_without_proof_are_limited_more(client: Client, message: Message) -> None:
    url, fields, stored = message
    codes = [client.post(url, fields).status_code for _ in range(senders.LIMIT_UNPROVED + 1)]
    assert codes == [201] * senders.LIMIT_UNPROVED + [429]
    kept = client.post(url, fields).content.decode()
    assert str(fields.get("text") or fields["suggestion"]) in kept
    assert send(client, url, fields).status_code == 201
    assert stored() == senders.LIMIT_UNPROVED + 1


def test_a_flood_without_proof_from_everywhere_is_limited(
    client: Client, comment: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "LIMIT_UNPROVED_FROM_ALL", 2)
    codes = [client.post(COMMENT, comment, REMOTE_ADDR=f"192.0.{n}.2").status_code for n in range(3)]
    assert codes == [201, 201, 429]


def test_the_limit_lasts_an_hour_and_over_midnight(
    client: Client, comment: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "LIMIT_PROVED", 1)
    assert send(client, COMMENT, comment).status_code == 201
    yesterday = senders.Sender.of("127.0.0.1", timezone.now() - timedelta(days=1)).today
    Comment.objects.update(sender=yesterday)
    assert send(client, COMMENT, comment).status_code == 429
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert send(client, COMMENT, comment).status_code == 201


@pytest.mark.parametrize(("first", "second"), [("2001:db8:1::1", "2001:db8:1:2::ffff"), ("192.0.2.7", "192.0.2.200")])
def test_a_network_counts_as_one(
    client: Client, comment: Fields, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    monkeypatch.setattr(senders, "LIMIT_PROVED", 1)
    assert send(client, COMMENT, comment, REMOTE_ADDR=first).status_code == 201
    assert send(client, COMMENT, comment, REMOTE_ADDR=second).status_code == 429


def test_proxies_are_believed_only_when_trusted(
    client: Client, comment: Fields, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(senders, "LIMIT_PROVED", 1)
    codes = [send(client, COMMENT, comment, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code for n in range(2)]
    assert codes == [201, 429]
    settings.TRUSTED_PROXIES = 1
    assert send(client, COMMENT, comment, HTTP_X_FORWARDED_FOR="192.0.2.1").status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"HTTP_ORIGIN": "http://testserver"}, 201, id="our origin"),
        pytest.param({"HTTP_SEC_FETCH_SITE": "same-origin"}, 201, id="the browser says so"),
        pytest.param({"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "null"}, 201, id="origin withheld"),
        pytest.param({"HTTP_ORIGIN": "https://elsewhere.example"}, 403, id="foreign origin"),
        pytest.param({"HTTP_ORIGIN": "http://testserver.elsewhere.example"}, 403, id="an origin that looks like ours"),
        pytest.param({"HTTP_ORIGIN": "null"}, 403, id="sandboxed page"),
        pytest.param({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403, id="another site"),
        pytest.param({"HTTP_SEC_FETCH_SITE": "same-site"}, 403, id="a neighbour"),
    ],
)
def test_only_our_own_pages_may_send(client: Client, message: Message, headers: dict[str, str], status: int) -> None:
    url, fields, stored = message
    assert send(client, url, fields, **headers).status_code == status
    assert client.post(url, fields, **headers).status_code == status
    assert stored() == (2 if status == 201 else 0)


@pytest.mark.parametrize(
    ("url", "changes", "field"),
    [
        pytest.param(SUGGEST, {"suggestion": ""}, "suggestion", id="no suggestion"),
        pytest.param(SUGGEST, {"suggestion": "\u200b\u200b"}, "suggestion", id="an invisible suggestion"),
        pytest.param(SUGGEST, {"suggestion": "a" * 5001}, "suggestion", id="long suggestion"),
        pytest.param(SUGGEST, {"exact": "a" * 2001}, "exact", id="the whole page selected"),
        pytest.param(SUGGEST, {"email": "nobody"}, "email", id="no e-mail address"),
        pytest.param(COMMENT, {"name": " \u3164 "}, "name", id="no name"),
        pytest.param(COMMENT, {"name": "n" * 81}, "name", id="long name"),
        pytest.param(COMMENT, {"text": ""}, "text", id="no text"),
        pytest.param(COMMENT, {"text": "t" * 5001}, "text", id="long text"),
    ],
)
def test_fields_are_checked_and_kept(
    client: Client, suggestion: Fields, comment: Fields, url: str, changes: Fields, field: str
) -> None:
    fields = {**(suggestion if url == SUGGEST else comment), **changes}
    answer = send(client, url, fields)
    assert list(errors(answer)) == [field]
    assert ("too long" in answer.json()["message"]) == (field == "exact")
    response = client.post(url, fields)
    assert response.status_code == 400
    page = response.content.decode()
    assert "field-error" in page
    for name, value in fields.items():
        if value and name not in changes:
            assert str(value) in page, name
    assert not CorrectionReport.objects.exists()
    assert not Comment.objects.exists()


def test_lengths_are_taken_up_to_the_limit(client: Client, suggestion: Fields, comment: Fields) -> None:
    long = {
        **suggestion,
        "suggestion": "я" * 5000,
        "exact": "я" * 2000,
        "prefix": "p" * 900 + "я",
        "suffix": "я" + "s" * 900,
    }
    assert send(client, SUGGEST, long).status_code == 201
    row = CorrectionReport.objects.get()
    assert (len(row.prefix), row.prefix[-1], len(row.suffix), row.suffix[0]) == (200, "я", 200, "я")
    assert send(client, COMMENT, {**comment, "name": "n" * 80, "text": "я" * 5000}).status_code == 201


def test_a_megabyte_is_not_even_read(client: Client, comment: Fields) -> None:
    response = send(client, COMMENT, {**comment, "text": "t" * MAX_BODY_BYTES})
    assert response.status_code == 413
    assert response.json()["ok"] is False


@pytest.mark.parametrize(
    "changes",
    [
        {"revision": "999999999", "block_id": "../../etc", "start": "-1", "end": "x"},
        {"revision": "'; drop", "block_id": "<b>", "start": "5", "end": "5"},
        {"revision": "9" * 40, "block_id": "x" * 500, "start": "9" * 40, "end": "9" * 40},
        {"revision": "", "block_id": "", "start": "", "end": ""},
    ],
)
def test_what_the_script_adds_is_not_believed(client: Client, suggestion: Fields, changes: Fields) -> None:
    assert send(client, SUGGEST, {**suggestion, **changes}).status_code == 201
    row = CorrectionReport.objects.get()
    assert (row.revision_read, row.block_id, row.start, row.end) == (None, "", None, None)


def test_another_storys_revision_is_not_kept(client: Client, suggestion: Fields, draft: StoryPage) -> None:
    assert send(client, SUGGEST, {**suggestion, "revision": draft.latest_revision_id}).status_code == 201
    assert CorrectionReport.objects.get().revision_read is None


def test_a_block_may_be_named_as_the_page_names_it(client: Client, suggestion: Fields) -> None:
    send(client, SUGGEST, {**suggestion, "block_id": f"block-{suggestion['block_id']}"})
    assert CorrectionReport.objects.get().block_id == suggestion["block_id"]


def test_scripts_in_every_field_stay_text(client: Client, suggestion: Fields, comment: Fields) -> None:
    for url, fields in ((SUGGEST, suggestion), (COMMENT, comment)):
        hostile = {name: SCRIPT for name in fields if name not in ("story", "website")}
        page = client.post(url, {**fields, **hostile, "email": SCRIPT, "name": SCRIPT + "n" * 80}).content.decode()
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img" not in page
        asked = client.get(url, {**hostile, "story": fields["story"]}).content.decode()
        assert "<script>alert" not in asked
    assert send(client, COMMENT, {**comment, "name": SCRIPT, "text": SCRIPT}).status_code == 201
    assert send(client, SUGGEST, {**suggestion, "suggestion": SCRIPT, "exact": SCRIPT}).status_code == 201


def test_control_characters_are_taken_out(client: Client, suggestion: Fields, comment: Fields) -> None:
    send(client, COMMENT, {**comment, "name": "A\u202enn", "text": "one\x00\r\ntwo\u200b"})
    assert Comment.objects.values_list("name", "text").get() == ("Ann", "one\ntwo")
    send(
        client,
        SUGGEST,
        {**suggestion, "exact": "Mon\x00day", "suggestion": "Tues\u200bday", "start": "1\x006"},
    )
    assert CorrectionReport.objects.values_list("exact", "suggestion").get() == ("Monday", "Tuesday")


@pytest.mark.parametrize("pk", ["", "0", "999999", "x", "1 OR 1=1", "-1", "²", "9" * 30, "draft"])
@pytest.mark.parametrize("url", [SUGGEST, COMMENT])
def test_there_is_no_such_story(
    client: Client, draft: StoryPage, suggestion: Fields, comment: Fields, url: str, pk: str
) -> None:
    fields = {**(suggestion if url == SUGGEST else comment), "story": str(draft.pk) if pk == "draft" else pk}
    for response in (client.get(url, {"story": fields["story"]}), client.post(url, fields)):
        assert response.status_code == 404
        assert "Secret plans" not in response.content.decode()
    answer = send(client, url, fields)
    assert answer.status_code == 404
    assert answer.json() == {"ok": False, "message": "There is no such story.", "errors": {}}
    assert not CorrectionReport.objects.exists()
    assert not Comment.objects.exists()


def test_a_story_made_live_behind_the_gate_takes_no_messages(client: Client, comment: Fields, draft: StoryPage) -> None:
    StoryPage.objects.filter(pk=draft.pk).update(live=True)
    assert send(client, COMMENT, {**comment, "story": draft.pk}).status_code == 404


def test_a_message_costs_few_queries(
    client: Client, comment: Fields, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    payload = proof(client)
    with django_assert_max_num_queries(12):
        send(client, COMMENT, {**comment, "altcha": payload})
