"""What is done with readers' messages. Each change is one function in one transaction."""

from onrecord.readers.services.cases import case_merge, case_note_add, case_sort, report_split
from onrecord.readers.services.comments import (
    comment_add,
    comment_answer,
    comment_approve,
    comment_reject,
    comment_spam,
)
from onrecord.readers.services.corrections import (
    Accepted,
    correction_accept,
    correction_answer,
    correction_decline,
    correction_notes_publish,
)
from onrecord.readers.services.discussions import discussion_set, discussions_close_due
from onrecord.readers.services.gathering import cases_gather
from onrecord.readers.services.listeners import register_readers_listener
from onrecord.readers.services.mail import (
    addresses_expire,
    mail_is_set_up,
    mails_try_again,
    reader_mail_retry,
    reader_mail_send,
)
from onrecord.readers.services.moderation import ban_lift, comment_ban, comment_report_add
from onrecord.readers.services.own import comment_edit, comment_own, comment_token, comment_withdraw
from onrecord.readers.services.proposals import corrections_follow
from onrecord.readers.services.reports import correction_report_add, letter_add, report_withdraw
from onrecord.readers.services.screening import comment_judge

__all__ = [
    "Accepted",
    "addresses_expire",
    "ban_lift",
    "case_merge",
    "case_note_add",
    "case_sort",
    "cases_gather",
    "comment_add",
    "comment_answer",
    "comment_approve",
    "comment_ban",
    "comment_edit",
    "comment_judge",
    "comment_own",
    "comment_reject",
    "comment_report_add",
    "comment_spam",
    "comment_token",
    "comment_withdraw",
    "correction_accept",
    "correction_answer",
    "correction_decline",
    "correction_notes_publish",
    "correction_report_add",
    "corrections_follow",
    "discussion_set",
    "discussions_close_due",
    "letter_add",
    "mail_is_set_up",
    "mails_try_again",
    "reader_mail_retry",
    "reader_mail_send",
    "register_readers_listener",
    "report_split",
    "report_withdraw",
]
