"""What of readers' messages is shown, and to whom: on the pages, in the public log, in the desk."""

from onrecord.readers.reading.comments import Threads, comment_paths, discussion_state, writing_context
from onrecord.readers.reading.corrections import (
    CaseView,
    case_view,
    cases_beside,
    correction_cases_visible_to,
    correction_editors,
    corrections_open_count,
)
from onrecord.readers.reading.notes import notes_kinds, notes_log, notes_paths, notes_shown, notes_story_paths
from onrecord.readers.reading.queues import (
    bans_visible_to,
    comments_queue,
    comments_visible_to,
    comments_waiting_count,
    queue_counts,
)
from onrecord.readers.reading.stories import page_context, story_readable

__all__ = [
    "CaseView",
    "Threads",
    "bans_visible_to",
    "case_view",
    "cases_beside",
    "comment_paths",
    "comments_queue",
    "comments_visible_to",
    "comments_waiting_count",
    "correction_cases_visible_to",
    "correction_editors",
    "corrections_open_count",
    "discussion_state",
    "notes_kinds",
    "notes_log",
    "notes_paths",
    "notes_shown",
    "notes_story_paths",
    "page_context",
    "queue_counts",
    "story_readable",
    "writing_context",
]
