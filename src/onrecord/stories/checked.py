"""What the gate knows of each quotation of a story: plain values, made by the check or read from a binding."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from onrecord.text.transcripts import bare
from onrecord.text.verdicts import Verdict

BORNE_OUT = (Verdict.VERBATIM, Verdict.EDITED)
PASSING = (*BORNE_OUT, Verdict.FRAGMENT, Verdict.OVERRIDDEN)


@dataclass(frozen=True)
class Place:
    """Where words stand in the newsroom's recordings: version, span, time, and the hash of the copy heard."""

    recording_id: str
    version_id: int
    evidence_sha256: str
    first_segment: str
    last_segment: str
    first_word: str
    last_word: str
    start_ms: int
    end_ms: int
    speaker: str
    said: str
    public: str = ""

    def same_words(self, other: "Place") -> bool:
        """Whether the same speaker says the same words there, so that the check found the same."""
        return self.speaker == other.speaker and _bare(self.said) == _bare(other.said)


@dataclass(frozen=True)
class Checked:
    """One quotation of a story with what the check found; offsets count in its passage's plain text.

    `parts` are (offset, length) of the words inside the marks: several where an attribution stands between.
    `was` is what the check had found where the verdict is overridden or stale; `elsewhere` are other places where the
    same speaker says the same words. `public` is what of the words `said` may be shown to everybody. `caution` is what
    a person should look at though it does not block.
    """

    number: int
    key: str
    passage: str
    offset: int
    length: int
    parts: tuple[tuple[int, int], ...]
    text: str
    attributed_to: str
    verdict: Verdict
    score: float
    changes: tuple[dict[str, Any], ...] = ()
    recording_id: str = ""
    version_id: int | None = None
    evidence_sha256: str = ""
    statement: str = ""
    first_segment: str = ""
    last_segment: str = ""
    first_word: str = ""
    last_word: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str = ""
    said: str = ""
    public: str = ""
    was: str = ""
    override_reason: str = ""
    overridden_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    hint: str = ""
    caution: str = ""
    elsewhere: tuple[Place, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the story can't be published with it."""
        return self.verdict not in PASSING

    @property
    def has_grave_change(self) -> bool:
        return any(change["grave"] for change in self.changes)

    @property
    def audible(self) -> bool:
        """Whether there is a moment to listen to, and words that stand or fall with it."""
        return not self.blocks and bool(self.recording_id) and self.start_ms is not None and self.end_ms is not None

    @property
    def is_masked(self) -> bool:
        """Whether part of the moment is bleeped."""
        return bool(self.public) and self.public != self.said

    @property
    def span(self) -> tuple[str, int | None, int | None, str]:
        """What a confirmation by ear is about: it counts as long as none of this changes."""
        return self.recording_id, self.start_ms, self.end_ms, self.said

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it is bound, then where else the same words are said; empty for other evidence."""
        if not self.recording_id:
            return ()
        own = Place(**{name: getattr(self, name) for name in Place.__dataclass_fields__})
        return own, *self.elsewhere

    def at(self, place: Place, elsewhere: Sequence[Place] = ()) -> "Checked":
        """The quotation bound to this place."""
        return replace(self, **asdict(place), elsewhere=tuple(elsewhere))


@dataclass(frozen=True)
class Report:
    """All quotations of one state of a story, in reading order."""

    quotations: tuple[Checked, ...] = ()
    recordings: tuple[str, ...] = field(default=())

    @property
    def blocking(self) -> tuple[Checked, ...]:
        return tuple(quotation for quotation in self.quotations if quotation.blocks)


def quotation_key(quotation: str) -> str:
    """SHA-256 over the quotation's words: the same for other marks, spaces and punctuation, not for other words.

    Brackets, and signs that are read as words (%, $), count.
    """
    words = " ".join(re.findall(r"[^\W_]+(?:['’.,:*-]+[^\W_]+)*|[\[\]%$€£₴₽°]", quotation.casefold()))
    return hashlib.sha256(words.encode()).hexdigest()


def _bare(words: str) -> list[str]:
    return [bare(word) for word in words.split()]
