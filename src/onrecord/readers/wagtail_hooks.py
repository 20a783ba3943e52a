"""Registers readers' messages with the desk."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from onrecord.readers.bulk_actions import ApproveComments, RejectComments
from onrecord.readers.viewsets import comment_viewset, correction_viewset

hooks.register("register_bulk_action", ApproveComments)
hooks.register("register_bulk_action", RejectComments)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [correction_viewset, comment_viewset]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("readers.correction.accept", _("Accept correction"), _("Accepted"))
    actions.register_action("readers.correction.decline", _("Decline correction"), _("Declined"))
    actions.register_action("readers.correction.propose", _("Propose correction"), _("Proposed by the record"))
    actions.register_action("readers.correction.settle", _("Settle correction"), _("Settled by the record"))
    actions.register_action("readers.correction.publish", _("Publish correction note"), _("Published with the story"))
    actions.register_action("readers.comment.approve", _("Approve comment"), _("Approved"))
    actions.register_action("readers.comment.reject", _("Reject comment"), _("Rejected"))
