"""What of readers' messages is shown, and to whom: on the pages, in the public log, in the desk."""

from onrecord.readers.reading.comments import comments_held_count, comments_visible_to
from onrecord.readers.reading.corrections import (
    CorrectionCase,
    correction_case,
    correction_reports_visible_to,
    corrections_open_count,
    notes_log,
)
from onrecord.readers.reading.stories import page_context, story_readable

__all__ = [
    "CorrectionCase",
    "comments_held_count",
    "comments_visible_to",
    "correction_case",
    "correction_reports_visible_to",
    "corrections_open_count",
    "notes_log",
    "page_context",
    "story_readable",
]
