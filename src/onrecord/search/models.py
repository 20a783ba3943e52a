"""What can be found: one row a story, a recording and a segment of a transcript in each language.

Rows are derived from what is on record and never the only copy; `onrecord reindex` makes them again. They hold the
words that readers may read: what is masked is not among them.
"""

from django.db import models

from onrecord.archive.models import Recording
from onrecord.stories.models import StoryPage


class SearchEntry(models.Model):
    """One thing that can be found, with its words as they are compared."""

    class Kind(models.TextChoices):
        STORY = "story"
        RECORDING = "recording"
        MOMENT = "moment"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    story = models.ForeignKey(StoryPage, null=True, on_delete=models.CASCADE, related_name="+")
    recording = models.ForeignKey(Recording, null=True, on_delete=models.CASCADE, related_name="+")
    segment_id = models.CharField(max_length=64, blank=True)
    place = models.PositiveIntegerField(default=0, help_text="Which segment of the recording it is.")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True, help_text="As readers read it.")
    speaker = models.CharField(max_length=250, blank=True)
    speaker_keys = models.CharField(max_length=500, blank=True)
    start_ms = models.PositiveBigIntegerField(null=True)
    end_ms = models.PositiveBigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    is_public = models.BooleanField(default=False)

    title_keys = models.TextField(blank=True)
    title_lemmas = models.TextField(blank=True)
    keys = models.TextField(blank=True)
    lemmas = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["kind", "is_public", "-published_at"], name="search_newest")]

    def __str__(self) -> str:
        return self.key


class SubjectDue(models.Model):
    """A story or a recording whose entries changed since the search server was last sent them; see elsewhere.py."""

    subject = models.CharField(max_length=100, unique=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.subject
