"""Where readers write in, and the public log of corrections."""

from onrecord.readers.views.comments import AddComment
from onrecord.readers.views.corrections import SuggestCorrection, corrections_log
from onrecord.readers.views.writing import challenge

__all__ = ["AddComment", "SuggestCorrection", "challenge", "corrections_log"]
