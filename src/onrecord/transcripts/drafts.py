"""The desk's draft: what is saved while somebody types, and how it becomes the next versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.transcripts.draft_masks import mask_at_once
from onrecord.transcripts.draft_state import News, Work, in_order
from onrecord.transcripts.models import Draft, DraftRow, TranscriptVersion
from onrecord.transcripts.reviews import DRAFT, Reviews
from onrecord.transcripts.rows import Row, row_changed, rows_of, same_row, segment_of
from onrecord.transcripts.segments import segments_to_json
from onrecord.transcripts.versions import authorise, latest_versions, version_write

MOST_CHANGES = 500


class DraftConflict(OnrecordError):
    """`theirs`: the rows as they are now; `gone`: ids of those that somebody took out."""

    code = "draft-conflict"
    message = "{by} changed the same words meanwhile. Both texts are kept: choose one, or write a third."


class DraftReplaced(OnrecordError):
    code = "draft-replaced"
    message = (
        "A file or an older version took the place of this text meanwhile. What you typed is kept in your browser."
    )


class TooManyChanges(OnrecordError):
    code = "too-many-changes"
    message = "At most {limit} segments can be saved at once, {count} were sent. Send them in parts."


class NothingToWrite(OnrecordError):
    code = "nothing-to-write"
    message = "There would be no words left in the transcript, so no version was made. Undo, or write some."


@dataclass(frozen=True)
class Text:
    """The words of a recording as the desk has them now: rows in order, versions by language."""

    draft: Draft
    versions: dict[str, TranscriptVersion]
    rows: list[Row]
    changed: int

    @property
    def languages(self) -> list[str]:
        return list(self.versions)


@dataclass(frozen=True)
class Saved:
    """The rows as stored, and what others changed since `base`; `masked` tells that a version was made for masks."""

    news: News
    rows: list[Row]
    masked: bool


def text_open(recording: Recording) -> Text:
    """The words as the desk has them now."""
    draft = Draft.objects.filter(recording=recording).first() or Draft(recording=recording)
    if draft.pk is None:
        versions = in_order(latest_versions([recording]))
        return Text(draft, versions, list(rows_of(list(versions.values())).values()), 0)
    work = Work(recording, draft)
    return Text(draft, work.versions, work.rows(), work.changed())


def draft_news(recording: Recording, *, since: int, tab: str) -> News | None:
    """What other windows changed since a revision; None when nothing at all was saved since."""
    draft = Draft.objects.filter(recording=recording).first()
    if draft is None or draft.revision <= since:
        return None
    return Work(recording, draft).news(since, tab)


def draft_save(
    *,
    actor: User,
    recording: Recording,
    base: int,
    generation: int,
    tab: str,
    changes: Sequence[Mapping[str, Any]],
    gone: Sequence[str] = (),
) -> Saved:
    """Store what was typed since revision `base` in the window `tab`: all of it, or nothing.

    A change names a segment and what is new about it (see `rows`); a new segment says after which one it stands
    (`after`). Sending the same again does no harm. A word that is masked is masked in a version at once. Raises
    DraftConflict, DraftReplaced, TooManyChanges, BadRow, PermissionDenied.
    """
    authorise(actor)
    if len(changes) + len(gone) > MOST_CHANGES:
        raise TooManyChanges(limit=MOST_CHANGES, count=len(changes) + len(gone))
    with transaction.atomic():
        draft = _locked(recording)
        if draft.generation != generation:
            raise DraftReplaced()
        work = Work(recording, draft)
        now = timezone.now()
        named = [str(change.get("id")) for change in changes if work.is_gone(change.get("id"))]
        _refuse(work, [over for name in named if (over := _others(work, name, base=base, tab=tab)) is not None])
        rows = _changed_rows(work, changes, gone, by=str(actor), at=now)
        _refuse_conflicts(work, rows, gone, base=base, tab=tab)
        news = work.news(base, tab)
        _store(work, rows, changes, gone, actor=actor, tab=tab, at=now)
        masked = mask_at_once(work, rows, actor=actor)
    return Saved(replace(news, revision=draft.revision), rows, masked)


def draft_publish(*, actor: User | None, recording: Recording, note: str = "") -> list[TranscriptVersion]:
    """Make the draft the next version of each language that changed; none when nothing did.

    Raises NothingToWrite, PermissionDenied.
    """
    authorise(actor)
    with transaction.atomic():
        draft = _locked(recording)
        work = Work(recording, draft)
        if not work.changed():
            return []
        made = _versions_write(work, actor=actor, note=note)
        draft.rows.update(content=None)
        draft.order = None
        draft.revision += 1
        draft.save()
    return made


def draft_replaced(recording: Recording, *, actor: User | None) -> None:
    """Call in the transaction that writes versions from elsewhere: the draft becomes versions of its own first."""
    if not Draft.objects.filter(recording=recording).exists():
        return
    with suppress(NothingToWrite):
        draft_publish(actor=actor, recording=recording, note="The desk’s draft, kept before it was replaced")
    draft = _locked(recording)
    draft.rows.all().delete()
    draft.order = None
    draft.revision += 1
    draft.generation += 1
    draft.save()


def _locked(recording: Recording) -> Draft:
    Draft.objects.get_or_create(recording=recording)
    return Draft.objects.select_for_update().get(recording=recording)


def _changed_rows(
    work: Work, changes: Sequence[Mapping[str, Any]], gone: Sequence[str], *, by: str, at: datetime
) -> list[Row]:
    touched = {str(change.get("id", "")) for change in changes} | set(gone)
    near: dict[tuple[str, str], list[Any]] = {}
    for segment_id in touched:
        over = work.overlay.get(segment_id)
        for row in (work.base.get(segment_id), over.content if over else None):
            for language, one in (row or {"sides": {}})["sides"].items():
                near.update({(language, word[0]): word for word in one["words"]})
    far: dict[tuple[str, str], list[Any]] = {}

    def known(language: str, word_id: str) -> list[Any] | None:
        """A word of the rows that are touched, else of the newest version: it was taken out and is put back."""
        if (language, word_id) in near:
            return near[language, word_id]
        if not far:
            far.update(
                ((name, word[0]), word)
                for row in work.base.values()
                for name, one in row["sides"].items()
                for word in one["words"]
            )
        return far.get((language, word_id))

    rows = [
        row_changed(
            work.row(str(change.get("id", ""))),
            change,
            languages=work.languages,
            known=known,
            base=work.base.get(str(change.get("id", ""))),
            by=by,
            at=at,
            duration_ms=work.recording.duration_ms,
        )
        for change in changes
    ]
    _ids_once(work, rows, touched)
    return rows


def _ids_once(work: Work, rows: Sequence[Row], touched: set[str]) -> None:
    """A word id that the text has already elsewhere is a copy: it becomes a word of its own."""
    sent = {(language, word[0]) for row in rows for language, one in row["sides"].items() for word in one["words"]}
    taken = {
        (language, word[0])
        for segment_id in work.order
        if segment_id not in touched and (row := work.row(segment_id)) is not None
        for language, one in row["sides"].items()
        for word in one["words"]
        if (language, word[0]) in sent
    }
    for row in rows:
        for language, one in row["sides"].items():
            for number, word in enumerate(one["words"]):
                if (language, word[0]) in taken:
                    one["words"][number] = [f"{word[0]}-{row['id']}-{number}"[-40:], *word[1:4], False, *word[5:]]
                taken.add((language, one["words"][number][0]))


def _others(work: Work, segment_id: str, *, base: int, tab: str) -> DraftRow | None:
    """What another window did to a segment since `base`."""
    over = work.overlay.get(segment_id)
    return over if over is not None and over.revision > base and over.tab != tab else None


def _refuse_conflicts(work: Work, rows: Sequence[Row], gone: Sequence[str], *, base: int, tab: str) -> None:
    wanted = {row["id"]: row for row in rows}
    disputed = []
    for segment_id in (*wanted, *gone):
        over = _others(work, segment_id, base=base, tab=tab)
        if over is None:
            continue
        current, mine = work.row(segment_id), wanted.get(segment_id)
        if (current is None) != (mine is None) or (current and mine and not same_row(current, mine)):
            disputed.append(over)
    _refuse(work, disputed)


def _refuse(work: Work, disputed: Sequence[DraftRow]) -> None:
    if disputed:
        raise DraftConflict(
            by=str(disputed[0].changed_by or "Somebody"),
            theirs=[row for over in disputed if (row := work.row(over.segment_id)) is not None],
            gone=[over.segment_id for over in disputed if over.gone],
            revision=work.draft.revision,
        )


def _store(
    work: Work,
    rows: Sequence[Row],
    changes: Sequence[Mapping[str, Any]],
    gone: Sequence[str],
    *,
    actor: User,
    tab: str,
    at: datetime,
) -> None:
    draft = work.draft
    draft.revision += 1
    structure = list(work.order)
    for change in changes:
        if change["id"] not in structure:
            after = change.get("after")
            place = 0 if after is None else structure.index(after) + 1 if after in structure else len(structure)
            structure.insert(place, change["id"])
    stored = [
        DraftRow(
            draft=draft, segment_id=segment_id, revision=draft.revision, content=content, gone=content is None,
            tab=tab, changed_by=actor, changed_at=at,
        )
        for segment_id, content in [*((row["id"], row) for row in rows), *((segment_id, None) for segment_id in gone)]
    ]  # fmt: skip
    DraftRow.objects.bulk_create(
        stored,
        update_conflicts=True,
        unique_fields=["draft", "segment_id"],
        update_fields=["revision", "content", "gone", "tab", "changed_by", "changed_at"],
        batch_size=200,
    )
    if structure != work.order:
        draft.order = work.order = structure
    draft.save()
    work.overlay.update({row.segment_id: row for row in stored})


def _versions_write(work: Work, *, actor: User | None, note: str) -> list[TranscriptVersion]:
    rows = [row for row in work.rows() if any(one["words"] for one in row["sides"].values())]
    if not any(row["sides"][next(iter(work.versions))]["words"] for row in rows):
        raise NothingToWrite()
    made = []
    for language, latest in work.versions.items():
        segments = [segment_of(row, language) for row in rows]
        reviews: Reviews = {
            row["id"]: [one["state"], one["by"], one["at"]]
            for row in rows
            if (one := row["sides"][language]) and [one["state"], one["by"], one["at"]] != DRAFT
        }
        if segments_to_json(segments) != latest.segments or reviews != latest.reviews:
            made.append(version_write(latest.transcript, segments, actor=actor, note=note, reviews=reviews))
    return made
