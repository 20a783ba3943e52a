"""What the site shows: each page's context, made of plain values for the templates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.models import Page

from onrecord.archive.models import Copy, Recording
from onrecord.archive.reposts import independent_origins
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.checked import Checked
from onrecord.stories.gate import bound_quotations, story_check
from onrecord.stories.models import (
    HomePage,
    SeriesIndexPage,
    SeriesPage,
    StoryIndexPage,
    StoryPage,
    StoryStatement,
    TopicIndexPage,
    TopicPage,
)
from onrecord.stories.rendering import Mark, mark_quotations, marked_text
from onrecord.text.masks import public_text
from onrecord.text.transcripts import Segment
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.services import SideBySide, side_by_side

COPIES = Prefetch("copies", queryset=Copy.objects.select_related("publisher"))
RELATED = 4
HOME_STORIES = 30
VERDICT_WORDS = {
    Verdict.VERBATIM: "word for word",
    Verdict.EDITED: "shortened or clarified, as marked",
    Verdict.FRAGMENT: "single words from the record",
    Verdict.OVERRIDDEN: "not borne out by the record as we have it",
    Verdict.STALE: "being checked again: the transcript changed",
}
STATEMENT_NOTES = {
    StoryStatement.Kind.STATEMENT: "The newsroom has the words as they were given out.",
    StoryStatement.Kind.DOCUMENT: "The newsroom has the words of the document.",
    StoryStatement.Kind.INTERVIEW: "From the newsroom's own notes.",
    StoryStatement.Kind.OUTLET: "As the other outlet reported it; the newsroom did not hear it itself.",
}
NOT_BORNE_OUT = "not borne out by the record; being checked again"


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


@dataclass(frozen=True)
class QuotationView:
    """One quotation for readers."""

    number: int
    text: str
    passage: str
    offset: int
    length: int
    parts: tuple[tuple[int, int], ...]
    verdict: str
    verdict_words: str
    override_reason: str
    confirmed_at: datetime | None
    recording_id: str
    recording_title: str
    speaker: str
    start_ms: int | None
    end_ms: int | None
    audio_url: str
    transcript_url: str
    said: str
    said_language: str
    original: str
    original_language: str
    statement_source: str
    statement_kind: str
    statement_note: str

    @property
    def anchor(self) -> str:
        return f"quotation-{self.number}"

    @property
    def play_url(self) -> str:
        """The sound from there, as a media fragment; empty where nothing can be heard."""
        return moment_url(self.audio_url, self.start_ms, self.end_ms)

    @property
    def mark(self) -> Mark:
        return Mark(
            number=self.number, parts=self.parts, play_url=self.play_url,
            start_ms=self.start_ms, end_ms=self.end_ms, recording_id=self.recording_id,
            label=f"Play: {self.speaker or 'this quotation'}, {clock(self.start_ms or 0)}",
        )  # fmt: skip


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


@dataclass
class RecordingView:
    """A recording as readers see it. Everything masked is masked here already."""

    recording: Recording
    quoted: list[QuotationView] = field(default_factory=list)

    @cached_property
    def rows(self) -> list[SideBySide]:
        return side_by_side(self.recording)

    @cached_property
    def copies(self) -> list[Copy]:
        prefetch_related_objects([self.recording], COPIES)  # asks only where nobody has asked before
        return list(self.recording.copies.all())

    @cached_property
    def origins(self) -> int:
        """Publishers after reposts are collapsed."""
        prefetch_related_objects([self.recording], COPIES)
        return independent_origins([self.recording])[self.recording.pk]

    @property
    def first_copy(self) -> Copy | None:
        return self.copies[0] if self.copies else None

    @cached_property
    def publishers(self) -> list[str]:
        return list(dict.fromkeys(copy.publisher.name for copy in self.copies))

    @cached_property
    def transcripts(self) -> list[Any]:
        return list(self.recording.transcripts.all())

    @property
    def translations(self) -> list[Any]:
        return [transcript for transcript in self.transcripts if transcript.is_translation]


def clock(ms: int) -> str:
    """Milliseconds as 1:02 or 1:02:03."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def moment_url(audio_url: str, start_ms: int | None, end_ms: int | None) -> str:
    """A sound from there to there, as a media fragment; empty where nothing can be heard."""
    if not audio_url or start_ms is None or end_ms is None:
        return ""
    return f"{audio_url}#t={start_ms / 1000:.3f},{end_ms / 1000:.3f}"


def story_card(story: StoryPage) -> Card:
    return Card(
        title=story.title, url=story.url or "", standfirst=story.standfirst, byline=story.byline,
        place=story.dateline_place, published=story.first_published_at,
        series=story.series.title if story.series else "", series_url=(story.series.url or "") if story.series else "",
        topics=tuple(topic.title for topic in story.topics.all()),
    )  # fmt: skip


def cleared_stories() -> Any:
    """Stories that readers may see, newest first, ready for `story_card`."""
    return StoryPage.objects.cleared().newest_first().select_related("series").prefetch_related("topics")


def cards(stories: Iterable[StoryPage]) -> list[Card]:
    return [story_card(story) for story in stories]


def recordings_public() -> Any:
    """Recordings that readers may see: those that a cleared story names."""
    named = StoryPage.objects.cleared().filter(story_recordings__isnull=False).values("story_recordings__recording")
    quoted = StoryPage.objects.cleared().values("live_revision__story_check__bindings__recording")
    return (Recording.objects.filter(pk__in=named) | Recording.objects.filter(pk__in=quoted)).distinct()


def quotations_view(
    page: StoryPage,
    quotations: Iterable[Checked],
    *,
    named: Sequence[Recording] = (),
    statements: Sequence[StoryStatement] | None = None,
) -> list[QuotationView]:
    """Quotations with the words said, their counterpart in the other language, and what plays them.

    Recordings and statements that the caller has already are not asked for again.
    """
    quotations = list(quotations)
    quoted = {q.recording_id for q in quotations if q.recording_id}
    recordings = {str(recording.pk): recording for recording in named if str(recording.pk) in quoted}
    if missing := quoted - recordings.keys():
        recordings.update((str(r.pk), r) for r in Recording.objects.filter(pk__in=missing))
    rows = {key: side_by_side(recording) for key, recording in recordings.items()}
    known = {str(row.uid): row for row in (page.statements.all() if statements is None else statements)}
    return [_quotation_view(q, recordings.get(q.recording_id), rows.get(q.recording_id, []), known) for q in quotations]


@dataclass(frozen=True)
class Published:
    """What a story's page and its structured data both show, asked of the database once."""

    check: StoryCheck | None
    quotations: list[QuotationView]
    recordings: list[RecordingView]
    statements: list[StoryStatement]


def published(page: StoryPage, *, preview: bool = False) -> Published:
    """The story as it was checked, or with `preview` checked now; kept with this instance of the page."""
    known = page.__dict__.get("_published")
    if known is not None and known[0] == (page.live_revision_id, preview):
        result: Published = known[1]
        return result
    check = None if preview else page.live_check
    found = bound_quotations(check) if check else story_check(page).quotations if preview else ()
    statements = list(page.statements.all())
    named = page.named_recordings()
    prefetch_related_objects(named, COPIES, "transcripts")
    quotations = quotations_view(page, found, named=named, statements=statements)
    views = [RecordingView(recording) for recording in named]
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


def related_stories(page: StoryPage, named: Sequence[Recording]) -> list[StoryPage]:
    """Chosen by hand first, then filled up by shared topics, recordings and series; newest first among equals."""
    chosen = [row.story_id for row in page.related.all()]
    stories = {story.pk: story for story in cleared_stories().exclude(pk=page.pk)[:500]}
    picked = [stories[pk] for pk in chosen if pk in stories]
    topics = {topic.pk for topic in page.topics.all()}
    recordings = {recording.pk for recording in named}
    shared: Counter[int] = Counter()
    for pk in StoryPage.topics.through.objects.filter(topicpage_id__in=topics).values_list("storypage_id", flat=True):
        shared[pk] += 2
    for pk in StoryPage.objects.filter(story_recordings__recording__in=recordings).values_list("pk", flat=True):
        shared[pk] += 3
    rest = [story for story in stories.values() if story not in picked]
    rest.sort(
        key=lambda story: -(shared[story.pk] + (1 if story.series_id and story.series_id == page.series_id else 0))
    )
    return [*picked, *rest][:RELATED]


def recording_view(recording: Recording) -> RecordingView:
    """A recording with the places that cleared stories quote."""
    return RecordingView(recording)


def page_context(page: Page, request: HttpRequest) -> dict[str, Any]:
    """What the stories app knows for the page's template."""
    match page:
        case StoryPage():
            return story_context(page, request)
        case HomePage():
            stories = cards(cleared_stories()[:HOME_STORIES])
            return {"lead": stories[0] if stories else None, "stories": stories[1:], **_sections()}
        case StoryIndexPage():
            return {"stories": cards(cleared_stories())}
        case SeriesPage():
            return {"stories": cards(cleared_stories().filter(series=page))}
        case TopicPage():
            return {"stories": cards(cleared_stories().filter(topics=page))}
        case SeriesIndexPage() | TopicIndexPage():
            return _sections()
    return {}


def story_context(page: StoryPage, request: HttpRequest) -> dict[str, Any]:
    """A story for readers (as it was checked) or in preview (checked now)."""
    known = published(page, preview=getattr(request, "is_preview", False))
    quotations = known.quotations
    by_passage: defaultdict[str, list[Mark]] = defaultdict(list)
    for quotation in quotations:
        by_passage[quotation.passage].append(quotation.mark)
    siblings = cards(cleared_stories().filter(series=page.series).exclude(pk=page.pk)) if page.series_id else []
    return {
        "checked": known.check,
        "quotations": quotations,
        "headline": marked_text(page.title, by_passage["headline"]),
        "standfirst": marked_text(page.standfirst, by_passage["standfirst"]),
        "blocks": story_body(page, quotations),
        "recordings": known.recordings,
        "statements": known.statements,
        "siblings": siblings,
        "related": cards(related_stories(page, [view.recording for view in known.recordings])),
        "topics": [{"title": topic.title, "url": topic.url} for topic in page.topics.all()],
        "updated": page.last_published_at if page.last_published_at != page.first_published_at else None,
        "date": page.dateline_date or date.today(),
    }


def _sections() -> dict[str, Any]:
    stories = Prefetch("stories", queryset=cleared_stories())
    return {
        "series": [
            {"title": s.title, "url": s.url, "description": s.description, "stories": cards(s.stories.all())}
            for s in SeriesPage.objects.live().order_by("title").prefetch_related(stories)
        ],
        "topics": [
            {"title": t.title, "url": t.url, "description": t.description, "count": len(t.stories.all())}
            for t in TopicPage.objects.live().order_by("title").prefetch_related(stories)
        ],
    }


def _quotation_view(
    quotation: Checked, recording: Recording | None, rows: list[SideBySide], statements: dict[str, Any]
) -> QuotationView:
    ids = [row.original.id for row in rows]
    segments: list[SideBySide] = []
    if quotation.first_segment in ids and quotation.last_segment in ids:
        segments = rows[ids.index(quotation.first_segment) : ids.index(quotation.last_segment) + 1]
    statement = statements.get(quotation.statement)
    said_language, said, original = "", "", ""
    if recording and segments:
        original = _public(row.original for row in segments)
        for language in segments[0].translations:
            translated = _public(row.translations[language] for row in segments if language in row.translations)
            said_language, said = language, translated
    return QuotationView(
        number=quotation.number, text=quotation.text, passage=quotation.passage, offset=quotation.offset,
        length=quotation.length, parts=quotation.parts, verdict=str(quotation.verdict),
        verdict_words=_verdict_words(quotation),
        override_reason=quotation.override_reason, confirmed_at=quotation.confirmed_at,
        recording_id=quotation.recording_id,
        recording_title=recording.title if recording else "", speaker=quotation.speaker,
        start_ms=quotation.start_ms, end_ms=quotation.end_ms, audio_url=recording.audio_url if recording else "",
        transcript_url=f"{recording.get_absolute_url()}#s-{quotation.first_segment}" if recording else "",
        said=said, said_language=said_language, original=original,
        original_language=recording.language if recording else "",
        statement_source=statement.source if statement else "",
        statement_kind=statement.get_kind_display() if statement else "",
        statement_note=_statement_note(statement) if statement else "",
    )  # fmt: skip


def _verdict_words(quotation: Checked) -> str:
    if quotation.verdict is Verdict.FRAGMENT and not quotation.said:
        return "single words, not checked against the record"
    return VERDICT_WORDS.get(quotation.verdict, NOT_BORNE_OUT)


def _statement_note(statement: StoryStatement) -> str:
    """What readers are told of evidence that they can't hear."""
    if statement.source_is_unnamed:
        return "The newsroom knows the source and does not name it."
    return STATEMENT_NOTES[StoryStatement.Kind(statement.kind)]


def _public(segments: Iterable[Segment]) -> str:
    return " ".join(public_text(segment.words) for segment in segments)
