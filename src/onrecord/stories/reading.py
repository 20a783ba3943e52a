"""What the site shows: each page's context, made of plain values for the templates."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.models import Page

from onrecord.archive.models import Recording
from onrecord.core.reads import covered, shared
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.cards import (
    Card,
    authors_list,
    byline,
    cards,
    cleared_stories,
    series_list,
    story_card,
    story_years,
    topics_list,
)
from onrecord.stories.gate import bound_quotations, story_check
from onrecord.stories.headlines import headline_moments
from onrecord.stories.models import (
    AuthorIndexPage,
    AuthorPage,
    HomePage,
    SeriesIndexPage,
    SeriesPage,
    StoryIndexPage,
    StoryPage,
    StoryStatement,
    TopicIndexPage,
    TopicPage,
)
from onrecord.stories.quoted import (
    COPIES,
    QuotationView,
    RecordingView,
    clock,
    moment_url,
    quotation_keys,
    quotations_view,
)
from onrecord.stories.related import stories_around
from onrecord.stories.rendering import Mark, mark_quotations, marked_text
from onrecord.stories.words import words_of

__all__ = [
    "BlockView",
    "Card",
    "LineView",
    "Published",
    "QuotationView",
    "RecordingView",
    "archive_years",
    "cards",
    "cleared_stories",
    "clock",
    "moment_url",
    "page_context",
    "published",
    "quotation_keys",
    "quotations_view",
    "recording_view",
    "recordings_public",
    "story_card",
]

HOME_STORIES = 30
INDEX_STORIES = 100


@dataclass(frozen=True)
class LineView:
    """One line of an exchange."""

    speaker: str
    html: SafeString
    quotation: QuotationView | None


@dataclass(frozen=True)
class BlockView:
    """One block of the body; which fields are filled depends on `type`."""

    id: str
    type: str
    html: SafeString | str = ""
    value: Any = None
    lines: tuple[LineView, ...] = ()
    recording: Recording | None = None
    quotation: QuotationView | None = None


def archive_years() -> list[int]:
    """The years that have a page of their own: none while the page of all stories shows them all."""
    has_more = cleared_stories().order_by()[INDEX_STORIES : INDEX_STORIES + 1]
    return story_years() if has_more else []


def recordings_public() -> Any:
    """Recordings that readers may see: those that a cleared story names."""
    named = StoryPage.objects.cleared().filter(story_recordings__isnull=False).values("story_recordings__recording")
    quoted = StoryPage.objects.cleared().values("live_revision__story_check__bindings__recording")
    return (Recording.objects.filter(pk__in=named) | Recording.objects.filter(pk__in=quoted)).distinct()


def recording_view(recording: Recording) -> RecordingView:
    """A recording with the places that cleared stories quote."""
    return RecordingView(recording)


@dataclass(frozen=True)
class Published:
    """What a story's page and its structured data both show, asked of the database once."""

    check: StoryCheck | None
    quotations: list[QuotationView]
    recordings: list[RecordingView]
    statements: list[StoryStatement]


def published(page: StoryPage, *, preview: bool = False) -> Published:
    """The story as it was checked, or with `preview` checked now; kept with this instance, and within a bake."""
    if preview:
        return _published(page, preview=True)
    return shared(f"published:{page.pk}:{page.live_revision_id}", lambda: _published(page), f"story:{page.pk}")


def _published(page: StoryPage, *, preview: bool = False) -> Published:
    known = page.__dict__.get("_published")
    if known is not None and known[0] == (page.live_revision_id, preview):
        result: Published = known[1]
        return result
    check = None if preview else page.live_check
    found = bound_quotations(check) if check else story_check(page).quotations if preview else ()
    statements = list(page.statements.all())
    named = page.named_recordings()
    prefetch_related_objects(named, COPIES, "transcripts")
    words = words_of(named)
    quotations = quotations_view(page, found, named=named, statements=statements, words=words)
    views = [RecordingView(recording, words=words[str(recording.pk)]) for recording in named]
    for view in views:
        view.quoted = [q for q in quotations if q.recording_id == str(view.recording.pk)]
    result = Published(check, quotations, views, statements)
    page.__dict__["_published"] = (page.live_revision_id, preview), result
    return result


def story_body(page: StoryPage, quotations: Iterable[QuotationView]) -> list[BlockView]:
    """The body's blocks with quotations marked."""
    by_passage: dict[str, list[QuotationView]] = {}
    for quotation in quotations:
        by_passage.setdefault(quotation.passage, []).append(quotation)

    def block_view(block: Any) -> BlockView:
        here = by_passage.get(block.id, [])
        marks = [quotation.mark for quotation in here]
        value = block.value
        match block.block_type:
            case "paragraph" | "note":
                return BlockView(block.id, block.block_type, html=mark_quotations(value.source, marks))
            case "heading":
                return BlockView(block.id, "heading", html=marked_text(value, marks))
            case "exchange":
                lines = tuple(
                    LineView(
                        line["speaker"], marked_text(line["text"], [q.mark for q in found]), found[0] if found else None
                    )
                    for number, line in enumerate(value["lines"])
                    for found in [by_passage.get(f"{block.id}/{number}", [])]
                )
                return BlockView(block.id, "exchange", value=value, lines=lines, recording=value["recording"])
            case "pull_quote":
                return BlockView(block.id, "pull_quote", html=marked_text(value["text"], marks), value=value,
                                 quotation=here[0] if here else None)  # fmt: skip
            case _:
                return BlockView(block.id, block.block_type, value=value, recording=value.get("recording"))

    return [block_view(block) for block in page.body]


def page_context(page: Page, request: HttpRequest) -> dict[str, Any]:
    """What the stories app knows for the page's template, and what keys it was read under (see core.reads)."""
    match page:
        case StoryPage():
            # The key stands for all that belongs to the story itself; what lies elsewhere is noted where it is read.
            with covered(f"story:{page.pk}"):
                return story_context(page, request)
        case HomePage():
            with covered("stories", "any:pages"):
                stories = cards(cleared_stories()[:HOME_STORIES])
                return {
                    "lead": stories[0] if stories else None,
                    "stories": stories[1:],
                    "series": series_list(),
                    "topics": topics_list(),
                }
        case StoryIndexPage():
            with covered("stories"):
                return {"stories": cards(cleared_stories()[:INDEX_STORIES]), "years": archive_years()}
        case SeriesPage():
            with covered(f"series:{page.pk}"):
                parts = list(cleared_stories().filter(series=page))
                return {"stories": cards(parts), "heard": headline_moments(parts)}
        case TopicPage():
            with covered(f"topic:{page.pk}"):
                return {"stories": cards(cleared_stories().filter(topics=page))}
        case AuthorPage():
            with covered(f"author:{page.pk}"):
                return {"stories": cards(cleared_stories().filter(authors=page))}
        case SeriesIndexPage():
            with covered("stories", "any:pages"):
                return {"series": series_list()}
        case TopicIndexPage():
            with covered("stories", "any:pages"):
                return {"topics": topics_list()}
        case AuthorIndexPage():
            with covered("stories", "any:pages"):
                return {"authors": authors_list()}
    return {}


def story_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """A story for readers (as it was checked) or in preview (checked now)."""
    is_preview = getattr(request, "is_preview", False)
    if not is_preview:
        prefetch_related_objects([page], "topics", "authors")
    known = published(page, preview=is_preview)
    quotations = known.quotations
    by_passage: defaultdict[str, list[Mark]] = defaultdict(list)
    for quotation in quotations:
        by_passage[quotation.passage].append(quotation.mark)
    around, related = stories_around(page)
    return {
        "checked": known.check,
        "quotations": quotations,
        "headline": marked_text(page.title, by_passage["headline"]),
        "standfirst": marked_text(page.standfirst, by_passage["standfirst"]),
        "blocks": story_body(page, quotations),
        "recordings": known.recordings,
        "unheard": [q for q in quotations if q.recording_id not in {str(v.recording.pk) for v in known.recordings}],
        "statements": known.statements,
        "around": around,
        "related": related,
        "topics": [{"title": topic.title, "url": topic.url} for topic in page.topics.all()],
        "byline": byline(page),
        "authors": [{"title": author.title, "url": author.url} for author in page.authors.all() if author.live],
        "language": page.language or settings.NEWSROOM_LANGUAGE,
        "updated": page.last_published_at if page.last_published_at != page.first_published_at else None,
        "date": page.dateline_date or date.today(),
    }
