"""The queue of corrections and letters."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from onrecord.readers.desk_views.corrections import CorrectionCaseView
from onrecord.readers.models import CorrectionCase, CorrectionReport, Kind
from onrecord.readers.reading import correction_cases_visible_to, correction_editors, corrections_open_count
from onrecord.readers.viewsets.queue import ReadersViewSet, StateColumn, StoryColumn

# Who may see messages may see their cases.
register_permission_policy(CorrectionCase, ModelPermissionPolicy(CorrectionReport))


class CaseColumn(Column):
    """What was marked, among the words around it, and what the first reader says of it."""

    cell_template_name = "readers/desk/case_cell.html"

    def get_cell_context_data(self, instance: CorrectionCase, parent_context: dict[str, Any]) -> dict[str, Any]:
        reports = [row for row in instance.reports.all() if not row.withdrawn_at] or list(instance.reports.all())
        return {
            **super().get_cell_context_data(instance, parent_context),
            "first": reports[0] if reports else None,
            "marked": next((row for row in reports if row.exact), None),
        }


class MessagesColumn(Column):
    """How many readers wrote."""

    cell_template_name = "readers/desk/messages_cell.html"


def _assignees(request: HttpRequest) -> QuerySet[Any]:
    return correction_editors()


class CorrectionFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=CorrectionCase.Status.choices)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    assignee = django_filters.ModelChoiceFilter(
        label=_("Whose case"), queryset=_assignees, null_label=_("Nobody's"), null_value="none"
    )
    origin = django_filters.ChoiceFilter(label=_("From"), choices=CorrectionCase.Origin.choices)
    mail_failed = django_filters.BooleanFilter(label=_("Mail that could not be sent"), field_name="mail_failed")

    class Meta:
        model = CorrectionCase
        fields = ["status", "kind", "assignee", "origin", "mail_failed"]


class CorrectionIndexView(generic.IndexView):
    """Cases: open ones first, of these the ones that most readers wrote about."""

    page_title = _("Corrections")
    verbose_name = _("case")
    verbose_name_plural = _("cases")
    any_permission_required = ["view", "change"]
    is_searchable = True
    search_fields = ["story__title"]

    def get_base_queryset(self) -> QuerySet[CorrectionCase]:
        return correction_cases_visible_to(self.request.user)

    def search_queryset(self, queryset: QuerySet[CorrectionCase]) -> QuerySet[CorrectionCase]:
        if not self.is_searching:
            return queryset
        words = self.search_query
        said = Q(suggestion__icontains=words) | Q(exact__icontains=words)
        found = CorrectionReport.objects.filter(said).values("case")
        return queryset.filter(Q(pk__in=found) | Q(story__title__icontains=words))

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            CaseColumn("case", label=_("Passage, and what is said of it"), accessor="pk", width="36%"),
            StoryColumn("story", label=_("Story"), width="18%"),
            MessagesColumn("messages", label=_("Readers"), accessor="messages", sort_key="messages", width="7%"),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind", width="9%"),
            Column("assignee", label=_("Whose case"), accessor=_assignee, sort_key="assignee__username", width="10%"),
            StateColumn("status", label=_("State"), sort_key="status", width="10%"),
            DateColumn("oldest", label=_("Oldest"), accessor="created_at", sort_key="created_at", width="9%"),
        ]


class CorrectionViewSet(ReadersViewSet):
    model = CorrectionCase
    name = "correction_desk"
    url_prefix = "corrections"
    icon = "edit"
    menu_label = _("Corrections")
    menu_name = "corrections"
    menu_order = 130
    inspect_view_enabled = True
    filterset_class = CorrectionFilterSet
    index_view_class = CorrectionIndexView
    index_results_template_name = "readers/desk/corrections_results.html"
    counted = staticmethod(corrections_open_count)
    seen_by = ("readers.view_correctionreport", "readers.change_correctionreport")

    def get_urlpatterns(self) -> list[Any]:
        case = self.construct_view(CorrectionCaseView, index_url_name=self.get_url_name("index"))
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", case, name="inspect"),
        ]


def _assignee(case: CorrectionCase) -> str:
    return (case.assignee.get_full_name() or case.assignee.get_username()) if case.assignee else ""


correction_viewset = CorrectionViewSet()
