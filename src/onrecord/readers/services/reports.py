"""What readers send in: suggestions on a passage and letters, taken in; and taken back."""

from collections.abc import Callable

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.errors import OnrecordError
from onrecord.readers.models import CorrectionCase, CorrectionReport, ReaderMail
from onrecord.readers.passages import Selected
from onrecord.readers.services.gathering import case_take
from onrecord.readers.services.intake import Envelope, already_taken, envelope_take, revision_known
from onrecord.stories.models import StoryPage

_SALT = "onrecord.readers.withdraw"


class BadWithdrawal(OnrecordError):
    code = "bad-withdrawal-link"
    message = "This link is not one of ours, or a part of it is missing. Open it just as you were given it."


def correction_report_add(
    *,
    story: StoryPage,
    selected: Selected,
    suggestion: str,
    kind: str = "",
    email: str = "",
    revision_read: int | None = None,
    envelope: Envelope,
) -> CorrectionReport:
    """Queue a reader's suggestion, in the case of its passage. All text is cleaned; raises ProofRefused,
    TooManyMessages.

    A revision that readers never had is not kept. The same message sent again is taken once.
    """

    def store() -> CorrectionReport:
        envelope_take(envelope)
        revision = revision_known(story, revision_read)
        case = case_take(story=story, revision_read=revision, selected=selected, kind=kind, at=envelope.received_at)
        return CorrectionReport.objects.create(
            case_id=case,
            story=story,
            revision_read=revision,
            block_id=selected.block_id,
            exact=selected.exact,
            prefix=selected.prefix,
            suffix=selected.suffix,
            start=selected.start,
            end=selected.end,
            suggestion=suggestion,
            kind_given=kind,
            email=email,
            **envelope.fields(),
        )

    return _once(store, envelope)


def letter_add(*, words: str, email: str = "", envelope: Envelope) -> CorrectionReport:
    """Queue a letter to the newsroom. All text is cleaned; raises ProofRefused, TooManyMessages."""

    def store() -> CorrectionReport:
        envelope_take(envelope)
        case = CorrectionCase.objects.create(origin=CorrectionCase.Origin.LETTER, created_at=envelope.received_at)
        return CorrectionReport.objects.create(case=case, suggestion=words, email=email, **envelope.fields())

    return _once(store, envelope)


def _once(store: Callable[[], CorrectionReport], envelope: Envelope) -> CorrectionReport:
    """What was stored, now or when the same message came before."""
    if taken := already_taken(CorrectionReport, envelope):
        return taken
    try:
        with transaction.atomic():
            return store()
    except IntegrityError:  # it came twice at the same moment
        if taken := already_taken(CorrectionReport, envelope):
            return taken
        raise


def withdrawal_token(report: CorrectionReport) -> str:
    """What lets its holder, and nobody else, take this message back."""
    return signing.Signer(salt=_SALT).sign(str(report.pk))


def withdrawable_report(token: str) -> CorrectionReport | None:
    """The message that the token is for; None if it was deleted since. Raises BadWithdrawal."""
    try:
        number = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature as error:
        raise BadWithdrawal() from error
    return CorrectionReport.objects.select_related("case", "story").filter(pk=int(number)).first()


def report_withdraw(*, token: str) -> CorrectionReport | None:
    """Take a message back: its words and the address are deleted, mail to it is given up.

    An open case with nothing else in it is closed. Doing it again changes nothing. Raises BadWithdrawal.
    """
    report = withdrawable_report(token)
    if report is None or report.withdrawn_at:
        return report
    with transaction.atomic():
        case = CorrectionCase.objects.select_for_update().get(pk=report.case_id)
        report.withdrawn_at = timezone.now()
        report.suggestion, report.email = "", ""
        report.save(update_fields=["withdrawn_at", "suggestion", "email"])
        report.mails.exclude(state=ReaderMail.State.SENT).update(state=ReaderMail.State.DROPPED)
        if case.is_open and not case.reports.filter(withdrawn_at=None).exists():
            case.status, case.handled_at = CorrectionCase.Status.WITHDRAWN, report.withdrawn_at
            case.save(update_fields=["status", "handled_at"])
        log(case, "readers.case.withdraw", data={"story": case.story_id})
    return report
