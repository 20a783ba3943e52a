"""What readers fill in, and what editors and moderators decide."""

from onrecord.readers.forms.comments import CommentForm, DecisionForm, DiscussionForm, OwnForm, ReportForm
from onrecord.readers.forms.corrections import AcceptForm, DeclineForm, SuggestForm
from onrecord.readers.forms.fields import Honeypot

__all__ = [
    "AcceptForm",
    "CommentForm",
    "DecisionForm",
    "DeclineForm",
    "DiscussionForm",
    "Honeypot",
    "OwnForm",
    "ReportForm",
    "SuggestForm",
]
