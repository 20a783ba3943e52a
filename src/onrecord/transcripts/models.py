"""What was said, in the language it was said in and in others; versions never change."""

from django.conf import settings
from django.db import models

from onrecord.archive.models import Recording


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

    class Meta:
        ordering = ["transcript", "-number"]
        constraints = [models.UniqueConstraint(fields=["transcript", "number"], name="one_row_a_version")]

    def __str__(self) -> str:
        return f"{self.transcript}, version {self.number}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("A transcript version never changes; make the next one")
        super().save(*args, **kwargs)
