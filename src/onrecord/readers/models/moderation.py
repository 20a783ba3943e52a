"""What keeps spam out: keys of senders' hashes, banned senders, words; and what was imported."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from onrecord.readers.models.comments import MAX_REASON, Comment

MAX_WORDS = 200


class SenderKey(models.Model):
    """The key with which one day's network addresses are hashed; once it is gone, nobody can tell whose they were."""

    day = models.DateField(unique=True)
    key = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Key of {self.day}"


class SenderBan(models.Model):
    """A network that may not comment, for as long as the key of its hash is kept."""

    sender = models.CharField(max_length=64, unique=True)
    day = models.DateField(help_text="The day whose key made the hash.")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=MAX_REASON, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Ban {self.pk}"


class WordRule(models.Model):
    """Words at which a comment is held, or filed as spam. `*` at an end stands for any ending or beginning."""

    class Action(models.TextChoices):
        HOLD = "hold", _("Hold it for a moderator")
        SPAM = "spam", _("File it as spam")

    words = models.CharField(_("words"), max_length=MAX_WORDS, unique=True)
    action = models.CharField(_("what happens"), max_length=10, choices=Action, default=Action.HOLD)

    class Meta:
        ordering = ["words"]
        verbose_name = _("word of the list")
        verbose_name_plural = _("word list")

    def __str__(self) -> str:
        return self.words


class CommentImport(models.Model):
    """What became of an export of another system's comments."""

    created_at = models.DateTimeField()
    source = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    taken = models.PositiveIntegerField(help_text="Comments that are here now and were not before.")
    known = models.PositiveIntegerField(help_text="Comments that an earlier import had brought.")
    left_out = models.JSONField(default=dict, help_text="Numbers of comments left out, by reason.")
    unmatched = models.JSONField(default=list, help_text="Addresses that are no story here, with their comments.")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Import {self.pk}"
