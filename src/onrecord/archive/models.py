"""What the newsroom has on record: recordings, the copies that publishers put out, and their custody."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Publisher(models.Model):
    """An agency, court, outlet or channel that put a copy out."""

    name = models.CharField(max_length=200, unique=True)
    url = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RecordingQuerySet(models.QuerySet["Recording"]):
    def standing(self) -> "RecordingQuerySet":
        """Those that are not filed as a copy of another one."""
        return self.filter(filed_under=None)


class Recording(models.Model):
    """One thing that was said and recorded, whoever published it."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Being read")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be prepared")

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
    filed_under = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="filed",
        help_text="The recording that this one turned out to be a copy of; its files are there now.",
    )  # fmt: skip

    objects = RecordingQuerySet.as_manager()

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

    def timed_copy(self) -> "Copy | None":
        """The file that transcripts are timed on and the web copy is made of: the first that came in as this one."""
        return self.copies.filter(moved_from=None).order_by("pk").first()


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
    moved_from = models.ForeignKey(
        Recording, null=True, on_delete=models.PROTECT, related_name="moved_copies",
        help_text="The recording that the file came in as, before it was filed as a copy of this one.",
    )  # fmt: skip

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


class FingerprintedFile(models.Model):
    """An original that was looked for among the others, or could not be."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    made_with = models.CharField(max_length=60, blank=True, help_text="Algorithm and version; empty after a problem.")
    problem = models.TextField(blank=True, help_text="Why it has no fingerprint, in plain words.")
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.made_with or self.problem})"


class Repost(models.Model):
    """Two originals have sound in common. Which of them is the repost is for people to say.

    They are named by hash, so that it holds wherever the files are filed. When both are files of one recording it is
    settled; else it is a proposal, until it is dismissed.
    """

    sha256 = models.CharField(max_length=64, db_index=True)
    other_sha256 = models.CharField(max_length=64, db_index=True)
    parts = models.JSONField(help_text="[start_ms, end_ms, start and end in the other, speed, score, sure], in order.")
    found_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["found_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["sha256", "other_sha256"], name="one_repost_a_pair")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} has sound of {self.other_sha256[:12]}"


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
