"""What the API answers. Every word in it is one that readers may read."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    """Why there is no answer: a stable code, and words for people."""

    code: str
    message: str
    fields: list[dict[str, Any]] = []


class Failure(Schema):
    error: Problem


class Name(Schema):
    """A series, a topic or an author."""

    slug: str
    title: str
    url: str


class Gathering(Name):
    description: str
    stories: int = Field(description="Number of published stories.")


class StoryBrief(Schema):
    id: int
    slug: str
    url: str
    title: str
    standfirst: str
    language: str
    byline: str
    authors: list[Name]
    place: str
    date: date | None
    published_at: datetime | None
    updated_at: datetime | None
    series: Name | None
    topics: list[Name]


class Moment(Schema):
    """A stretch of a recording."""

    recording: str = Field(description="Id of the recording.")
    start_ms: int
    end_ms: int
    play_url: str = Field(description="The sound as a media fragment; empty while nothing can be heard.")
    transcript_url: str


class Quotation(Schema):
    key: str = Field(description="Names the quotation as long as its words stay the same.")
    number: int
    text: str = Field(description="As it stands in the story.")
    language: str
    verdict: str
    verdict_words: str
    speaker: str
    source: str = Field(description="Of a statement that is no recording, as it stands in print.")
    original: str = Field(description="The words on record around it, masked.")
    original_language: str
    moment: Moment | None


class StoryQuotation(Quotation):
    story: str = Field(description="Slug of the story.")
    story_url: str


class Correction(Schema):
    story: str
    story_title: str
    url: str
    old_words: str
    new_words: str
    reason: str
    published_at: datetime


class CopyOut(Schema):
    """One file of a recording, as one publisher put it out."""

    publisher: str
    url: str
    published_at: datetime
    sha256: str


class TranscriptBrief(Schema):
    language: str
    is_translation: bool
    made_by: str
    url: str = Field(description="Its segments, in this API.")
    vtt_url: str


class RecordingBrief(Schema):
    id: str
    url: str
    title: str
    description: str
    language: str
    duration_ms: int | None
    audio_url: str = Field(description="Masked words are bleeped; empty while there is no such copy.")
    added_at: datetime


class RecordingOut(RecordingBrief):
    independent_origins: int
    copies: list[CopyOut]
    transcripts: list[TranscriptBrief]


class SegmentOut(Schema):
    id: str
    start_ms: int
    end_ms: int
    speaker: str
    text: str = Field(description="Masked words are masked.")


class PassageOut(Schema):
    id: str
    text: str


class StoryOut(StoryBrief):
    text: list[PassageOut]
    quotations: list[Quotation]
    recordings: list[RecordingBrief]
    corrections: list[Correction]


class FoundStory(Schema):
    title: str
    url: str
    excerpt: str
    published_at: datetime | None


class FoundMoment(Schema):
    recording: str
    recording_title: str
    speaker: str
    start_ms: int
    end_ms: int
    play_url: str
    transcript_url: str
    words: dict[str, str] = Field(description="By language; masked words are masked.")


class FoundRecording(Schema):
    id: str
    title: str
    url: str
    excerpt: str


class SearchOut(Schema):
    """Totals stop counting at 1000."""

    totals: dict[str, int]
    page: int
    pages: int
    stories: list[FoundStory]
    recordings: list[FoundRecording]
    moments: list[FoundMoment]


class Page(Schema):
    """Of a list: how many there are in all, and the addresses of the pages beside this one."""

    count: int
    next: str | None
    previous: str | None


class Stories(Page):
    results: list[StoryBrief]


class Recordings(Page):
    results: list[RecordingBrief]


class Segments(Page):
    language: str
    is_translation: bool
    results: list[SegmentOut]


class Quotations(Page):
    results: list[StoryQuotation]


class Corrections(Page):
    results: list[Correction]


class Gatherings(Page):
    results: list[Gathering]
