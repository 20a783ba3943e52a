"""Feeds of stories and of corrections as RSS, Atom and JSON Feed: of all, of every series, topic and author."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from wagtail.models import Page

from onrecord.core.baked import TYPES
from onrecord.core.reads import covered, shared
from onrecord.publishing.structured_data import absolute
from onrecord.readers.models import CorrectionNote
from onrecord.readers.reading import notes_shown
from onrecord.stories.authors import AuthorPage
from onrecord.stories.cards import byline, cleared_stories
from onrecord.stories.models import HomePage, SeriesPage, StoryPage, TopicPage

LENGTH = 50
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
JSON_FEED = "https://jsonfeed.org/version/1.1"


class WithoutClock:
    """A feed's date is its newest item's; Django would put the time of baking on an empty one."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        dates = [date for item in self.items for date in (item["updateddate"], item["pubdate"]) if date]
        return max(dates, default=BEFORE_ALL)


class Rss(WithoutClock, Rss201rev2Feed):
    pass


class Atom(WithoutClock, Atom1Feed):
    pass


@dataclass(frozen=True)
class Item:
    """One entry. `id` stays the same when the address changes."""

    id: str
    title: str
    url: str
    summary: str
    published: datetime | None
    updated: datetime | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Channel:
    """A feed whatever its format; `path` is its address without the ending."""

    path: str
    title: str
    link: str
    description: str
    items: list[Item] = field(default_factory=list)


def stories_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest stories."""
    with covered("stories", "any:pages"):
        home: Page | None = HomePage.objects.live().first()
        description = home.standfirst if isinstance(home, HomePage) else ""
    items = shared("feed-items", lambda: story_items(cleared_stories()[:LENGTH]), "stories")
    return respond(Channel("/feeds/stories", settings.NEWSROOM_NAME, "/", description, items), form)


def series_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest stories of a series."""
    return _gathered(SeriesPage, "series", "series", slug, form)


def topic_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest stories on a topic."""
    return _gathered(TopicPage, "topic", "topics", slug, form)


def author_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest stories by an author."""
    return _gathered(AuthorPage, "author", "authors", slug, form)


def corrections_feed(request: HttpRequest, form: str) -> HttpResponse:
    """Every correction, with the old words."""
    with covered("notes", "stories"):
        public = CorrectionNote.objects.filter(published_at__isnull=False, story__in=StoryPage.objects.cleared())
        items = [
            Item(
                id=absolute(f"/corrections/#{note.anchor}"), title=note.story.title,
                url=absolute(f"{note.story.url}#{note.anchor}"),
                summary=_("It said: “%(old)s”. It says now: “%(new)s”. %(reason)s")
                % {"old": note.old_words, "new": note.new_words, "reason": note.reason},
                published=note.published_at,
            )
            for note in notes_shown(public.select_related("story").order_by("-published_at", "-pk")[:LENGTH])
        ]  # fmt: skip
    title = _("%(newsroom)s: corrections") % {"newsroom": settings.NEWSROOM_NAME}
    about = _("What we got wrong, what it says now, and why.")
    return respond(Channel("/feeds/corrections", title, reverse("corrections-log"), about, items), form)


def story_items(stories: Iterable[StoryPage]) -> list[Item]:
    """Stories as entries."""
    return [
        Item(
            id=f"urn:uuid:{story.translation_key}", title=story.title, url=absolute(story.url or "/"),
            summary=story.standfirst, published=story.first_published_at, updated=story.last_published_at,
            author=byline(story), categories=tuple(topic.title for topic in story.topics.all()),
            language=story.language or settings.NEWSROOM_LANGUAGE,
        )
        for story in stories
    ]  # fmt: skip


def respond(channel: Channel, form: str) -> HttpResponse:
    """The feed in one of the forms, with its type."""
    return HttpResponse(WRITERS[form](channel, f"{channel.path}.{form}"), content_type=TYPES[f".{form}"])


def write_xml(channel: Channel, path: str, kind: type[Rss201rev2Feed] | type[Atom1Feed]) -> str:
    """RSS or Atom."""
    about: dict[str, Any] = {"subtitle": channel.description} if issubclass(kind, Atom1Feed) else {}
    feed = kind(
        title=channel.title, link=absolute(channel.link), description=channel.description,
        language=settings.NEWSROOM_LANGUAGE, feed_url=absolute(path), **about,
    )  # fmt: skip
    for item in channel.items:
        feed.add_item(
            title=item.title, link=item.url, description=item.summary, author_name=item.author or None,
            pubdate=item.published, updateddate=item.updated or item.published, unique_id=item.id,
            unique_id_is_permalink=item.id.startswith("http"), categories=item.categories,
        )  # fmt: skip
    return str(feed.writeString("utf-8"))


def write_json(channel: Channel, path: str) -> str:
    """JSON Feed 1.1."""
    feed = {
        "version": JSON_FEED,
        "title": channel.title,
        "home_page_url": absolute(channel.link),
        "feed_url": absolute(path),
        "description": channel.description,
        "language": settings.NEWSROOM_LANGUAGE,
        "items": [_json_item(item) for item in channel.items],
    }
    return json.dumps({name: value for name, value in feed.items() if value != ""}, ensure_ascii=False, indent=1)


def _json_item(item: Item) -> dict[str, Any]:
    entry = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_text": item.summary or item.title,
        "date_published": item.published.isoformat() if item.published else "",
        "date_modified": item.updated.isoformat() if item.updated else "",
        "authors": [{"name": item.author}] if item.author else [],
        "tags": list(item.categories),
        "language": item.language,
    }
    return {name: value for name, value in entry.items() if value}


def _gathered(kind: type[Page], key: str, relation: str, slug: str, form: str) -> HttpResponse:
    with covered("any:pages"):
        page = get_object_or_404(kind.objects.live(), slug=slug)
    if page.url is None:
        raise Http404
    items = shared(
        f"feed-items:{page.pk}", lambda: story_items(cleared_stories().filter(**{relation: page})[:LENGTH]),
        f"{key}:{page.pk}", f"page:{page.pk}",
    )  # fmt: skip
    title = f"{page.title} – {settings.NEWSROOM_NAME}"
    return respond(Channel(f"{page.url}feed", title, page.url, page.description, items), form)


def gathered_paths() -> list[str]:
    """Addresses of the feeds of every series, topic and author."""
    kinds = (("series-feed", SeriesPage), ("topic-feed", TopicPage), ("author-feed", AuthorPage))
    return [
        reverse(name, args=[slug, form])
        for name, kind in kinds
        for slug in kind.objects.live().order_by("path").values_list("slug", flat=True)
        for form in WRITERS
    ]


WRITERS: dict[str, Callable[[Channel, str], str]] = {
    "rss": lambda channel, path: write_xml(channel, path, Rss),
    "atom": lambda channel, path: write_xml(channel, path, Atom),
    "json": write_json,
}
