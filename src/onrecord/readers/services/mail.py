"""Mail to a reader who left an address: what became of the message, once, and what an editor answers.

The address stays in one place, the report. Queue and logs hold numbers; the mail quotes no words of a story, which may
be masked by tomorrow: it leads to the page.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task
from wagtail.log_actions import log as audit

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.models import CorrectionCase, CorrectionReport, ReaderMail
from onrecord.readers.services.reports import withdrawal_token

log = logging.getLogger(__name__)
State = ReaderMail.State
NEXT_TRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
_PENDING = (State.HELD, State.WAITING, State.FAILED)
_ON_A_SCREEN = ("django.core.mail.backends.console.EmailBackend", "django.core.mail.backends.dummy.EmailBackend")


class MailNotSetUp(OnrecordError):
    code = "mail-not-set-up"
    message = "This newsroom cannot send mail yet. Give it a mail server: set EMAIL_URL."


class NothingToSend(OnrecordError):
    code = "no-mail-to-send"
    message = "There is nobody to write to: the reader left no address, or it is deleted by now."


def mail_is_set_up() -> bool:
    """False while mail would only be shown on the server's screen, where addresses have no place."""
    return settings.EMAIL_BACKEND not in _ON_A_SCREEN


def outcome_tell(case: CorrectionCase, *, actor: User | None, words: str = "", held: bool = False) -> int:
    """Have each reader of a case that was just decided told once; gives how many. Call in that transaction.

    `held`: only when the story is published. An address that nothing is sent to is deleted.
    """
    told = 0
    for report in case.reports.exclude(email=""):
        mail, created = ReaderMail.objects.get_or_create(
            report=report, about=ReaderMail.About.OUTCOME,
            defaults={"words": words, "by": actor, "created_at": timezone.now(),
                      "state": State.HELD if held else State.WAITING},
        )  # fmt: skip
        if created and not held:
            _enqueue(mail)
        told += created
    return told


def outcomes_release(cases: list[int]) -> None:
    """The corrected story is published: those who wait to hear of it are told. Call in a transaction."""
    for mail in ReaderMail.objects.select_for_update().filter(report__case__in=cases, state=State.HELD):
        mail.state = State.WAITING
        mail.save(update_fields=["state"])
        _enqueue(mail)


def answer_queue(report: CorrectionReport, *, actor: User, words: str) -> ReaderMail:
    """Have an editor's words sent to one reader. Call in a transaction; raises NothingToSend."""
    if not report.email:
        raise NothingToSend()
    mail = ReaderMail.objects.create(
        report=report, about=ReaderMail.About.ANSWER, words=words, by=actor, created_at=timezone.now()
    )
    _enqueue(mail)
    return mail


def reader_mail_retry(*, actor: User, mail: ReaderMail) -> ReaderMail:
    """Try a mail that failed again. Raises PermissionDenied, NothingToSend."""
    if not actor.has_perm("readers.change_correctionreport"):
        raise PermissionDenied
    with transaction.atomic():
        row = ReaderMail.objects.select_for_update(of=("self",)).select_related("report").get(pk=mail.pk)
        if row.state != State.FAILED or not row.report.email:
            raise NothingToSend()
        row.state, row.attempts, row.failure, row.next_try_at = State.WAITING, 0, "", None
        row.save(update_fields=["state", "attempts", "failure", "next_try_at"])
        audit(row.report.case, "readers.case.mail_retry", user=actor, data={"mail": row.pk})
        _enqueue(row)
    return row


@task()
def send_mail_to_reader(mail_id: int) -> None:
    """The worker sends one mail."""
    reader_mail_send(mail_id)


def mails_try_again() -> int:
    """Queue the mails whose next try is due; gives how many. A chore of each minute."""
    due = ReaderMail.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now())
    numbers = list(due.values_list("pk", flat=True))
    for number in numbers:
        send_mail_to_reader.enqueue(number)
    return len(numbers)


def reader_mail_send(mail_id: int) -> None:
    """Send a mail that waits; what failed is tried again later, five times in all. May run twice.

    Should the worker die between sending and noting it, the second copy has the same Message-ID.
    """
    mail = (
        ReaderMail.objects.select_related("report__case__story").filter(pk=mail_id, state=State.WAITING).first()
    )  # fmt: skip
    if mail is None or not mail.report.email:
        return
    try:
        if not mail_is_set_up():
            raise MailNotSetUp()
        _message(mail).send()
    except (SMTPException, OSError, ValueError, MailNotSetUp) as error:
        _failed(mail, error)
        return
    mail.state, mail.sent_at, mail.failure = State.SENT, timezone.now(), ""
    mail.save(update_fields=["state", "sent_at", "failure"])
    address_forget(mail.report)


def address_forget(report: CorrectionReport) -> None:
    """Delete a reader's address, if the case is closed and no mail to it is pending."""
    report.refresh_from_db()
    if not report.case.is_open and not report.mails.filter(state__in=_PENDING).exists():
        CorrectionReport.objects.filter(pk=report.pk).update(email="")


def addresses_expire() -> int:
    """Delete the addresses of cases closed READER_ADDRESS_DAYS ago, told or not; gives how many. A daily chore."""
    before = timezone.now() - timedelta(days=settings.READER_ADDRESS_DAYS)
    with transaction.atomic():
        old = CorrectionReport.objects.exclude(email="").filter(case__handled_at__lt=before)
        old = old.exclude(case__status=CorrectionCase.Status.OPEN)
        numbers = list(old.values_list("pk", flat=True))
        ReaderMail.objects.filter(report__in=numbers, state__in=_PENDING).update(state=State.DROPPED)
        return CorrectionReport.objects.filter(pk__in=numbers).update(email="")


def _enqueue(mail: ReaderMail) -> None:
    number = mail.pk
    transaction.on_commit(lambda: send_mail_to_reader.enqueue(number))


def _failed(mail: ReaderMail, error: Exception) -> None:
    mail.attempts += 1
    mail.failure = type(error).__name__
    for_good = isinstance(error, MailNotSetUp) or mail.attempts > len(NEXT_TRIES)
    if for_good:
        mail.state = State.FAILED
    else:
        mail.next_try_at = timezone.now() + NEXT_TRIES[mail.attempts - 1]
    mail.save(update_fields=["attempts", "failure", "state", "next_try_at"])
    log.warning("reader-mail-failed mail=%s attempt=%s error=%s", mail.pk, mail.attempts, mail.failure)


def _message(mail: ReaderMail) -> EmailMessage:
    report, case, story = mail.report, mail.report.case, mail.report.case.story
    readable = story is not None and story.live
    note = getattr(case, "note", None)
    with translation.override(settings.NEWSROOM_LANGUAGE):
        context = {
            "mail": mail, "report": report, "case": case, "newsroom": settings.NEWSROOM_NAME,
            "title": " ".join(story.title.split()) if story is not None and readable else "",
            "address": f"{settings.SITE_URL}{story.url}" if story is not None and readable else "",
            "note": note if note is not None and note.published_at else None,
            "withdraw": settings.SITE_URL + reverse("correction-withdraw", args=[withdrawal_token(report)]),
        }  # fmt: skip
        subject = " ".join(render_to_string("readers/mail/subject.txt", context).split())
        body = render_to_string("readers/mail/body.txt", context).strip() + "\n"
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    return EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [report.email],
        headers={"Message-ID": f"<onrecord-{mail.pk}-{int(mail.created_at.timestamp())}@{host}>",
                 "Auto-Submitted": "auto-generated" if not mail.words else "no"},
    )  # fmt: skip
