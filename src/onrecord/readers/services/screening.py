"""What becomes of a comment before anybody has read it: shown, held, or filed as spam."""

from django.conf import settings
from django.db import transaction

from onrecord.readers.models import Comment, WordRule
from onrecord.readers.services.listeners import tell_listeners
from onrecord.readers.spam_service import SpamServiceFailed, spam_service
from onrecord.readers.wording import links_count, rule_matches

Status, HeldFor = Comment.Status, Comment.HeldFor


def screened(name: str, text: str) -> tuple[str, str]:
    """Status and reason to hold that a new comment starts with; what the spam service says comes later."""
    written = f"{name}\n{text}"
    actions = {
        action for words, action in WordRule.objects.values_list("words", "action") if rule_matches(words, written)
    }
    if WordRule.Action.SPAM in actions:
        return Status.SPAM, HeldFor.WORDS
    if actions:
        return Status.HELD, HeldFor.WORDS
    if links_count(written) > settings.COMMENTS_MAX_LINKS:
        return Status.HELD, HeldFor.LINKS
    if settings.SPAM_SERVICE:
        return Status.HELD, HeldFor.UNCHECKED
    return (Status.APPROVED if settings.COMMENTS_MODERATION == "after" else Status.HELD), ""


def comment_judge(comment_id: int) -> None:
    """Have the spam service judge a comment that waits for it; if it does not answer, a moderator decides."""
    comment = Comment.objects.select_related("story").filter(pk=comment_id).first()
    service = spam_service()
    if comment is None or service is None or (comment.status, comment.held_for) != (Status.HELD, HeldFor.UNCHECKED):
        return
    page_url = f"{settings.SITE_URL}{comment.story.url}"
    try:
        is_spam = service.is_spam(name=comment.name, text=comment.text, page_url=page_url)
    except SpamServiceFailed:
        return
    with transaction.atomic():
        row = Comment.objects.select_for_update(of=("self",)).select_related("story").get(pk=comment_id)
        if (row.status, row.held_for, row.text) != (Status.HELD, HeldFor.UNCHECKED, comment.text):
            return  # a moderator was quicker, or its author changed it: that has a judgement of its own
        if is_spam:
            row.status, row.held_for = Status.SPAM, HeldFor.SERVICE
        else:
            row.status = Status.APPROVED if settings.COMMENTS_MODERATION == "after" else Status.HELD
            row.held_for = ""
        row.save(update_fields=["status", "held_for"])
        if row.status == Status.APPROVED:
            tell_listeners(row.story, "comments")
