"""Quotations and recordings as readers see them: words with their masks, and what plays them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext, gettext_lazy

from onrecord.archive.models import Copy, Recording
from onrecord.archive.reposts import independent_origins
from onrecord.core.reads import note
from onrecord.stories.checked import Checked
from onrecord.stories.models import StoryPage, StoryStatement
from onrecord.stories.rendering import Mark
from onrecord.stories.words import Words, words_of
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.services import SideBySide, side_by_side

COPIES = Prefetch("copies", queryset=Copy.objects.select_related("publisher"))
COPIES_OF_NAMED = Prefetch("story_recordings__recording__copies", queryset=Copy.objects.select_related("publisher"))
KEY_LENGTH = 10
VERDICT_WORDS = {
    Verdict.VERBATIM: gettext_lazy("word for word"),
    Verdict.EDITED: gettext_lazy("shortened or clarified, as marked"),
    Verdict.FRAGMENT: gettext_lazy("single words from the record"),
    Verdict.OVERRIDDEN: gettext_lazy("not borne out by the record as we have it"),
    Verdict.STALE: gettext_lazy("being checked again: the transcript changed"),
}
STATEMENT_NOTES = {
    StoryStatement.Kind.STATEMENT: gettext_lazy("The newsroom has the words as they were given out."),
    StoryStatement.Kind.DOCUMENT: gettext_lazy("The newsroom has the words of the document."),
    StoryStatement.Kind.INTERVIEW: gettext_lazy("From the newsroom's own notes."),
    StoryStatement.Kind.OUTLET: gettext_lazy("As the other outlet reported it; the newsroom did not hear it itself."),
}


@dataclass(frozen=True)
class QuotationView:
    """One quotation for readers. `key` names it in addresses as long as its words stay the same.

    `language` is that of the words in print, where it is not the story's.
    """

    number: int
    key: str
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
    language: str = ""

    @property
    def anchor(self) -> str:
        return f"quotation-{self.number}"

    @property
    def play_url(self) -> str:
        """The sound from there, as a media fragment; empty where nothing can be heard."""
        return moment_url(self.audio_url, self.start_ms, self.end_ms)

    @property
    def mark(self) -> Mark:
        what = self.speaker or gettext("this quotation")
        return Mark(
            number=self.number, key=self.key, parts=self.parts, play_url=self.play_url,
            start_ms=self.start_ms, end_ms=self.end_ms, recording_id=self.recording_id, language=self.language,
            label=gettext("Play: %(what)s, %(time)s") % {"what": what, "time": clock(self.start_ms or 0)},
        )  # fmt: skip


@dataclass
class RecordingView:
    """A recording as readers see it. Everything masked is masked here already."""

    recording: Recording
    quoted: list[QuotationView] = field(default_factory=list)
    words: Words | None = None

    def __post_init__(self) -> None:
        note(f"recording:{self.recording.pk}")

    @cached_property
    def rows(self) -> list[SideBySide]:
        return side_by_side(self.recording)

    @cached_property
    def known(self) -> Words:
        """What the newest transcript and its translations say of themselves."""
        return self.words or words_of([self.recording])[str(self.recording.pk)]

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
    def heard_copy(self) -> Copy | None:
        """The file that is heard, and that quotations were timed on."""
        own = [copy for copy in self.copies if copy.moved_from_id is None]
        return min(own, key=lambda copy: copy.pk, default=self.first_copy)

    @cached_property
    def publishers(self) -> list[str]:
        return list(dict.fromkeys(copy.publisher.name for copy in self.copies))

    @cached_property
    def transcripts(self) -> list[Any]:
        """Transcript and translations; one that was only begun is not shown."""
        written = {tag for tag, row in self.known.translations.items() if any(one["words"] for one in row.segments)}
        found = self.recording.transcripts.all()
        return [transcript for transcript in found if not transcript.is_translation or transcript.language in written]

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


def quotation_keys(quotations: Iterable[Checked]) -> list[str]:
    """Short names for addresses, one for each: the same as long as the words are; the second of a kind is `…-2`."""
    seen: dict[str, int] = {}
    keys = []
    for quotation in quotations:
        short = quotation.key[:KEY_LENGTH] or f"n{quotation.number}"
        seen[short] = seen.get(short, 0) + 1
        keys.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return keys


def quotations_view(
    page: StoryPage,
    quotations: Iterable[Checked],
    *,
    named: Sequence[Recording] = (),
    statements: Sequence[StoryStatement] | None = None,
    words: dict[str, Words] | None = None,
) -> list[QuotationView]:
    """Quotations with the words said, their counterpart in the other language, and what plays them.

    What the caller has already (recordings, statements, words by recording) is not asked for again.
    """
    quotations = list(quotations)
    quoted = {q.recording_id for q in quotations if q.recording_id}
    recordings = {str(recording.pk): recording for recording in named if str(recording.pk) in quoted}
    note(*(f"recording:{pk}" for pk in quoted))
    if missing := quoted - recordings.keys():
        recordings.update((str(r.pk), r) for r in Recording.objects.filter(pk__in=missing))
    words = dict(words or {})
    if unread := [recording for key, recording in recordings.items() if key not in words]:
        words.update(words_of(unread))
    known = {str(row.uid): row for row in (page.statements.all() if statements is None else statements)}
    keys = quotation_keys(quotations)
    own = page.language or settings.NEWSROOM_LANGUAGE
    return [
        _quotation_view(q, key, recordings.get(q.recording_id), words.get(q.recording_id), known, own)
        for q, key in zip(quotations, keys, strict=True)
    ]


def _quotation_view(
    quotation: Checked,
    key: str,
    recording: Recording | None,
    words: Words | None,
    statements: dict[str, StoryStatement],
    own: str,
) -> QuotationView:
    statement = statements.get(quotation.statement)
    language = words.language_of(quotation.version_id) if words else statement.language if statement else ""
    original, said, said_language = "", "", ""
    if words is not None:
        original, translated = words.between(quotation.first_segment, quotation.last_segment)
        said_language, said = next(((tag, text) for tag, text in reversed(translated.items()) if text), ("", ""))
    return QuotationView(
        number=quotation.number, key=key, text=quotation.text, passage=quotation.passage, offset=quotation.offset,
        length=quotation.length, parts=quotation.parts, verdict=str(quotation.verdict),
        verdict_words=_verdict_words(quotation),
        override_reason=quotation.override_reason, confirmed_at=quotation.confirmed_at,
        recording_id=quotation.recording_id, recording_title=recording.title if recording else "",
        speaker=quotation.speaker, start_ms=quotation.start_ms, end_ms=quotation.end_ms,
        audio_url=recording.audio_url if recording else "",
        transcript_url=f"{recording.get_absolute_url()}#s-{quotation.first_segment}" if recording else "",
        said=said, said_language=said_language, original=original,
        original_language=recording.language if recording else "",
        statement_source=statement.source if statement else "",
        statement_kind=statement.get_kind_display() if statement else "",
        statement_note=_statement_note(statement) if statement else "",
        language="" if language == own else language,
    )  # fmt: skip


def _verdict_words(quotation: Checked) -> str:
    if quotation.verdict is Verdict.FRAGMENT and not quotation.said:
        return gettext("single words, not checked against the record")
    known = VERDICT_WORDS.get(quotation.verdict)
    return str(known) if known else gettext("not borne out by the record; being checked again")


def _statement_note(statement: StoryStatement) -> str:
    """What readers are told of evidence that they can't hear."""
    if statement.source_is_unnamed:
        return gettext("The newsroom knows the source and does not name it.")
    return str(STATEMENT_NOTES[StoryStatement.Kind(statement.kind)])
