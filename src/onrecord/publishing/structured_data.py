"""What machines read in a page: canonical address, Open Graph, schema.org as JSON-LD."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.models import Page

from onrecord.core.reads import covered
from onrecord.readers.models import CorrectionNote
from onrecord.readers.reading import notes_shown
from onrecord.stories.authors import AuthorPage
from onrecord.stories.cards import cleared_stories
from onrecord.stories.models import SeriesPage, StoryPage, TopicPage
from onrecord.stories.reading import QuotationView, RecordingView, published

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def machine_context(page: Page, request: HttpRequest) -> dict[str, Any]:
    """Canonical address, Open Graph, feeds and JSON-LD of a page."""
    url = absolute(page.url or "/")
    context: dict[str, Any] = {
        "canonical_url": url,
        "og": {
            "title": page.title,
            "description": getattr(page, "standfirst", "") or getattr(page, "description", ""),
            "type": "article" if isinstance(page, StoryPage) else "website",
            "url": url,
        },
        "feeds": _feeds(page),
    }
    if isinstance(page, StoryPage) and page.live:
        with covered(f"story:{page.pk}", f"notes:{page.pk}"):
            context["json_ld"] = json_ld(story_data(page))
    return context


def _feeds(page: Page) -> list[dict[str, str]]:
    """Feeds that a page names in its head and foot: its own first."""
    own = {SeriesPage: "series-feed", TopicPage: "topic-feed", AuthorPage: "author-feed"}.get(type(page))
    feeds = [(page.title, reverse(own, args=[page.slug, "rss"]), "rss")] if own else []
    feeds += [
        (settings.NEWSROOM_NAME, reverse("stories-rss"), "rss"),
        (settings.NEWSROOM_NAME, reverse("stories-atom"), "atom"),
        (gettext("Corrections"), reverse("corrections-atom"), "atom"),
        (gettext("Recordings"), reverse("podcast"), "rss"),
    ]
    return [{"title": title, "url": url, "type": f"application/{form}+xml"} for title, url, form in feeds]


def absolute(path: str) -> str:
    """The full address of a path on this site; a full address is given back."""
    return path if path.startswith(("http://", "https://")) else f"{settings.SITE_URL}{path}"


def json_ld(data: dict[str, Any]) -> SafeString:
    """JSON that is safe inside `<script type="application/ld+json">`."""
    return mark_safe(json.dumps(data, ensure_ascii=False, sort_keys=True).translate(_ESCAPES))


def story_data(page: StoryPage) -> dict[str, Any]:
    """schema.org NewsArticle with its quotations, recordings and corrections."""
    known = published(page)
    notes = notes_shown(CorrectionNote.objects.filter(story=page, published_at__isnull=False).select_related("story"))
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.standfirst,
        "url": absolute(page.url or "/"),
        "mainEntityOfPage": absolute(page.url or "/"),
        "datePublished": page.first_published_at.isoformat() if page.first_published_at else None,
        "dateModified": page.last_published_at.isoformat() if page.last_published_at else None,
        "inLanguage": page.language or settings.NEWSROOM_LANGUAGE,
        "author": _authors(page),
        "dateline": page.dateline_place or None,
        "isAccessibleForFree": True,
        "publisher": {"@type": "NewsMediaOrganization", "name": settings.NEWSROOM_NAME, "url": settings.SITE_URL,
                      "correctionsPolicy": absolute(reverse("corrections-log"))},
        "keywords": [topic.title for topic in page.topics.all()],
        "isPartOf": {"@type": "CreativeWorkSeries", "name": page.series.title, "url": absolute(page.series.url or "/")}
        if page.series else None,
        "audio": [recording_data(view) for view in known.recordings],
        "hasPart": [_quotation_data(quotation) for quotation in known.quotations],
        "correction": [
            {"@type": "CorrectionComment", "text": f"“{note.old_words}” → “{note.new_words}”. {note.reason}",
             "datePublished": note.published_at.isoformat() if note.published_at else None,
             "url": absolute(f"{page.url}#{note.anchor}")}
            for note in notes
        ],
    }  # fmt: skip
    return {name: value for name, value in data.items() if value}


def recording_data(view: RecordingView) -> dict[str, Any]:
    """schema.org AudioObject of a recording."""
    recording, first = view.recording, view.first_copy
    data = {
        "@type": "AudioObject",
        "name": recording.title,
        "url": absolute(recording.get_absolute_url()),
        "contentUrl": absolute(recording.audio_url) if recording.audio_url else None,
        "encodingFormat": "audio/mpeg" if recording.audio_url else None,
        "inLanguage": recording.language,
        "duration": f"PT{recording.duration_ms / 1000:.3f}S" if recording.duration_ms else None,
        "datePublished": first.published_at.isoformat() if first else None,
        "publisher": {"@type": "Organization", "name": first.publisher.name} if first else None,
        "isBasedOn": first.url or None if first else None,
        "embedUrl": absolute(reverse("recording-embed", args=[recording.pk])) if recording.audio_url else None,
        "caption": [
            {"@type": "MediaObject", "encodingFormat": "text/vtt", "inLanguage": transcript.language,
             "contentUrl": absolute(reverse("transcript-file", args=[recording.pk, transcript.language, "vtt"]))}
            for transcript in view.transcripts
        ],
    }  # fmt: skip
    return {name: value for name, value in data.items() if value}


def _authors(page: StoryPage) -> list[dict[str, str]] | dict[str, str] | None:
    """Those who have a page, with its address; else the byline as it is printed."""
    people = [
        {"@type": "Person", "name": author.title, "url": absolute(author.url or "/")} for author in page.authors.all()
    ]
    return people or ({"@type": "Person", "name": page.byline} if page.byline else None)


def _quotation_data(quotation: QuotationView) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "Quotation",
        "text": quotation.text,
        "identifier": quotation.anchor,
        "inLanguage": quotation.language,
    }
    if not quotation.language:
        del data["inLanguage"]
    if speaker := quotation.speaker or quotation.statement_source:
        data["creditText"] = speaker
    if quotation.play_url and quotation.start_ms is not None and quotation.end_ms is not None:
        data["isPartOf"] = {
            "@type": "Clip",
            "startOffset": round(quotation.start_ms / 1000, 3),
            "endOffset": round(quotation.end_ms / 1000, 3),
            "url": absolute(quotation.play_url),
            "isPartOf": absolute(reverse("recording", args=[quotation.recording_id])),
        }
    return data


def newest_stories() -> list[StoryPage]:
    """Cleared stories of the two days up to the newest one, for the news sitemap: no clock, so that a bake repeats."""
    stories = list(cleared_stories()[:1000])
    newest = next((story.first_published_at for story in stories if story.first_published_at), None)
    return [s for s in stories if newest and s.first_published_at and (newest - s.first_published_at).days < 2]
