"""A run of an engine, and what it has made so far."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.archive.models import Recording
from onrecord.transcripts.engines.errors import error_of


class EngineJob(models.Model):
    """One piece of work for an engine: started by somebody, done by a worker, cancelled, failed, resumed."""

    class Kind(models.TextChoices):
        TRANSCRIBE = "transcribe", _("Speech to text")
        TRANSLATE = "translate", _("Translation")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for the worker")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    UNDER_WAY = (State.QUEUED, State.RUNNING)

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="engine_jobs")
    kind = models.CharField(max_length=12, choices=Kind)
    engine = models.CharField(max_length=60)
    model = models.CharField(max_length=500, blank=True)
    parameters = models.JSONField(default=dict)
    language = models.CharField(max_length=12, blank=True, help_text="Of the sound or the text; empty: to be detected.")
    to_language = models.CharField(max_length=12, blank=True)
    asked = models.JSONField(default=dict, help_text="What else the kind of work needs to know, such as segments.")
    sends_to = models.CharField(max_length=200, blank=True, help_text="Host that words or sound go to; empty: none.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    cancel_asked = models.BooleanField(default=False)
    done = models.PositiveBigIntegerField(default=0, help_text="Milliseconds of sound, or segments.")
    total = models.PositiveBigIntegerField(default=0, help_text="0 while the model is loaded.")
    facts = models.JSONField(default=dict, help_text="What was found out, such as the language heard.")
    problem_code = models.CharField(max_length=40, blank=True)
    problem_fields = models.JSONField(default=dict)
    version = models.ForeignKey("transcripts.TranscriptVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=64, blank=True)
    beat_at = models.DateTimeField(null=True, help_text="When the worker was last heard of.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Since something was last kept.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} with {self.engine}: {self.state}, {self.percent} %"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def percent(self) -> int:
        return 100 if self.state == self.State.DONE else min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def problem(self) -> str:
        """What went wrong, in words that say what to do; empty when nothing did."""
        return str(error_of(self.problem_code, self.problem_fields)) if self.problem_code else ""


class EnginePiece(models.Model):
    """A finished part of a job's result, kept for resuming; gone when the result is a version."""

    job = models.ForeignKey(EngineJob, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    done = models.PositiveBigIntegerField()
    content = models.JSONField()

    class Meta:
        ordering = ["job", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="one_row_a_piece")]

    def __str__(self) -> str:
        return f"Piece {self.number} of job {self.job_id}"
