"""Entries as they ought to be, and how those in the table are brought there."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from onrecord.archive.models import Recording
from onrecord.search import elsewhere
from onrecord.search.models import SearchEntry
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages
from onrecord.stories.reading import recordings_public
from onrecord.text.masks import public_text
from onrecord.text.searching import keys_of, lemmas_of
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import latest_versions

Kind = SearchEntry.Kind
_READ = ("title", "text", "speaker", "language")
_FIELDS = ("title", "text", "speaker", "language", "start_ms", "end_ms", "place", "published_at", "is_public")
_COMPARED = ("title_keys", "title_lemmas", "keys", "lemmas", "speaker_keys")
_AT_ONCE = 500


def story_entry_update(story_id: int) -> None:
    """The entry of a story as readers read it now; none when they may not."""
    with transaction.atomic():
        story = StoryPage.objects.cleared().filter(pk=story_id).first()
        _bring(SearchEntry.objects.filter(story_id=story_id), [_of_story(story)] if story else [])
        elsewhere.due(f"story:{story_id}")


def recording_entries_update(recording_id: UUID | str, *, anew: bool = False) -> None:
    """The entries of a recording, of its newest transcript and of its translations; `anew`: whatever they were."""
    with transaction.atomic():
        if anew:
            SearchEntry.objects.filter(recording_id=recording_id).delete()
        recording = Recording.objects.select_for_update().defer("peaks").filter(pk=recording_id).first()
        wanted = [] if recording is None or recording.filed_under_id else list(_of_recording(recording))
        _bring(SearchEntry.objects.filter(recording_id=recording_id), wanted)
        elsewhere.due(f"recording:{recording_id}")


def outdated_entries_remove(version: TranscriptVersion) -> None:
    """Take out what the new version does not say, inside its transaction: a word that was masked is found no more."""
    said = {
        _moment_key(version, segment.id): (public_text(segment.words), segment.speaker)
        for segment in segments_from_json(version.segments)
    }
    entries = SearchEntry.objects.filter(
        kind=Kind.MOMENT, recording=version.transcript.recording_id, language=version.transcript.language
    )
    rows = entries.values_list("pk", "key", "text", "speaker").iterator()
    _delete(pk for pk, key, text, speaker in rows if said.get(key) != (text, speaker))
    elsewhere.due(f"recording:{version.transcript.recording_id}")


@transaction.atomic
def publicity_update() -> None:
    """Mark the entries of recordings that readers may see, and of no others; drop stories that they may not see."""
    public = recordings_public().order_by().values("pk")
    cleared = StoryPage.objects.cleared().order_by().values("pk")
    of_recordings = SearchEntry.objects.exclude(kind=Kind.STORY)
    hidden = of_recordings.filter(is_public=True).exclude(recording__in=public)
    shown = of_recordings.filter(is_public=False, recording__in=public)
    gone = SearchEntry.objects.filter(kind=Kind.STORY).exclude(story__in=cleared)
    changed: set[str] = set()
    if elsewhere.is_on():
        for rows in (hidden, shown):
            changed.update(
                f"recording:{pk}" for pk in rows.order_by().values_list("recording_id", flat=True).distinct()
            )
        changed.update(f"story:{pk}" for pk in gone.values_list("story_id", flat=True))
    hidden.update(is_public=False)
    shown.update(is_public=True)
    gone.delete()
    elsewhere.due(*changed)


def story_entry_remove(story_id: int) -> None:
    """The story is not to be found any more, nor are recordings that only it named."""
    SearchEntry.objects.filter(story_id=story_id).delete()
    elsewhere.due(f"story:{story_id}")
    publicity_update()


def subjects() -> Iterator[tuple[str, Any]]:
    """Everything that has entries, for who makes them all again: `story` or `recording`, and its primary key."""
    yield from (("story", pk) for pk in StoryPage.objects.cleared().order_by("pk").values_list("pk", flat=True))
    yield from (("recording", pk) for pk in Recording.objects.order_by("added_at", "pk").values_list("pk", flat=True))


def strays_remove() -> int:
    """Drop entries whose story or recording may have none; gives how many."""
    stray = SearchEntry.objects.filter(
        Q(kind=Kind.STORY) & ~Q(story__in=StoryPage.objects.cleared().order_by().values("pk"))
        | ~Q(kind=Kind.STORY) & Q(recording__filed_under__isnull=False)
    )
    return stray.delete()[0]


def _of_story(story: StoryPage) -> SearchEntry:
    headline, *rest = story_passages(story)
    return SearchEntry(
        key=f"story:{story.pk}", kind=Kind.STORY, story=story, title=headline.text[:250],
        text="\n".join(" ".join(passage.text.split()) for passage in rest),
        language=getattr(story, "language", "") or settings.NEWSROOM_LANGUAGE,
        published_at=story.first_published_at, is_public=True,
    )  # fmt: skip


def _of_recording(recording: Recording) -> Iterator[SearchEntry]:
    first = recording.copies.order_by("published_at", "pk").values_list("published_at", flat=True).first()
    common: dict[str, Any] = {
        "recording": recording,
        "published_at": first or recording.added_at,
        "is_public": recordings_public().filter(pk=recording.pk).exists(),
    }
    yield SearchEntry(
        key=f"recording:{recording.pk}", kind=Kind.RECORDING, title=recording.title, text=recording.description,
        language=recording.language, **common,
    )  # fmt: skip
    for version in latest_versions([recording]):
        for place, segment in enumerate(segments_from_json(version.segments)):
            if segment.words:
                yield SearchEntry(
                    key=_moment_key(version, segment.id), kind=Kind.MOMENT, segment_id=segment.id, place=place,
                    language=version.transcript.language, text=public_text(segment.words),
                    speaker=segment.speaker[:250],
                    start_ms=segment.start_ms, end_ms=segment.end_ms, **common,
                )  # fmt: skip


def _moment_key(version: TranscriptVersion, segment_id: str) -> str:
    return f"moment:{version.transcript.recording_id}:{version.transcript.language}:{segment_id}"


def _bring(there: Any, wanted: Iterable[SearchEntry]) -> None:
    """Write only what differs: most of a long transcript is as it was."""
    known = {entry.key: entry for entry in there.only("key", *_FIELDS)}
    new, changed = [], []
    for entry in wanted:
        old = known.pop(entry.key, None)
        if old is None:
            new.append(_with_words(entry))
        elif any(getattr(old, name) != getattr(entry, name) for name in _FIELDS):
            entry.pk = old.pk
            changed.append(_with_words(entry))
    _delete(entry.pk for entry in known.values())
    SearchEntry.objects.bulk_update(changed, [*_FIELDS, *_COMPARED], batch_size=100)
    SearchEntry.objects.bulk_create(new, batch_size=_AT_ONCE)


def _delete(keys: Iterable[int]) -> None:
    gone = list(keys)
    for at in range(0, len(gone), _AT_ONCE):
        SearchEntry.objects.filter(pk__in=gone[at : at + _AT_ONCE]).delete()


def _with_words(entry: SearchEntry) -> SearchEntry:
    title, body, speaker = keys_of(entry.title), keys_of(entry.text), keys_of(entry.speaker)
    entry.title_keys, entry.title_lemmas = " ".join(title), " ".join(lemmas_of(title, entry.language))
    entry.keys, entry.lemmas = " ".join(body), " ".join(lemmas_of(body, entry.language))
    entry.speaker_keys = "".join(f" {key}" for key in speaker)[:500]
    return entry
