"""Words out of the newsroom as a file: masked, or whole for work inside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onrecord.archive.custody import record_event
from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.text.subtitles import (
    write_json,
    write_otranscribe,
    write_podcast,
    write_srt,
    write_text,
    write_ttml,
    write_vtt,
)
from onrecord.text.subtitles.word_writing import WordHead, WordSide, write_docx
from onrecord.text.transcripts import Segment
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.reviews import DRAFT
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.versions import authorise, latest_version

Write = Callable[[Sequence[Segment], bool, str], str]


class NothingToExport(OnrecordError):
    code = "nothing-to-export"
    message = "“{title}” has no words in {language}. Choose one of the languages that it has."


class UnknownExport(OnrecordError):
    code = "unknown-export"
    message = "There is no format {format}. Choose one of: {known}."


@dataclass(frozen=True)
class Format:
    """A kind of file: its name for people, its suffix, its media type; `whole` if it may have masked words open."""

    name: Promise
    suffix: str
    media_type: str
    write: Write | None = None
    whole: bool = True


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: dict[str, Format] = {
    "docx": Format(gettext_lazy("Word"), "docx", _WORD),
    "docx-two": Format(gettext_lazy("Word, original beside translation"), "docx", _WORD),
    "vtt": Format(
        gettext_lazy("WebVTT"), "vtt", "text/vtt", lambda s, public, _: write_vtt(s, public=public, word_times=True)
    ),
    "srt": Format(
        gettext_lazy("SubRip (SRT)"), "srt", "application/x-subrip", lambda s, public, _: write_srt(s, public=public)
    ),
    "ttml": Format(
        gettext_lazy("TTML"),
        "ttml",
        "application/ttml+xml",
        lambda s, public, language: write_ttml(s, public=public, language=language),
    ),
    "json": Format(
        gettext_lazy("Whisper JSON"),
        "json",
        "application/json",
        lambda s, public, language: write_json(s, public=public, language=language),
    ),
    "otr": Format(
        gettext_lazy("oTranscribe"), "otr", "application/json", lambda s, public, _: write_otranscribe(s, public=public)
    ),
    "txt": Format(
        gettext_lazy("Plain text"), "txt", "text/plain", lambda s, public, _: write_text(s, public=public, times=True)
    ),
    "podcast": Format(
        gettext_lazy("Podcast transcript (JSON)"),
        "json",
        "application/json",
        lambda s, public, _: write_podcast(s),
        whole=False,
    ),
}


@dataclass(frozen=True)
class Export:
    """A file to be handed over."""

    filename: str
    media_type: str
    data: bytes


def words_export(*, actor: User, recording: Recording, format: str, language: str, whole: bool = False) -> Export:
    """The newest version of the words in a language as a file, masked as for readers.

    With `whole`, which only people who may change transcripts can ask for, masked words are open, marked as masked so
    that they come back so; the recording's history keeps who took them out. What readers' players load is masked
    always. Raises UnknownExport, NothingToExport, PermissionDenied.
    """
    kind = FORMATS.get(format)
    if kind is None:
        raise UnknownExport(format=format, known=", ".join(FORMATS))
    if not any(actor.has_perm(f"transcripts.{name}_transcript") for name in ("view", "change")):
        raise PermissionDenied
    if whole:
        authorise(actor)
    whole = whole and kind.whole
    versions = _versions(recording, language, both=format == "docx-two")
    if kind.write is not None:
        data = kind.write(segments_from_json(versions[0].segments), not whole, language).encode()
    else:
        data = _word(recording, versions, whole=whole)
    if whole:
        with transaction.atomic():
            record_event(
                Recording.objects.select_for_update().get(pk=recording.pk),
                actor=str(actor),
                action="words taken out unmasked",
                data={"format": format, "versions": [f"{v.transcript.language} {v.number}" for v in versions]},
                at=timezone.now(),
            )
    languages = "-".join(version.transcript.language for version in versions)
    name = slugify(recording.title)[:60] or str(recording.pk)
    return Export(f"{name}.{languages}{'.unmasked' if whole else ''}.{kind.suffix}", kind.media_type, data)


def _versions(recording: Recording, language: str, *, both: bool) -> list[TranscriptVersion]:
    """The newest version in the language; with `both` after that of the language spoken."""
    wanted = list(dict.fromkeys([recording.language, language])) if both else [language]
    found = []
    for name in wanted:
        version = latest_version(recording, name)
        if version is None:
            raise NothingToExport(title=recording.title, language=name)
        found.append(version)
    return found


def _word(recording: Recording, versions: Sequence[TranscriptVersion], *, whole: bool) -> bytes:
    copy = recording.timed_copy()
    facts = [(_("Recording"), str(recording.pk))]
    if copy is not None:
        facts.append((_("Published"), f"{copy.publisher}, {copy.published_at:%-d %B %Y}"))
        if copy.url:
            facts.append((_("At"), copy.url))
    head = WordHead(
        title=recording.title,
        facts=tuple(facts),
        sides=tuple(WordSide(v.transcript.language, _title(v), review_summary(v)) for v in versions),
        first=_("Time and speaker"),
        warning=_("Masked words can be read in this copy. For work inside the newsroom only.") if whole else "",
    )
    columns = [segments_from_json(version.segments) for version in versions]
    others = [{segment.id: segment for segment in column} for column in columns[1:]]
    rows = [
        (segment, *(other.get(segment.id, Segment(segment.id, 0, 0, "", ())) for other in others))
        for segment in columns[0]
    ]
    return write_docx(head, rows, public=not whole)


def _title(version: TranscriptVersion) -> str:
    return _("Translation") if version.transcript.is_translation else _("Transcript")


def review_summary(version: TranscriptVersion) -> str:
    """How far the review of a version is, and by whom, in words."""
    states = [version.reviews.get(segment["id"], DRAFT) for segment in version.segments if segment["words"]]
    reviewed = [state for state in states if state[0] == "reviewed"]
    parts = [_("version %(number)s") % {"number": version.number}]
    if version.transcript.made_by:
        parts.append(version.transcript.made_by)
    if reviewed and len(reviewed) == len(states):
        people = ", ".join(dict.fromkeys(state[1] for state in reviewed if state[1]))
        day = max(state[2] for state in reviewed)[:10]
        parts.append(_("reviewed by %(people)s, %(day)s") % {"people": people, "day": day})
    else:
        numbers = {"reviewed": len(reviewed), "count": len(states)}
        parts.append(_("%(reviewed)s of %(count)s segments reviewed") % numbers)
        machine = sum(state[0] == "machine" for state in states)
        if machine:
            parts.append(_("%(count)s by machine and not looked at") % {"count": machine})
    return ", ".join(parts)
