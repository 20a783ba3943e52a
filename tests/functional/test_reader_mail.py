"""A reader who left an address is told once; the address is deleted then, is in no log, and mail that fails is seen."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from onrecord.core.models import User
from onrecord.readers.models import CorrectionCase, CorrectionReport, ReaderMail
from onrecord.readers.services import (
    addresses_expire,
    correction_answer,
    correction_decline,
    mails_try_again,
    reader_mail_retry,
    reader_mail_send,
)
from onrecord.readers.services.mail import MailNotSetUp, NothingToSend
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import TEXT, accept, act, case_url, correction, decline, letter, publish, report, shown

pytestmark = pytest.mark.django_db

READER = "reader@example.org"
Commits = Any


@pytest.fixture
def story() -> StoryPage:
    return factories.story(TEXT, title="Nobody told us", publish=True)


@pytest.fixture
def editor(client: Client, story: StoryPage) -> User:
    user = factories.person("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def no_server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def addresses() -> set[str]:
    return set(CorrectionReport.objects.exclude(email="").values_list("email", flat=True))


def test_a_declined_reader_is_told_once_and_forgotten(
    client: Client, editor: User, story: StoryPage, django_capture_on_commit_callbacks: Commits
) -> None:
    case = correction(story)
    with django_capture_on_commit_callbacks(execute=True):
        decline(client, case, answer="We have the timetable here.")
        assert mail.outbox == []
    (letter_sent,) = mail.outbox
    assert letter_sent.to == [READER]
    assert "leave it as it is" in letter_sent.body
    assert "We have the timetable here." in letter_sent.body
    assert "Monday" not in letter_sent.body
    assert "The recording says Monday" not in letter_sent.body
    assert story.url in letter_sent.body
    assert addresses() == set()
    reader_mail_send(ReaderMail.objects.get().pk)
    assert len(mail.outbox) == 1


def test_an_accepted_reader_is_told_when_the_story_is_published(
    client: Client, editor: User, story: StoryPage, django_capture_on_commit_callbacks: Commits
) -> None:
    case = correction(story)
    report(story, case, email="second@example.org")
    report(story, case, email="")
    with django_capture_on_commit_callbacks(execute=True):
        accept(client, case)
    assert mail.outbox == []
    assert len(addresses()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        publish(story)
    assert sorted(sent.to[0] for sent in mail.outbox) == [READER, "second@example.org"]
    assert f"#correction-{case.note.pk}" in mail.outbox[0].body
    assert addresses() == set()
    with django_capture_on_commit_callbacks(execute=True):
        publish(story)
    assert len(mail.outbox) == 2


def test_an_editor_answers_and_the_case_stays(
    client: Client, editor: User, story: StoryPage, django_capture_on_commit_callbacks: Commits
) -> None:
    case = correction(story)
    with django_capture_on_commit_callbacks(execute=True):
        assert act(client, case, "answer", words="Which bus do you mean?").status_code == 302
    (answer,) = mail.outbox
    assert "Which bus do you mean?" in answer.body
    assert "/corrections/withdraw/" in answer.body
    case.refresh_from_db()
    assert case.is_open
    assert addresses() == {READER}
    assert "Which bus do you mean?" in shown(client.get(case_url(case)))


def test_a_letter_is_answered_and_closed_with_one_mail(
    client: Client, editor: User, django_capture_on_commit_callbacks: Commits
) -> None:
    case = letter()
    page = shown(client.get(case_url(case)))
    assert "A letter to the newsroom" in page
    assert 'value="accept"' not in page
    with django_capture_on_commit_callbacks(execute=True):
        act(client, case, "answer", words="The ferry is in tomorrow's story.", close="on")
    (answer,) = mail.outbox
    assert answer.subject == "Your letter to The Test Gazette"
    assert "The ferry is in tomorrow's story." in answer.body
    case.refresh_from_db()
    assert (case.status, addresses()) == ("answered", set())


def test_a_case_nobody_left_an_address_for_can_be_closed_with_words(editor: User) -> None:
    case = letter(email="")
    with pytest.raises(NothingToSend):
        correction_answer(actor=editor, case=case, words="Thank you.")
    assert correction_answer(actor=editor, case=case, words="Thank you.", close=True) == []
    case.refresh_from_db()
    assert case.status == "answered"


def test_mail_that_fails_is_tried_again_and_then_seen(
    client: Client, editor: User, story: StoryPage, no_server: None, settings: Any,
    django_capture_on_commit_callbacks: Commits, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    case = correction(story)
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        decline(client, case)
    row = ReaderMail.objects.get()
    assert (row.state, row.attempts, row.failure) == ("waiting", 1, "ConnectionRefusedError")
    assert mails_try_again() == 0
    for attempt in range(2, 6):
        ReaderMail.objects.update(next_try_at=timezone.now())
        assert mails_try_again() == 1
        row.refresh_from_db()
        assert row.attempts == attempt
    assert row.state == "failed"
    assert mails_try_again() == 0
    assert addresses() == {READER}
    assert "reader-mail-failed" in caplog.text
    assert "example.org" not in caplog.text
    page = shown(client.get(case_url(case)))
    assert "Try again" in page
    assert "could not be sent" in shown(client.get("/desk/corrections/", {"mail_failed": "true"}))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        act(client, case, "retry", mail=row.pk)
    assert len(mail.outbox) == 1
    assert addresses() == set()
    with pytest.raises(NothingToSend):
        reader_mail_retry(actor=editor, mail=row)
    with pytest.raises(PermissionDenied):
        reader_mail_retry(actor=factories.person("Moderator"), mail=row)


def test_without_a_mail_server_no_address_reaches_the_screen(
    client: Client, editor: User, story: StoryPage, settings: Any, capsys: pytest.CaptureFixture[str],
    django_capture_on_commit_callbacks: Commits,
) -> None:  # fmt: skip
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    case = correction(story)
    assert "EMAIL_URL is not set" in shown(client.get(case_url(case)))
    with django_capture_on_commit_callbacks(execute=True):
        decline(client, case)
    row = ReaderMail.objects.get()
    assert (row.state, row.failure) == ("failed", MailNotSetUp.__name__)
    assert "example.org" not in "".join(capsys.readouterr())


def test_addresses_are_deleted_in_the_end_told_or_not(client: Client, editor: User, story: StoryPage) -> None:
    closed, fresh, waiting = correction(story), correction(story), correction(story)
    accept(client, closed)
    accept(client, fresh, old_words="bus", new_words="tram")
    CorrectionCase.objects.filter(pk=closed.pk).update(handled_at=timezone.now() - timedelta(days=31))
    CorrectionCase.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - timedelta(days=90))
    assert addresses_expire() == 1
    assert closed.reports.get().email == ""
    assert closed.reports.get().mails.get().state == "dropped"
    assert fresh.reports.get().email == waiting.reports.get().email == READER


def test_mail_speaks_the_newsrooms_language(
    client: Client, editor: User, story: StoryPage, settings: Any, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Commits,
) -> None:  # fmt: skip
    from django.utils import translation

    settings.NEWSROOM_LANGUAGE = "uk"
    spoken: list[str] = []
    override = translation.override
    monkeypatch.setattr(translation, "override", lambda code: spoken.append(code) or override(code))
    with django_capture_on_commit_callbacks(execute=True):
        decline(client, correction(story))
    assert spoken == ["uk"]
    assert len(mail.outbox) == 1


def test_a_headline_with_line_breaks_makes_no_header(
    client: Client, editor: User, story: StoryPage, django_capture_on_commit_callbacks: Commits
) -> None:
    story = factories.story(TEXT, title="Nobody\r\nBcc: all@example.org", publish=True)
    with django_capture_on_commit_callbacks(execute=True):
        correction_decline(actor=editor, case=correction(story), reason="No.")
    (sent,) = mail.outbox
    assert sent.subject == "Your note on “Nobody Bcc: all@example.org”"
    assert sent.recipients() == [READER]


def test_nothing_queued_holds_an_address(
    client: Client, editor: User, story: StoryPage, settings: Any, django_capture_on_commit_callbacks: Commits
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "engines"]}}
    with django_capture_on_commit_callbacks(execute=True):
        decline(client, correction(story), answer="A word to you.")
    queued = " ".join(str(row.args_kwargs) for row in DBTaskResult.objects.all())
    assert "send_mail_to_reader" in " ".join(DBTaskResult.objects.values_list("task_path", flat=True))
    assert "example.org" not in queued
    assert "A word" not in queued
