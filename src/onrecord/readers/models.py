"""What readers send: suggested corrections and comments; and the public notes that follow."""

from django.conf import settings
from django.db import models

from onrecord.stories.models import StoryPage


class Sent(models.Model):
    """What every reader's message carries. The address is kept only as a keyed hash, for the rate limit."""

    created_at = models.DateTimeField(db_index=True)
    sender = models.CharField(max_length=64, blank=True, help_text="Keyed hash of the network address.")
    proved = models.BooleanField(default=False, help_text="Came with a proof of work; without scripts it does not.")

    class Meta:
        abstract = True


class CorrectionReport(Sent):
    """A reader's suggestion on a passage of a story, as they read it."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="correction_reports")
    revision_read = models.PositiveBigIntegerField(null=True, help_text="Id of the revision that the reader had open.")
    block_id = models.CharField(max_length=80, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    start = models.PositiveIntegerField(null=True, help_text="Characters into the passage's text.")
    end = models.PositiveIntegerField(null=True)
    suggestion = models.TextField()
    email = models.EmailField(blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN, db_index=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decline_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Suggestion on {self.story}: {self.exact[:40] or self.suggestion[:40]}"


class CorrectionNote(models.Model):
    """The public trace of a change of substance. Shown once the corrected story is published."""

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="correction_notes")
    report = models.OneToOneField(
        CorrectionReport, null=True, blank=True, on_delete=models.SET_NULL, related_name="note"
    )
    old_words = models.TextField()
    new_words = models.TextField(blank=True)
    reason = models.TextField()
    changes_meaning = models.BooleanField(default=False, help_text="Shown at the top of the story, not at its foot.")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"Correction of {self.story}: {self.old_words[:40]}"


class Comment(Sent):
    """A reader's comment under a story; shown when a moderator has approved it."""

    class Status(models.TextChoices):
        HELD = "held", "Held"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="comments")
    name = models.CharField(max_length=80)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD, db_index=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.name} on {self.story}"
