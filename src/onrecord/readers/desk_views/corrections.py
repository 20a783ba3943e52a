"""What editors do with suggested corrections."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.drafts import likely_replacement
from onrecord.readers.forms import AcceptForm, DeclineForm
from onrecord.readers.models import CorrectionReport
from onrecord.readers.passages import block_of
from onrecord.readers.reading import (
    CorrectionCase,
    correction_case,
    correction_reports_visible_to,
)
from onrecord.readers.services import (
    Accepted,
    correction_accept,
    correction_decline,
)
from onrecord.stories.models import StoryPage


def story_edit_url(story: StoryPage, block_id: str = "") -> str:
    """The story in the editor, at a block of its body."""
    url = reverse("wagtailadmin_pages:edit", args=[story.pk])
    return f"{url}#block-{block_id}-section" if "-" in block_id else url


class CorrectionCaseView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One suggestion: the passage in context, its evidence, and the decision."""

    model = CorrectionReport
    any_permission_required = ["view", "change"]
    template_name = "readers/desk/case.html"
    page_title = gettext_lazy("Suggested correction")
    header_icon = "edit"
    index_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Corrections")},
            {"url": "", "label": f"{self.get_page_title()} {self.report.pk}"},
        ]

    @cached_property
    def actor(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def report(self) -> CorrectionReport:
        rows = correction_reports_visible_to(self.actor).select_related("note", "record_version__transcript__recording")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def case(self) -> CorrectionCase:
        return correction_case(self.report)

    @cached_property
    def may_handle(self) -> bool:
        return self.user_has_permission("change")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report, current = self.report, self.case.current
        block_id = block_of(current.passage.id if current else report.block_id)
        context = {
            "report": report,
            "case": self.case,
            "story": report.story,
            "story_edit_url": story_edit_url(report.story, block_id),
            "may_handle": self.may_handle,
            "note": getattr(report, "note", None),
            "accept_form": AcceptForm(initial=self._proposed()),
            "decline_form": DeclineForm(),
        }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        accepting = request.POST.get("decision") == "accept"
        form = (AcceptForm if accepting else DeclineForm)(request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing is decided yet: look at the marked fields."))
            return self._again(accepting, form)
        try:
            if accepting:
                return self._accepted(correction_accept(actor=self.actor, report=self.report, **form.cleaned_data))
            correction_decline(actor=self.actor, report=self.report, reason=form.cleaned_data["decline_reason"])
        except OnrecordError as error:
            messages.error(request, str(error))
            return self._again(accepting, form)
        messages.success(request, _("The suggestion is declined."))
        return redirect(self.index_url_name)

    def _again(self, accepting: bool, form: Any) -> HttpResponse:
        self.__dict__.pop("report", None)
        context = self.get_context_data(**{"accept_form" if accepting else "decline_form": form})
        return self.render_to_response(context, status=400)

    def _accepted(self, done: Accepted) -> HttpResponse:
        story = done.report.story
        if done.changed:
            words = _("Accepted. The words are changed in this draft: look at them, then publish.")
        else:
            words = _(
                "Accepted, but the old words could not be changed for you: they are not at the passage any "
                "more, not there just once, reach over a link or bold text, or the story is locked. Change "
                "them by hand, then publish."
            )
        if done.note:
            words = f"{words} {_('The public note follows when the story is published.')}"
        (messages.success if done.changed else messages.warning)(self.request, words)
        if story.permissions_for_user(self.request.user).can_edit():
            return redirect(story_edit_url(story, done.block_id))
        return redirect(self.index_url_name)

    def _proposed(self) -> dict[str, str]:
        stands = self.case.published or self.case.current  # the note says what readers had, not what a draft has
        old = stands.words if stands else self.report.exact
        return {
            "kind": CorrectionReport.Kind.SUBSTANCE,
            "old_words": old,
            "new_words": self.report.proposed or likely_replacement(old, self.report.suggestion),
            "reason": _("The transcript of the recording was corrected.") if self.report.record_version_id else "",
        }
