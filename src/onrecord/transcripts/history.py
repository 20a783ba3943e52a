"""What changed from one version to the next, and going back to an older one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from rapidfuzz.distance import Indel

from onrecord.core.models import User
from onrecord.text.transcripts import Segment
from onrecord.transcripts.drafts import draft_replaced
from onrecord.transcripts.locking import follow
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.versions import authorise, translations_write, version_write

MOST_COMPARED = 4_000_000
"""Words times words above which a stretch is shown as replaced whole, not compared."""


@dataclass(frozen=True)
class Piece:
    """Words that are the same (`same`), were taken out (`out`) or are new (`in`)."""

    op: str
    text: str


@dataclass(frozen=True)
class Change:
    """A passage that differs: where it starts, its words, and what else became different, in plain words."""

    start_ms: int
    speaker: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


def version_changes(version: TranscriptVersion) -> list[Change] | None:
    """What this version changed in the one before it; None for the first."""
    before = version.transcript.versions.filter(number__lt=version.number).first()
    if before is None:
        return None
    return changes(segments_from_json(before.segments), segments_from_json(version.segments))


def changes(old: Sequence[Segment], new: Sequence[Segment]) -> list[Change]:
    """The passages in which two versions differ, in order of the newer one."""
    result: list[Change] = []
    for before, after in _stretches(old, new):
        if len(before) == len(after) == 1 and before[0].text == after[0].text:
            notes = _notes(before[0], after[0])
            if notes:
                result.append(Change(after[0].start_ms, after[0].speaker, (Piece("same", after[0].text),), notes))
        elif before or after:
            first = (after or before)[0]
            notes = () if len(before) == len(after) else (f"{len(before)} → {len(after)} segments",)
            result.append(Change(first.start_ms, first.speaker, tuple(_pieces(before, after)), notes))
    return result


def version_restore(*, actor: User | None, version: TranscriptVersion) -> TranscriptVersion:
    """Make the words of an older version the newest ones; nothing between them is lost. Raises PermissionDenied."""
    authorise(actor)
    transcript = version.transcript
    with transaction.atomic():
        draft_replaced(transcript.recording, actor=actor)
        segments: Sequence[Segment] = segments_from_json(version.segments)
        if transcript.is_translation:
            original = transcript.recording.transcripts.get(is_translation=False).versions.first()
            if original is not None:
                segments = follow(segments_from_json(original.segments), segments)
        made = version_write(
            transcript,
            segments,
            actor=actor,
            note=f"Version {version.number} restored",
            reviews=version.reviews,
            provenance=version.provenance,
        )
        if not transcript.is_translation:
            translations_write(made, follow, actor=actor)
    return made


def _stretches(old: Sequence[Segment], new: Sequence[Segment]) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """Segments that read the same under the same id, one by one, and what lies between them."""
    place = {segment.id: number for number, segment in enumerate(old)}
    passed_old = passed_new = 0
    for number, segment in enumerate(new):
        at = place.get(segment.id, -1)
        if at < passed_old or old[at].text != segment.text:
            continue
        yield from _paired(old[passed_old:at], new[passed_new:number])
        yield [old[at]], [segment]
        passed_old, passed_new = at + 1, number + 1
    yield from _paired(old[passed_old:], new[passed_new:])


def _paired(old: Sequence[Segment], new: Sequence[Segment]) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """Segment by segment where none was split, joined, added or taken out; else all at once."""
    if [segment.id for segment in old] == [segment.id for segment in new]:
        yield from (([before], [after]) for before, after in zip(old, new, strict=True))
    else:
        yield list(old), list(new)


def _pieces(before: Sequence[Segment], after: Sequence[Segment]) -> Iterator[Piece]:
    was = [word.text for segment in before for word in segment.words]
    now = [word.text for segment in after for word in segment.words]
    if len(was) * len(now) > MOST_COMPARED:
        yield from (Piece("out", " ".join(was)), Piece("in", " ".join(now)))
        return
    lost: list[str] = []
    added: list[str] = []
    for code in Indel.opcodes(was, now):
        if code.tag != "equal":
            lost.extend(was[code.src_start : code.src_end])
            added.extend(now[code.dest_start : code.dest_end])
            continue
        yield from _replaced(lost, added)
        lost, added = [], []
        yield Piece("same", " ".join(now[code.dest_start : code.dest_end]))
    yield from _replaced(lost, added)


def _replaced(lost: Sequence[str], added: Sequence[str]) -> Iterator[Piece]:
    """What went, then what came."""
    if lost:
        yield Piece("out", " ".join(lost))
    if added:
        yield Piece("in", " ".join(added))


def _notes(before: Segment, after: Segment) -> tuple[str, ...]:
    notes = []
    if before.speaker != after.speaker:
        notes.append(f"speaker: {before.speaker or '–'} → {after.speaker or '–'}")
    if (before.start_ms, before.end_ms) != (after.start_ms, after.end_ms):
        notes.append(f"time: {_span(before)} → {_span(after)}")
    masked_before = {word.id: word for word in before.words}
    for word in after.words:
        was = masked_before.get(word.id)
        if was is not None and (was.mask, was.reads) != (word.mask, word.reads):
            notes.append(f"{word.text}: {_mask(was.mask, was.reads)} → {_mask(word.mask, word.reads)}")
        elif was is not None and was.kind != word.kind:
            notes.append(f"{word.text}: {was.kind or 'said'} → {word.kind or 'said'}")
    return tuple(notes)


def _span(segment: Segment) -> str:
    return f"{segment.start_ms / 1000:.2f}–{segment.end_ms / 1000:.2f} s"


def _mask(kind: str | None, reads: str) -> str:
    return f"{kind} ({reads})" if kind and reads else kind or "not masked"
