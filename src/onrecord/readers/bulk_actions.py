"""Many comments decided at once."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction

from onrecord.core.models import User
from onrecord.readers.forms import ReasonForm
from onrecord.readers.models import Comment
from onrecord.readers.reading import comments_queue, comments_visible_to
from onrecord.readers.services import comment_approve, comment_ban, comment_reject, comment_spam
from onrecord.readers.services.moderation import SenderForgotten


class CommentBulkAction(BulkAction):
    """Asks once, then decides each comment by its own service."""

    models = [Comment]
    form_class = ReasonForm
    template_name = "readers/desk/confirm_bulk.html"
    question: ClassVar[Any]
    decide: ClassVar[Callable[..., object]]

    def check_perm(self, obj: Comment) -> bool:
        return bool(self.request.user.has_perm("readers.change_comment"))

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> Any:
        """All that the list shows for its queue and filter."""
        rows = comments_visible_to(self.request.user)
        asked = self.request.GET
        if story := asked.get("story", ""):
            rows = rows.filter(story=int(story)) if story.isascii() and story.isdigit() else rows.none()
        if status := asked.get("status"):
            rows = rows.filter(status=status)
        return comments_queue(rows, asked.get("queue", "")).values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "question": self.question, "action": self.display_name}

    def get_execution_context(self) -> dict[str, Any]:
        reason = self.cleaned_form.cleaned_data["reason"] if self.cleaned_form else ""
        return {"actor": self.request.user, "reason": reason}

    @classmethod
    def execute_action(
        cls, objects: Sequence[Comment], *, actor: User, reason: str = "", **kwargs: Any
    ) -> tuple[int, int]:
        for comment in objects:
            cls.decide(actor=actor, comment=comment, reason=reason)
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


class SpamComments(CommentBulkAction):
    display_name = _("Spam")
    action_type = "spam"
    aria_label = _("File selected comments as spam")
    action_priority = 30
    classes = {"serious"}
    question = _("File these comments as spam?")
    decide = staticmethod(comment_spam)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "One comment is filed as spam.", "%(count)d comments are filed as spam.", num_parent_objects
        ) % {"count": num_parent_objects}


class BanSenders(CommentBulkAction):
    display_name = _("Ban")
    action_type = "ban"
    aria_label = _("File selected comments as spam and ban their networks")
    action_priority = 40
    classes = {"serious"}
    question = _("File these comments as spam, and take no more from the networks that they came from?")
    decide = staticmethod(comment_ban)

    @classmethod
    def execute_action(
        cls, objects: Sequence[Comment], *, actor: User, reason: str = "", **kwargs: Any
    ) -> tuple[int, int]:
        forgotten = 0
        for comment in objects:
            try:
                comment_ban(actor=actor, comment=comment, reason=reason)
            except SenderForgotten:
                comment_spam(actor=actor, comment=comment, reason=reason)
                forgotten += 1
        return len(objects), forgotten

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        done = ngettext(
            "One comment is filed as spam, and its network banned.",
            "%(count)d comments are filed as spam, and their networks banned.",
            num_parent_objects,
        ) % {"count": num_parent_objects}
        if not num_child_objects:
            return done
        unknown = ngettext(
            "Of one of them nobody can tell the network any more.",
            "Of %(count)d of them nobody can tell the network any more.",
            num_child_objects,
        ) % {"count": num_child_objects}
        return f"{done} {unknown}"
