"""What people have translated: derived from the newest versions, never the only copy."""

from django.db import models


class MemoryUnit(models.Model):
    """A segment with its translation by a person. Masked words are masked in both."""

    transcript = models.ForeignKey("transcripts.Transcript", on_delete=models.CASCADE, related_name="memory")
    segment_id = models.CharField(max_length=64)
    from_language = models.CharField(max_length=12)
    to_language = models.CharField(max_length=12)
    source = models.TextField()
    target = models.TextField()
    is_reviewed = models.BooleanField(default=False)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transcript", "segment_id"], name="one_memory_a_segment")]

    def __str__(self) -> str:
        return f"{self.from_language}→{self.to_language} {self.segment_id}"


class MemoryKey(models.Model):
    """A pair of words that follow one another in a unit's source, as a number; some of each unit's."""

    unit = models.ForeignKey(MemoryUnit, on_delete=models.CASCADE, related_name="keys", db_index=False)
    key = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["key", "unit"], name="memory_by_key"),
            models.Index(fields=["unit"], name="memory_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.key} in {self.unit_id}"
