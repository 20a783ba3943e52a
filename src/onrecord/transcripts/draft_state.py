"""The words of a recording while they are worked on: the newest versions with the desk's draft over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.archive.models import Recording
from onrecord.transcripts.models import Draft, TranscriptVersion
from onrecord.transcripts.rows import Row, rows_of
from onrecord.transcripts.versions import latest_versions


@dataclass(frozen=True)
class News:
    """What changed since a revision: rows with the id before each (`after`), and ids of those that are gone."""

    revision: int
    rows: list[dict[str, Any]]
    gone: list[str]


class Work:
    """A draft being looked at or changed: the rows of the newest versions under the rows of the draft."""

    def __init__(self, recording: Recording, draft: Draft) -> None:
        self.recording = recording
        self.draft = draft
        self.versions = in_order(latest_versions([recording]))
        self.base = rows_of(list(self.versions.values()))
        self.overlay = {row.segment_id: row for row in draft.rows.select_related("changed_by")}
        self.order: list[str] = list(draft.order) if draft.order is not None else list(self.base)

    @property
    def languages(self) -> list[str]:
        return list(self.versions)

    def row(self, segment_id: str) -> Row | None:
        """A row as it is now; None when there is none, or no longer."""
        over = self.overlay.get(segment_id)
        if over is not None and over.gone:
            return None
        if over is not None and over.content is not None:
            return _with_languages(over.content, self.languages)
        return self.base.get(segment_id)

    def is_gone(self, segment_id: object) -> bool:
        """True if somebody took the segment out at the desk."""
        over = self.overlay.get(str(segment_id))
        return over is not None and over.gone

    def rows(self) -> list[Row]:
        return [row for segment_id in self.order if (row := self.row(segment_id)) is not None]

    def changed(self) -> int:
        """How many segments are not as in the newest versions."""
        return sum(
            row.content is not None or (row.gone and row.segment_id in self.base) for row in self.overlay.values()
        )

    def news(self, since: int, tab: str) -> News:
        """What other windows changed since a revision."""
        fresh = [row for row in self.overlay.values() if row.revision > since and row.tab != tab]
        before = dict(zip(self.order, [None, *self.order], strict=False))
        rows = [
            {**row, "after": before.get(row["id"]), "by": str(over.changed_by or "")}
            for over in fresh
            if (row := self.row(over.segment_id)) is not None
        ]
        rows.sort(key=lambda row: self.order.index(row["id"]))
        return News(self.draft.revision, rows, [row.segment_id for row in fresh if row.gone])


def in_order(versions: Iterable[TranscriptVersion]) -> dict[str, TranscriptVersion]:
    ordered = sorted(versions, key=lambda v: (v.transcript.is_translation, v.transcript.language))
    return {version.transcript.language: version for version in ordered}


def _with_languages(row: Row, languages: Sequence[str]) -> Row:
    """A row from before a translation was added has an empty side for it."""
    missing = {language: {"words": [], "state": "draft", "by": "", "at": ""} for language in languages}
    return {**row, "sides": {**missing, **row["sides"]}}
