"""Readers get files: every public address rendered once and written to the baked folder.

A baked file is a pure function of the database. Each is written beside its compressed variants under a temporary name
and renamed, so that a reader or a crash never meets half a page; a file whose bytes would not change is left alone.
What a page was made from is kept with it, and decides what a change makes due (changes.py). An address stays due until
it has been baked from what was there after the change: a bake that was killed is taken up where it stopped.
"""

import contextlib
import logging
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from onrecord.core.baked import baked_file
from onrecord.core.processes import begin
from onrecord.core.reads import sharing
from onrecord.publishing.addresses import all_paths
from onrecord.publishing.changes import pages_due
from onrecord.publishing.files import compress_folder, remove_file, write_file
from onrecord.publishing.lookup import stories_preload
from onrecord.publishing.models import BakedPage, Change, Dependency, DuePage
from onrecord.publishing.rendering import render

__all__ = ["Baked", "bake", "bake_all", "bake_due", "compress_folder", "prune"]

log = logging.getLogger(__name__)

BATCH = 100
PART, WORTH_A_PROCESS = 400, 500
RECENT_CHANGES = 2000
CHANGES_KEPT = timedelta(hours=1)
TRY_AGAIN_AFTER = timedelta(seconds=30)


@dataclass
class Baked:
    """What one bake did, in numbers of addresses."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def __add__(self, other: "Baked") -> "Baked":
        return Baked(self.written + other.written, self.unchanged + other.unchanged, self.removed + other.removed)


def bake(paths: Iterable[str]) -> Baked:
    """Render and write these addresses, percent-encoded or not; one that is not there any more is removed."""
    done = Baked()
    for batch in _batches(dict.fromkeys(map(unquote, paths))):
        done += _bake_batch(batch)
    return done


def bake_all() -> Baked:
    """Bake the whole site and remove what is no longer part of it."""
    paths = list(dict.fromkeys(all_paths()))
    pages_due(paths)
    return bake_in_processes(paths) + prune(paths)


def bake_in_processes(paths: Sequence[str]) -> Baked:
    """Bake by as many processes as the settings allow, where the pages are worth the start of one."""
    processes = min(settings.BAKE_PROCESSES, len(paths) // WORTH_A_PROCESS)
    if processes < 2:
        return bake(paths)
    connections.close_all()
    parts = [list(paths[start : start + PART]) for start in range(0, len(paths), PART)]
    context = multiprocessing.get_context("spawn")  # a fork would share the connection, and threads that hold locks
    with ProcessPoolExecutor(processes, context, initializer=begin) as pool:
        return sum(pool.map(bake, parts), Baked())


def bake_due() -> Baked:
    """Bake every address that is due. One that fails is left for half a minute later, and does not hold up others."""
    done = Baked()
    while paths := list(
        DuePage.objects.filter(since__lte=timezone.now()).order_by("pk").values_list("path", flat=True)[:BATCH]
    ):
        try:
            done += bake(paths)
        except Exception:
            log.exception("bake-failed, page by page now")
            done += _bake_one_by_one(paths)
    Change.objects.filter(at__lt=timezone.now() - CHANGES_KEPT).delete()
    return done


def prune(paths: Iterable[str]) -> Baked:
    """Remove baked files that belong to none of these addresses, the whole site's."""
    folder = Path(settings.BAKED_DIR)
    wanted = set(map(unquote, paths))
    gone = [path for path in BakedPage.objects.values_list("path", flat=True).iterator() if path not in wanted]
    for batch in _batches(gone):
        BakedPage.objects.filter(path__in=batch).delete()
    removed = sum(remove_file(baked_file(folder, path)) for path in gone)
    sections = {path.split("/")[1] for path in wanted if path.count("/") > 1}
    for section in sorted(sections):
        for where, _, names in os.walk(folder / section, topdown=False):
            for name in names:
                if _address(folder, where, name) not in wanted:
                    os.unlink(os.path.join(where, name))
                    removed += 1
            with contextlib.suppress(OSError):  # there is something in it
                os.rmdir(where)
    return Baked(removed=removed)


def _bake_batch(paths: list[str]) -> Baked:
    """Some pages, and one short transaction for what is known of them."""
    done = Baked()
    tokens = dict(DuePage.objects.filter(path__in=paths).values_list("path", "token"))
    seen = _recent_changes()
    keys: dict[str, frozenset[str] | None] = {}
    try:
        with sharing():
            stories_preload(paths)
            for path in paths:
                page = render(path)
                file = baked_file(settings.BAKED_DIR, path)
                if page.content is None:
                    done.removed += remove_file(file)
                    keys[path] = None
                else:
                    written = write_file(file, page.content)
                    done += Baked(written=1) if written else Baked(unchanged=1)
                    keys[path] = page.keys
    finally:
        with transaction.atomic():
            _remember(keys)
            _settle({path: tokens.get(path) for path in keys})
            _due_again(keys, seen)
    return done


def _remember(keys: dict[str, frozenset[str] | None]) -> None:
    """Keep what the pages were made from now, in place of what they were made from before."""
    gone = [path for path, made_from in keys.items() if made_from is None]
    BakedPage.objects.filter(path__in=gone).delete()
    there = [path for path, made_from in keys.items() if made_from is not None]
    BakedPage.objects.bulk_create([BakedPage(path=path) for path in there], ignore_conflicts=True)
    ids = dict(BakedPage.objects.filter(path__in=there).values_list("path", "pk"))
    before: dict[int, dict[str, int]] = {pk: {} for pk in ids.values()}
    for pk, page, key in Dependency.objects.filter(page__in=ids.values()).values_list("pk", "page_id", "key"):
        before[page][key] = pk
    fresh, stale = [], []
    for path, pk in ids.items():
        now = keys[path] or frozenset()
        fresh += [Dependency(page_id=pk, key=key) for key in sorted(now - before[pk].keys())]
        stale += [row for key, row in before[pk].items() if key not in now]
    for start in range(0, len(stale), 500):
        Dependency.objects.filter(pk__in=stale[start : start + 500]).delete()
    Dependency.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)


def _settle(tokens: dict[str, int | None]) -> None:
    """The pages are not due any more, but for those that a change made due again, or that another baked meanwhile."""
    rows = {row.path: row for row in DuePage.objects.filter(path__in=[path for path, token in tokens.items() if token])}
    DuePage.objects.filter(pk__in=[row.pk for path, row in rows.items() if row.token == tokens[path]]).delete()
    # Another process baked it while we did: which of us wrote last is not known.
    pages_due([path for path, token in tokens.items() if token and path not in rows])


def _recent_changes() -> tuple[int, set[int]]:
    """The newest change that is certainly old, and those after it: ids are not always committed in their order."""
    ids = list(Change.objects.order_by("-pk").values_list("pk", flat=True)[:RECENT_CHANGES])
    return (ids[-1] if ids else 0), set(ids)


def _due_again(keys: dict[str, frozenset[str] | None], seen: tuple[int, set[int]]) -> None:
    """Pages made from something that changed while they were made; what they were made from before did not tell."""
    floor, known = seen
    changed = {key for pk, key in Change.objects.filter(pk__gt=floor).values_list("pk", "key") if pk not in known}
    pages_due(path for path, made_from in keys.items() if made_from and not changed.isdisjoint(made_from))


def _bake_one_by_one(paths: list[str]) -> Baked:
    done = Baked()
    for path in paths:
        try:
            done += bake([path])
        except Exception:
            log.exception("bake-failed path=%s", path)
            DuePage.objects.filter(path=path).update(since=timezone.now() + TRY_AGAIN_AFTER)
    return done


def _batches(paths: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(paths)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _address(folder: Path, where: str, name: str) -> str:
    """The address that a baked file, or a compressed variant of one, belongs to."""
    path = f"/{Path(where).relative_to(folder).as_posix()}/{name.removesuffix('.br').removesuffix('.gz')}"
    return path.removesuffix("index.html")
