"""The last net under the doors of the desk: a refusal of the gate is an answer, not a crash."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from onrecord.stories.desk import refusal
from onrecord.stories.gate import GateRefused
from onrecord.stories.models import StoryPage


class GateRefusedMiddleware:
    """Wherever in the desk a story is refused, the editor lands on it, with the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        desk = reverse("wagtailadmin_home")
        if not isinstance(exception, GateRefused) or not request.path.startswith(desk):
            return None
        if request.path.startswith(f"{desk}api/"):
            return JsonResponse({"code": exception.code, "detail": str(exception)}, status=409)
        url = refused_to(request, exception)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":  # Wagtail's dialogs follow this
            return JsonResponse({"step": "success", "redirect": url})
        return redirect(url)


def refused_to(request: HttpRequest, error: GateRefused) -> str:
    """Say why, and give the address of the story's editor."""
    page = StoryPage.objects.get(pk=error.fields["page_id"])
    messages.error(request, refusal(page, error.report))
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
