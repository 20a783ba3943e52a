"""What each baked page was made from, and which pages are to be baked again."""

from django.db import models


class BakedPage(models.Model):
    """An address that has been baked."""

    path = models.CharField(max_length=500, unique=True)

    def __str__(self) -> str:
        return self.path


class Dependency(models.Model):
    """A page was made from this; see onrecord.core.reads."""

    page = models.ForeignKey(BakedPage, on_delete=models.CASCADE, related_name="dependencies", db_index=False)
    key = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="one_row_a_dependency")]

    def __str__(self) -> str:
        return f"{self.page_id} from {self.key}"


class DuePage(models.Model):
    """An address that is to be baked (again), written in the transaction of the change that makes it so.

    The row goes when the page has been baked and `token` is still the one that was there before: a change in between
    leaves another.
    """

    path = models.CharField(max_length=500, unique=True)
    token = models.BigIntegerField()
    since = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class Change(models.Model):
    """Something that pages are made from changed. Kept for an hour: a page that was being made meanwhile asks."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class PublicPage(models.Model):
    """What others knew of a page when it last changed: what it left must be told as well as what it joined."""

    page = models.BigIntegerField(primary_key=True)
    keys = models.JSONField(default=list, help_text="Lists and recordings that it was in.")
    card = models.CharField(max_length=64, blank=True, help_text="Digest of what others show of it.")

    def __str__(self) -> str:
        return f"Page {self.page}"
