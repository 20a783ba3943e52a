"""Registers readers' messages with the desk."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from onrecord.core.models import User
from onrecord.readers.bulk_actions import ApproveComments, BanSenders, RejectComments, SpamComments
from onrecord.readers.viewsets import comment_viewset, correction_viewset, word_viewset
from onrecord.stories.models import StoryPage

hooks.register("register_bulk_action", ApproveComments)
hooks.register("register_bulk_action", RejectComments)
hooks.register("register_bulk_action", SpamComments)
hooks.register("register_bulk_action", BanSenders)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [correction_viewset, comment_viewset, word_viewset]


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("readers.correction.accept", _("Accept correction"), _("Accepted"))
    actions.register_action("readers.correction.decline", _("Decline correction"), _("Declined"))
    actions.register_action("readers.correction.propose", _("Propose correction"), _("Proposed by the record"))
    actions.register_action("readers.correction.settle", _("Settle correction"), _("Settled by the record"))
    actions.register_action("readers.correction.publish", _("Publish correction note"), _("Published with the story"))
    actions.register_action("readers.correction.draft", _("Correct the draft"), _("Words changed by a correction"))
    actions.register_action("readers.case.sort", _("Sort case"), _("Kind or editor set"))
    actions.register_action("readers.case.note", _("Note on case"), _("Note added"))
    actions.register_action("readers.case.gather", _("Gather cases"), _("Another reader's message put in"))
    actions.register_action("readers.case.merge", _("Merge cases"), _("Another case put in"))
    actions.register_action("readers.case.split", _("Split case"), _("A message parted from it"))
    actions.register_action("readers.case.answer", _("Answer reader"), _("Reader answered"))
    actions.register_action("readers.case.withdraw", _("Withdraw"), _("A message withdrawn by its reader"))
    actions.register_action("readers.case.mail_retry", _("Try mail again"), _("Mail tried again"))
    actions.register_action("readers.comment.approve", _("Approve comment"), _("Approved"))
    actions.register_action("readers.comment.reject", _("Reject comment"), _("Rejected"))
    actions.register_action("readers.comment.spam", _("File comment as spam"), _("Filed as spam"))
    actions.register_action("readers.comment.answer", _("Answer comment"), _("Answered by the newsroom"))
    actions.register_action("readers.comment.withdraw", _("Withdraw comment"), _("Withdrawn by its author"))
    actions.register_action("readers.comment.ban", _("Ban network"), _("Network banned"))
    actions.register_action("readers.comment.unban", _("Lift ban"), _("Ban lifted"))
    actions.register_action("readers.discussion.open", _("Open comments"), _("Comments opened"))
    actions.register_action("readers.discussion.closed", _("Close comments"), _("Comments closed"))
    actions.register_action("readers.discussion.hidden", _("Hide comments"), _("Comments hidden"))


@hooks.register("register_page_header_buttons")
def comments_button(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From a story to whether it takes comments."""
    if page.specific_class is StoryPage and user.has_perm("readers.change_comment"):
        url = reverse("comment_desk:discussion", args=[page.pk])
        yield Button(_("Comments"), url=url, icon_name="comment", priority=67)
