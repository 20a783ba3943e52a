"""The translation memory: what people translated, kept in an index of its own and offered for the same or like words.

The index is derived from the newest versions, and can be made again at any time (`memory_rebuild`). Words of a machine
that nobody reviewed are not in it. It holds the public reading of masked words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.dateparse import parse_datetime
from django_tasks import task

from onrecord.archive.models import Recording
from onrecord.text.languages import base
from onrecord.text.masks import public_text
from onrecord.text.memory import Piece, best_first, likeness, pair_keys, pieces
from onrecord.transcripts.models import MemoryKey, MemoryUnit, Transcript, TranscriptVersion
from onrecord.transcripts.reviews import DRAFT, is_unreviewed_machine
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.versions import latest_version

LEAST_LIKE = 0.6
MOST_OFFERED = 3
_COMPARED = 60
_COMMON = 4000
"""A pair of words that so many units have tells little, and is asked only when no rarer one finds anything."""


@dataclass(frozen=True)
class Offer:
    """A translation from before: `likeness` 0..1 to what was said then, `changes` from that to what is said now."""

    unit: MemoryUnit
    likeness: float
    changes: list[Piece]


def memory_offers(
    source: str,
    *,
    from_language: str,
    to_language: str,
    recording: Recording,
    segment_id: str,
    most: int = MOST_OFFERED,
) -> list[Offer]:
    """What was translated before for the same or like words, the likest first; not the segment itself."""
    keys = pair_keys(source, _pair(from_language, to_language))
    if not keys:
        return []
    units = MemoryUnit.objects.select_related("transcript__recording").in_bulk(_candidates(keys))
    found: dict[str, Offer] = {}
    rows = [unit for unit in units.values() if not _is(unit, recording, segment_id)]
    scored = [(likeness(unit.source, source), unit.is_reviewed) for unit in rows]
    for number in best_first(scored, len(rows)):
        unit, share = rows[number], scored[number][0]
        if share < LEAST_LIKE or len(found) >= most:
            break
        if unit.target not in found:
            found[unit.target] = Offer(unit, share, pieces(unit.source, source))
    return list(found.values())


def memory_update(transcript_id: int) -> int:
    """Bring the memory up to the newest version of a translation; gives how many units changed. May run twice."""
    transcript = Transcript.objects.select_related("recording").filter(pk=transcript_id, is_translation=True).first()
    if transcript is None:
        return 0
    with transaction.atomic():
        Recording.objects.select_for_update().get(pk=transcript.recording_id)
        wanted = {unit.segment_id: unit for unit in _units(transcript)}
        known = {unit.segment_id: unit for unit in MemoryUnit.objects.filter(transcript=transcript)}
        gone = [unit.pk for key, unit in known.items() if key not in wanted or _content(wanted[key]) != _content(unit)]
        fresh = [unit for key, unit in wanted.items() if key not in known or _content(unit) != _content(known[key])]
        for start in range(0, len(gone), 500):
            MemoryUnit.objects.filter(pk__in=gone[start : start + 500]).delete()
        MemoryUnit.objects.bulk_create(fresh, batch_size=500)
        MemoryKey.objects.bulk_create(
            [
                MemoryKey(unit=unit, key=key)
                for unit in fresh
                for key in pair_keys(unit.source, _pair(unit.from_language, unit.to_language))
            ],
            batch_size=2000,
        )
    return len(set(gone) | {unit.pk for unit in fresh})


def memory_rebuild() -> int:
    """Make the whole index again; gives how many units it has."""
    MemoryUnit.objects.all().delete()
    for pk in Transcript.objects.filter(is_translation=True).values_list("pk", flat=True):
        memory_update(pk)
    return MemoryUnit.objects.count()


@task()
def remember(transcript_id: int) -> None:
    """Take a translation's newest version into the memory."""
    memory_update(transcript_id)


def schedule_memory_update(version: TranscriptVersion) -> None:
    """Have it done after commit, for the translation or for all of a transcript."""
    transcript = version.transcript
    if transcript.is_translation:
        transaction.on_commit(partial(remember.enqueue, transcript.pk))
        return
    for pk in Transcript.objects.filter(recording=transcript.recording_id, is_translation=True).values_list("pk"):
        transaction.on_commit(partial(remember.enqueue, pk[0]))


def _candidates(keys: Sequence[int]) -> list[int]:
    """Units that share most pairs of words, by the rare pairs first."""
    counts = dict(
        MemoryKey.objects.filter(key__in=keys)
        .values_list("key")
        .annotate(n=Count("id"))
        .order_by()
        .values_list("key", "n")
    )
    rare = [key for key in keys if counts.get(key, 0) <= _COMMON]
    found = _sharing(rare)
    return found or _sharing([key for key in keys if key in counts])


def _sharing(keys: Sequence[int]) -> list[int]:
    if not keys:
        return []
    rows = MemoryKey.objects.filter(key__in=keys).values("unit_id").annotate(n=Count("id")).order_by("-n", "-unit_id")
    return [row["unit_id"] for row in rows[:_COMPARED]]


def _units(transcript: Transcript) -> Iterable[MemoryUnit]:
    """Segments of the newest versions that a person translated."""
    recording = transcript.recording
    original, version = latest_version(recording, recording.language), latest_version(recording, transcript.language)
    if original is None or version is None:
        return
    said = {segment.id: public_text(segment.words) for segment in segments_from_json(original.segments)}
    for row, segment in zip(version.segments, segments_from_json(version.segments), strict=True):
        source, target = said.get(segment.id, ""), public_text(segment.words)
        if not source or not target or is_unreviewed_machine(row, version.reviews):
            continue
        state, by, at = version.reviews.get(segment.id, DRAFT)
        yield MemoryUnit(
            transcript=transcript, segment_id=segment.id, from_language=base(recording.language),
            to_language=base(transcript.language), source=source, target=target, is_reviewed=state == "reviewed",
            by=(by or transcript.made_by or str(version.created_by or ""))[:200], at=_at(at) or version.created_at,
        )  # fmt: skip


def _content(unit: MemoryUnit) -> tuple[Any, ...]:
    return unit.source, unit.target, unit.is_reviewed


def _at(when: str) -> datetime | None:
    return parse_datetime(when) if when else None


def _pair(from_language: str, to_language: str) -> str:
    return f"{base(from_language)}>{base(to_language)}"


def _is(unit: MemoryUnit, recording: Recording, segment_id: str) -> bool:
    return unit.segment_id == segment_id and unit.transcript.recording_id == recording.pk
