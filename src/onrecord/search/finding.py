"""Searching: from what was typed to stories, recordings and moments with their words marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from threading import BoundedSemaphore

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from onrecord.archive.models import Recording
from onrecord.errors import OnrecordError
from onrecord.search.asking import MOST_COUNTED, Answer, Ask, Order
from onrecord.search.backends import backend
from onrecord.search.models import SearchEntry
from onrecord.stories.models import StoryPage
from onrecord.stories.reading import moment_url, recordings_public
from onrecord.text.searching import LONGEST_QUERY, Query, excerpt, keys_of, matches, parse_query

Kind = SearchEntry.Kind
PAGE = 20
FIRST_STORIES, FIRST_RECORDINGS = 3, 2
LAST_PAGE = MOST_COUNTED // PAGE
AT_ONCE = 4
WAIT_SECONDS = 2.0
_places = BoundedSemaphore(AT_ONCE)


class SearchBusy(OnrecordError):
    code = "search-busy"
    message = "Too many people are searching at this moment. Try again in a few seconds."


@dataclass(frozen=True)
class Wish:
    """What somebody asked for, as typed; whatever it is, it is a wish that can be answered."""

    words: str = ""
    among: str = ""
    language: str = ""
    speaker: str = ""
    since: date | None = None
    until: date | None = None
    order: Order = Order.BEST
    page: int = 1

    @property
    def query(self) -> Query:
        return parse_query(self.words, self.language)

    @property
    def says_something(self) -> bool:
        return bool(self.query or keys_of(self.speaker))

    def ask(self, *, public_only: bool) -> Ask:
        return Ask(
            query=self.query, language=self.language, speaker=tuple(keys_of(self.speaker[:LONGEST_QUERY])[:6]),
            since=_midnight(self.since), until=_midnight(self.until and self.until + timedelta(days=1)),
            order=self.order, public_only=public_only,
        )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Words in one language with those that were looked for marked."""

    language: str
    html: SafeString


@dataclass(frozen=True)
class StoryFound:
    title: SafeString
    url: str
    excerpt: SafeString
    published: datetime | None
    language: str
    byline: str


@dataclass(frozen=True)
class RecordingFound:
    title: SafeString
    url: str
    excerpt: SafeString
    published: datetime | None
    language: str
    duration_ms: int | None
    recording: Recording


@dataclass(frozen=True)
class MomentFound:
    """A moment of a recording; the names are those that the site's play button reads."""

    recording: Recording
    recording_title: str
    recording_id: str
    speaker: str
    start_ms: int
    end_ms: int
    play_url: str
    transcript_url: str
    segment_id: str
    published: datetime | None
    words: tuple[Words, ...]
    number: str = ""


@dataclass
class Found:
    """What was found: `total` counts all of a kind, and 1000 stands for that or more."""

    stories: list[StoryFound] = field(default_factory=list)
    recordings: list[RecordingFound] = field(default_factory=list)
    moments: list[MomentFound] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    page: int = 1
    pages: int = 1

    @property
    def is_empty(self) -> bool:
        return not (self.stories or self.recordings or self.moments)


def search_site(wish: Wish) -> Found:
    """What readers may find. Raises SearchBusy, SearchTookTooLong."""
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise SearchBusy
    try:
        return _search(wish, public_only=True)
    finally:
        _places.release()


def search_desk(wish: Wish) -> Found:
    """The same over everything on record, for who may see it. Raises SearchTookTooLong."""
    return _search(wish, public_only=False)


def languages(*, public_only: bool) -> list[str]:
    """Languages in which something can be found."""
    rows = SearchEntry.objects.filter(is_public=True) if public_only else SearchEntry.objects.all()
    return sorted(rows.order_by().values_list("language", flat=True).distinct())


def _search(wish: Wish, *, public_only: bool) -> Found:
    if not wish.says_something:
        return Found()
    ask = wish.ask(public_only=public_only)
    page = min(max(1, wish.page), LAST_PAGE)
    wanted = {
        "stories": (Kind.STORY, FIRST_STORIES),
        "recordings": (Kind.RECORDING, FIRST_RECORDINGS),
        "moments": (Kind.MOMENT, PAGE),
    }
    found = Found(page=page)
    answers: dict[str, Answer] = {}
    for name, (kind, few) in wanted.items():
        is_paged = name == (wish.among or "moments")
        if ask.speaker and kind != Kind.MOMENT:
            answers[name] = Answer()
        elif is_paged:
            answers[name] = backend().find(ask.of(kind, offset=(page - 1) * PAGE, limit=PAGE))
            found.pages = min(LAST_PAGE, -(-answers[name].total // PAGE)) or 1
        else:
            limit = few if not wish.among and page == 1 else 1
            answers[name] = backend().find(ask.of(kind, limit=limit))
        found.totals[name] = answers[name].total
    shown = {name: () if wish.among not in ("", name) else answer.ids for name, answer in answers.items()}
    if not wish.among and page > 1:
        shown |= {"stories": (), "recordings": ()}
    _fill(found, shown, ask.query, public_only=public_only)
    return found


def _fill(found: Found, shown: Mapping[str, Sequence[int]], query: Query, *, public_only: bool) -> None:
    """Read the rows; what readers may not see (any more) is left out, whatever the index says."""
    entries = SearchEntry.objects.in_bulk([pk for ids in shown.values() for pk in ids])
    rows = {name: [entries[pk] for pk in ids if pk in entries] for name, ids in shown.items()}
    stories = {
        story.pk: story
        for story in StoryPage.objects.cleared().filter(pk__in=[entry.story_id for entry in rows["stories"]])
    }
    seen = recordings_public() if public_only else Recording.objects.standing()
    heard = [entry.recording_id for name in ("recordings", "moments") for entry in rows[name] if entry.recording_id]
    recordings = {row.pk: row for row in seen.filter(pk__in=heard).defer("peaks")}
    found.stories = [
        _story(entry, stories[entry.story_id], query) for entry in rows["stories"] if entry.story_id in stories
    ]
    found.recordings = [
        _recording(entry, recordings[entry.recording_id], query)
        for entry in rows["recordings"]
        if entry.recording_id in recordings
    ]
    found.moments = _moments([e for e in rows["moments"] if e.recording_id in recordings], recordings, query)


def _story(entry: SearchEntry, story: StoryPage, query: Query) -> StoryFound:
    return StoryFound(
        title=marked(entry.title, query, entry.language), url=story.url or "",
        excerpt=_excerpt(entry.text, query, entry.language), published=story.first_published_at,
        language=entry.language, byline=story.byline,
    )  # fmt: skip


def _recording(entry: SearchEntry, recording: Recording, query: Query) -> RecordingFound:
    return RecordingFound(
        title=marked(entry.title, query, entry.language), url=recording.get_absolute_url(),
        excerpt=_excerpt(entry.text, query, entry.language), published=entry.published_at, language=entry.language,
        duration_ms=recording.duration_ms, recording=recording,
    )  # fmt: skip


def _moments(rows: Iterable[SearchEntry], recordings: dict[object, Recording], query: Query) -> list[MomentFound]:
    """A moment that was found in two languages is one moment; what was said in the other language stands by."""
    first: dict[tuple[object, str], SearchEntry] = {}
    for entry in rows:
        first.setdefault((entry.recording_id, entry.segment_id), entry)
    if not first:
        return []
    near = SearchEntry.objects.filter(
        kind=Kind.MOMENT,
        recording_id__in={recording_id for recording_id, _ in first},
        segment_id__in={segment_id for _, segment_id in first},
    )  # a few more than these, and much cheaper to ask for than pairs
    beside: dict[tuple[object, str], list[SearchEntry]] = {}
    for entry in near.order_by("language"):
        beside.setdefault((entry.recording_id, entry.segment_id), []).append(entry)
    found = []
    for place, entry in first.items():
        recording = recordings[entry.recording_id]
        texts = sorted(beside.get(place, [entry]), key=lambda row: row.language != recording.language)
        start, end = entry.start_ms or 0, entry.end_ms or 0
        found.append(
            MomentFound(
                recording=recording, recording_title=recording.title, recording_id=str(recording.pk),
                speaker=entry.speaker, start_ms=start, end_ms=end,
                play_url=moment_url(recording.audio_url, start, end),
                transcript_url=f"{recording.get_absolute_url()}#s-{entry.segment_id}", segment_id=entry.segment_id,
                published=entry.published_at,
                words=tuple(Words(row.language, marked(row.text, query, row.language)) for row in texts),
            )
        )  # fmt: skip
    return found


def marked(text: str, query: Query, language: str) -> SafeString:
    """The text with the words that were looked for in `<mark>`."""
    return _marked(text, matches(text, query, language), 0, len(text))


def _excerpt(text: str, query: Query, language: str) -> SafeString:
    spans = matches(text, query, language)
    start, end = excerpt(text, spans)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", before, _marked(text, spans, start, end), after)


def _marked(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> SafeString:
    pieces: list[tuple[SafeString]] = []
    at = start
    for first, last in spans:
        if first >= at and last <= end:
            pieces.append((format_html("{}<mark>{}</mark>", text[at:first], text[first:last]),))
            at = last
    pieces.append((format_html("{}", text[at:end]),))
    return format_html_join("", "{}", pieces)


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
