"""What robots are told."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from onrecord.publishing.structured_data import absolute


def robots(request: HttpRequest) -> HttpResponse:
    """All may read everything but the desk and what is written to."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /corrections/suggest/",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        f"Sitemap: {absolute(reverse('news-sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
