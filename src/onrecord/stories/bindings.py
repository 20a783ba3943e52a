"""What ties the words of a story to their evidence, kept per published revision."""

from typing import Any

from django.conf import settings
from django.db import models
from wagtail.models import Revision

from onrecord.archive.models import Recording
from onrecord.transcripts.models import TranscriptVersion


def keep_with_check(collector: Any, field: Any, checks: Any, using: str) -> None:
    """Deleting a story deletes its revisions and their checks; deleting revisions spares those that have one.

    Readers have the revision, or had it, and what its quotations stood on is kept with it. Wagtail's purging of
    revisions passes over what is protected.
    """
    if isinstance(collector.origin, Revision) or getattr(collector.origin, "model", None) is Revision:
        raise models.ProtectedError("A revision that was published is kept with its check.", set(checks))
    models.CASCADE(collector, field, checks, using)


class StoryCheck(models.Model):
    """One revision of a story that passed the gate, with all its quotations. Readers get only such revisions."""

    page = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="checks")
    revision = models.OneToOneField(Revision, on_delete=keep_with_check, related_name="story_check")
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-checked_at"]

    def __str__(self) -> str:
        return f"Check of {self.page} on {self.checked_at:%Y-%m-%d %H:%M}"


class QuotationBinding(models.Model):
    """One quotation of a checked revision: where it stands, what it stands on, what the check found."""

    check_run = models.ForeignKey(StoryCheck, on_delete=models.CASCADE, related_name="bindings")
    number = models.PositiveIntegerField(help_text="Place in the story, from 1; its address is #quotation-NUMBER.")
    passage = models.CharField(max_length=80, help_text="Block id, or headline, standfirst; for a line: block/number.")
    offset = models.PositiveIntegerField(help_text="Characters into the passage's plain text.")
    length = models.PositiveIntegerField()
    parts = models.JSONField(default=list, help_text="[offset, length] of each stretch inside the marks.")
    text = models.TextField()
    key = models.CharField(
        max_length=64, default="", db_index=True, help_text="SHA-256 of its words; decisions name it."
    )
    attributed_to = models.CharField(max_length=250, blank=True)

    verdict = models.CharField(max_length=20)
    score = models.FloatField()
    changes = models.JSONField(default=list)
    was = models.CharField(max_length=20, blank=True, help_text="What the check found where it is overridden or stale.")
    override_reason = models.TextField(blank=True)
    overridden_by = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True, help_text="When somebody confirmed it by ear.")
    confirmed_by = models.CharField(max_length=150, blank=True)

    recording = models.ForeignKey(Recording, null=True, on_delete=models.PROTECT, related_name="quotations")
    transcript_version = models.ForeignKey(
        TranscriptVersion, null=True, on_delete=models.PROTECT, related_name="quotations"
    )
    evidence_sha256 = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the copy that is heard, or of the statement's words."
    )
    statement = models.CharField(max_length=36, blank=True, help_text="Id of the story's statement it stands on.")
    first_segment = models.CharField(max_length=40, blank=True)
    last_segment = models.CharField(max_length=40, blank=True)
    first_word = models.CharField(max_length=40, blank=True)
    last_word = models.CharField(max_length=40, blank=True)
    start_ms = models.PositiveBigIntegerField(null=True)
    end_ms = models.PositiveBigIntegerField(null=True)
    speaker = models.CharField(max_length=250, blank=True)
    said = models.TextField(blank=True)

    class Meta:
        ordering = ["check_run", "number"]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.text[:60]}"
