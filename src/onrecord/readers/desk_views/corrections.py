"""One case in the desk: the passage in context, its evidence, who wrote, and what is done."""

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
from wagtail.models import ModelLogEntry

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.readers.desk_views.deciding import ACTS, FORMS, Acted, story_edit_url
from onrecord.readers.drafts import likely_replacement
from onrecord.readers.models import CorrectionCase, CorrectionReport, Kind
from onrecord.readers.passages import block_of
from onrecord.readers.reading import (
    CaseView,
    case_view,
    cases_beside,
    correction_cases_visible_to,
    correction_editors,
)
from onrecord.readers.services import mail_is_set_up


class CorrectionCaseView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One case: seen, sorted, talked about, decided."""

    model = CorrectionCase
    any_permission_required = ["view", "change"]
    template_name = "readers/desk/case.html"
    page_title = gettext_lazy("Case")
    header_icon = "edit"
    index_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Corrections")},
            {"url": "", "label": f"{self.get_page_title()} {self.row.pk}"},
        ]

    @cached_property
    def actor(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def row(self) -> CorrectionCase:
        rows = correction_cases_visible_to(self.actor).select_related(
            "story", "handled_by", "assignee", "note", "record_version__transcript__recording"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def view(self) -> CaseView:
        return case_view(self.row)

    @cached_property
    def may_handle(self) -> bool:
        return self.user_has_permission("change")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, view = self.row, self.view
        current = view.current
        block_id = block_of(current.passage.id if current else view.report.block_id if view.report else "")
        reports = list(CorrectionReport.objects.filter(case=row).prefetch_related("mails__by"))
        context = {
            "case": row,
            "view": view,
            "reports": reports,
            "addressed": sum(1 for report in reports if report.email),
            "story": row.story,
            "story_edit_url": story_edit_url(row.story, block_id) if row.story else "",
            "compare_url": self._compare_url(),
            "may_handle": self.may_handle,
            "note": getattr(row, "note", None),
            "case_notes": row.notes.select_related("by"),
            "beside": cases_beside(row) if row.is_open and self.may_handle else [],
            "history": _history(row),
            "mail_is_set_up": mail_is_set_up(),
            "forms": {name: self._form(name) for name in FORMS} if self.may_handle else {},
        }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        name = request.POST.get("decision", "")
        if name not in ACTS:
            messages.error(request, _("Nothing is decided: this button is not known. Load the page again."))
            return self._again()
        form = self._form(name, request.POST) if name in FORMS else None
        if form is not None and not form.is_valid():
            messages.error(request, _("Nothing is decided yet: look at the marked fields."))
            return self._again(name, form)
        try:
            acted: Acted = ACTS[name](self.actor, self.row, form.cleaned_data if form else request.POST)
        except OnrecordError as error:
            messages.error(request, str(error))
            return self._again(name, form)
        (messages.success if acted.is_well else messages.warning)(request, acted.words)
        return redirect(acted.url or (request.path if acted.stays else reverse(self.index_url_name)))

    def _form(self, name: str, data: Any = None) -> Any:
        kwargs: dict[str, Any] = {"prefix": None, "auto_id": f"id_{name}_%s"}
        if name == "sort":
            kwargs["editors"] = correction_editors()
        if data is None:
            kwargs["initial"] = self._initial(name)
        return FORMS[name](data, **kwargs)

    def _initial(self, name: str) -> dict[str, Any]:
        row, report = self.row, self.view.report
        if name == "sort":
            return {"kind": row.kind, "assignee": row.assignee_id or (self.actor.pk if row.is_open else None)}
        if name != "accept" or report is None:
            return {}
        stands = self.view.published or self.view.current  # the note says what readers had, not what a draft has
        old = stands.words if stands else report.exact
        weights = CorrectionCase.Weight
        return {
            "weight": weights.TYPO if row.kind == Kind.TYPO else weights.SUBSTANCE,
            "old_words": old,
            "new_words": row.proposed or likely_replacement(old, report.suggestion),
            "reason": _("The transcript of the recording was corrected.") if row.record_version_id else "",
        }

    def _compare_url(self) -> str:
        story, revision = self.row.story, self.row.draft_revision
        if story is None or not revision or not story.live:
            return ""
        return reverse("wagtailadmin_pages:revisions_compare", args=[story.pk, "live", revision])

    def _again(self, name: str = "", form: Any = None) -> HttpResponse:
        self.__dict__.pop("row", None)
        self.__dict__.pop("view", None)
        context = self.get_context_data()
        if form is not None and name in context["forms"]:
            context["forms"][name] = form
        return self.render_to_response(context, status=400)


def _history(row: CorrectionCase) -> list[ModelLogEntry]:
    """Who did what with the case, oldest first."""
    return list(ModelLogEntry.objects.for_instance(row).select_related("user").order_by("timestamp", "pk"))
