"""Comments for those who judge them."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import mark_safe

from onrecord.core.models import User
from onrecord.readers.cleaning import comment_html
from onrecord.readers.models import Comment
from onrecord.readers.reading.ordering import first
from onrecord.stories.models import StoryPage


def comments_visible_to(user: User) -> QuerySet[Comment]:
    """Comments that this person may read, held ones first, then the newest."""
    rows = Comment.objects.select_related("story", "handled_by")
    if not (user.has_perm("readers.view_comment") or user.has_perm("readers.change_comment")):
        return rows.none()
    return rows.order_by(first(Q(status=Comment.Status.HELD)), "-created_at", "-pk")


def comments_held_count() -> int:
    """How many comments wait."""
    return Comment.objects.filter(status=Comment.Status.HELD).count()


def comments_context(story: StoryPage) -> dict[str, Any]:
    """The comments that a story shows, and where it sends new ones."""
    return {
        "comments": [
            {
                "id": row.pk,
                "name": row.name,
                "html": mark_safe(comment_html(row.text)),
                "created_at": row.created_at,
            }
            for row in Comment.objects.filter(story_id=story.pk, status=Comment.Status.APPROVED)
        ],
        "comments_url": reverse("comment-add"),
    }
