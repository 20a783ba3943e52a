"""What every message from a reader goes through before it is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from onrecord.readers.models import Sent
from onrecord.readers.proofs import Proof, proof_spend
from onrecord.readers.senders import Sender, limit_check
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.models import StoryPage

Message = TypeVar("Message", bound=Sent)


@dataclass(frozen=True)
class Envelope:
    """Where a message comes from, and the proof of work that came with it, if any.

    `key` is the same for the same message sent again, after an answer that never came.
    """

    sender: Sender
    received_at: datetime
    proof: Proof | None = None
    key: str | None = None

    @property
    def proved(self) -> bool:
        return self.proof is not None

    def fields(self) -> dict[str, object]:
        """What `Sent` stores of it."""
        return {"created_at": self.received_at, "sender": self.sender.today, "proved": self.proved, "key": self.key}


def already_taken(model: type[Message], envelope: Envelope) -> Message | None:
    """The message as it was stored when it came the first time: neither counted nor asked for a proof again."""
    return model._default_manager.filter(key=envelope.key).first() if envelope.key else None


def envelope_take(envelope: Envelope) -> None:
    """Spend the proof and count the message, in the transaction that stores it.

    Raises ProofRefused for a proof that was used before, TooManyMessages.
    """
    limit_check(envelope.sender, proved=envelope.proved, now=envelope.received_at)
    if envelope.proof is not None:
        proof_spend(envelope.proof)


def revision_known(story: StoryPage, revision_read: int | None) -> int | None:
    """The revision, if readers may have had it; the story is one that they may see, so its live one they have."""
    if revision_read is None or revision_read == story.live_revision_id:
        return revision_read
    return revision_read if StoryCheck.objects.filter(page=story, revision_id=revision_read).exists() else None
