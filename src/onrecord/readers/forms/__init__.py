"""What readers fill in, and what editors and moderators decide."""

from onrecord.readers.forms.comments import CommentForm
from onrecord.readers.forms.corrections import AcceptForm, DeclineForm, SuggestForm
from onrecord.readers.forms.fields import Honeypot

__all__ = ["AcceptForm", "CommentForm", "DeclineForm", "Honeypot", "SuggestForm"]
