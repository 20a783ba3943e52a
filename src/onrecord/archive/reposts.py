"""What was recognised, as people read it: proposals on a recording, how its copies hang together, its origins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from onrecord.archive.desk import clock
from onrecord.archive.models import Copy, Recording, Repost

MOSTLY = 0.5
"""Part of a recording's length that makes it a copy of another, not a programme that has some of it."""
_SAME_SPEED = 0.0015


@dataclass(frozen=True)
class Part:
    """A stretch of one file that is a stretch of another; at `speed` 1.03 the first plays 3 % faster."""

    start_ms: int
    end_ms: int
    other_start_ms: int
    other_end_ms: int
    speed: float
    score: float
    sure: bool

    def turned(self) -> "Part":
        """The same, told from the other file."""
        return replace(
            self, start_ms=self.other_start_ms, end_ms=self.other_end_ms,
            other_start_ms=self.start_ms, other_end_ms=self.end_ms, speed=round(1 / self.speed, 4),
        )  # fmt: skip

    @property
    def speed_words(self) -> str:
        """How much faster or slower it plays; empty for the same speed."""
        change = self.speed - 1
        if abs(change) < _SAME_SPEED:
            return ""
        percent = f"{abs(change) * 100:.1f}".removesuffix(".0")
        return (_("%(n)s %% faster") if change > 0 else _("%(n)s %% slower")) % {"n": percent}


@dataclass(frozen=True)
class Proposal:
    """Sound that a recording has in common with another one: in `parts` from first to last, in the first's time.

    `copy` and `other_copy` are the files; times are in them, which are what is heard where `plays` or `other_plays`.
    """

    recording: Recording
    other: Recording
    copy: Copy
    other_copy: Copy
    parts: tuple[Part, ...]
    first_published: datetime
    other_first: Copy
    plays: bool
    other_plays: bool
    dismissed_at: datetime | None
    dismissed_by: str

    @property
    def sure(self) -> bool:
        return any(part.sure for part in self.parts)

    @property
    def other_is_earlier(self) -> bool:
        return self.other_first.published_at < self.first_published

    @property
    def lag(self) -> str:
        """How long one was published before the other, in words; empty for the same minute."""
        earlier, later = sorted((self.other_first.published_at, self.first_published))
        return "" if (later - earlier).total_seconds() < 60 else timesince(earlier, later, depth=1)

    @cached_property
    def files_this(self) -> bool | None:
        """Whether this recording rather than the other is to be filed; None where they share but a part."""
        mine = _covered((part.start_ms, part.end_ms) for part in self.parts) / _length(self.copy)
        others = _covered((part.other_start_ms, part.other_end_ms) for part in self.parts) / _length(self.other_copy)
        if mine < MOSTLY and others < MOSTLY:
            return None
        if mine >= MOSTLY and others >= MOSTLY:
            return not self.first_published < self.other_first.published_at
        return mine >= MOSTLY


def proposals(recording: Recording) -> list[Proposal]:
    """Other recordings that have sound of this one: open ones first, then those dismissed."""
    mine = {copy.sha256: copy for copy in recording.copies.order_by("-pk")}
    rows = Repost.objects.filter(Q(sha256__in=mine) | Q(other_sha256__in=mine))
    met: dict[UUID, list[tuple[Repost, Copy, Copy, tuple[Part, ...]]]] = {}
    theirs = _copies({sha256 for row in rows for sha256 in (row.sha256, row.other_sha256)} - set(mine))
    for row in rows:
        parts = tuple(Part(*part) for part in row.parts)
        own, other = (row.sha256, row.other_sha256) if row.sha256 in mine else (row.other_sha256, row.sha256)
        if own == row.other_sha256:
            parts = tuple(sorted((part.turned() for part in parts), key=lambda part: part.start_ms))
        if other in theirs:
            copy = theirs[other]
            met.setdefault(copy.recording_id, []).append((row, mine[own], copy, parts))
    found = [_proposal(recording, rows) for rows in met.values()]
    return sorted(found, key=lambda one: (one.dismissed_at is not None, not one.sure, -max(p.score for p in one.parts)))


def proposal_sentences(proposal: Proposal) -> list[str]:
    """What was recognised in plain words, a sentence a part, for the command line."""
    first = proposal.other_first
    when = f"{proposal.lag} {'earlier' if proposal.other_is_earlier else 'later'}" if proposal.lag else "at that time"
    return [
        f"already have {_span(part.start_ms, part.end_ms)} of this in “{proposal.other.title}” "
        f"({', '.join(filter(None, (_span(part.other_start_ms, part.other_end_ms), part.speed_words)))}), "
        f"first published {when} by {first.publisher.name} ({'sure' if part.sure else 'possible'})"
        for part in proposal.parts
    ]


def open_proposals(limit: int) -> tuple[list[tuple[Recording, Recording]], int]:
    """Pairs of recordings that nobody has decided on, newest first, and how many there are."""
    rows = list(Repost.objects.filter(dismissed_at=None).order_by("-found_at", "-pk"))
    copies = _copies({sha256 for row in rows for sha256 in (row.sha256, row.other_sha256)})
    pairs: dict[frozenset[UUID], tuple[Recording, Recording]] = {}
    for row in rows:
        one, other = copies.get(row.sha256), copies.get(row.other_sha256)
        if one and other and one.recording_id != other.recording_id:
            pairs.setdefault(frozenset((one.recording_id, other.recording_id)), (one.recording, other.recording))
    return list(pairs.values())[:limit], len(pairs)


def sound_of_copies(recording: Recording) -> dict[str, tuple[Part, ...]]:
    """By SHA-256, which parts of the recording's other files are parts of the file that is heard."""
    heard = recording.timed_copy()
    if heard is None:
        return {}
    found = {}
    for row in Repost.objects.filter(Q(sha256=heard.sha256) | Q(other_sha256=heard.sha256)):
        parts = tuple(Part(*part) for part in row.parts)
        if row.sha256 == heard.sha256:
            found[row.other_sha256] = tuple(part.turned() for part in parts)
        else:
            found[row.sha256] = parts
    return found


def independent_origins(recordings: Sequence[Recording]) -> dict[UUID, int]:
    """How many publishers of each recording had it from nobody else among them; expects `copies` prefetched.

    Copies with the same bytes, of the same publisher, or whose sound was recognised in one another count once.
    """
    files = {copy.sha256 for recording in recordings for copy in recording.copies.all()}
    several = any(len({copy.publisher_id for copy in recording.copies.all()}) > 1 for recording in recordings)
    rows = Repost.objects.filter(sha256__in=files, other_sha256__in=files, dismissed_at=None) if several else ()
    same = {frozenset((row.sha256, row.other_sha256)) for row in rows}
    return {recording.pk: _groups(list(recording.copies.all()), same) for recording in recordings}


def _span(start_ms: int, end_ms: int) -> str:
    return f"{clock(start_ms)}–{clock(end_ms)}"


def _groups(copies: Sequence[Copy], same: set[frozenset[str]]) -> int:
    group = list(range(len(copies)))
    for (i, one), (j, other) in combinations(enumerate(copies), 2):
        if (
            one.sha256 == other.sha256
            or one.publisher_id == other.publisher_id
            or frozenset((one.sha256, other.sha256)) in same
        ):
            old, new = group[j], group[i]
            group = [new if number == old else number for number in group]
    return len(set(group))


def _proposal(recording: Recording, rows: Sequence[tuple[Repost, Copy, Copy, tuple[Part, ...]]]) -> Proposal:
    other = rows[0][2].recording
    heard, other_heard = ((r.timed_copy() or c).sha256 for r, c in ((recording, rows[0][1]), (other, rows[0][2])))
    row, copy, other_copy, parts = max(
        rows,
        key=lambda one: (one[1].sha256 == heard, one[2].sha256 == other_heard, sum(p.score for p in one[3])),
    )
    undecided = [one for one, *_ in rows if one.dismissed_at is None]
    return Proposal(
        recording=recording, other=other, copy=copy, other_copy=other_copy, parts=parts,
        first_published=min(one.published_at for one in recording.copies.all()),
        other_first=min(other.copies.select_related("publisher"), key=lambda one: (one.published_at, one.pk)),
        plays=copy.sha256 == heard, other_plays=other_copy.sha256 == other_heard,
        dismissed_at=None if undecided else row.dismissed_at, dismissed_by="" if undecided else row.dismissed_by,
    )  # fmt: skip


def _copies(files: Iterable[str]) -> dict[str, Copy]:
    rows = Copy.objects.filter(sha256__in=list(files)).select_related("recording", "publisher").order_by("-pk")
    return {copy.sha256: copy for copy in rows}


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    """Milliseconds that the spans cover, each counted once."""
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _length(copy: Copy) -> int:
    facts: dict[str, Any] = copy.facts
    return max(1, int(facts.get("duration_ms") or copy.recording.duration_ms or 1))
