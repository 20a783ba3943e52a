"""Sitemaps: an index, parts by kind, and the news sitemap. No clock: baked twice they are the same."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Page

from onrecord.archive.models import Recording
from onrecord.core.reads import covered
from onrecord.publishing.structured_data import absolute, newest_stories
from onrecord.stories.cards import cleared_stories
from onrecord.stories.models import SitePage, StoryPage
from onrecord.stories.reading import recordings_public

PART = 10_000  # the format allows 50,000; by ranges of ids, so that a story more or less changes one part

Row = tuple[str, datetime | None]


def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the parts, each with the time of its last change."""
    with covered("stories", "recordings", "any:pages"):
        rows = [(absolute(path), changed) for path, changed in _parts()]
    return _xml(request, "sitemap_index.xml", {"rows": rows})


def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """Pages that are neither story nor recording."""
    with covered("any:pages"):
        pages = Page.objects.live().type(SitePage).not_type(StoryPage).order_by("path")
        rows: list[Row] = [(absolute(page.url or "/"), page.last_published_at) for page in pages if page.url]
    return _xml(request, "sitemap.xml", {"rows": [*rows, (absolute(reverse("corrections-log")), None)]})


def sitemap_stories(request: HttpRequest, part: int) -> HttpResponse:
    """Stories of one range of ids."""
    with covered("stories"):
        stories = cleared_stories().filter(pk__gte=part * PART, pk__lt=(part + 1) * PART).order_by("pk")
        rows = [(absolute(story.url or "/"), story.last_published_at) for story in stories]
    return _rows(request, rows)


def sitemap_recordings(request: HttpRequest, part: int) -> HttpResponse:
    """Recordings, in the order in which they came in."""
    with covered("recordings"):
        recordings = recordings_public().order_by("added_at", "pk")[part * PART : (part + 1) * PART]
        rows = [(absolute(reverse("recording", args=[row.pk])), row.added_at) for row in recordings]
    return _rows(request, rows)


def news_sitemap(request: HttpRequest) -> HttpResponse:
    """The newest stories, in the form that news search engines read."""
    with covered("stories"):
        context = {
            "stories": [(absolute(story.url or "/"), story) for story in newest_stories()],
            "name": settings.NEWSROOM_NAME,
            "language": settings.NEWSROOM_LANGUAGE,
        }
    return _xml(request, "news_sitemap.xml", context)


def sitemap_paths() -> Iterator[str]:
    """Addresses of the sitemaps."""
    yield reverse("sitemap")
    yield reverse("news-sitemap")
    yield from (path for path, _ in _parts())


def _parts() -> Iterator[Row]:
    newest: dict[int, datetime | None] = {}
    known = StoryPage.objects.cleared().order_by("pk").values_list("pk", "last_published_at")
    for pk, changed in known.iterator():
        before = newest.get(pk // PART)
        newest[pk // PART] = max(filter(None, (before, changed)), default=None)
    yield reverse("sitemap-pages"), None
    yield from ((reverse("sitemap-stories", args=[part]), changed) for part, changed in sorted(newest.items()))
    public = recordings_public()
    count, added = public.count(), Recording.objects.filter(pk__in=public).aggregate(newest=Max("added_at"))["newest"]
    yield from ((reverse("sitemap-recordings", args=[part]), added) for part in range((count + PART - 1) // PART))


def _rows(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    if not rows:
        raise Http404
    return _xml(request, "sitemap.xml", {"rows": rows})


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"publishing/{template}", context, content_type="application/xml; charset=utf-8")
