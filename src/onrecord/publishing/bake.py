"""Readers get files: every public address rendered once and written to the baked folder.

A baked file is a pure function of the database. Each is written beside its compressed variants under a temporary name
and renamed, so that a reader or a crash never meets half a page; a file whose bytes would not change is left alone.
"""

import gzip
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse
from django.urls import resolve, reverse
from wagtail.models import Page

from onrecord.core.baked import baked_file
from onrecord.stories.models import SeriesPage, SitePage, StoryPage, TopicPage
from onrecord.stories.reading import recordings_public

log = logging.getLogger(__name__)

NOT_FOUND_PATH = "/404.html"
COMPRESSED_TYPES = {".html", ".xml", ".rss", ".atom", ".txt", ".json", ".css", ".js", ".svg"}
SMALLEST_COMPRESSED = 512
BROTLI_QUALITY = 6


@dataclass
class Baked:
    """What one bake did, in numbers of addresses."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def __add__(self, other: "Baked") -> "Baked":
        return Baked(self.written + other.written, self.unchanged + other.unchanged, self.removed + other.removed)


def all_paths() -> Iterator[str]:
    """Every address that readers may visit, each once, in a stable order."""
    yield from common_paths()
    yield from (story_path(slug) for slug in _cleared_slugs())
    yield from (
        reverse("recording", args=[pk]) for pk in recordings_public().order_by("pk").values_list("pk", flat=True)
    )


def common_paths() -> Iterator[str]:
    """Pages and files that list others: they may change with every story."""
    pages = Page.objects.live().type(SitePage).not_type(StoryPage).order_by("path").specific()
    yield from (page.url for page in pages if page.url)
    yield reverse("corrections-log")
    yield from machine_paths()
    yield NOT_FOUND_PATH


def machine_paths() -> list[str]:
    """Feeds, sitemaps, robots."""
    names = ["stories-rss", "stories-atom", "corrections-rss", "corrections-atom", "sitemap", "news-sitemap", "robots"]
    return [reverse(name) for name in names]


def affected_paths(story: StoryPage) -> list[str]:
    """Addresses that may change with this story: lists, its recordings, and stories that may name it."""
    recordings = [recording.pk for recording in story.named_recordings()]
    neighbours = StoryPage.objects.cleared().filter(
        pk__in={
            *StoryPage.objects.filter(topics__in=story.topics.all()).values_list("pk", flat=True),
            *StoryPage.objects.filter(series=story.series_id or 0).values_list("pk", flat=True),
            *StoryPage.objects.filter(story_recordings__recording__in=recordings).values_list("pk", flat=True),
            *StoryPage.objects.filter(related__story=story.pk).values_list("pk", flat=True),
        }
    )
    shown = recordings_public().filter(pk__in=recordings)
    return [
        *common_paths(),
        *(reverse("recording", args=[pk]) for pk in shown.order_by("pk").values_list("pk", flat=True)),
        *(story_path(slug) for slug in neighbours.order_by("slug").values_list("slug", flat=True)),
    ]


def story_path(slug: str) -> str:
    return f"/stories/{slug}/"


def bake(paths: Iterable[str]) -> Baked:
    """Render and write these addresses; one that is not there any more is removed."""
    done = Baked()
    for path in dict.fromkeys(paths):
        response = render(path)
        if response is None:
            done.removed += _remove(path)
        elif _write(baked_file(settings.BAKED_DIR, path), response.content):
            log.debug("baked %s", path)
            done.written += 1
        else:
            done.unchanged += 1
    return done


def bake_all() -> Baked:
    """Bake the whole site and remove what is no longer part of it."""
    return bake(all_paths()) + prune()


def prune() -> Baked:
    """Remove baked stories and recordings that readers may not see (any more)."""
    kept = {
        "stories": set(_cleared_slugs()),
        "recordings": {str(pk) for pk in recordings_public().values_list("pk", flat=True)},
        "series": set(SeriesPage.objects.live().values_list("slug", flat=True)),
        "topics": set(TopicPage.objects.live().values_list("slug", flat=True)),
    }
    removed = 0
    for section, names in kept.items():
        for folder in sorted(Path(settings.BAKED_DIR, section).glob("*/")):
            if folder.name not in names:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return Baked(removed=removed)


def render(path: str) -> HttpResponse | None:
    """The page at an address as an anonymous reader gets it, without middleware; None when there is none."""
    site = urlsplit(settings.SITE_URL)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SERVER_NAME": site.hostname or "localhost",
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "HTTP_HOST": site.netloc,
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.user = AnonymousUser()
    view, args, kwargs = resolve(path)
    try:
        response = view(request, *args, **kwargs)
    except Http404:
        return None
    if hasattr(response, "render"):
        response.render()
    if response.status_code != 200 and path != NOT_FOUND_PATH:
        return None
    return response


def compress_folder(folder: Path) -> int:
    """Write compressed variants beside the files of a folder (collected static files); gives their number."""
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSED_TYPES and path.is_file():
            variant = path.with_name(path.name + ".br")
            if not variant.exists() or variant.stat().st_mtime < path.stat().st_mtime:
                _write_variants(path, path.read_bytes())
                count += 1
    return count


def _cleared_slugs() -> list[str]:
    return list(StoryPage.objects.cleared().order_by("slug").values_list("slug", flat=True).distinct())


def _write(file: Path, content: bytes) -> bool:
    try:
        if file.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    file.parent.mkdir(parents=True, exist_ok=True)
    _write_variants(file, content)
    _replace(file, content)
    return True


def _write_variants(file: Path, content: bytes) -> None:
    if file.suffix not in COMPRESSED_TYPES or len(content) < SMALLEST_COMPRESSED:
        return
    _replace(file.with_name(file.name + ".br"), brotli.compress(content, quality=BROTLI_QUALITY))
    _replace(file.with_name(file.name + ".gz"), gzip.compress(content, compresslevel=6, mtime=0))


def _replace(file: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".baking-", delete=False) as target:
        temporary = Path(target.name)
        try:
            target.write(content)
            target.flush()
            temporary.chmod(0o644)
            os.replace(temporary, file)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


def _remove(path: str) -> int:
    file = baked_file(settings.BAKED_DIR, path)
    there = file.exists()
    for variant in (file, file.with_name(file.name + ".br"), file.with_name(file.name + ".gz")):
        variant.unlink(missing_ok=True)
    return int(there)
