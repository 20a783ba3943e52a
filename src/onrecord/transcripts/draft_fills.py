"""Words of a machine in the desk's draft: only where nobody has written any, and marked until a person reviews them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.text.transcripts import Word, estimate_word_times
from onrecord.transcripts.draft_state import Work
from onrecord.transcripts.models import Draft, DraftRow
from onrecord.transcripts.reviews import MACHINE_WORD
from onrecord.transcripts.rows import LONGEST_WORD, Row, side
from onrecord.transcripts.segments import word_to_json
from onrecord.transcripts.versions import authorise, new_id

TAB = "machine"


def draft_fill(
    *, actor: User | None, recording: Recording, language: str, texts: Mapping[str, str], by: str
) -> list[str]:
    """Write a machine's words into the segments that have none in this language; gives the ids of those filled.

    `by` names the engine. Segments that a person filled meanwhile, or took out, are left alone. Open windows hear of it
    as of a colleague's typing. Raises PermissionDenied.
    """
    authorise(actor)
    with transaction.atomic():
        Draft.objects.get_or_create(recording=recording)
        draft = Draft.objects.select_for_update().get(recording=recording)
        work, now = Work(recording, draft), timezone.now()
        rows = [
            filled
            for segment_id, text in texts.items()
            if (row := work.row(segment_id)) is not None and (filled := _filled(row, language, text, by, now))
        ]
        if not rows:
            return []
        draft.revision += 1
        DraftRow.objects.bulk_create(
            [
                DraftRow(
                    draft=draft, segment_id=row["id"], revision=draft.revision, content=row, gone=False, tab=TAB,
                    changed_by=actor, changed_at=now,
                )
                for row in rows
            ],
            update_conflicts=True,
            unique_fields=["draft", "segment_id"],
            update_fields=["revision", "content", "gone", "tab", "changed_by", "changed_at"],
            batch_size=200,
        )  # fmt: skip
        draft.save()
    return [row["id"] for row in rows]


def is_empty(row: Row, language: str) -> bool:
    """True if nobody has written words for a segment in this language."""
    one = row["sides"].get(language)
    return one is not None and not one["words"]


def _filled(row: Row, language: str, text: str, by: str, at: datetime) -> Row | None:
    words = [Word(f"{MACHINE_WORD}{new_id()}", word[:LONGEST_WORD], None, None, False) for word in text.split()]
    if not words or not is_empty(row, language):
        return None
    timed = estimate_word_times(words, row["start"], row["end"])
    review = ["machine", by, at.isoformat(timespec="seconds")]
    return {**row, "sides": {**row["sides"], language: side([word_to_json(word) for word in timed], review)}}
