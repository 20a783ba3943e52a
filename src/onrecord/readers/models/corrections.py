"""Suggested corrections, and the public notes that follow."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.readers.models.sent import Sent
from onrecord.stories.models import StoryPage
from onrecord.transcripts.models import TranscriptVersion

MAX_EXACT = 2_000
MAX_CONTEXT = 200
MAX_SUGGESTION = 5_000
MAX_BLOCK_ID = 80


class CorrectionReport(Sent):
    """A suggestion on a passage of a story: a reader's, or one that follows from a changed record."""

    class Origin(models.TextChoices):
        READER = "reader", _("A reader")
        RECORD = "record", _("The record changed")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        SETTLED = "settled", _("Settled by the record")

    class Kind(models.TextChoices):
        SUBSTANCE = "substance", _("Change of substance")
        TYPO = "typo", _("Typo")

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="correction_reports")
    revision_read = models.PositiveBigIntegerField(null=True, help_text="Id of the revision that the reader had open.")
    block_id = models.CharField(max_length=MAX_BLOCK_ID, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=MAX_CONTEXT, blank=True)
    suffix = models.CharField(max_length=MAX_CONTEXT, blank=True)
    start = models.PositiveIntegerField(null=True, help_text="Characters into the passage's text.")
    end = models.PositiveIntegerField(null=True)
    suggestion = models.TextField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.READER)
    quotation_key = models.CharField(max_length=64, blank=True, help_text="The quotation that the record proposes on.")
    record_version = models.ForeignKey(
        TranscriptVersion, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The version of a transcript that does not bear it out.",
    )  # fmt: skip
    proposed = models.TextField(blank=True, help_text="New words that the record bears out.")
    email = models.EmailField(blank=True, help_text="Deleted when the case is closed.")

    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True, help_text="What it was accepted as.")
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decline_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "quotation_key"],
                condition=models.Q(origin="record", status="open"),
                name="one_open_proposal_a_quotation",
            )
        ]

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"


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
        return f"Correction {self.pk}"

    @property
    def anchor(self) -> str:
        """Where the note stands on the story's page and in the log."""
        return f"correction-{self.pk}"
