"""What comes round by itself: things about readers that are dropped, and stories that are closed."""

from django.utils import timezone

from onrecord.readers.proofs import proofs_forget
from onrecord.readers.sender_keys import sender_keys_drop
from onrecord.readers.services import discussions_close_due


def proofs_drop() -> None:
    """Spent proofs that are too old to be used again."""
    proofs_forget(timezone.now())


def senders_drop() -> None:
    """Keys of senders past their days, with all that rests on them."""
    sender_keys_drop(timezone.now())


def discussions_close() -> None:
    """Stories that are past their days take no more comments."""
    discussions_close_due()
