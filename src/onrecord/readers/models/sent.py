"""What every message from a reader carries, and the proofs that were spent on them."""

from django.db import models


class Sent(models.Model):
    """What every reader's message carries. The address is kept only as a keyed hash, for the rate limit."""

    created_at = models.DateTimeField(db_index=True)
    sender = models.CharField(max_length=64, blank=True, db_index=True, help_text="Keyed hash of the network address.")
    proved = models.BooleanField(default=False, help_text="Came with a proof of work; without scripts it does not.")
    key = models.CharField(
        max_length=64, null=True, unique=True, help_text="The same for the same message sent again; kept once."
    )

    class Meta:
        abstract = True


class SpentProof(models.Model):
    """A proof of work that was used: it buys one message. Kept until it would have expired anyway."""

    signature = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Proof {self.pk}"
