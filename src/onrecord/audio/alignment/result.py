"""What an alignment gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from onrecord.audio.blocks import Span


class Flag(StrEnum):
    """Why somebody should listen to a segment before its times are trusted."""

    NONE = ""
    MISSING = "missing"
    """Its words were not found in the recording; its times are those of the place where they would be."""
    UNSURE = "unsure"
    """The sound there fits its words badly, or hardly better than others."""
    GAP = "gap"
    """Before or after it something is said that the text does not have."""


@dataclass(frozen=True, slots=True)
class AlignedWord:
    """When a word is said; `confidence` 0 (not there) to 1."""

    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class AlignedSegment:
    """When a segment is said, from its first word found to its last."""

    start_ms: int
    end_ms: int
    confidence: float
    flag: Flag
    words: tuple[AlignedWord, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Moments of all segments, as given, in order; times never run backwards.

    `unclaimed` is what seems to be said in the recording and is not in the text.
    """

    segments: tuple[AlignedSegment, ...]
    duration_ms: int
    unclaimed: tuple[Span, ...]
