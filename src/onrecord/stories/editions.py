"""Each state of a story that readers were given, for the history of its versions."""

from django.conf import settings
from django.db import models
from wagtail.models import Revision


class StoryEdition(models.Model):
    """A revision that went live, when, and what readers are told of the change. Rows are added, never deleted."""

    page = models.ForeignKey("stories.StoryPage", on_delete=models.CASCADE, related_name="editions")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    published_at = models.DateTimeField()
    note = models.CharField(max_length=250, blank=True, help_text="What changed and why, for readers.")
    withheld_at = models.DateTimeField(null=True, blank=True)
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withheld_reason = models.CharField(max_length=250, blank=True, help_text="Why, for readers.")

    class Meta:
        ordering = ["published_at", "pk"]

    def __str__(self) -> str:
        return f"{self.page}, {self.published_at:%Y-%m-%d %H:%M}"
