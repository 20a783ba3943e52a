"""What readers send: suggested corrections and comments; and the public notes that follow."""

from onrecord.readers.models.cases import CaseNote, CorrectionCase, Kind
from onrecord.readers.models.comments import MAX_COMMENT, MAX_NAME, MAX_REASON, Comment, CommentReport, Discussion
from onrecord.readers.models.corrections import (
    MAX_BLOCK_ID,
    MAX_CONTEXT,
    MAX_EXACT,
    MAX_SUGGESTION,
    CorrectionNote,
    CorrectionReport,
    ReaderMail,
)
from onrecord.readers.models.moderation import MAX_WORDS, CommentImport, SenderBan, SenderKey, WordRule
from onrecord.readers.models.sent import Sent, SpentProof

__all__ = [
    "MAX_BLOCK_ID",
    "MAX_COMMENT",
    "MAX_CONTEXT",
    "MAX_EXACT",
    "MAX_NAME",
    "MAX_REASON",
    "MAX_SUGGESTION",
    "MAX_WORDS",
    "CaseNote",
    "Comment",
    "CommentImport",
    "CommentReport",
    "CorrectionCase",
    "CorrectionNote",
    "CorrectionReport",
    "Discussion",
    "Kind",
    "ReaderMail",
    "SenderBan",
    "SenderKey",
    "Sent",
    "SpentProof",
    "WordRule",
]
