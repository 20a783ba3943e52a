"""oEmbed: what other sites show in place of an address of ours (oembed.com)."""

import re
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from onrecord.publishing.lookup import story_at
from onrecord.publishing.structured_data import absolute
from onrecord.site.embeds import HEIGHT, WIDTH, embed_code, embed_path
from onrecord.stories.reading import published, recordings_public

RECORDING = re.compile(r"/(?:embed/)?recordings/([0-9a-f-]{36})/")
QUOTATION = re.compile(r"/stories/([^/#?]+)/#q-([\w-]+)|/embed/stories/([^/#?]+)/([\w-]+)/")


def oembed(request: HttpRequest) -> HttpResponse:
    """A frame for a quotation or a recording; 404 for any other address, 501 for any other form than JSON."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse("Only JSON.", status=HTTPStatus.NOT_IMPLEMENTED, content_type="text/plain")
    url = request.GET.get("url", "")
    if not url.startswith(f"{settings.SITE_URL}/"):
        return HttpResponse("Not of this site.", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    path, title = _frame(url.removeprefix(settings.SITE_URL))
    if not path:
        return HttpResponse("Nothing to show here.", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    width = _within(request.GET.get("maxwidth", ""), WIDTH)
    height = _within(request.GET.get("maxheight", ""), HEIGHT)
    response = JsonResponse(
        {
            "version": "1.0", "type": "rich", "title": title, "provider_name": settings.NEWSROOM_NAME,
            "provider_url": settings.SITE_URL, "html": embed_code(path, title), "width": width, "height": height,
            "cache_age": 3600,
        }
    )  # fmt: skip
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def oembed_url(path: str) -> str:
    """Where the description of an address of this site is, for its `<link>`."""
    return absolute(f"{reverse('oembed')}?{urlencode({'url': absolute(path), 'format': 'json'})}")


def _frame(path: str) -> tuple[str, str]:
    """The frame's path and title; two empty strings where there is none."""
    if match := RECORDING.fullmatch(path.partition("#")[0]):
        try:
            recording = recordings_public().filter(pk=UUID(match.group(1))).exclude(audio="").first()
        except ValueError:
            return "", ""
        return (reverse("recording-embed", args=[recording.pk]), recording.title) if recording else ("", "")
    if match := QUOTATION.fullmatch(path):
        slug, key = match.group(1) or match.group(3), match.group(2) or match.group(4)
        story = story_at(slug)
        quotation = next((one for one in published(story).quotations if one.key == key), None)
        return (embed_path(story, quotation), story.title) if quotation else ("", "")
    return "", ""


def _within(asked: str, ours: int) -> int:
    return min(int(asked), ours) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 and int(asked) else ours
