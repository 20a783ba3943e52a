"""Many comments decided at once."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from onrecord.core.models import User
from onrecord.readers.models import Comment
from onrecord.readers.reading import comments_visible_to
from onrecord.readers.services import comment_approve, comment_reject


class CommentBulkAction(BulkAction):
    """Asks once, then decides each comment by its own service."""

    models = [Comment]
    template_name = "readers/desk/confirm_bulk.html"
    question: ClassVar[Any]
    decide: ClassVar[Callable[..., Comment]]

    def check_perm(self, obj: Comment) -> bool:
        return bool(self.request.user.has_perm("readers.change_comment"))

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> Any:
        """All that the list shows for its filter and search."""
        rows = comments_visible_to(self.request.user)
        if status := self.request.GET.get("status"):
            rows = rows.filter(status=status)
        return rows.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "question": self.question, "action": self.display_name}

    def get_execution_context(self) -> dict[str, Any]:
        return {"actor": self.request.user}

    @classmethod
    def execute_action(cls, objects: Sequence[Comment], *, actor: User, **kwargs: Any) -> tuple[int, int]:
        for comment in objects:
            cls.decide(actor=actor, comment=comment)
        return len(objects), 0


class ApproveComments(CommentBulkAction):
    display_name = _("Approve")
    action_type = "approve"
    aria_label = _("Approve selected comments")
    action_priority = 10
    question = _("Show these comments under their stories?")
    decide = staticmethod(comment_approve)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("One comment is approved.", "%(count)d comments are approved.", num_parent_objects) % {
            "count": num_parent_objects
        }


class RejectComments(CommentBulkAction):
    display_name = _("Reject")
    action_type = "reject"
    aria_label = _("Reject selected comments")
    action_priority = 20
    classes = {"serious"}
    question = _("Reject these comments?")
    decide = staticmethod(comment_reject)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("One comment is rejected.", "%(count)d comments are rejected.", num_parent_objects) % {
            "count": num_parent_objects
        }
