"""Whether the words of a recording can be what is said in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.archive.models import Recording


class SoundCheck(models.Model):
    """What came of holding the newest words against the sound; one for each recording."""

    class Doubt(models.TextChoices):
        NONE = "", _("None")
        SILENT = "silent", _("Words where nobody speaks")
        TOO_MANY = "too-many", _("More words than can be said in the time")
        ELSEWHERE = "elsewhere", _("Words that are not heard")

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="sound_check")
    sha256 = models.CharField(max_length=64, help_text="Of the file that was listened to.")
    speech = models.JSONField(default=list, help_text="[start_ms, end_ms] of what may be speech in it.")
    version = models.ForeignKey("transcripts.TranscriptVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    doubt = models.CharField(max_length=10, choices=Doubt, blank=True)
    words = models.PositiveIntegerField(default=0)
    words_doubted = models.PositiveIntegerField(default=0)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kept_at = models.DateTimeField(null=True, help_text="When somebody said that the words are right all the same.")

    def __str__(self) -> str:
        return f"{self.doubt or 'no doubt'}: {self.words_doubted} of {self.words} words"

    @property
    def is_open(self) -> bool:
        return bool(self.doubt) and self.kept_at is None
