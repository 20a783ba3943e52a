"""The story editor with the gate in it, and what its panel does."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.desk import quotations_of
from onrecord.stories.gate import GateRefused, story_check
from onrecord.stories.middleware import refused_to
from onrecord.stories.models import StoryPage
from onrecord.stories.services import quotation_override
from onrecord.stories.side_panel import QuotationsSidePanel


class StoryEditView(EditView):
    """Wagtail's page editor with the panel “Quotations”."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        panels.insert(1, QuotationsSidePanel(self.page, self.request))
        return panels

    def perform_workflow_action(self) -> HttpResponseBase:
        """Approving may publish; what was typed is saved before the gate looks at it."""
        try:
            return super().perform_workflow_action()
        except GateRefused as error:
            return redirect(refused_to(self.request, error))


class StoryCreateView(CreateView):
    """Wagtail's form for a new page with the same panel."""

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        panels.insert(1, QuotationsSidePanel(self.page, self.request))
        return panels

    def publish_action(self) -> HttpResponseBase:
        """A new story is a draft until the gate has let it through."""
        self.form.instance.live = False
        return super().publish_action()


@require_GET
def quotations(request: HttpRequest, page_id: int) -> HttpResponse:
    """The panel's content for the newest draft."""
    page = _draft(request, page_id)
    context = {"quotations": quotations_of(page, user=request.user), "page": page, "user": request.user}
    return render(request, "stories/desk/quotations_panel.html", context)


@require_POST
def override(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Let one quotation of the newest draft through, with a reason."""
    page = _draft(request, page_id)
    scripted = request.headers.get("Accept", "").startswith("application/json")
    key = request.POST.get("key", "")
    blocking = next((q for q in story_check(page).blocking if q.key == key), None)
    problem = ""
    if blocking is None:
        problem = _("The draft has changed: this quotation does not block any more, or it has other words now.")
    else:
        try:
            quotation_override(
                actor=cast(User, request.user),
                page=page,
                quotation=blocking.text,
                verdict=str(blocking.verdict),
                reason=request.POST.get("reason", ""),
            )
        except OnrecordError as error:
            problem = str(error)
    if scripted:
        return JsonResponse({"ok": not problem, "problem": problem}, status=422 if problem else 200)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("The quotation is let through; the reason stays on record with your name."))
    return redirect(reverse("wagtailadmin_pages:edit", args=[page_id]))


def _draft(request: HttpRequest, page_id: int) -> StoryPage:
    page = get_object_or_404(StoryPage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return cast(StoryPage, page.get_latest_revision_as_object())
