"""Which stories are alike, kept so that a page that names them is a pure function of the database."""

from django.db import models


class StoryProfile(models.Model):
    """What a published story is about: its words by number of uses, as `text.similarity` counts them."""

    story = models.OneToOneField("stories.StoryPage", on_delete=models.CASCADE, related_name="profile")
    revision_id = models.PositiveBigIntegerField(help_text="The live revision that was counted.")
    terms = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"What {self.story} is about"


class StorySimilar(models.Model):
    """Another story that is like this one, and how much (0 to 1)."""

    story = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="similar")
    other = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        ordering = ["-score", "other"]
        constraints = [models.UniqueConstraint(fields=["story", "other"], name="one_likeness_a_pair")]

    def __str__(self) -> str:
        return f"{self.story} is like {self.other} ({self.score:.2f})"
