"""What a reader sent is theirs: taken once however often it is sent, taken back with a signed link, letters too."""

import logging
import threading
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from onrecord.readers.models import CorrectionCase, CorrectionReport, ReaderMail, SpentProof
from onrecord.readers.senders import Sender
from onrecord.readers.services import letter_add, report_withdraw
from onrecord.readers.services.intake import Envelope
from onrecord.readers.services.reports import BadWithdrawal, withdrawal_token
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import TEXT, accept, case_url, correction, report, shown
from tests.functional.readers import COMMENT, SUGGEST, proof, send

pytestmark = pytest.mark.django_db

WRITE = "/write/"
KEY = "b2ffba5440e792"


@pytest.fixture
def story() -> StoryPage:
    return factories.story(TEXT, title="Nobody told us", publish=True)


def withdraw_url(row: CorrectionReport) -> str:
    return f"/corrections/withdraw/{withdrawal_token(row)}/"


# --- sent again -------------------------------------------------------------------------------------------


def test_the_same_message_sent_again_is_taken_once(client: Client, story: StoryPage) -> None:
    fields = {"story": story.pk, "suggestion": "It was Tuesday.", "exact": "Monday", "key": KEY}
    answers = [send(client, SUGGEST, fields) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["withdraw_url"] for answer in answers}) == 1
    assert CorrectionReport.objects.count() == 1
    assert SpentProof.objects.count() == 1


def test_with_the_proof_of_the_first_time_too(client: Client, story: StoryPage) -> None:
    fields = {"story": story.pk, "suggestion": "It was Tuesday.", "key": KEY, "altcha": proof(client)}
    assert [send(client, SUGGEST, fields).status_code for _ in range(2)] == [201, 201]
    assert CorrectionReport.objects.count() == 1


def test_other_words_under_the_same_key_are_not_lost(client: Client, story: StoryPage) -> None:
    fields = {"story": story.pk, "suggestion": "It was Tuesday.", "key": KEY}
    send(client, SUGGEST, fields)
    send(client, SUGGEST, {**fields, "suggestion": "No, it was Wednesday."})
    assert CorrectionReport.objects.count() == 2


def test_messages_without_a_key_are_all_taken(client: Client, story: StoryPage) -> None:
    fields = {"story": story.pk, "suggestion": "It was Tuesday."}
    for _ in range(2):
        assert send(client, SUGGEST, fields).status_code == 201
    assert CorrectionReport.objects.count() == 2


def test_the_form_without_scripts_has_a_key_of_its_own(client: Client, story: StoryPage) -> None:
    pages = [client.get(SUGGEST, {"story": story.pk}).context["form"]["key"].value() for _ in range(2)]
    assert pages[0] != pages[1]
    for _ in range(2):  # the button pressed twice
        client.post(SUGGEST, {"story": story.pk, "suggestion": "It was Tuesday.", "key": pages[0]})
    assert CorrectionReport.objects.count() == 1


def test_comments_and_letters_are_taken_once_too(client: Client, story: StoryPage) -> None:
    for url, fields in (
        (COMMENT, {"story": story.pk, "name": "A reader", "text": "So it is.", "key": KEY}),
        (WRITE, {"suggestion": "Why no word of the ferry?", "key": KEY}),
    ):
        assert [send(client, url, fields).status_code for _ in range(2)] == [201, 201]
    assert CorrectionReport.objects.count() == 1
    assert story.comments.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_the_same_message_at_the_same_moment_is_taken_once() -> None:
    factories.newsroom()
    now = timezone.now()
    envelope = Envelope(Sender.of("192.0.2.7", now), now, key="same")
    ready = threading.Barrier(4)

    def add() -> None:
        try:
            ready.wait(10)
            letter_add(words="Why?", envelope=envelope)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CorrectionReport.objects.count() == 1


# --- taken back -------------------------------------------------------------------------------------------


def test_what_was_sent_is_taken_back_with_a_button(client: Client, story: StoryPage) -> None:
    answer = send(client, SUGGEST, {"story": story.pk, "suggestion": "It was Tuesday.", "email": "reader@example.org"})
    url = answer.json()["withdraw_url"]
    page = client.get(url)
    assert "It was Tuesday." in shown(page)
    assert page.headers["Cache-Control"].startswith("max-age=0")
    assert CorrectionReport.objects.get().suggestion  # a link that a machine follows takes nothing back
    for _ in range(2):
        assert "is deleted" in shown(client.post(url))
    row = CorrectionReport.objects.get()
    assert (row.suggestion, row.email) == ("", "")
    assert row.withdrawn_at
    assert row.case.status == "withdrawn"
    assert "is deleted" in shown(client.get(url))


def test_the_page_after_sending_without_scripts_gives_the_link(client: Client, story: StoryPage) -> None:
    page = client.post(SUGGEST, {"story": story.pk, "suggestion": "It was Tuesday."})
    assert page.status_code == 201
    assert withdraw_url(CorrectionReport.objects.get()) in page.content.decode()


def test_others_in_the_case_keep_it_open(story: StoryPage) -> None:
    case = correction(story)
    other = report(story, case, suggestion="So think I.")
    report_withdraw(token=withdrawal_token(other))
    case.refresh_from_db()
    assert case.is_open


def test_mail_that_waits_is_given_up(client: Client, story: StoryPage, django_capture_on_commit_callbacks: Any) -> None:
    client.force_login(factories.person("Editor"))
    case = correction(story)
    accept(client, case)
    row = case.reports.get()
    Client().post(withdraw_url(row))
    assert ReaderMail.objects.get().state == "dropped"
    with django_capture_on_commit_callbacks(execute=True):
        StoryPage.objects.get(pk=story.pk).get_latest_revision().publish()
    assert mail.outbox == []
    case.refresh_from_db()
    assert case.status == "accepted"
    assert "Withdrawn by the reader" in shown(client.get(case_url(case)))
    assert "It was Tuesday." not in shown(client.get(case_url(case)))


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: f"1{t}", lambda t: "x", lambda t: t.upper()])
def test_forged_links_take_nothing_back(client: Client, story: StoryPage, change: Any) -> None:
    row = correction(story).reports.get()
    forged = change(withdrawal_token(row))
    for answer in (client.get(f"/corrections/withdraw/{forged}/"), client.post(f"/corrections/withdraw/{forged}/")):
        assert answer.status_code == 404
        assert "It was Tuesday." not in answer.content.decode()
    with pytest.raises(BadWithdrawal):
        report_withdraw(token=forged)
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_another_site_cannot_press_the_button(client: Client, story: StoryPage) -> None:
    url = withdraw_url(correction(story).reports.get())
    assert client.post(url, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert CorrectionReport.objects.get().withdrawn_at is None


def test_a_link_to_what_was_deleted_says_so(client: Client, story: StoryPage) -> None:
    row = correction(story).reports.get()
    url = withdraw_url(row)
    CorrectionCase.objects.all().delete()
    assert "is deleted" in shown(client.get(url))
    assert report_withdraw(token=url.split("/")[-2]) is None


# --- letters ----------------------------------------------------------------------------------------------


def test_a_letter_comes_into_the_queue(client: Client, story: StoryPage) -> None:
    assert "Write to us" in shown(client.get(WRITE))
    assert send(client, WRITE, {"suggestion": "Why no word of the ferry?"}).status_code == 201
    case = CorrectionCase.objects.get()
    assert (case.origin, case.story, case.gathered) == ("letter", None, True)
    client.force_login(factories.person("Editor"))
    page = shown(client.get("/desk/corrections/"))
    assert "Why no word of the ferry?" in page
    assert "Write to us" in page
    assert 'href="/write/"' in shown(Client().get(story.url))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"suggestion": " \u200b "}, 400, id="nothing visible"),
        pytest.param({"suggestion": "x" * 5001}, 400, id="too long"),
        pytest.param({"suggestion": "x" * 300_000}, 413, id="far too long"),
        pytest.param({"suggestion": "Hello", "altcha": ""}, 400, id="no proof"),
        pytest.param({"suggestion": "Hello", "altcha": "eyJ9"}, 400, id="a forged proof"),
        pytest.param({"suggestion": "Hello", "email": "nobody"}, 400, id="no address"),
        pytest.param({"suggestion": "Hello", "website": "https://spam.example"}, 201, id="a machine"),
    ],
)
def test_letters_have_the_same_guard(client: Client, story: StoryPage, fields: dict[str, str], status: int) -> None:
    answer = send(client, WRITE, fields)
    assert answer.status_code == status, answer.content
    assert not CorrectionReport.objects.exists()


def test_a_letter_without_scripts_keeps_what_was_typed(client: Client, story: StoryPage) -> None:
    page = client.post(WRITE, {"suggestion": "My letter", "email": "nobody"})
    assert page.status_code == 400
    assert "My letter" in page.content.decode()
    assert "This is not an e-mail address" in page.content.decode()
    assert client.post(WRITE, {"suggestion": "My letter"}).status_code == 201


def test_logs_have_no_words_and_no_address(client: Client, story: StoryPage, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(client, WRITE, {"suggestion": "A secret word", "email": "reader@example.org"})
        Client().post(withdraw_url(CorrectionReport.objects.get()))
    kept = "".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "example.org" not in kept
    assert "secret word" not in kept
