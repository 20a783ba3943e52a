"""What a check found: a verdict, the evidence for it, the changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from onrecord.text.compare import Change
from onrecord.text.masks import public_text
from onrecord.text.quotations import Quotation
from onrecord.text.record import Record


class Verdict(StrEnum):
    """What the check found (DESIGN.md); stale, unreviewed and overridden are set by those who keep findings.

    Unreviewed: borne out only by a machine's translation that no person has reviewed.
    """

    VERBATIM = "verbatim"
    EDITED = "edited"
    ALTERED = "altered"
    SPLICED = "spliced"
    MISATTRIBUTED = "misattributed"
    UNBOUND = "unbound"
    UNREVIEWED = "unreviewed"
    STALE = "stale"
    FRAGMENT = "fragment"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of the record that a quotation stands on.

    `transcript`, `first_segment`… are ids. `offset` and `length` place `text` (unmasked) in the text of the
    segments from the first on, joined by one space; `public` is what of it may be shown to everybody. Times are ms
    and span the words, not the segments.
    """

    transcript: str
    is_translation: bool
    first_segment: str
    last_segment: str
    first_word: str
    last_word: str
    start_ms: int
    end_ms: int
    speaker: str
    text: str
    offset: int
    length: int
    public: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one quotation. `score` is 0..1; `present` says that the words occur, for fragments.

    `alternatives` are other places with the same words, or near misses of an unbound quotation.
    """

    quotation: Quotation
    verdict: Verdict
    score: float
    evidence: Evidence | None = None
    alternatives: tuple[Evidence, ...] = ()
    changes: tuple[Change, ...] = ()
    present: bool = False


_BLOCKING = frozenset(
    [Verdict.ALTERED, Verdict.SPLICED, Verdict.MISATTRIBUTED, Verdict.UNBOUND, Verdict.UNREVIEWED, Verdict.STALE]
)


def blocks_publication(finding: Finding) -> bool:
    """True if a story with this finding must not be published as it is."""
    return finding.verdict in _BLOCKING


def evidence_between(record: Record, first: int, end: int, speakers: Sequence[str] = ()) -> Evidence:
    last = end - 1
    start_word, end_word = record.word(first), record.word(last)
    first_segment = record.segments[record.segment_number(first)]
    last_segment = record.segments[record.segment_number(last)]
    transcript = record.transcripts[record.transcript_of(first)]
    words = record.words(first, end)
    text = " ".join(word.text for word in words)
    offset = sum(len(word.text) + 1 for word in first_segment.words[: record.word_number(first)])
    return Evidence(
        transcript.id,
        transcript.is_translation,
        first_segment.id,
        last_segment.id,
        start_word.id,
        end_word.id,
        start_word.start_ms if start_word.start_ms is not None else first_segment.start_ms,
        end_word.end_ms if end_word.end_ms is not None else last_segment.end_ms,
        ", ".join(speakers) or first_segment.speaker,
        text,
        offset,
        len(text),
        public_text(words),
    )
