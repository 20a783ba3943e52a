"""A comment in its author's hands: for five minutes it can be changed or taken back, with a signed address alone."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.errors import OnrecordError
from onrecord.readers.models import Comment
from onrecord.readers.places import comment_place_set
from onrecord.readers.services.listeners import tell_listeners
from onrecord.readers.services.screening import screened
from onrecord.readers.tasks import judge_comment

OWN_FOR = timedelta(minutes=5)
_SALT = "onrecord.readers.own-comment"
Status, HeldFor = Comment.Status, Comment.HeldFor


class NotYours(OnrecordError):
    code = "comment-not-yours"
    message = "This address is not one that we gave out. Open the link that came after you sent your comment."


class TimeOver(OnrecordError):
    code = "comment-time-over"
    message = (
        "The five minutes in which a comment can be changed or taken back are over. "
        "If it must not stand, report it; a moderator looks at it."
    )


def comment_token(comment: Comment) -> str:
    """What its author's browser keeps."""
    return signing.dumps(comment.pk, salt=_SALT)


def comment_own(token: str, now: datetime | None = None) -> Comment:
    """The comment that a token is for. Raises NotYours, TimeOver: by our clock, whatever the reader's says."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise NotYours() from error
    comment = Comment.objects.select_related("story").filter(pk=pk, from_newsroom=False).first()
    if comment is None or comment.status in (Status.WITHDRAWN, Status.SPAM, Status.REJECTED):
        raise TimeOver()
    if (now or timezone.now()) > comment.created_at + OWN_FOR:
        raise TimeOver()
    return comment


def comment_edit(*, token: str, text: str) -> Comment:
    """Change the text of one's own comment; text is clean. Raises NotYours, TimeOver.

    What a moderator has approved waits for one again: otherwise the text that was read could be exchanged.
    """
    with transaction.atomic():
        row = _own_row(token)
        if row.text == text:
            return row
        was_shown, was_judged = row.status == Status.APPROVED, row.handled_by_id is not None
        row.text = text
        row.edited_at = timezone.now()
        row.status, row.held_for = screened(row.name, text)
        if was_judged and row.status == Status.APPROVED:
            row.status = Status.HELD
        if was_shown and row.status == Status.HELD and not row.held_for:
            row.held_for = HeldFor.EDITED
        if row.status == Status.APPROVED:
            comment_place_set(row)
        row.save()
        if was_shown or row.status == Status.APPROVED:
            tell_listeners(row.story, "comments")
        if row.held_for == HeldFor.UNCHECKED:
            transaction.on_commit(lambda: judge_comment.enqueue(row.pk))
    return row


def comment_withdraw(*, token: str) -> Comment:
    """Take one's own comment back: name and text are gone. Raises NotYours, TimeOver."""
    with transaction.atomic():
        row = _own_row(token)
        was_shown = row.status == Status.APPROVED
        row.status = Status.WITHDRAWN
        row.name = row.text = row.exact = row.prefix = row.suffix = ""
        row.save()
        log(row, "readers.comment.withdraw", data={"story": row.story_id})
        if was_shown:
            tell_listeners(row.story, "comments")
    return row


def _own_row(token: str) -> Comment:
    pk = comment_own(token).pk
    return Comment.objects.select_for_update(of=("self",)).select_related("story").get(pk=pk)
