"""The archive on the desk's first page."""

from typing import Any

from wagtail.admin.ui.components import Component

from onrecord.archive.models import Recording
from onrecord.archive.reposts import open_proposals

SHOWN = 8


class RepostsHomePanel(Component):
    """Recordings whose sound is on record twice, until somebody decides."""

    name = "onrecord_reposts"
    template_name = "archive/desk/home_reposts.html"
    order = 128

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        if not request.user.has_perm("archive.change_recording"):
            return {}
        pairs, count = open_proposals(SHOWN)
        return {"pairs": pairs, "count": count}


class RecordingsPanel(Component):
    """Recordings that nobody can hear yet: being prepared, or failed."""

    name = "onrecord_recordings"
    template_name = "archive/desk/home_recordings.html"
    order = 130

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        allowed = request.user.has_perm("archive.view_recording") or request.user.has_perm("archive.add_recording")
        waiting = (
            Recording.objects.standing()
            .exclude(status=Recording.Status.READY)
            .defer("peaks")
            .order_by("status", "-added_at")
        )
        return {
            "allowed": allowed,
            "can_add": request.user.has_perm("archive.add_recording"),
            "waiting": list(waiting[:SHOWN]) if allowed else [],
            "waiting_count": waiting.count() if allowed else 0,
            "empty": allowed and not Recording.objects.exists(),
        }
