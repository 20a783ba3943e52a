"""Rows as the API shows them, made of what the site's pages are made of, so that both show the same."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from onrecord.archive.models import Recording
from onrecord.publishing.podcast import transcript_path
from onrecord.publishing.structured_data import absolute
from onrecord.readers.models import CorrectionNote
from onrecord.stories.cards import byline
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages
from onrecord.stories.quoted import QuotationView, RecordingView
from onrecord.stories.reading import published


def story_brief(story: StoryPage) -> dict[str, Any]:
    """A story in a list."""
    return {
        "id": story.pk,
        "slug": story.slug,
        "url": absolute(story.url or "/"),
        "title": story.title,
        "standfirst": story.standfirst,
        "language": story.language or settings.NEWSROOM_LANGUAGE,
        "byline": byline(story),
        "authors": [name(author) for author in story.authors.all()],
        "place": story.dateline_place,
        "date": story.dateline_date,
        "published_at": story.first_published_at,
        "updated_at": story.last_published_at,
        "series": name(story.series) if story.series else None,
        "topics": [name(topic) for topic in story.topics.all()],
    }


def stories_brief(stories: Sequence[StoryPage]) -> list[dict[str, Any]]:
    return [story_brief(story) for story in stories]


def story_whole(story: StoryPage) -> dict[str, Any]:
    """A story with its words, quotations, recordings and corrections."""
    known = published(story)
    notes = CorrectionNote.objects.filter(story=story, published_at__isnull=False).select_related("story")
    return {
        **story_brief(story),
        "text": [{"id": passage.id, "text": passage.text} for passage in story_passages(story)],
        "quotations": [quotation(one, story) for one in known.quotations],
        "recordings": [recording_brief(view.recording) for view in known.recordings],
        "corrections": [correction(note) for note in notes],
    }


def quotation(one: QuotationView, story: StoryPage) -> dict[str, Any]:
    """A quotation; its moment only where it has a time."""
    moment = None
    if one.recording_id and one.start_ms is not None and one.end_ms is not None:
        moment = {
            "recording": one.recording_id, "start_ms": one.start_ms, "end_ms": one.end_ms,
            "play_url": absolute(one.play_url) if one.play_url else "", "transcript_url": absolute(one.transcript_url),
        }  # fmt: skip
    return {
        "key": one.key,
        "number": one.number,
        "text": one.text,
        "language": one.language or story.language or settings.NEWSROOM_LANGUAGE,
        "verdict": one.verdict,
        "verdict_words": one.verdict_words,
        "speaker": one.speaker,
        "source": one.statement_source,
        "original": one.original,
        "original_language": one.original_language,
        "moment": moment,
    }


def story_quotations(story: StoryPage) -> list[dict[str, Any]]:
    """Every quotation of a story, with where it stands."""
    return [
        {**quotation(one, story), "story": story.slug, "story_url": absolute(f"{story.url}#q-{one.key}")}
        for one in published(story).quotations
    ]


def correction(note: CorrectionNote) -> dict[str, Any]:
    return {
        "story": note.story.slug,
        "story_title": note.story.title,
        "url": absolute(f"{note.story.url}#{note.anchor}"),
        "old_words": note.old_words,
        "new_words": note.new_words,
        "reason": note.reason,
        "published_at": note.published_at,
    }


def recording_brief(recording: Recording) -> dict[str, Any]:
    """A recording in a list."""
    return {
        "id": str(recording.pk),
        "url": absolute(recording.get_absolute_url()),
        "title": recording.title,
        "description": recording.description,
        "language": recording.language,
        "duration_ms": recording.duration_ms,
        "audio_url": absolute(recording.audio_url) if recording.audio_url else "",
        "added_at": recording.added_at,
    }


def recording_whole(recording: Recording) -> dict[str, Any]:
    """A recording with its copies and transcripts."""
    view = RecordingView(recording)
    return {
        **recording_brief(recording),
        "independent_origins": view.origins,
        "copies": [
            {"publisher": one.publisher.name, "url": one.url, "published_at": one.published_at, "sha256": one.sha256}
            for one in view.copies
        ],
        "transcripts": [
            {
                "language": row.language, "is_translation": row.is_translation, "made_by": row.made_by,
                "url": absolute(reverse("api-1:transcript", args=[recording.pk, row.language])),
                "vtt_url": absolute(transcript_path(recording.pk, row.language, "vtt")),
            }
            for row in view.transcripts
        ],
    }  # fmt: skip


def name(page: Any) -> dict[str, Any]:
    """A series, a topic or an author."""
    return {"slug": page.slug, "title": page.title, "url": absolute(page.url or "/")}
