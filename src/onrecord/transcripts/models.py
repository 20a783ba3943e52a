"""What was said, in the language it was said in and in others; versions never change, the desk's draft does."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.archive.models import Recording
from onrecord.transcripts.doubt_models import SoundCheck as SoundCheck
from onrecord.transcripts.engines.models import EngineJob as EngineJob
from onrecord.transcripts.engines.models import EnginePiece as EnginePiece
from onrecord.transcripts.glossary_models import GlossaryTerm as GlossaryTerm
from onrecord.transcripts.glossary_models import GlossaryTranslation as GlossaryTranslation
from onrecord.transcripts.memory_models import MemoryKey as MemoryKey
from onrecord.transcripts.memory_models import MemoryUnit as MemoryUnit


class Transcript(models.Model):
    """The words of a recording in one language: the transcript itself, or a translation locked to it."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="transcripts")
    language = models.CharField(max_length=12, help_text="BCP 47 tag.")
    is_translation = models.BooleanField(default=False)
    made_by = models.CharField(
        max_length=200,
        blank=True,
        help_text="Transcriber or translator, as readers see it. Empty: the newsroom.",
    )

    class Meta:
        ordering = ["is_translation", "language"]
        constraints = [models.UniqueConstraint(fields=["recording", "language"], name="one_transcript_a_language")]

    def __str__(self) -> str:
        return f"{'Translation' if self.is_translation else 'Transcript'} ({self.language}) of {self.recording}"


class TranscriptVersion(models.Model):
    """One state of a transcript. Never changed: editing makes the next one."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=250, blank=True)
    warnings = models.JSONField(default=list)
    segments = models.JSONField(help_text="See onrecord.transcripts.segments.")
    reviews = models.JSONField(
        default=dict, help_text="By segment: [state, by whom, when]. See onrecord.transcripts.reviews."
    )
    provenance = models.JSONField(
        default=dict, help_text="Of machine text: engine, model, parameters. Empty for a person's."
    )

    class Meta:
        ordering = ["transcript", "-number"]
        constraints = [models.UniqueConstraint(fields=["transcript", "number"], name="one_row_a_version")]

    def __str__(self) -> str:
        return f"{self.transcript}, version {self.number}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("A transcript version never changes; make the next one")
        super().save(*args, **kwargs)


class Alignment(models.Model):
    """One run of tying the words of a recording to its sound, and what came of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for the worker")
        RUNNING = "running", _("Listening")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        STOPPED = "stopped", _("Stopped")

    UNDER_WAY = (Status.WAITING, Status.RUNNING)

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="alignments")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    problem = models.TextField(blank=True)
    version = models.ForeignKey(TranscriptVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    flagged = models.JSONField(default=list, help_text="[segment, missing, unsure or gap, start_ms, end_ms], in order.")
    unclaimed = models.JSONField(default=list, help_text="[start_ms, end_ms] of speech that the text does not have.")
    words = models.PositiveIntegerField(default=0)
    words_unsure = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.status}, {self.percent} %"


class Draft(models.Model):
    """What the desk has changed since the newest versions; one for each recording, shared by all who edit it.

    `revision` grows with every save. `generation` grows when the versions under the draft were replaced from
    elsewhere (a file, an older version), so that what was typed for the old ones is not laid over the new ones.
    """

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="draft")
    revision = models.PositiveIntegerField(default=0)
    generation = models.PositiveIntegerField(default=0)
    order = models.JSONField(null=True, help_text="Ids of the segments; null: as in the newest version.")

    def __str__(self) -> str:
        return f"Draft of {self.recording}, revision {self.revision}"


class DraftRow(models.Model):
    """A segment that was changed at the desk, in every language; kept after a version is made for its revision."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="rows")
    segment_id = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(db_index=True)
    content = models.JSONField(null=True, help_text="See onrecord.transcripts.rows; null: as in the newest version.")
    gone = models.BooleanField(default=False)
    tab = models.CharField(max_length=40, help_text="The window it was typed in.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "segment_id"], name="one_row_a_segment")]

    def __str__(self) -> str:
        return f"{self.segment_id}, revision {self.revision}"


class Presence(models.Model):
    """A window in which somebody has the recording's words open to edit."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recording", "tab"], name="one_presence_a_window")]

    def __str__(self) -> str:
        return f"{self.person}, {self.seen_at:%H:%M:%S}"
