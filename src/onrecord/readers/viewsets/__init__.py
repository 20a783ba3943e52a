"""The two queues in the desk: corrections and comments."""

from onrecord.readers.viewsets.comments import comment_viewset, word_viewset
from onrecord.readers.viewsets.corrections import correction_viewset

__all__ = ["comment_viewset", "correction_viewset", "word_viewset"]
