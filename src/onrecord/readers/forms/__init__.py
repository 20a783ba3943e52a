"""What readers fill in, and what editors and moderators decide."""

from onrecord.readers.forms.comments import CommentForm, DecisionForm, DiscussionForm, OwnForm, ReasonForm, ReportForm
from onrecord.readers.forms.corrections import (
    AcceptForm,
    AnswerForm,
    DeclineForm,
    LetterForm,
    NoteForm,
    SortForm,
    SuggestForm,
)
from onrecord.readers.forms.fields import Honeypot

__all__ = [
    "AcceptForm",
    "AnswerForm",
    "CommentForm",
    "DecisionForm",
    "DeclineForm",
    "DiscussionForm",
    "Honeypot",
    "LetterForm",
    "NoteForm",
    "OwnForm",
    "ReasonForm",
    "ReportForm",
    "SortForm",
    "SuggestForm",
]
