"""Where readers write in, and the public log of corrections."""

from onrecord.readers.views.comments import AddComment, ReportComment, story_comments
from onrecord.readers.views.corrections import SuggestCorrection, Withdraw, WriteToUs, corrections_log
from onrecord.readers.views.own import OwnComment
from onrecord.readers.views.writing import challenge

__all__ = [
    "AddComment",
    "OwnComment",
    "ReportComment",
    "SuggestCorrection",
    "Withdraw",
    "WriteToUs",
    "challenge",
    "corrections_log",
    "story_comments",
]
