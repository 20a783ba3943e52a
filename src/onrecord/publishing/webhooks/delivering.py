"""Delivering a message: once now, and again after longer and longer, for two days."""

import json
import logging
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log as log_action

from onrecord.core.models import User
from onrecord.publishing.models import WebhookDelivery, WebhookEndpoint
from onrecord.publishing.webhooks.sending import WebhookRefused, WebhookUnanswered, post, target_of
from onrecord.publishing.webhooks.signing import signature

log = logging.getLogger(__name__)

Status = WebhookDelivery.Status
WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600))
IN_FLIGHT = timedelta(minutes=2)
KEPT = timedelta(days=30)


def delivery_try(delivery_id: UUID | str) -> WebhookDelivery | None:
    """Send a message that is due; None when it is not, or another worker has it."""
    with transaction.atomic():
        now = timezone.now()
        row = WebhookDelivery.objects.select_for_update().filter(pk=delivery_id).select_related("endpoint").first()
        if row is None or row.status != Status.WAITING or row.next_try_at is None or row.next_try_at > now:
            return None
        if not row.endpoint.is_on:
            return _settle(row, Status.FAILED, "the webhook is off")
        row.attempts += 1
        row.next_try_at = now + IN_FLIGHT  # should this process die, it is tried again then
        row.save(update_fields=["attempts", "next_try_at"])
    try:
        status = _send(row)
    except WebhookRefused as error:
        return _settle(row, Status.FAILED, str(error.fields["reason"]))
    except WebhookUnanswered as error:
        return _later(row, str(error.fields["reason"]))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _settle(row, Status.DELIVERED, str(status))
    if status == HTTPStatus.GONE:
        WebhookEndpoint.objects.filter(pk=row.endpoint_id).update(is_on=False)
        log.warning("webhook-gone endpoint=%s", row.endpoint_id)
        return _settle(row, Status.FAILED, "410: the receiver wants no more; the webhook is off")
    return _later(row, str(status))


def deliveries_due() -> list[str]:
    """Messages that are to be tried now; those that were settled a month ago are forgotten."""
    now = timezone.now()
    WebhookDelivery.objects.filter(finished_at__lt=now - KEPT).delete()
    due = WebhookDelivery.objects.filter(status=Status.WAITING, next_try_at__lte=now).order_by("next_try_at")
    return [str(pk) for pk in due.values_list("pk", flat=True)[:200]]


def delivery_resend(*, actor: User, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send a message again, from the start, whatever became of it. Raises PermissionDenied."""
    if not actor.has_perm("publishing.change_webhookendpoint"):
        raise PermissionDenied
    with transaction.atomic():
        row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
        row.status, row.attempts, row.next_try_at, row.finished_at = Status.WAITING, 0, timezone.now(), None
        row.save(update_fields=["status", "attempts", "next_try_at", "finished_at"])
        log_action(row.endpoint, "publishing.webhook.resend", user=actor, data={"delivery": str(row.pk)})
    return row


def _send(row: WebhookDelivery) -> int:
    target = target_of(row.endpoint.url, allow_private=settings.WEBHOOKS_ALLOW_PRIVATE)
    body = json.dumps(row.payload, ensure_ascii=False, sort_keys=True).encode()
    timestamp = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Onrecord webhooks",
        "webhook-id": str(row.pk),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(row.endpoint.secret, str(row.pk), timestamp, body),
    }
    return post(target, body, headers)


def _later(row: WebhookDelivery, answer: str) -> WebhookDelivery:
    if row.attempts > len(WAITS):
        return _settle(row, Status.FAILED, answer)
    row.answer, row.next_try_at = answer[:250], timezone.now() + WAITS[row.attempts - 1]
    row.save(update_fields=["answer", "next_try_at"])
    return row


def _settle(row: WebhookDelivery, status: WebhookDelivery.Status, answer: str) -> WebhookDelivery:
    row.status, row.answer, row.next_try_at, row.finished_at = status, answer[:250], None, timezone.now()
    row.save(update_fields=["status", "answer", "next_try_at", "finished_at"])
    if status == Status.FAILED:
        log.warning("webhook-failed delivery=%s endpoint=%s", row.pk, row.endpoint_id)
    return row
