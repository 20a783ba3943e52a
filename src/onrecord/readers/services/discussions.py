"""Whether a story takes comments: decided for a story, or by its age."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from onrecord.core.models import User
from onrecord.readers.models import Discussion
from onrecord.readers.services.authority import authorise
from onrecord.readers.services.listeners import tell_listeners
from onrecord.stories.models import StoryPage

State = Discussion.State


def discussion_takes(story: StoryPage, now: datetime | None = None) -> bool:
    """Whether a story takes comments at this moment."""
    decided = Discussion.objects.filter(story_id=story.pk).values_list("state", flat=True).first()
    if decided is not None:
        return decided == State.OPEN
    closes = _oldest(now or timezone.now())
    return closes is None or story.first_published_at is None or story.first_published_at > closes


def discussion_set(*, actor: User, story: StoryPage, state: str) -> Discussion:
    """Open, close or hide a story's comments at once, without a new revision of it. Raises PermissionDenied."""
    authorise(actor)
    with transaction.atomic():
        row, _ = Discussion.objects.update_or_create(
            story=story, defaults={"state": state, "changed_at": timezone.now(), "changed_by": actor}
        )
        log(story, f"readers.discussion.{state}", user=actor)
        tell_listeners(story, "comments")
    return row


def discussions_close_due(now: datetime | None = None) -> int:
    """Close stories that are past their days, so that their pages say so; gives their number."""
    moment = now or timezone.now()
    closes = _oldest(moment)
    if closes is None:
        return 0
    due = StoryPage.objects.live().filter(discussion=None, first_published_at__lte=closes)
    for story in due:
        with transaction.atomic():
            Discussion.objects.get_or_create(story=story, defaults={"state": State.CLOSED, "changed_at": moment})
            tell_listeners(story, "comments")
    return len(due)


def _oldest(now: datetime) -> datetime | None:
    days = settings.COMMENTS_CLOSE_AFTER_DAYS
    return now - timedelta(days=days) if days > 0 else None
