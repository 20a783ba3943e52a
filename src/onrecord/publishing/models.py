"""What each baked page was made from, which pages are to be baked again, and who is told of what is published."""

import secrets
import uuid
from base64 import b64encode

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_secret() -> str:
    """A secret as Standard Webhooks writes them."""
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


class BakedPage(models.Model):
    """An address that has been baked."""

    path = models.CharField(max_length=500, unique=True)

    def __str__(self) -> str:
        return self.path


class Dependency(models.Model):
    """A page was made from this; see onrecord.core.reads."""

    page = models.ForeignKey(BakedPage, on_delete=models.CASCADE, related_name="dependencies", db_index=False)
    key = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="one_row_a_dependency")]

    def __str__(self) -> str:
        return f"{self.page_id} from {self.key}"


class DuePage(models.Model):
    """An address that is to be baked (again), written in the transaction of the change that makes it so.

    The row goes when the page has been baked and `token` is still the one that was there before: a change in between
    leaves another.
    """

    path = models.CharField(max_length=500, unique=True)
    token = models.BigIntegerField()
    since = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class Change(models.Model):
    """Something that pages are made from changed. Kept for an hour: a page that was being made meanwhile asks."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class PublicPage(models.Model):
    """What others knew of a page when it last changed: what it left must be told as well as what it joined."""

    page = models.BigIntegerField(primary_key=True)
    keys = models.JSONField(default=list, help_text="Lists and recordings that it was in.")
    card = models.CharField(max_length=64, blank=True, help_text="Digest of what others show of it.")

    def __str__(self) -> str:
        return f"Page {self.page}"


class WebhookEndpoint(models.Model):
    """An address that is told when something is published, taken down or corrected."""

    class Event(models.TextChoices):
        PUBLISHED = "story.published", _("A story is published")
        UPDATED = "story.updated", _("A published story changes")
        UNPUBLISHED = "story.unpublished", _("A story is taken down")
        CORRECTED = "correction.published", _("A correction is published")

    url = models.URLField(_("address"), max_length=500, help_text=_("Where it is sent to, by POST."))
    note = models.CharField(_("what for"), max_length=200, blank=True)
    secret = models.CharField(
        _("secret"), max_length=120, default=new_secret, help_text=_("The receiver checks the signature with it.")
    )
    events = models.JSONField(_("events"), default=list)
    is_on = models.BooleanField(_("on"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.note or self.url


class WebhookDelivery(models.Model):
    """One message to one endpoint: what was said, how often it was tried, what came back."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40, choices=WebhookEndpoint.Event)
    about = models.CharField(max_length=80, help_text="What it is about: the same thing is told once.")
    payload = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    answer = models.CharField(max_length=250, blank=True, help_text="The last answer: status, or what went wrong.")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "about"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint}"
