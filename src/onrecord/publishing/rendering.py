"""A public address as an anonymous reader gets it, and what it was made from."""

import re
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from wagtail.models import Page
from wagtail.views import serve as wagtail_serve

from onrecord.core.reads import covered, note, reading, watcher
from onrecord.publishing.addresses import NOT_FOUND_PATH
from onrecord.publishing.lookup import RESTRICTIONS, is_restricted, story_at
from onrecord.publishing.tables import keys_of_table
from onrecord.stories.models import StoryPage

STORY = re.compile(r"stories/([^/]+)/")
_watch = watcher(keys_of_table)


@dataclass(frozen=True)
class Rendered:
    """The bytes at an address, None when there is no page; and the keys of what they were made from."""

    content: bytes | None
    keys: frozenset[str]


def render(path: str) -> Rendered:
    """The page at an address, without middleware, in the newsroom's language whoever asks for it."""
    with (
        translation.override(settings.LANGUAGE_CODE),
        timezone.override(timezone.get_default_timezone()),
        reading() as reads,
        connection.execute_wrapper(_watch),
    ):
        response = _response(path)
    if response is None or (response.status_code != 200 and path != NOT_FOUND_PATH):
        return Rendered(None, frozenset())
    return Rendered(response.content, frozenset(reads.keys))


def anonymous_request(path: str) -> WSGIRequest:
    """A reader's request for an address of this site."""
    site = urlsplit(settings.SITE_URL)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.encode().decode("latin-1"),  # as WSGI has it
            "SERVER_NAME": site.hostname or "localhost",
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "HTTP_HOST": site.netloc,
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.user = AnonymousUser()
    return request


def _response(path: str) -> HttpResponse | None:
    request = anonymous_request(path)
    try:
        view, args, kwargs = resolve(path)
        response = _page(request, *args) if view is wagtail_serve else view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    except (Http404, Resolver404):
        return None
    return response


def _page(request: HttpRequest, path: str) -> HttpResponse | None:
    """A page of the tree; None where a password or a login is asked for, which the application does.

    The search through the tree is not what the page is made from; a story is found without it.
    """
    if (at := STORY.fullmatch(path)) and (story := story_at(at.group(1))).url == request.path:
        return None if is_restricted(story) else story.serve(request)
    with covered(RESTRICTIONS):
        found = Page.route_for_request(request, path)
        if found is None or found[0].get_view_restrictions():
            return None
    page, args, kwargs = found
    note(f"story:{page.pk}" if isinstance(page, StoryPage) else f"page:{page.pk}")
    response: HttpResponse = page.serve(request, *args, **kwargs)
    return response
