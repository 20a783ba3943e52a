"""The story editor with the gate in it, and what its panel does."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.checked import Checked
from onrecord.stories.desk import place_name, places_shown, quotations_of
from onrecord.stories.gate import GateRefused, story_check
from onrecord.stories.middleware import refused_to
from onrecord.stories.models import StoryPage
from onrecord.stories.services import (
    confirmation_withdraw,
    override_withdraw,
    place_choose,
    quotation_confirm,
    quotation_override,
)
from onrecord.stories.side_panel import QuotationsSidePanel
from onrecord.transcripts.elsewhere import said_elsewhere

Asked = QueryDict


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


@require_GET
def elsewhere(request: HttpRequest, page_id: int) -> HttpResponse:
    """Where in recordings that the draft does not name the words of one of its quotations stand."""
    page = _draft(request, page_id)
    report = story_check(page)
    found = next((q for q in report.quotations if q.key == request.GET.get("key")), None)
    places = said_elsewhere(found.text, exclude=report.recordings) if found else ()
    return render(request, "stories/desk/elsewhere.html", {"places": places_shown(places)})


@require_POST
def decide(request: HttpRequest, page_id: int, decision: str) -> HttpResponseBase:
    """Decide on one quotation of the newest draft, or take a decision back; see DECISIONS."""
    page = _draft(request, page_id)
    asked = request.POST
    found = [
        quotation
        for quotation in story_check(page).quotations
        if quotation.key == asked.get("key", "")
        and asked.get("place")
        in (None, "", place_name(quotation.recording_id, quotation.version_id, quotation.start_ms))
    ]
    done, act = DECISIONS[decision]
    problem = ""
    try:
        if not found:
            raise DraftHasChanged
        act(cast(User, request.user), page, found[0], asked)
    except OnrecordError as error:
        problem = str(error)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"ok": not problem, "problem": problem}, status=422 if problem else 200)
    (messages.error if problem else messages.success)(request, problem or done)
    return redirect(reverse("wagtailadmin_pages:edit", args=[page_id]))


class DraftHasChanged(OnrecordError):
    code = "quotation-changed"
    message = "The draft or the record has changed: look at the quotation again as it is now. Nothing was decided."


def _override(actor: User, page: StoryPage, quotation: Checked, asked: Asked) -> None:
    if not quotation.blocks:
        raise DraftHasChanged
    quotation_override(
        actor=actor, page=page, quotation=quotation.text, verdict=str(quotation.verdict), reason=asked.get("reason", "")
    )


def _confirm(actor: User, page: StoryPage, quotation: Checked, asked: Asked) -> None:
    heard = asked.get("heard_ms", "")
    quotation_confirm(actor=actor, page=page, quotation=quotation, heard_ms=int(heard) if heard.isdecimal() else 0)


def _place(actor: User, page: StoryPage, quotation: Checked, asked: Asked) -> None:
    for place in quotation.elsewhere:
        if place_name(place.recording_id, place.version_id, place.start_ms) == asked.get("choice"):
            place_choose(actor=actor, page=page, quotation=quotation, place=place)
            return
    raise DraftHasChanged


DECISIONS: dict[str, tuple[Promise, Callable[[User, StoryPage, Checked, Asked], Any]]] = {
    "override": (_("The quotation is let through; the reason stays on record with your name."), _override),
    "override-withdraw": (
        _("The override is withdrawn: the story can't be published again with these words."),
        lambda actor, page, quotation, asked: override_withdraw(actor=actor, page=page, key=quotation.key),
    ),
    "confirm": (_("It is on record that you listened to it."), _confirm),
    "confirm-withdraw": (
        _("Your word is taken back."),
        lambda actor, page, quotation, asked: confirmation_withdraw(actor=actor, page=page, quotation=quotation),
    ),
    "place": (_("The quotation is bound to this place."), _place),
}


def _draft(request: HttpRequest, page_id: int) -> StoryPage:
    page = get_object_or_404(StoryPage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return cast(StoryPage, page.get_latest_revision_as_object())
