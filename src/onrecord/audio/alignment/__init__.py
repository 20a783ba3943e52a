"""Words to moments: when each word of a transcript is said in a recording, without a model."""

from onrecord.audio.alignment.aligning import align
from onrecord.audio.alignment.result import AlignedSegment, AlignedWord, Alignment, Flag

__all__ = ["AlignedSegment", "AlignedWord", "Alignment", "Flag", "align"]
