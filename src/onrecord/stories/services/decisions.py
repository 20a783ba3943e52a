"""What people decide about quotations, and take back. Each is one function in one transaction, and leaves a trace."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.checked import Checked, Place, quotation_key
from onrecord.stories.decisions import QuotationConfirmation, QuotationOverride, QuotationPlace
from onrecord.stories.models import StoryPage
from onrecord.stories.services.listeners import tell_listeners
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.models import TranscriptVersion

LEAST_REASON = 10
LEAST_HEARD = 0.9


class ReasonMissing(OnrecordError):
    code = "reason-missing"
    message = "An override needs a reason of at least {least} characters: it stays on record with your name."


class NotListened(OnrecordError):
    code = "not-listened"
    message = "Play the moment to its end first: {heard} of {length} seconds were heard. Nothing was confirmed."


class NothingToWithdraw(OnrecordError):
    code = "nothing-to-withdraw"
    message = "There is no {what} in force for these words of this story; somebody may have withdrawn it already."


def quotation_override(*, actor: User, page: StoryPage, quotation: str, verdict: str, reason: str) -> QuotationOverride:
    """Let these exact words of this story through the gate. Raises ReasonMissing, PermissionDenied."""
    if not page.permissions_for_user(actor).can_publish():
        raise PermissionDenied
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonMissing(least=LEAST_REASON)
    with transaction.atomic():
        row = QuotationOverride.objects.create(
            page=page, key=quotation_key(quotation), quotation=quotation, verdict=verdict, reason=reason.strip(),
            at=timezone.now(), by=actor,
        )  # fmt: skip
        _log(page, "override", actor, override=row.pk, verdict=verdict)
    return row


def override_withdraw(*, actor: User, page: StoryPage, key: str) -> None:
    """Take back every override of these words in this story.

    A published story stays as it is, marked; its next publication is refused with these words in it. Raises
    NothingToWithdraw, PermissionDenied.
    """
    if not page.permissions_for_user(actor).can_publish():
        raise PermissionDenied
    with transaction.atomic():
        if not QuotationOverride.objects.filter(page_id=page.pk, key=key).withdraw(actor):
            raise NothingToWithdraw(what="override")
        _log(page, "override.withdraw", actor, key=key)
        for row in _published(page, key).filter(verdict=Verdict.OVERRIDDEN):
            row.verdict, row.was = row.was or str(Verdict.UNBOUND), ""
            row.override_reason = row.overridden_by = ""
            row.save(update_fields=["verdict", "was", "override_reason", "overridden_by"])
            tell_listeners(page)


def quotation_confirm(*, actor: User, page: StoryPage, quotation: Checked, heard_ms: int) -> QuotationConfirmation:
    """Keep that this person listened to the moment that a quotation is bound to.

    `quotation` is as just checked; `heard_ms` is how much of the moment has played. Raises NotListened,
    PermissionDenied.
    """
    if not page.permissions_for_user(actor).can_edit():
        raise PermissionDenied
    start_ms, end_ms = quotation.start_ms or 0, quotation.end_ms or 0
    length = end_ms - start_ms
    if not quotation.audible or heard_ms < LEAST_HEARD * length:
        raise NotListened(heard=_seconds(max(0, heard_ms)), length=_seconds(length))
    with transaction.atomic():
        row = QuotationConfirmation.objects.create(
            page=page, key=quotation.key, quotation=quotation.text, at=timezone.now(), by=actor,
            recording_id=quotation.recording_id, recording_sha256=quotation.evidence_sha256,
            transcript_version=TranscriptVersion.objects.get(pk=quotation.version_id or 0),
            first_word=quotation.first_word, last_word=quotation.last_word, start_ms=start_ms, end_ms=end_ms,
            said=quotation.said, heard_ms=heard_ms,
        )  # fmt: skip
        _log(page, "confirm", actor, confirmation=row.pk)
        _published_confirmed(page, quotation, at=row.at, by=str(actor))
    return row


def confirmation_withdraw(*, actor: User, page: StoryPage, quotation: Checked) -> None:
    """Take back that somebody listened to this quotation. Raises NothingToWithdraw, PermissionDenied."""
    if not page.permissions_for_user(actor).can_edit():
        raise PermissionDenied
    with transaction.atomic():
        rows = QuotationConfirmation.objects.filter(page_id=page.pk, key=quotation.key, **_span(quotation))
        if not rows.withdraw(actor):
            raise NothingToWithdraw(what="confirmation by ear")
        _log(page, "confirm.withdraw", actor, key=quotation.key)
        _published_confirmed(page, quotation, at=None, by="")


def place_choose(*, actor: User, page: StoryPage, quotation: Checked, place: Place) -> QuotationPlace:
    """Bind the words to this one of several places where they are said, from the next check on."""
    if not page.permissions_for_user(actor).can_edit():
        raise PermissionDenied
    with transaction.atomic():
        QuotationPlace.objects.filter(page_id=page.pk, key=quotation.key).withdraw(actor)
        row = QuotationPlace.objects.create(
            page=page, key=quotation.key, quotation=quotation.text, at=timezone.now(), by=actor,
            recording=Recording.objects.get(pk=place.recording_id), start_ms=place.start_ms,
        )  # fmt: skip
        _log(page, "place", actor, place=row.pk)
    return row


def _published(page: StoryPage, key: str) -> "QuerySet[QuotationBinding]":
    live_revision = StoryPage.objects.filter(pk=page.pk, live=True).values("live_revision")
    return QuotationBinding.objects.filter(check_run__page_id=page.pk, check_run__revision__in=live_revision, key=key)


def _published_confirmed(page: StoryPage, quotation: Checked, *, at: Any, by: str) -> None:
    """What readers see of it follows at once, where the published revision has the same words at the same span."""
    if _published(page, quotation.key).filter(**_span(quotation)).update(confirmed_at=at, confirmed_by=by):
        tell_listeners(page)


def _span(quotation: Checked) -> dict[str, Any]:
    recording_id, start_ms, end_ms, said = quotation.span
    return {"recording_id": recording_id or None, "start_ms": start_ms, "end_ms": end_ms, "said": said}


def _log(page: StoryPage, action: str, actor: User, **data: Any) -> None:
    log(page, f"stories.quotation.{action}", user=actor, data=data)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f}"
