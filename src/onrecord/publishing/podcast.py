"""Recordings as a podcast, and their transcripts as files. Sound and words are those that readers get: masked."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from onrecord.archive.models import Recording
from onrecord.core.baked import TYPES
from onrecord.core.reads import covered, note
from onrecord.publishing.feeds import Rss
from onrecord.publishing.structured_data import absolute
from onrecord.stories.quoted import COPIES
from onrecord.stories.reading import recordings_public
from onrecord.text.masks import public_text
from onrecord.text.subtitles.writing import write_vtt
from onrecord.text.transcripts import Segment
from onrecord.transcripts.models import Transcript
from onrecord.transcripts.segments import segments_from_json

LENGTH = 300
NAMESPACES = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
}
TRANSCRIPT_TYPES = {"vtt": "text/vtt", "json": "application/json"}


class PodcastRss(Rss):
    """RSS with the elements that podcast players read."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **NAMESPACES}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("itunes:author", settings.NEWSROOM_NAME)
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:type", "episodic")
        handler.addQuickElement("itunes:category", "", {"text": "News"})
        handler.addQuickElement("podcast:guid", str(uuid5(NAMESPACE_URL, str(self.feed["feed_url"]))))
        handler.addQuickElement("podcast:medium", "podcast")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:episodeType", "full")
        handler.addQuickElement("itunes:explicit", "false")
        if item["duration"]:
            handler.addQuickElement("itunes:duration", str(item["duration"]))
        for attributes in item["transcripts"]:
            handler.addQuickElement("podcast:transcript", "", attributes)


def podcast(request: HttpRequest) -> HttpResponse:
    """The newest recordings that readers can hear."""
    path = reverse("podcast")
    feed = PodcastRss(
        title=_("%(newsroom)s: recordings") % {"newsroom": settings.NEWSROOM_NAME}, link=settings.SITE_URL,
        description=_("The published recordings that our stories are built on, as we have them."),
        language=settings.NEWSROOM_LANGUAGE, feed_url=absolute(path),
    )  # fmt: skip
    with covered("recordings"):
        rows = recordings_public().exclude(audio="").order_by("-added_at", "pk").prefetch_related(COPIES)[:LENGTH]
        recordings = list(rows)
        transcripts = transcripts_of(recordings)
    for recording in recordings:
        copies = list(recording.copies.all())
        address = absolute(recording.get_absolute_url())
        feed.add_item(
            title=recording.title, link=address, description=recording.description or recording.title,
            pubdate=copies[0].published_at if copies else recording.added_at, updateddate=None,
            unique_id=f"urn:uuid:{recording.pk}", unique_id_is_permalink=False,
            author_name=None, enclosures=[Enclosure(absolute(recording.audio_url), _size(recording), "audio/mpeg")],
            duration=round((recording.duration_ms or 0) / 1000),
            transcripts=[
                {"url": absolute(transcript_path(recording.pk, language, form)), "type": kind, "language": language,
                 **({"rel": "captions"} if form == "vtt" else {})}
                for language in transcripts.get(recording.pk, ())
                for form, kind in TRANSCRIPT_TYPES.items()
            ],
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=TYPES[".rss"])


def transcript_file(request: HttpRequest, recording_id: UUID, language: str, form: str) -> HttpResponse:
    """The newest transcript or translation in a language, masked: WebVTT, or JSON as podcast players read it."""
    with covered(f"moments:{recording_id}", f"recording:{recording_id}"):
        recording = get_object_or_404(recordings_public(), pk=recording_id)
        segments = public_segments(recording, language)
    text = write_vtt(segments, public=True) if form == "vtt" else json.dumps(transcript_json(segments), **_JSON)
    return HttpResponse(text, content_type=TYPES[f".{form}"])


def public_segments(recording: Recording, language: str) -> list[Segment]:
    """The newest segments in a language; only their `public_text` is for readers. Raises Http404."""
    transcript = get_object_or_404(Transcript, recording=recording, language=language)
    version = transcript.versions.first()
    if version is None:
        raise Http404
    return [segment for segment in segments_from_json(version.segments) if segment.words]


def transcript_json(segments: Sequence[Segment]) -> dict[str, Any]:
    """Podcast namespace's JSON transcript: times in seconds."""
    return {
        "version": "1.0.0",
        "segments": [
            {"startTime": segment.start_ms / 1000, "endTime": segment.end_ms / 1000,
             **({"speaker": segment.speaker} if segment.speaker else {}), "body": public_text(segment.words)}
            for segment in segments
        ],
    }  # fmt: skip


def transcripts_of(recordings: Sequence[Recording]) -> dict[UUID, list[str]]:
    """Languages in which recordings have words, the one that is spoken first."""
    note(*(f"recording:{recording.pk}" for recording in recordings))
    found: dict[UUID, list[str]] = {}
    with covered():
        rows = Transcript.objects.filter(recording__in=recordings, versions__isnull=False).distinct()
        for pk, language in rows.order_by("is_translation", "language").values_list("recording_id", "language"):
            found.setdefault(pk, []).append(language)
    return found


def transcript_path(recording_id: UUID, language: str, form: str) -> str:
    return reverse("transcript-file", args=[recording_id, language, form])


def transcript_paths(recordings: Sequence[UUID]) -> Iterator[str]:
    """Addresses of the transcripts of these recordings."""
    rows = Transcript.objects.filter(recording__in=recordings, versions__isnull=False).distinct()
    for pk, language in rows.order_by("recording", "language").values_list("recording_id", "language"):
        yield from (transcript_path(pk, language, form) for form in TRANSCRIPT_TYPES)


_JSON: dict[str, Any] = {"ensure_ascii": False, "indent": 1}


def _size(recording: Recording) -> str:
    """Bytes of the web copy, 0 while it is not there. Its name says what is in it: the size goes with the row."""
    try:
        return str(Path(settings.MEDIA_ROOT, recording.audio).stat().st_size)
    except FileNotFoundError:
        return "0"
