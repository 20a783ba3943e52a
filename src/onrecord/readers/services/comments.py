"""Comments: taken in, answered by the newsroom, shown or turned down."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.models import Comment, CommentReport
from onrecord.readers.passages import Selected
from onrecord.readers.places import comment_place_set
from onrecord.readers.senders import ban_check
from onrecord.readers.services.authority import authorise
from onrecord.readers.services.discussions import discussion_takes
from onrecord.readers.services.intake import Envelope, already_taken, envelope_take, revision_known
from onrecord.readers.services.listeners import tell_listeners
from onrecord.readers.services.screening import screened
from onrecord.readers.tasks import judge_comment
from onrecord.stories.models import StoryPage

Status, HeldFor = Comment.Status, Comment.HeldFor
NOWHERE = Selected()


class CommentsClosed(OnrecordError):
    code = "comments-closed"
    message = "This story takes no comments any more. Nothing was sent."


class CommentGone(OnrecordError):
    code = "comment-gone"
    message = "The comment that this belongs to is not shown any more. Nothing was sent."


class WordsMissing(OnrecordError):
    code = "comment-words-missing"
    message = "Write the answer first."


def comment_add(
    *,
    story: StoryPage,
    name: str,
    text: str,
    envelope: Envelope,
    parent_id: int | None = None,
    selected: Selected = NOWHERE,
    revision_read: int | None = None,
) -> Comment:
    """Take a reader's comment in; all text is clean. An answer to an answer becomes one to the first comment.

    Raises CommentsClosed, CommentGone, SenderBanned, ProofRefused, TooManyMessages.
    """
    if taken := already_taken(Comment, envelope):  # the same message sent again
        return taken
    with transaction.atomic():
        envelope_take(envelope)
        ban_check(envelope.sender)
        if not discussion_takes(story):
            raise CommentsClosed()
        parent = _shown_parent(story, parent_id) if parent_id else None
        status, held_for = screened(name, text)
        comment = Comment(
            story=story, parent=parent, name=name, text=text, status=status, held_for=held_for, **envelope.fields()
        )
        if parent is None and selected.exact.strip():
            comment.revision_read = revision_known(story, revision_read)
            for field in ("block_id", "exact", "prefix", "suffix", "start", "end"):
                setattr(comment, field, getattr(selected, field))
        if status == Status.APPROVED:
            comment_place_set(comment)
            tell_listeners(story, "comments")
        comment.save()
        if held_for == HeldFor.UNCHECKED:
            transaction.on_commit(lambda: judge_comment.enqueue(comment.pk))
    return comment


def comment_answer(*, actor: User, comment: Comment, text: str) -> Comment:
    """Answer as the newsroom; a comment that waited is approved with it. Raises PermissionDenied, WordsMissing."""
    authorise(actor)
    if not text.strip():
        raise WordsMissing()
    with transaction.atomic():
        row = comment_approve(actor=actor, comment=comment)
        now = timezone.now()
        answer = Comment.objects.create(
            story=row.story, parent_id=row.parent_id or row.pk, name=settings.NEWSROOM_NAME[:80], text=text.strip(),
            from_newsroom=True, written_by=actor, status=Status.APPROVED, created_at=now, handled_at=now,
            handled_by=actor, proved=True,
        )  # fmt: skip
        log(answer, "readers.comment.answer", user=actor, data={"story": row.story_id})
        tell_listeners(row.story, "comments")
    return answer


def comment_approve(*, actor: User, comment: Comment, reason: str = "") -> Comment:
    """Show the comment under its story; what readers reported of it is answered. Raises PermissionDenied."""
    return _decide(actor, comment, Status.APPROVED, "readers.comment.approve", reason)


def comment_reject(*, actor: User, comment: Comment, reason: str = "") -> Comment:
    """Turn the comment down, or take it off the page again. Raises PermissionDenied."""
    return _decide(actor, comment, Status.REJECTED, "readers.comment.reject", reason)


def comment_spam(*, actor: User, comment: Comment, reason: str = "") -> Comment:
    """File the comment as spam. Raises PermissionDenied."""
    return _decide(actor, comment, Status.SPAM, "readers.comment.spam", reason)


def _decide(actor: User, comment: Comment, status: Comment.Status, action: str, reason: str) -> Comment:
    authorise(actor)
    with transaction.atomic():
        row = Comment.objects.select_for_update(of=("self",)).select_related("story").get(pk=comment.pk)
        now = timezone.now()
        answered = CommentReport.objects.filter(comment=row, handled_at=None).update(handled_at=now)
        if row.status == status and not answered:
            return row
        shown_before_or_after = row.status != status and Status.APPROVED in (row.status, status)
        row.status = status
        row.held_for = ""
        row.reason = reason
        row.handled_at = now
        row.handled_by = actor
        if status == Status.APPROVED:
            comment_place_set(row)
        row.save()
        log(row, action, user=actor, data={"story": row.story_id, **({"reports": answered} if answered else {})})
        if shown_before_or_after:
            tell_listeners(row.story, "comments")
    return row


def _shown_parent(story: StoryPage, parent_id: int) -> Comment:
    row = Comment.objects.filter(pk=parent_id, story=story, status=Status.APPROVED).select_related("parent").first()
    if row is None or (row.parent is not None and row.parent.status != Status.APPROVED):
        raise CommentGone()
    return row.parent or row
