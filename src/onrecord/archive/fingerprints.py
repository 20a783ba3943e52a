"""The newsroom's index of fingerprints: every original is in it, and each new one is looked for among the others.

Files go by their SHA-256, so that it matters nowhere under which recording they are filed. The index is derived from
the originals and never the only copy: it can be deleted at any time and `onrecord doctor` builds it again.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from onrecord.archive.models import Copy, FingerprintedFile, Recording, Repost
from onrecord.archive.services import originals, plain_sound, recording_announce
from onrecord.audio.fingerprints import LocalStore, Match, PostgresStore, Store, find, fingerprint
from onrecord.audio.fingerprints.local_store import is_index
from onrecord.audio.fingerprints.model import ALGORITHM, VERSION
from onrecord.audio.fingerprints.spectrum import RATE
from onrecord.errors import AudioError, IndexUnreadable

MADE_WITH = f"{ALGORITHM} {VERSION}"


@dataclass(frozen=True)
class FingerprintsHealth:
    """What `fingerprints_mend` met: files, those without a place in the index, places without a file, damage."""

    files: int
    missing: int
    superfluous: int
    unreadable: int
    damage: str = ""


@contextmanager
def fingerprint_index() -> Iterator[Store]:
    """The newsroom's index: tables in its PostgreSQL database, or a folder of local files beside SQLite.

    Raises IndexUnreadable when the folder is damaged.
    """
    if _in_database():
        # A connection of its own: changes are durable at once, and Django's cursors know no binary rows.
        parameters = {**connection.get_connection_params()}
        for name in ("cursor_factory", "context", "prepare_threshold"):
            parameters.pop(name, None)
        with psycopg.connect(**parameters, autocommit=True) as own:
            yield PostgresStore(own)
        return
    store = LocalStore(Path(settings.FINGERPRINTS_DIR))
    try:
        yield store
    except IndexUnreadable as error:
        raise IndexUnreadable(**{**error.fields, "remedy": "Run `onrecord doctor`, which builds it again."}) from error
    finally:
        store.close()


def recording_recognise(recording: Recording) -> None:
    """Take the recording's files into the index and keep where else their sound is on record; may run twice."""
    for sha256 in dict.fromkeys(recording.copies.order_by("pk").values_list("sha256", flat=True)):
        if not FingerprintedFile.objects.filter(pk=sha256).exists():
            file_recognise(sha256)


def file_recognise(sha256: str) -> list[Match]:
    """Take one original into the index, look for it among the others, and keep what was found; may run twice.

    It is in the index before it is looked for: of two files that come in at once one meets the other. A file that
    cannot be recognised (too short, no sound) is remembered with the reason. Raises IndexUnreadable.
    """
    copy = Copy.objects.filter(sha256=sha256).order_by("pk")[0]
    try:
        with plain_sound(copy, sample_rate=RATE) as sound:
            made = fingerprint(sound)
            with fingerprint_index() as store:
                store.add(sha256, made)
                found = find(sound, store, exclude=[sha256])
    except IndexUnreadable:
        raise
    except AudioError as error:
        _looked_at(sha256, problem=str(error))
        return []
    _keep(sha256, found)
    return found


def fingerprints_mend() -> FingerprintsHealth:
    """See that the index can be read and holds every original and nothing else; mend what is amiss."""
    damage = ""
    try:
        with fingerprint_index() as store:
            known = set(store.names())
    except IndexUnreadable as error:
        damage = str(error.fields["reason"])
        _put_away(Path(settings.FINGERPRINTS_DIR))
        known = set()
    files = set(Copy.objects.values_list("sha256", flat=True))
    unreadable = set(FingerprintedFile.objects.filter(made_with="").values_list("sha256", flat=True)) & files
    done = set(FingerprintedFile.objects.filter(made_with=MADE_WITH).values_list("sha256", flat=True))
    missing = sorted(files - unreadable - (known & done))
    superfluous = sorted(known - files)
    with fingerprint_index() as store:
        for sha256 in superfluous:
            store.remove(sha256)
    rows = Copy.objects.values("sha256")
    Repost.objects.exclude(sha256__in=rows, other_sha256__in=rows).delete()
    FingerprintedFile.objects.exclude(pk__in=rows).delete()
    present = [sha256 for sha256 in missing if originals().path(sha256).exists()]
    for sha256 in present:
        file_recognise(sha256)
    return FingerprintsHealth(len(files), len(missing), len(superfluous), len(unreadable), damage)


def _keep(sha256: str, found: Sequence[Match]) -> None:
    now = timezone.now()
    with transaction.atomic():
        _looked_at(sha256, made_with=MADE_WITH)
        for other, matches in _by_name(found).items():
            if Repost.objects.filter(sha256=other, other_sha256=sha256).exists():
                continue  # the other one has met this one already
            parts = [
                [m.query_start_ms, m.query_end_ms, m.start_ms, m.end_ms, m.speed, m.score, m.sure] for m in matches
            ]
            Repost.objects.update_or_create(
                sha256=sha256, other_sha256=other, defaults={"parts": sorted(parts)}, create_defaults={
                    "parts": sorted(parts), "found_at": now,
                },
            )  # fmt: skip
        if found:
            for recording in Recording.objects.filter(copies__sha256__in=[sha256, *_by_name(found)]).distinct():
                recording_announce(recording)


def _by_name(found: Iterable[Match]) -> dict[str, list[Match]]:
    result: dict[str, list[Match]] = {}
    for match in found:
        result.setdefault(match.name, []).append(match)
    return result


def _looked_at(sha256: str, **values: Any) -> None:
    FingerprintedFile.objects.update_or_create(
        pk=sha256, defaults={"made_with": "", "problem": "", **values, "looked_at": timezone.now()}
    )


def _put_away(folder: Path) -> None:
    """Delete a damaged index; a folder that holds something else is kept under another name."""
    if is_index(folder):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        folder.rename(folder.with_name(f"{folder.name}-found-{timezone.now():%Y%m%dT%H%M%S}"))


def _in_database() -> bool:
    match settings.FINGERPRINTS:
        case "database":
            return True
        case "folder":
            return False
    return bool(connection.vendor == "postgresql")
