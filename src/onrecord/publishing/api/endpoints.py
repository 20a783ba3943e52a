"""The addresses of the API, version 1. Everything goes through the doors that the site's pages go through."""

from datetime import date
from html import unescape
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.html import strip_tags
from ninja import Query, Router
from pydantic import Field, StringConstraints
from wagtail.models import Page

from onrecord.publishing.api import schemas, showing
from onrecord.publishing.api.paging import Pages, paged
from onrecord.publishing.podcast import public_segments
from onrecord.publishing.structured_data import absolute
from onrecord.readers.models import CorrectionNote
from onrecord.readers.reading import notes_shown
from onrecord.search.finding import Wish, search_site
from onrecord.stories.authors import AuthorPage
from onrecord.stories.cards import cleared_stories
from onrecord.stories.models import SeriesPage, StoryPage, TopicPage
from onrecord.stories.reading import recordings_public
from onrecord.text.masks import public_text
from onrecord.transcripts.models import Transcript

router = Router()
FAILURES = {400: schemas.Failure, 404: schemas.Failure, 422: schemas.Failure, 429: schemas.Failure}
Slug = Annotated[str, StringConstraints(max_length=255, pattern=r"^[-\w]+$")]
Language = Annotated[str, StringConstraints(max_length=12, pattern=r"^[A-Za-z0-9-]+$")]


@router.get("/stories", response={200: schemas.Stories, **FAILURES}, operation_id="stories")
def stories(
    request: HttpRequest, paging: Pages, series: Slug | None = None, topic: Slug | None = None,
    author: Slug | None = None, recording: UUID | None = None, since: date | None = None,
) -> Any:  # fmt: skip
    """Published stories, newest first."""
    rows = cleared_stories()
    if series:
        rows = rows.filter(series__slug=series)
    if topic:
        rows = rows.filter(topics__slug=topic)
    if author:
        rows = rows.filter(authors__slug=author)
    if recording:
        rows = rows.filter(story_recordings__recording=recording)
    if since:
        rows = rows.filter(first_published_at__date__gte=since)
    return paged(request, rows.distinct(), paging, showing.stories_brief)


@router.get("/stories/{slug}", response={200: schemas.StoryOut, **FAILURES}, operation_id="story")
def story(request: HttpRequest, slug: Slug) -> Any:
    """A story with its words, its quotations, their moments and its corrections."""
    return showing.story_whole(get_object_or_404(StoryPage.objects.cleared(), slug=slug))


@router.get("/quotations", response={200: schemas.Quotations, **FAILURES}, operation_id="quotations")
def quotations(request: HttpRequest, paging: Pages, story: Slug) -> Any:
    """The quotations of a story."""
    page = get_object_or_404(StoryPage.objects.cleared(), slug=story)
    return paged(request, showing.story_quotations(page), paging, list)


@router.get("/recordings", response={200: schemas.Recordings, **FAILURES}, operation_id="recordings")
def recordings(request: HttpRequest, paging: Pages, language: Language | None = None) -> Any:
    """Recordings that published stories name, those that came in last first."""
    rows = recordings_public().order_by("-added_at", "pk")
    if language:
        rows = rows.filter(language=language)
    return paged(request, rows, paging, lambda found: [showing.recording_brief(row) for row in found])


@router.get(
    "/recordings/{uuid:recording_id}", response={200: schemas.RecordingOut, **FAILURES}, operation_id="recording"
)
def recording(request: HttpRequest, recording_id: UUID) -> Any:
    """A recording with its copies and transcripts."""
    return showing.recording_whole(get_object_or_404(recordings_public(), pk=recording_id))


@router.get(
    "/recordings/{uuid:recording_id}/transcripts/{language}",
    response={200: schemas.Segments, **FAILURES}, operation_id="transcript", url_name="transcript",
)  # fmt: skip
def transcript(request: HttpRequest, recording_id: UUID, language: Language, paging: Pages) -> Any:
    """The newest transcript or translation, masked, segment by segment."""
    row = get_object_or_404(recordings_public(), pk=recording_id)
    segments = public_segments(row, language)
    known = get_object_or_404(Transcript, recording=row, language=language)
    page = paged(request, segments, paging, lambda found: [
        {"id": one.id, "start_ms": one.start_ms, "end_ms": one.end_ms, "speaker": one.speaker,
         "text": public_text(one.words)}
        for one in found
    ])  # fmt: skip
    return {**page, "language": known.language, "is_translation": known.is_translation}


@router.get("/corrections", response={200: schemas.Corrections, **FAILURES}, operation_id="corrections")
def corrections(request: HttpRequest, paging: Pages, story: Slug | None = None) -> Any:
    """Public correction notes, newest first."""
    rows = CorrectionNote.objects.filter(published_at__isnull=False, story__in=StoryPage.objects.cleared())
    if story:
        rows = rows.filter(story__slug=story)
    rows = rows.select_related("story").order_by("-published_at", "-pk")
    return paged(request, rows, paging, lambda found: [showing.correction(note) for note in notes_shown(found)])


@router.get("/series", response={200: schemas.Gatherings, **FAILURES}, operation_id="series")
def series(request: HttpRequest, paging: Pages) -> Any:
    """Series, by title."""
    return _gatherings(request, SeriesPage, paging)


@router.get("/topics", response={200: schemas.Gatherings, **FAILURES}, operation_id="topics")
def topics(request: HttpRequest, paging: Pages) -> Any:
    """Topics, by title."""
    return _gatherings(request, TopicPage, paging)


@router.get("/authors", response={200: schemas.Gatherings, **FAILURES}, operation_id="authors")
def authors(request: HttpRequest, paging: Pages) -> Any:
    """Authors, by name."""
    return _gatherings(request, AuthorPage, paging)


@router.get("/search", response={200: schemas.SearchOut, 503: schemas.Failure, **FAILURES}, operation_id="search")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=500, description="As in the search page: words, “phrases”, -without.")],
    language: Language | None = None,
    page: Annotated[int, Field(ge=1, le=10_000)] = 1,
) -> Any:
    """Stories, recordings and moments in which words were said or written."""
    found = search_site(Wish(words=q.replace("\0", ""), language=language or "", page=page))
    return {
        "totals": found.totals,
        "page": found.page,
        "pages": found.pages,
        "stories": [
            {"title": _plain(one.title), "url": absolute(one.url), "excerpt": _plain(one.excerpt),
             "published_at": one.published}
            for one in found.stories
        ],
        "recordings": [
            {"id": str(one.recording.pk), "title": _plain(one.title), "url": absolute(one.url),
             "excerpt": _plain(one.excerpt)}
            for one in found.recordings
        ],
        "moments": [
            {"recording": one.recording_id, "recording_title": one.recording_title, "speaker": one.speaker,
             "start_ms": one.start_ms, "end_ms": one.end_ms, "play_url": absolute(one.play_url) if one.play_url else "",
             "transcript_url": absolute(one.transcript_url),
             "words": {part.language: _plain(part.html) for part in one.words}}
            for one in found.moments
        ],
    }  # fmt: skip


@router.get("/{path:rest}", include_in_schema=False)
def nothing(request: HttpRequest, rest: str) -> Any:
    """Every other address."""
    raise Http404


def _gatherings(request: HttpRequest, kind: type[Page], paging: Any) -> dict[str, Any]:
    cleared = StoryPage.objects.cleared().values("pk")
    count = Count("stories", filter=Q(stories__in=cleared), distinct=True)
    rows = kind.objects.live().order_by("title", "pk").annotate(number=count)
    return paged(request, rows, paging, lambda found: [
        {**showing.name(page), "description": page.description, "stories": page.number} for page in found
    ])  # fmt: skip


def _plain(html: str) -> str:
    """The words without the marks around those that were looked for."""
    return unescape(strip_tags(html))
