"""Pages that are not Wagtail pages: a recording, the corrections log, not found."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from onrecord.stories.reading import recording_view, recordings_public


def recording(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    """A recording that a published story names: player, transcript, copies."""
    row = get_object_or_404(recordings_public(), pk=recording_id)
    return render(request, "site/recording.html", {"view": recording_view(row)})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "site/404.html", status=404)
