"""What readers send: suggested corrections and comments; and the public notes that follow."""

from onrecord.readers.models.comments import MAX_COMMENT, MAX_NAME, Comment
from onrecord.readers.models.corrections import (
    MAX_BLOCK_ID,
    MAX_CONTEXT,
    MAX_EXACT,
    MAX_SUGGESTION,
    CorrectionNote,
    CorrectionReport,
)
from onrecord.readers.models.sent import Sent, SpentProof

__all__ = [
    "MAX_BLOCK_ID",
    "MAX_COMMENT",
    "MAX_CONTEXT",
    "MAX_EXACT",
    "MAX_NAME",
    "MAX_SUGGESTION",
    "Comment",
    "CorrectionNote",
    "CorrectionReport",
    "Sent",
    "SpentProof",
]
