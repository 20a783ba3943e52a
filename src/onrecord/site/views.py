"""Pages that are not Wagtail pages: a recording, the stories of a year, not found."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from onrecord.core.reads import covered
from onrecord.publishing.addresses import story_path
from onrecord.publishing.structured_data import absolute, json_ld, recording_data
from onrecord.site.oembed import oembed_url
from onrecord.site.recordings import quoted_moments
from onrecord.stories.cards import stories_of_year
from onrecord.stories.reading import archive_years, recording_view, recordings_public


def recording(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    """A recording that a published story names: player, transcript, copies."""
    with covered(f"moments:{recording_id}", f"recording:{recording_id}"):
        row = get_object_or_404(recordings_public(), pk=recording_id)
    view = recording_view(row)
    view.quoted = quoted_moments(row)  # type: ignore[assignment]
    address = absolute(row.get_absolute_url())
    context = {
        "view": view,
        "canonical_url": address,
        "oembed_url": oembed_url(row.get_absolute_url()) if row.audio_url else "",
        "og": {"title": row.title, "description": row.description, "type": "website", "url": address},
        "json_ld": json_ld({"@context": "https://schema.org", **recording_data(view)}),
    }
    return render(request, "site/recording.html", context)


def archive(request: HttpRequest, year: int) -> HttpResponse:
    """The stories of a year by month, where there are more than the page of all stories shows."""
    with covered("stories"):
        years = archive_years()
        months = [
            {"month": month, "stories": [{"title": s.title, "url": story_path(s.slug), "language": s.language,
                                          "published": s.first_published_at} for s in stories]}
            for month, stories in (stories_of_year(year) if year in years else ())
        ]  # fmt: skip
    if not months:
        raise Http404
    address = absolute(reverse("stories-archive", args=[year]))
    return render(
        request, "site/archive.html", {"year": year, "years": years, "months": months, "canonical_url": address}
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return render(request, "site/404.html", status=404)


def not_running(request: HttpRequest) -> HttpResponse:
    """What the server in front gives where the application does not answer; a file like any page."""
    return render(request, "site/502.html")
