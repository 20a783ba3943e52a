"""Comments for those who judge them."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from onrecord.core.models import User
from onrecord.readers.models import Comment, CommentReport, SenderBan
from onrecord.readers.reading.ordering import first


def comments_visible_to(user: User) -> QuerySet[Comment]:
    """Comments that this person may read: reported and held ones first, then the newest."""
    rows = Comment.objects.select_related("story", "handled_by", "written_by", "parent")
    if not (user.has_perm("readers.view_comment") or user.has_perm("readers.change_comment")):
        return rows.none()
    waits = Q(status=Comment.Status.HELD) | Q(is_reported=True)
    return rows.annotate(is_reported=Exists(_open_reports())).order_by(first(waits), "-created_at", "-pk")


def comments_queue(rows: QuerySet[Comment], queue: str) -> QuerySet[Comment]:
    """Those of one queue; of all for a name that is none."""
    if queue == "new":
        return rows.filter(status=Comment.Status.HELD)
    if queue == "reported":
        return rows.filter(Exists(_open_reports()), status=Comment.Status.APPROVED)
    return rows.filter(status=queue) if queue in Comment.Status.values else rows


def queue_counts() -> dict[str, int]:
    """How many comments each queue has."""
    counts = dict(Comment.objects.order_by().values_list("status").annotate(Count("pk")))
    reported = comments_queue(Comment.objects.all(), "reported").count()
    return {
        "new": counts.get("held", 0), "reported": reported, "approved": counts.get("approved", 0),
        "rejected": counts.get("rejected", 0), "spam": counts.get("spam", 0),
    }  # fmt: skip


def comments_waiting_count() -> int:
    """How many comments wait for somebody: new ones, and shown ones that readers reported."""
    waits = Q(status=Comment.Status.HELD) | Q(status=Comment.Status.APPROVED) & Exists(_open_reports())
    return Comment.objects.filter(waits).count()


def bans_visible_to(user: User) -> QuerySet[SenderBan]:
    """Banned networks, newest first."""
    rows = SenderBan.objects.select_related("comment", "created_by")
    return rows if user.has_perm("readers.change_comment") else rows.none()


def _open_reports() -> QuerySet[CommentReport]:
    return CommentReport.objects.filter(comment=OuterRef("pk"), handled_at=None)
