"""The desk's page on a story's published versions: what readers are told of each, and keeping one from being shown."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button

from onrecord.errors import OnrecordError
from onrecord.stories.models import StoryEdition, StoryPage
from onrecord.stories.services import edition_explain, edition_release, edition_withhold


@permission_required("wagtailadmin.access_admin", login_url="wagtailadmin_login")
def versions(request: HttpRequest, page_id: int) -> HttpResponse:
    """Every published state of the story with its note, newest first."""
    story = get_object_or_404(StoryPage, pk=page_id)
    if not story.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    editions = story.editions.select_related("withheld_by").order_by("-published_at", "-pk")
    context = {
        "story": story,
        "editions": editions,
        "may_decide": story.permissions_for_user(request.user).can_publish(),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_explore_root"), "label": _("Pages")},
            {"url": reverse("wagtailadmin_pages:edit", args=[story.pk]), "label": story.title},
            {"url": "", "label": _("Versions that readers had")},
        ],
        "page_title": _("Versions that readers had"),
        "header_icon": "history",
    }
    return TemplateResponse(request, "stories/desk/versions.html", context)


@require_POST
@permission_required("wagtailadmin.access_admin", login_url="wagtailadmin_login")
def decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Explain a version, withhold it, or show it again."""
    edition = get_object_or_404(StoryEdition.objects.select_related("page"), pk=pk)
    given: dict[str, Any] = {"actor": request.user, "edition": edition}
    try:
        match act:
            case "explain":
                edition_explain(**given, note=request.POST.get("note", "")[:250])
                messages.success(request, _("Readers are told so."))
            case "withhold":
                edition_withhold(**given, reason=request.POST.get("reason", "")[:250])
                messages.success(request, _("The words of this version are shown to nobody any more."))
            case _other:
                edition_release(**given)
                messages.success(request, _("The words of this version are shown again."))
    except OnrecordError as error:
        messages.error(request, str(error))
    return redirect("story_versions:list", edition.page_id)


urlpatterns = [
    path("<int:page_id>/", versions, name="list"),
    *(path(f"{act}/<int:pk>/", decide, {"act": act}, name=act) for act in ("explain", "withhold", "release")),
]


@hooks.register("register_page_header_buttons")
def versions_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> list[Button]:
    """In the menu of a published story's editor."""
    if not isinstance(page, StoryPage) or page.first_published_at is None:
        return []
    return [
        Button(
            _("Versions that readers had"),
            reverse("story_versions:list", args=[page.pk]),
            icon_name="history",
            priority=70,
        )
    ]
