"""What was sent about a passage, the mail that answers it, and the public notes that follow."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.readers.models.cases import CorrectionCase, Kind
from onrecord.readers.models.sent import Sent
from onrecord.stories.models import StoryPage

MAX_EXACT = 2_000
MAX_CONTEXT = 200
MAX_SUGGESTION = 5_000
MAX_BLOCK_ID = 80


class CorrectionReport(Sent):
    """One reader's suggestion on a passage, a letter, or what the newsroom proposes from a changed record."""

    case = models.ForeignKey(CorrectionCase, on_delete=models.CASCADE, related_name="reports")
    story = models.ForeignKey(StoryPage, null=True, on_delete=models.CASCADE, related_name="correction_reports")
    revision_read = models.PositiveBigIntegerField(null=True, help_text="Id of the revision that the reader had open.")
    block_id = models.CharField(max_length=MAX_BLOCK_ID, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=MAX_CONTEXT, blank=True)
    suffix = models.CharField(max_length=MAX_CONTEXT, blank=True)
    start = models.PositiveIntegerField(null=True, help_text="Characters into the passage's text.")
    end = models.PositiveIntegerField(null=True)
    suggestion = models.TextField(help_text="Deleted when the reader withdraws it.")
    kind_given = models.CharField(max_length=12, choices=Kind, blank=True, help_text="What the reader says it is.")
    email = models.EmailField(blank=True, help_text="Deleted when the reader has been told, or withdraws.")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["story", "block_id", "revision_read", "case"], name="report_of_passage")]

    def __str__(self) -> str:
        return f"Suggestion {self.pk}"


class ReaderMail(models.Model):
    """One mail to the reader who sent a report. The address stays with the report, until this is done with."""

    class About(models.TextChoices):
        OUTCOME = "outcome", _("What became of it")
        ANSWER = "answer", _("An editor's answer")

    class State(models.TextChoices):
        HELD = "held", _("Goes out when the story is published")
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        DROPPED = "dropped", _("Given up")

    report = models.ForeignKey(CorrectionReport, on_delete=models.CASCADE, related_name="mails")
    about = models.CharField(max_length=10, choices=About)
    words = models.TextField(blank=True, help_text="What an editor wrote to the reader.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=80, blank=True, help_text="The class of the last error; never its words.")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(about="outcome"), name="one_outcome_told_a_report"
            )
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}"


class CorrectionNote(models.Model):
    """The public trace of a change of substance. Shown once the corrected story is published."""

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="correction_notes")
    case = models.OneToOneField(CorrectionCase, null=True, blank=True, on_delete=models.SET_NULL, related_name="note")
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
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
