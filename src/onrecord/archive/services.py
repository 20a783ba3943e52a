"""Taking recordings in, keeping their history, and making what readers hear."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from onrecord.archive.custody import record_event, verify_chain
from onrecord.archive.models import Copy, Publisher, Recording
from onrecord.audio import WebCopy, web_copy
from onrecord.audio.bleep import Span
from onrecord.audio.decode import look, probe
from onrecord.audio.isolation import isolated, isolated_within
from onrecord.audio.plain_copy import plain_copy
from onrecord.core.blobs import BlobStore, Integrity
from onrecord.core.models import User
from onrecord.errors import AudioError, OnrecordError

LOOK_SECONDS = 30
"""Computing time for a first look at a received file, which is kept waiting for."""

MaskSource = Callable[[Recording], Sequence[Span]]
Listener = Callable[[Recording], None]

_mask_sources: list[MaskSource] = []
_audio_listeners: list[Listener] = []
_derive: list[Callable[[str], None]] = []
_recognise: list[Callable[[str], None]] = []


class MissingTitle(OnrecordError):
    code = "missing-title"
    message = "{filename}: a new recording needs a title (--title) and the language spoken in it (--language)."


class FutureDate(OnrecordError):
    code = "future-date"
    message = "{filename}: {published_at} lies in the future. Give the time when the publisher put it out."


@dataclass(frozen=True)
class Added:
    """What became of an added file. `known_recording`: its bytes were there already; `known_copy`: the row too."""

    recording: Recording
    copy: Copy
    known_recording: bool
    known_copy: bool


@dataclass(frozen=True)
class OriginalCheck:
    """What `originals_verify` found for one copy or one recording's history."""

    recording: Recording
    subject: str
    result: Integrity
    detail: str = ""


def register_mask_source(source: MaskSource) -> None:
    """Let an upper app say which spans of a recording must not be heard."""
    _mask_sources.append(source)


def register_audio_listener(listener: Listener) -> None:
    """Let an upper app know, inside the transaction, that a recording's web copy was made or taken away."""
    _audio_listeners.append(listener)


def register_derive_scheduler(schedule: Callable[[str], None]) -> None:
    """Set how the making of a web copy is scheduled; called after commit with the recording's id."""
    _derive[:] = [schedule]


def register_recognise_scheduler(schedule: Callable[[str], None]) -> None:
    """Set how the search for reposts is scheduled; called after commit with the recording's id."""
    _recognise[:] = [schedule]


def originals() -> BlobStore:
    """The store of originals of this newsroom."""
    return BlobStore(settings.ORIGINALS_DIR)


def recording_add(
    *,
    actor: User | None,
    stream: BinaryIO,
    filename: str,
    publisher: str,
    published_at: datetime,
    title: str = "",
    language: str = "",
    url: str = "",
    description: str = "",
    copy_of: Recording | None = None,
) -> Added:
    """Take one file in: look at it, store the original, write its custody; the worker reads it whole (`copies_read`).

    The same bytes again become another copy of the recording we have; other bytes that hold the same recording (cut,
    sped up, coded again) do when `copy_of` says so. `actor` None is the operator at the command line.

    Raises the errors of `onrecord.audio.decode.look`, DiskFull, MissingTitle, FutureDate, PermissionDenied; after any
    of them nothing is stored.
    """
    if actor is not None and not actor.has_perm("archive.add_recording"):
        raise PermissionDenied
    copy_of = (copy_of.filed_under or copy_of) if copy_of else None
    now = timezone.now()
    if published_at > now:
        raise FutureDate(filename=filename, published_at=f"{published_at:%Y-%m-%d %H:%M}")
    store = originals()
    with store.receive(stream, name=filename) as (path, sha256, size):
        known = Copy.objects.filter(sha256=sha256).select_related("recording").first()
        facts = known.facts if known else _facts_of(path, filename)
        if known is None and copy_of is None and not (title and language):
            raise MissingTitle(filename=filename)
        with transaction.atomic():
            recording = _recording_of(sha256) or copy_of or Recording.objects.create(
                title=title, description=description, language=language, added_at=now, added_by=actor,
                duration_ms=facts["duration_ms"],
            )  # fmt: skip
            publisher_row, _ = Publisher.objects.get_or_create(name=publisher.strip())
            copy, copy_is_new = Copy.objects.get_or_create(
                recording=recording, sha256=sha256, publisher=publisher_row, url=url, published_at=published_at,
                defaults={"acquired_at": now, "filename": Path(filename).name[-250:], "size": size, "facts": facts},
            )  # fmt: skip
            if copy_is_new:
                blob = store.keep(path, sha256, size)
                record_event(
                    recording,
                    actor=str(actor) if actor else "command line",
                    action="copy added" if known or copy_of else "recording added",
                    data={
                        "copy": copy.pk, "sha256": sha256, "bytes": size, "filename": copy.filename,
                        "publisher": publisher_row.name, "published": published_at.isoformat(), "url": url,
                        "bytes_were_new": blob.new,
                    },
                    at=now,
                )  # fmt: skip
                recording_announce(recording)
                for schedule in _recognise:
                    transaction.on_commit(partial(schedule, str(recording.pk)))
            if recording.status != Recording.Status.READY or not copy.facts.get("measured", True):
                derive_schedule(recording)
    known_recording = known is not None or copy_of is not None
    return Added(recording, copy, known_recording=known_recording, known_copy=not copy_is_new)


def recording_describe(*, actor: User, recording_id: UUID, title: str, description: str) -> Recording:
    """Give a recording another title or description; the old ones stay in its custody. Raises PermissionDenied."""
    if not actor.has_perm("archive.change_recording"):
        raise PermissionDenied
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        before = {"title": recording.title, "description": recording.description}
        if before == {"title": title, "description": description}:
            return recording
        recording.title, recording.description = title, description
        recording.save(update_fields=["title", "description"])
        record_event(
            recording, actor=str(actor), action="recording described",
            data={"title": title, "description": description, "before": before}, at=timezone.now(),
        )  # fmt: skip
        for listener in _audio_listeners:
            listener(recording)
    return recording


def web_copy_again(*, actor: User, recording: Recording) -> None:
    """Have the web copy made once more, after a failure say. Raises PermissionDenied."""
    if not actor.has_perm("archive.change_recording"):
        raise PermissionDenied
    with transaction.atomic():
        row = Recording.objects.select_for_update().get(pk=recording.pk)
        row.status, row.problem = Recording.Status.PENDING, ""
        row.save(update_fields=["status", "problem"])
        derive_schedule(row)


def derive_schedule(recording: Recording) -> None:
    """Have the web copy made after commit."""
    recording_id = str(recording.pk)
    for schedule in _derive:
        transaction.on_commit(partial(schedule, recording_id))


def recording_announce(recording: Recording) -> None:
    """Tell upper apps, inside the transaction, that what readers see of a recording has changed."""
    for listener in _audio_listeners:
        listener(recording)


def masks_of(recording: Recording) -> tuple[Span, ...]:
    """Every span of the recording that must not be heard, in order."""
    return tuple(sorted({span for source in _mask_sources for span in source(recording)}, key=_span_key))


def audio_withdraw_if_masks_changed(recording: Recording) -> bool:
    """Take the web copy away at once when it was made with other masks than now apply, and have it made again.

    Call inside the transaction that changes masks. Until the new copy is there, nothing is served.
    """
    if not recording.audio or recording.audio_masks == _masks_digest(masks_of(recording)):
        return False
    recording.audio, recording.audio_masks, recording.status = "", "", Recording.Status.PENDING
    recording.save(update_fields=["audio", "audio_masks", "status"])
    folder = _audio_folder(recording)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
    for listener in _audio_listeners:
        listener(recording)
    derive_schedule(recording)
    return True


def web_copy_make(recording_id: str) -> Recording:
    """Make the web copy with the masks of now; may run twice. A failure is kept on the recording in plain words."""
    recording = Recording.objects.get(pk=recording_id)
    masks = masks_of(recording)
    digest = _masks_digest(masks)
    if (
        recording.status == Recording.Status.READY
        and recording.audio_masks == digest
        and _audio_file(recording).exists()
    ):
        return recording
    copy = recording.timed_copy()
    if copy is None:
        return recording
    folder = _audio_folder(recording)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"audio-{hashlib.sha256(f'{copy.sha256} {digest}'.encode()).hexdigest()[:12]}.mp3"
    try:
        made = _web_copy_of(copy, folder / name, masks)
    except OnrecordError as error:
        return _web_copy_failed(recording, str(error))
    with transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if _masks_digest(masks_of(recording)) != digest:  # masks changed while we worked: start again
            (folder / name).unlink(missing_ok=True)
            derive_schedule(recording)
            return recording
        recording.status = Recording.Status.READY
        recording.problem = " ".join(
            f"The file is damaged from {damage.start_ms / 1000:.1f} s to {damage.end_ms / 1000:.1f} s: {damage.what}."
            for damage in made.damage
        )
        recording.duration_ms = made.duration_ms
        recording.peaks = list(made.peaks)
        recording.audio = f"recordings/{recording.pk}/{name}"
        recording.audio_masks = digest
        recording.save()
        _facts_write(copy.sha256, {"duration_ms": made.duration_ms, "measured": True})
        record_event(
            recording, actor="worker", action="web copy made",
            data={"from": copy.sha256, "masks": len(masks), "file": name}, at=timezone.now(),
        )  # fmt: skip
        for listener in _audio_listeners:
            listener(recording)
        transaction.on_commit(lambda: _remove_other_audio(folder, name))
    return recording


def originals_verify(recordings: Sequence[Recording] | None = None) -> list[OriginalCheck]:
    """Read every original again and walk every custody chain."""
    checks = []
    store = originals()
    for recording in recordings if recordings is not None else Recording.objects.order_by("added_at", "pk"):
        seen: set[str] = set()
        for copy in recording.copies.all():
            if copy.sha256 not in seen:
                seen.add(copy.sha256)
                result = store.verify(copy.sha256)
                detail = "missing" if result is Integrity.FAILED and not store.path(copy.sha256).exists() else ""
                checks.append(
                    OriginalCheck(recording, f"original {copy.sha256[:12]} ({copy.filename})", result, detail)
                )
        result, detail = verify_chain(recording)
        checks.append(OriginalCheck(recording, "custody", result, detail))
    return checks


def originals_unclaimed() -> list[str]:
    """Hashes of stored files that no copy names (a process died between file and row); harmless, never deleted here."""
    claimed = set(Copy.objects.values_list("sha256", flat=True))
    return [sha256 for sha256 in originals().stored() if sha256 not in claimed]


def copies_read(recording_id: str) -> None:
    """Read whole what was only looked at when it came in: what of it is damaged, how long it is. May run twice.

    The copy that the web copy is made of is read in the making of it.
    """
    for copy in Copy.objects.filter(recording_id=recording_id):
        if copy.facts.get("measured", True):
            continue
        path = originals().path(copy.sha256)
        try:
            facts = asdict(isolated(probe, path) if settings.ISOLATE_DECODING else probe(path))
        except AudioError as error:
            facts = {"measured": True, "problem": str(_named(error, copy.filename))}
        _facts_write(copy.sha256, facts)


_DAY_S = 24 * 3600
"""An engine may listen to plain sound for hours."""


@contextmanager
def plain_sound(copy: Copy, *, sample_rate: int) -> Iterator[Path]:
    """The sound of an original as a mono WAV file for the block, decoded in a process of its own.

    Errors about it, in the block too, name the file as the person who added it knows it.
    """
    original = originals().path(copy.sha256)
    incoming = Path(settings.INCOMING_DIR)
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sound-", dir=incoming) as folder:
        sound = Path(folder) / "sound.wav"
        try:
            if settings.ISOLATE_DECODING:
                isolated(plain_copy, original, sound, sample_rate=sample_rate)
            else:
                plain_copy(original, sound, sample_rate=sample_rate)
            yield sound
        except AudioError as error:
            if str(error.fields.get("path")) in (str(original), str(sound)):
                raise _named(error, copy.filename) from error
            raise


def _facts_write(sha256: str, facts: dict[str, Any]) -> None:
    for copy in Copy.objects.filter(sha256=sha256):
        copy.facts = {**copy.facts, **facts}
        copy.save(update_fields=["facts"])


def _facts_of(path: Path, filename: str) -> dict[str, Any]:
    """What the received file is at a first look; an error names it as the person who added it knows it."""
    try:
        return asdict(isolated_within(LOOK_SECONDS, look, path) if settings.ISOLATE_DECODING else look(path))
    except AudioError as error:
        raise _named(error, filename) from error


def _web_copy_of(copy: Copy, destination: Path, masks: Sequence[Span]) -> WebCopy:
    path = originals().path(copy.sha256)
    try:
        if settings.ISOLATE_DECODING:
            return isolated(web_copy, path, destination, masks=masks)
        return web_copy(path, destination, masks=masks)
    except AudioError as error:
        raise _named(error, copy.filename) from error


def _named(error: AudioError, filename: str) -> AudioError:
    """The error with the file's own name, not that of a place in the store."""
    return type(error)(**{**error.fields, **({"path": filename} if "path" in error.fields else {})})


def leftovers_remove(*, older_than: float) -> int:
    """Delete half-written files of processes that were killed before `older_than` (Unix time); gives their number."""
    parts = [
        path for path in Path(settings.MEDIA_ROOT).glob("recordings/*/.*.part") if path.stat().st_mtime < older_than
    ]
    for path in parts:
        path.unlink(missing_ok=True)
    sounds = [
        path for path in Path(settings.INCOMING_DIR).glob(".sound-*") if path.stat().st_mtime < older_than - _DAY_S
    ]
    for path in sounds:
        shutil.rmtree(path, ignore_errors=True)
    return len(parts) + len(sounds) + originals().remove_leftovers(older_than=older_than)


def _recording_of(sha256: str) -> Recording | None:
    return Recording.objects.select_for_update().filter(copies__sha256=sha256).order_by("added_at").first()


def _web_copy_failed(recording: Recording, problem: str) -> Recording:
    recording.status, recording.problem = Recording.Status.FAILED, problem
    recording.save(update_fields=["status", "problem"])
    return recording


def _audio_folder(recording: Recording) -> Path:
    return Path(settings.MEDIA_ROOT) / "recordings" / str(recording.pk)


def _audio_file(recording: Recording) -> Path:
    return Path(settings.MEDIA_ROOT) / recording.audio


def _remove_other_audio(folder: Path, keep: str) -> None:
    for path in folder.glob("audio-*.mp3"):
        if path.name != keep:
            path.unlink(missing_ok=True)


def _span_key(span: Span) -> tuple[int, int]:
    return (span.start_ms, span.end_ms)


def _masks_digest(masks: Sequence[Span]) -> str:
    return hashlib.sha256(json.dumps([_span_key(span) for span in masks]).encode()).hexdigest()
