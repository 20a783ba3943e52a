"""What readers report of comments, and networks that are banned."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.models import Comment, CommentReport, SenderBan
from onrecord.readers.services.authority import authorise
from onrecord.readers.services.comments import CommentGone, comment_spam
from onrecord.readers.services.intake import Envelope, already_taken, envelope_take


class SenderForgotten(OnrecordError):
    code = "sender-forgotten"
    message = (
        "Nobody can tell any more which network this comment came from: it was imported, written at the desk, or "
        "the key of its day is dropped. Reject it, or put its words on the word list."
    )


def comment_report_add(*, comment: Comment, kind: str, note: str, envelope: Envelope) -> CommentReport:
    """Keep that a reader finds a shown comment wrong; the same reader's second report replaces the first.

    Raises CommentGone, ProofRefused, TooManyMessages.
    """
    if taken := already_taken(CommentReport, envelope):
        return taken
    with transaction.atomic():
        envelope_take(envelope)
        if not Comment.objects.filter(pk=comment.pk, status=Comment.Status.APPROVED).exists():
            raise CommentGone()
        CommentReport.objects.filter(comment=comment, sender=envelope.sender.today, handled_at=None).delete()
        return CommentReport.objects.create(comment=comment, kind=kind, note=note, **envelope.fields())


def comment_ban(*, actor: User, comment: Comment, reason: str = "") -> SenderBan:
    """File a comment as spam and take no more from its network, as long as the key of its hash is kept.

    Raises PermissionDenied, SenderForgotten.
    """
    authorise(actor)
    if not comment.sender:
        raise SenderForgotten()
    with transaction.atomic():
        ban, made = SenderBan.objects.get_or_create(
            sender=comment.sender,
            defaults={
                "day": comment.created_at.date(), "comment": comment, "reason": reason,
                "created_at": timezone.now(), "created_by": actor,
            },
        )  # fmt: skip
        if made:
            log(comment, "readers.comment.ban", user=actor, data={"story": comment.story_id})
        comment_spam(actor=actor, comment=comment, reason=reason)
    return ban


def ban_lift(*, actor: User, ban: SenderBan) -> None:
    """Take comments from a network again. Raises PermissionDenied."""
    authorise(actor)
    with transaction.atomic():
        if ban.comment is not None:
            log(ban.comment, "readers.comment.unban", user=actor, data={"story": ban.comment.story_id})
        ban.delete()
