"""The queue of suggested corrections."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from onrecord.readers.desk_views.corrections import CorrectionCaseView
from onrecord.readers.models import CorrectionReport
from onrecord.readers.reading import (
    correction_reports_visible_to,
    corrections_open_count,
)
from onrecord.readers.viewsets.queue import ReadersViewSet, StateColumn, StoryColumn


class PassageColumn(Column):
    """What the reader marked, among the words around it."""

    cell_template_name = "readers/desk/passage_cell.html"


class CorrectionFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=CorrectionReport.Status.choices)
    origin = django_filters.ChoiceFilter(label=_("From"), choices=CorrectionReport.Origin.choices)

    class Meta:
        model = CorrectionReport
        fields = ["status", "origin"]


class CorrectionIndexView(generic.IndexView):
    """Suggested corrections, open ones first."""

    page_title = _("Corrections")
    verbose_name = _("suggestion")
    verbose_name_plural = _("suggestions")
    any_permission_required = ["view", "change"]
    is_searchable = True
    search_fields = ["suggestion", "exact", "story__title"]

    def get_base_queryset(self) -> QuerySet[CorrectionReport]:
        return correction_reports_visible_to(self.request.user)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn("suggestion", label=_("Suggestion"), accessor=_suggestion, get_url=self.get_inspect_url),
            PassageColumn("exact", label=_("Passage"), accessor=lambda report: _shorten(report.exact), width="30%"),
            StoryColumn("story", label=_("Story"), width="20%"),
            StateColumn("status", label=_("State"), width="10%"),
            DateColumn("received", label=_("Received"), accessor="created_at", width="11%"),
        ]


class CorrectionViewSet(ReadersViewSet):
    model = CorrectionReport
    name = "correction_desk"
    url_prefix = "corrections"
    icon = "edit"
    menu_label = _("Corrections")
    menu_name = "corrections"
    menu_order = 130
    inspect_view_enabled = True
    filterset_class = CorrectionFilterSet
    index_view_class = CorrectionIndexView
    counted = staticmethod(corrections_open_count)

    def get_urlpatterns(self) -> list[Any]:
        case = self.construct_view(CorrectionCaseView, index_url_name=self.get_url_name("index"))
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", case, name="inspect"),
        ]


def _suggestion(report: CorrectionReport) -> str:
    return _shorten(report.suggestion)


def _shorten(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117].rstrip()}…"


correction_viewset = CorrectionViewSet()
