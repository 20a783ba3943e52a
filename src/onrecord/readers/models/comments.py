"""Comments under stories, what readers report of them, and whether a story takes any."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.readers.models.corrections import MAX_BLOCK_ID, MAX_CONTEXT
from onrecord.readers.models.sent import Sent
from onrecord.stories.models import StoryPage

MAX_COMMENT = 5_000
MAX_NAME = 80
MAX_REASON = 500


class Comment(Sent):
    """A comment under a story, or an answer to one; shown while it is approved.

    A passage that it is about is kept as the reader had it (`exact` and so on), and apart from that where it stands
    in the published revision `place_revision`; an empty `place_block` there says that the passage is gone.
    """

    class Status(models.TextChoices):
        HELD = "held", _("New")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SPAM = "spam", _("Spam")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class HeldFor(models.TextChoices):
        LINKS = "links", _("It has many links")
        WORDS = "words", _("It has a word of the list")
        SERVICE = "service", _("The spam service took it for spam")
        UNCHECKED = "unchecked", _("The spam service did not answer")
        EDITED = "edited", _("Its author changed it after it was approved")

    story = models.ForeignKey(StoryPage, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    name = models.CharField(max_length=MAX_NAME)
    text = models.TextField()
    from_newsroom = models.BooleanField(default=False, help_text="Written at the desk, shown as the newsroom's.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField(null=True)

    revision_read = models.PositiveBigIntegerField(null=True, help_text="Id of the revision that the reader had open.")
    block_id = models.CharField(max_length=MAX_BLOCK_ID, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=MAX_CONTEXT, blank=True)
    suffix = models.CharField(max_length=MAX_CONTEXT, blank=True)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    place_revision = models.PositiveBigIntegerField(null=True)
    place_block = models.CharField(max_length=MAX_BLOCK_ID, blank=True)
    place_start = models.PositiveIntegerField(null=True)
    place_end = models.PositiveIntegerField(null=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.HELD, db_index=True)
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True)
    reason = models.CharField(max_length=MAX_REASON, blank=True, help_text="Why it was decided so; for the desk.")
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    source = models.CharField(max_length=200, blank=True, help_text="The site that it was imported from.")
    source_id = models.CharField(max_length=64, blank=True, help_text="Its number there.")

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["story", "status", "created_at"], name="comment_story_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""), name="one_comment_a_source_id"
            )
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"


class CommentReport(Sent):
    """A reader finds that a comment should not stand."""

    class Kind(models.TextChoices):
        SPAM = "spam", _("It is spam")
        ABUSE = "abuse", _("It insults or threatens somebody")
        PRIVATE = "private", _("It tells private things")
        FALSE = "false", _("It says what is false")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.TextField(blank=True)
    handled_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class Discussion(models.Model):
    """Whether a story takes and shows comments, where somebody decided so: at once, without a new revision."""

    class State(models.TextChoices):
        OPEN = "open", _("Open, whatever the story's age")
        CLOSED = "closed", _("Closed: comments stay, new ones are not taken")
        HIDDEN = "hidden", _("Hidden: no comments are shown or taken")

    story = models.OneToOneField(StoryPage, on_delete=models.CASCADE, related_name="discussion")
    state = models.CharField(max_length=10, choices=State)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"Discussion of story {self.story_id}"
