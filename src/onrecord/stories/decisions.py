"""What people decide about a quotation: to print it against the record, or that they heard it. Nothing is deleted."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.transcripts.models import TranscriptVersion


class DecisionQuerySet(models.QuerySet[Any]):
    def in_force(self) -> "DecisionQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def withdraw(self, by: User) -> int:
        """Mark those in force as withdrawn; gives how many were."""
        return self.in_force().update(withdrawn_at=timezone.now(), withdrawn_by=by)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A decision is withdrawn, never deleted")


class Decision(models.Model):
    """One person's decision on the words of one quotation of a story. It counts until it is withdrawn."""

    page = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, help_text="SHA-256 of the quotation's words; the decision is for these only.")
    quotation = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, db_index=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.quotation[:60]}".capitalize()


class QuotationOverride(Decision):
    """An editor's decision to print a quotation that the record does not bear out."""

    verdict = models.CharField(max_length=20, help_text="What the check had found.")
    reason = models.TextField()

    class Meta(Decision.Meta):
        verbose_name = "override"


class QuotationConfirmation(Decision):
    """“I listened to this”: what was heard, on which copy, against which words. Apart from what the check found."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="confirmations")
    recording_sha256 = models.CharField(max_length=64, help_text="SHA-256 of the copy that was heard.")
    transcript_version = models.ForeignKey(TranscriptVersion, on_delete=models.PROTECT, related_name="confirmations")
    first_word = models.CharField(max_length=40)
    last_word = models.CharField(max_length=40)
    start_ms = models.PositiveBigIntegerField()
    end_ms = models.PositiveBigIntegerField()
    said = models.TextField(help_text="The version's words in the span.")
    heard_ms = models.PositiveBigIntegerField(help_text="How much of the moment had played in the browser by then.")

    class Meta(Decision.Meta):
        verbose_name = "confirmation by ear"

    @property
    def span(self) -> tuple[str, int, int, str]:
        """What was heard; compare `Checked.span`."""
        return str(self.recording_id), self.start_ms, self.end_ms, self.said


class QuotationPlace(Decision):
    """“This one”: which of several places where the same words are said the story means."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="+")
    start_ms = models.PositiveBigIntegerField()

    class Meta(Decision.Meta):
        verbose_name = "chosen place"
