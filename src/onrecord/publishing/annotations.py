"""A story's quotations as W3C Web Annotations: the words in the story, and the moment they were said."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from onrecord.core.baked import TYPES
from onrecord.core.reads import covered
from onrecord.publishing.lookup import story_at
from onrecord.publishing.structured_data import absolute
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages
from onrecord.stories.quoted import QuotationView
from onrecord.stories.reading import published

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32


def story_annotations(request: HttpRequest, slug: str) -> HttpResponse:
    """The quotations of a story that are tied to a moment."""
    story = story_at(slug)
    quotations = published(story).quotations
    with covered(f"story:{story.pk}"):
        texts = {passage.id: passage.text for passage in story_passages(story)}
    page = annotation_page(story, quotations, texts)
    return HttpResponse(json.dumps(page, ensure_ascii=False, indent=1), content_type=TYPES[".json"])


def annotation_page(story: StoryPage, quotations: Sequence[QuotationView], texts: dict[str, str]) -> dict[str, Any]:
    """An AnnotationPage of the quotations that can be heard."""
    url = absolute(story.url or "/")
    return {
        "@context": CONTEXT,
        "id": absolute(annotations_path(story.slug)),
        "type": "AnnotationPage",
        "items": [_annotation(url, q, texts.get(q.passage, "")) for q in quotations if q.play_url],
    }


def annotations_path(slug: str) -> str:
    return reverse("story-annotations", args=[slug])


def annotations_paths(stories: Sequence[StoryPage]) -> list[str]:
    """Addresses of the annotations of these stories."""
    return [annotations_path(story.slug) for story in stories]


def _annotation(url: str, quotation: QuotationView, text: str) -> dict[str, Any]:
    start, end = quotation.offset, quotation.offset + quotation.length
    fragment = quotation.play_url.partition("#")[2]
    return {
        "id": f"{url}#q-{quotation.key}",
        "type": "Annotation",
        "motivation": "linking",
        "target": {
            "source": url,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": text[start:end] or quotation.text,
                    "prefix": text[max(0, start - AROUND) : start],
                    "suffix": text[end : end + AROUND],
                },
                {
                    "type": "CssSelector",
                    "value": f'[data-block="{quotation.passage}"]',
                    "refinedBy": {"type": "TextPositionSelector", "start": start, "end": end},
                },
            ],
        },
        "body": {
            "source": absolute(quotation.audio_url),
            "format": "audio/mpeg",
            "language": quotation.original_language,
            "selector": {
                "type": "FragmentSelector",
                "conformsTo": "http://www.w3.org/TR/media-frags/",
                "value": fragment,
            },
        },
    }
