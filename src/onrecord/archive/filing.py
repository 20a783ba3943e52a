"""Filing a recording as a copy of another one, taking that back, and saying that two are not the same."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from onrecord.archive.custody import record_event
from onrecord.archive.models import Copy, Recording, Repost
from onrecord.archive.services import recording_announce
from onrecord.core.models import User
from onrecord.errors import OnrecordError

Obstacles = Callable[[Recording, Recording], Sequence[str]]
_obstacles: list[Obstacles] = []
_listeners: list[Callable[[Recording], None]] = []


class CannotFile(OnrecordError):
    code = "cannot-file"
    message = "“{title}” was not filed as a copy of “{under}”: {reasons}"


class NotFiled(OnrecordError):
    code = "not-filed"
    message = "“{title}” is not filed under another recording, so there is nothing to take back."


def register_filing_obstacle(obstacles: Obstacles) -> None:
    """Let an upper app say, in sentences, why a recording cannot be filed under another."""
    _obstacles.append(obstacles)


def register_filing_listener(listener: Callable[[Recording], None]) -> None:
    """Let an upper app know, inside the transaction, that a recording was filed under another or taken back."""
    _listeners.append(listener)


def filing_obstacles(recording: Recording, under: Recording) -> list[str]:
    """Why the recording cannot be filed under the other one, in sentences; empty when it can."""
    reasons = []
    if recording.pk == under.pk:
        reasons.append(gettext("they are the same recording."))
    for one in (recording, under):
        if one.filed_under_id:
            reasons.append(
                gettext("“%(title)s” is itself filed as a copy of another recording.") % {"title": one.title}
            )
    return reasons + [reason for obstacles in _obstacles for reason in obstacles(recording, under)]


def recording_file(*, actor: User, recording_id: UUID, under_id: UUID) -> Recording:
    """Move a recording's files under another one, as copies of it; gives that one.

    The originals stay as they are, and so do the emptied recording with its custody and its transcripts, out of the
    way until `filing_undo`. What readers hear of the other one does not change. Raises CannotFile, PermissionDenied.
    """
    _authorise(actor)
    with transaction.atomic():
        rows = _locked(recording_id, under_id)
        recording, under = rows[recording_id], rows[under_id]
        reasons = filing_obstacles(recording, under)
        if reasons:
            raise CannotFile(title=recording.title, under=under.title, reasons=" ".join(reasons))
        moved = list(recording.copies.select_related("publisher"))
        for copy in moved:
            copy.recording, copy.moved_from = under, copy.moved_from or recording
            copy.save(update_fields=["recording", "moved_from"])
        recording.filed_under = under
        recording.save(update_fields=["filed_under"])
        Recording.objects.filter(filed_under=recording).update(filed_under=under)
        _tell(recording, under, moved, actor=actor, actions=("filed as a copy", "copy filed here"))
    return under


def filing_undo(*, actor: User, recording_id: UUID) -> Recording:
    """Give a recording its own files back. Raises NotFiled, PermissionDenied."""
    _authorise(actor)
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if recording.filed_under_id is None:
            raise NotFiled(title=recording.title)
        under = _locked(recording.filed_under_id)[recording.filed_under_id]
        moved = list(under.copies.filter(moved_from=recording).select_related("publisher"))
        for copy in moved:
            copy.recording, copy.moved_from = recording, None
            copy.save(update_fields=["recording", "moved_from"])
        recording.filed_under = None
        recording.save(update_fields=["filed_under"])
        _tell(recording, under, moved, actor=actor, actions=("filing taken back", "copy given back"))
    return recording


def repost_decide(*, actor: User, recording_id: UUID, other_id: UUID, dismissed: bool) -> None:
    """Say that two recordings are not one in spite of their sound, or that this is open again; both keep a note.

    Raises PermissionDenied.
    """
    _authorise(actor)
    with transaction.atomic():
        rows = _locked(recording_id, other_id)
        mine, others = (Copy.objects.filter(recording=pk).values("sha256") for pk in (recording_id, other_id))
        between = Repost.objects.filter(
            Q(sha256__in=mine, other_sha256__in=others) | Q(sha256__in=others, other_sha256__in=mine),
            dismissed_at__isnull=dismissed,
        )
        now = timezone.now()
        changed = between.update(
            dismissed_at=now if dismissed else None, dismissed_by=str(actor)[:150] if dismissed else ""
        )
        if not changed:
            return
        for one, other in ((recording_id, other_id), (other_id, recording_id)):
            record_event(
                rows[one], actor=str(actor), action="not a repost" if dismissed else "repost reconsidered",
                data={"other": str(other), "title": rows[other].title}, at=now,
            )  # fmt: skip


def _tell(
    recording: Recording, under: Recording, moved: Sequence[Copy], *, actor: User, actions: tuple[str, str]
) -> None:
    now: datetime = timezone.now()
    files: dict[str, Any] = {"sha256": [copy.sha256 for copy in moved]}
    for one, other, action in ((recording, under, actions[0]), (under, recording, actions[1])):
        data = {**files, "recording": str(other.pk), "title": other.title}
        record_event(one, actor=str(actor), action=action, data=data, at=now)
        recording_announce(one)
        for listener in _listeners:
            listener(one)


def _locked(*ids: UUID) -> dict[UUID, Recording]:
    rows = Recording.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in rows}
    for wanted in ids:
        if wanted not in found:
            raise Recording.DoesNotExist
    return found


def _authorise(actor: User) -> None:
    if not actor.has_perm("archive.change_recording"):
        raise PermissionDenied
