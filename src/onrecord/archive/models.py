"""What the newsroom has on record: recordings, the copies that publishers put out, and their custody."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse


class Publisher(models.Model):
    """An agency, court, outlet or channel that put a copy out."""

    name = models.CharField(max_length=200, unique=True)
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Recording(models.Model):
    """One thing that was said and recorded, whoever published it."""

    class Status(models.TextChoices):
        PENDING = "pending", "Being read"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be prepared"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, help_text="Language that is spoken, as a BCP 47 tag: en, uk, ru.")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    problem = models.TextField(blank=True, help_text="Why the web copy could not be made, in plain words.")
    duration_ms = models.PositiveBigIntegerField(null=True)  # about that until the worker has read the file
    peaks = models.JSONField(default=list, help_text="Waveform: loudness from 0 to 100, evenly spaced.")
    audio = models.CharField(max_length=200, blank=True, help_text="Web copy, relative to the media folder.")
    audio_masks = models.CharField(max_length=64, blank=True, help_text="Digest of the masks that it was made with.")

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("recording", args=[self.id])

    @property
    def audio_url(self) -> str:
        """Address of the web copy; empty while there is none."""
        return f"{settings.MEDIA_URL}{self.audio}" if self.audio else ""


class Copy(models.Model):
    """One file of a recording, as one publisher put it out."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="copies")
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="copies")
    url = models.URLField(blank=True, max_length=1000)
    published_at = models.DateTimeField()
    acquired_at = models.DateTimeField()
    filename = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    facts = models.JSONField(default=dict, help_text="What the file is: duration_ms, container, codec, …")

    class Meta:
        ordering = ["published_at", "id"]
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "sha256", "publisher", "url", "published_at"], name="one_row_a_copy"
            )
        ]

    def __str__(self) -> str:
        return f"{self.publisher}, {self.published_at:%-d %B %Y}"


class CustodyEvent(models.Model):
    """One line of the append-only, hash-chained history of a recording."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="custody")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["recording", "sequence"]
        constraints = [models.UniqueConstraint(fields=["recording", "sequence"], name="one_event_a_place")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk is not None:
            raise TypeError("A custody event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("A custody event is never deleted")
