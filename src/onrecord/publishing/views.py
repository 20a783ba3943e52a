"""Sitemaps and robots."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Page

from onrecord.publishing.structured_data import absolute, newest_stories
from onrecord.stories.cards import cleared_stories
from onrecord.stories.models import SitePage, StoryPage
from onrecord.stories.reading import recordings_public


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page with the time of its last change."""
    pages = Page.objects.live().type(SitePage).not_type(StoryPage).order_by("path")
    rows = [(absolute(page.url or "/"), page.last_published_at) for page in pages]
    rows += [(absolute(story.url or "/"), story.last_published_at) for story in cleared_stories()]
    rows += [(absolute(reverse("recording", args=[r.pk])), r.added_at) for r in recordings_public().order_by("pk")]
    rows += [(absolute(reverse("corrections-log")), None)]
    return render(request, "publishing/sitemap.xml", {"rows": rows}, content_type="application/xml")


def news_sitemap(request: HttpRequest) -> HttpResponse:
    """The newest stories, in the form that news search engines read."""
    context = {
        "stories": [(absolute(s.url or "/"), s) for s in newest_stories()],
        "name": settings.NEWSROOM_NAME,
        "language": settings.NEWSROOM_LANGUAGE,
    }
    return render(request, "publishing/news_sitemap.xml", context, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """All may read everything but the desk."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /corrections/suggest/",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        f"Sitemap: {absolute(reverse('news-sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
