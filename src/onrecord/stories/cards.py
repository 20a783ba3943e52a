"""Stories as lists show them, and the lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from onrecord.stories.models import AuthorPage, SeriesPage, StoryPage, TopicPage


@dataclass(frozen=True)
class Card:
    """A story in a list."""

    title: str
    url: str
    standfirst: str
    byline: str
    place: str
    published: datetime | None
    series: str
    series_url: str
    topics: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True)
class Neighbours:
    """A story's place in its series: the parts before and after it, and the newest of the others."""

    number: int
    count: int
    previous: Card | None
    next: Card | None
    others: list[Card]


OTHERS = 4


def byline(story: StoryPage) -> str:
    """Who wrote it, as it stands in print; the authors' names where nothing else is written."""
    return story.byline or ", ".join(author.title for author in story.authors.all())


def story_card(story: StoryPage) -> Card:
    return Card(
        title=story.title, url=story.url or "", standfirst=story.standfirst, byline=byline(story),
        place=story.dateline_place, published=story.first_published_at,
        series=story.series.title if story.series else "", series_url=(story.series.url or "") if story.series else "",
        topics=tuple(topic.title for topic in story.topics.all()), language=story.language,
    )  # fmt: skip


def cleared_stories() -> Any:
    """Stories that readers may see, newest first, ready for `story_card`."""
    known = StoryPage.objects.cleared().newest_first().defer("body", "search_description")
    return known.select_related("series").prefetch_related("topics", "authors")


def story_years() -> list[int]:
    """The years in which stories came out that readers may see, newest first."""
    known = StoryPage.objects.cleared().order_by().exclude(first_published_at=None)
    return [first.year for first in known.datetimes("first_published_at", "year", order="DESC")]


def stories_of_year(year: int) -> list[tuple[datetime, list[StoryPage]]]:
    """Stories of a year by month, newest first; of each only what a line of a list needs."""
    known = StoryPage.objects.cleared().newest_first().filter(first_published_at__year=year)
    rows = known.only("title", "slug", "language", "first_published_at")
    return [(month, list(some)) for month, some in groupby(rows, key=_month)]


def _month(story: StoryPage) -> datetime:
    day = timezone.localtime(story.first_published_at)
    return day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def cards(stories: Iterable[StoryPage]) -> list[Card]:
    return [story_card(story) for story in stories]


def series_order(page: StoryPage) -> list[int]:
    """The cleared stories of its series from the first to the newest, itself among them; empty without a series."""
    if not page.series_id:
        return []
    known = StoryPage.objects.cleared().filter(series=page.series_id).order_by("first_published_at", "pk")
    order = list(known.values_list("pk", flat=True))
    return order if page.pk in order else [*order, page.pk]  # the latter in preview


def neighbours(page: StoryPage, order: Sequence[int]) -> tuple[int | None, int | None, list[int]]:
    """The parts of the series before and after a story, and the newest of the others."""
    at = order.index(page.pk)
    before, after = order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None
    return before, after, [pk for pk in reversed(order) if pk not in (before, page.pk, after)][:OTHERS]


def series_list() -> list[dict[str, Any]]:
    """Every series with its stories, newest first."""
    stories = Prefetch("stories", queryset=cleared_stories())
    return [
        {"title": s.title, "url": s.url, "description": s.description, "stories": cards(s.stories.all())}
        for s in SeriesPage.objects.live().order_by("title").prefetch_related(stories)
    ]


def topics_list() -> list[dict[str, Any]]:
    """Every topic with the number of its stories."""
    return [
        {"title": t.title, "url": t.url, "description": t.description, "count": t.count}
        for t in TopicPage.objects.live().order_by("title").annotate(count=_cleared_count())
    ]


def authors_list() -> list[dict[str, Any]]:
    """Every author with the number of their stories."""
    return [
        {"title": a.title, "url": a.url, "role": a.role, "count": a.count}
        for a in AuthorPage.objects.live().order_by("title").annotate(count=_cleared_count())
    ]


def _cleared_count() -> Count:
    cleared = StoryPage.objects.cleared().values("pk")
    return Count("stories", filter=Q(stories__in=cleared), distinct=True)
