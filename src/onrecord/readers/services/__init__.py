"""What is done with readers' messages. Each change is one function in one transaction."""

from onrecord.readers.services.comments import comment_add, comment_approve, comment_reject
from onrecord.readers.services.corrections import (
    Accepted,
    correction_accept,
    correction_decline,
    correction_notes_publish,
    correction_report_add,
)
from onrecord.readers.services.listeners import register_readers_listener
from onrecord.readers.services.proposals import corrections_follow

__all__ = [
    "Accepted",
    "comment_add",
    "comment_approve",
    "comment_reject",
    "correction_accept",
    "correction_decline",
    "correction_notes_publish",
    "correction_report_add",
    "corrections_follow",
    "register_readers_listener",
]
