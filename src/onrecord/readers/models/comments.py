"""Comments under stories."""

from django.conf import settings
from django.db import models

from onrecord.readers.models.sent import Sent
from onrecord.stories.models import StoryPage

MAX_COMMENT = 5_000
MAX_NAME = 80


class Comment(Sent):
    """A reader's comment under a story; shown when a moderator has approved it."""

    class Status(models.TextChoices):
        HELD = "held", "Held"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="comments")
    name = models.CharField(max_length=MAX_NAME)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.HELD, db_index=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"Comment {self.pk}"
