"""Cases: what readers, the record or a letter say of one passage, judged together."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.stories.models import StoryPage
from onrecord.transcripts.models import TranscriptVersion


class Kind(models.TextChoices):
    """What is wrong, as a reader may say and an editor decides."""

    TYPO = "typo", _("Slip of the pen")
    FACT = "fact", _("Fact")
    QUOTATION = "quotation", _("Quotation")
    TRANSLATION = "translation", _("Translation")
    OTHER = "other", _("Something else")


class CorrectionCase(models.Model):
    """One passage that may be wrong, with all that was sent about it; or a letter to the newsroom."""

    class Origin(models.TextChoices):
        READER = "reader", _("Readers")
        RECORD = "record", _("The record changed")
        LETTER = "letter", _("Write to us")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        ANSWERED = "answered", _("Answered")
        SETTLED = "settled", _("Settled by the record")
        WITHDRAWN = "withdrawn", _("Withdrawn by the reader")

    class Weight(models.TextChoices):
        TYPO = "typo", _("Slip: into the draft, without a note")
        SUBSTANCE = "substance", _("Change of substance: with a public note")

    story = models.ForeignKey(StoryPage, null=True, on_delete=models.CASCADE, related_name="correction_cases")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.READER)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN, db_index=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="correction_cases"
    )
    created_at = models.DateTimeField(db_index=True)
    gathered = models.BooleanField(default=True, help_text="No: it may be about the passage of another open case.")

    quotation_key = models.CharField(max_length=64, blank=True, help_text="The quotation that the record proposes on.")
    record_version = models.ForeignKey(
        TranscriptVersion, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The version of a transcript that does not bear it out.",
    )  # fmt: skip
    proposed = models.TextField(blank=True, help_text="New words that the record bears out.")

    weight = models.CharField(max_length=10, choices=Weight, blank=True, help_text="What it was accepted as.")
    old_words = models.TextField(blank=True)
    new_words = models.TextField(blank=True)
    draft_revision = models.PositiveBigIntegerField(null=True, help_text="Id of the revision with the new words.")
    draft_comment = models.PositiveBigIntegerField(null=True, help_text="Id of the remark beside them in the editor.")
    decline_reason = models.TextField(blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [
            models.Index(fields=["story", "status"], name="case_story_status"),
            models.Index(fields=["created_at"], condition=models.Q(gathered=False), name="case_ungathered"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "quotation_key"],
                condition=models.Q(origin="record", status="open"),
                name="one_open_proposal_a_quotation",
            )
        ]

    def __str__(self) -> str:
        return f"Case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class CaseNote(models.Model):
    """What one editor tells the others about a case. Readers never see it."""

    case = models.ForeignKey(CorrectionCase, on_delete=models.CASCADE, related_name="notes")
    words = models.TextField()
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"Note {self.pk}"
