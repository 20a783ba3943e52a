"""Comments: taken in, held, shown or turned down."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.core.models import User
from onrecord.readers.models import Comment
from onrecord.readers.services.intake import Envelope, envelope_take
from onrecord.readers.services.listeners import tell_listeners
from onrecord.stories.models import StoryPage


def comment_add(*, story: StoryPage, name: str, text: str, envelope: Envelope) -> Comment:
    """Hold a reader's comment for moderation; all text is clean. Raises ProofRefused, TooManyMessages."""
    with transaction.atomic():
        envelope_take(envelope)
        return Comment.objects.create(story=story, name=name, text=text, **envelope.fields())


def comment_approve(*, actor: User, comment: Comment) -> Comment:
    """Show the comment under its story. Approving it again changes nothing. Raises PermissionDenied."""
    return _decide(actor, comment, Comment.Status.APPROVED, "readers.comment.approve")


def comment_reject(*, actor: User, comment: Comment) -> Comment:
    """Turn the comment down, or take it off the page again. Raises PermissionDenied."""
    return _decide(actor, comment, Comment.Status.REJECTED, "readers.comment.reject")


def _decide(actor: User, comment: Comment, status: Comment.Status, action: str) -> Comment:
    if not actor.has_perm("readers.change_comment"):
        raise PermissionDenied
    with transaction.atomic():
        row = Comment.objects.select_for_update(of=("self",)).select_related("story").get(pk=comment.pk)
        if row.status == status:
            return row
        shown_before_or_after = Comment.Status.APPROVED in (row.status, status)
        row.status = status
        row.handled_at = timezone.now()
        row.handled_by = actor
        row.save(update_fields=["status", "handled_at", "handled_by"])
        log(row, action, user=actor, data={"story": row.story_id})
        if shown_before_or_after:
            tell_listeners(row.story)
    return row
