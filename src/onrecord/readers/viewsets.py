"""The two queues in the desk: corrections and comments."""

from collections.abc import Callable
from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from onrecord.readers.desk_views import CommentDecisionView, CorrectionCaseView
from onrecord.readers.models import Comment, CorrectionReport
from onrecord.readers.reading import (
    comments_held_count,
    comments_visible_to,
    correction_reports_visible_to,
    corrections_open_count,
)


class CountedMenuItem(MenuItem):
    """A menu entry that says how much is waiting, for those who may see it."""

    def __init__(self, *args: Any, permissions: tuple[str, ...], count: Callable[[], int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permissions = permissions
        self.count = count

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(permission) for permission in self.permissions)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        waiting = self.count()
        label = f"{self.label} ({waiting})" if waiting else str(self.label)
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, classname=self.classname)


class StateColumn(Column):
    """The state in words, with an icon; never by colour alone."""

    cell_template_name = "readers/desk/state_cell.html"


class PassageColumn(Column):
    """What the reader marked, among the words around it."""

    cell_template_name = "readers/desk/passage_cell.html"


class StoryColumn(Column):
    """The story's headline with a link to it."""

    cell_template_name = "readers/desk/story_cell.html"


class CommentColumn(Column):
    """A comment to be read where it stands, with the buttons that decide."""

    cell_template_name = "readers/desk/comment_cell.html"

    def get_cell_context_data(self, instance: Comment, parent_context: dict[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        return {
            **super().get_cell_context_data(instance, parent_context),
            "csrf_token": get_token(request),
            "may_handle": request.user.has_perm("readers.change_comment"),
            "next": request.get_full_path() if not parent_context.get("results_only") else "",
        }


class CorrectionFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=CorrectionReport.Status.choices)
    origin = django_filters.ChoiceFilter(label=_("From"), choices=CorrectionReport.Origin.choices)

    class Meta:
        model = CorrectionReport
        fields = ["status", "origin"]


class CommentFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=Comment.Status.choices)

    class Meta:
        model = Comment
        fields = ["status"]


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


class CommentIndexView(generic.IndexView):
    """Comments, held ones first."""

    page_title = _("Comments")
    any_permission_required = ["view", "change"]
    template_name = "readers/desk/comments.html"
    results_template_name = "readers/desk/comments_results.html"
    is_searchable = True
    search_fields = ["name", "text", "story__title"]

    def get_base_queryset(self) -> QuerySet[Comment]:
        return comments_visible_to(self.request.user)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = [
            CommentColumn("comment", label=_("Comment"), accessor="text"),
            StoryColumn("story", label=_("Story"), width="20%"),
            StateColumn("status", label=_("State"), width="10%"),
            DateColumn("received", label=_("Received"), accessor="created_at", width="11%"),
        ]
        if self.user_has_permission("change"):
            columns.insert(0, BulkActionsCheckboxColumn("bulk_actions", obj_type="comment"))
        return columns


class ReadersViewSet(ModelViewSet):
    """What both queues share: nothing is added, edited or deleted by hand."""

    copy_view_enabled = False
    add_to_reference_index = False
    add_to_admin_menu = True
    list_per_page = 30
    counted: Callable[[], int]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        absent = ("add_url_name", "edit_url_name", "delete_url_name", "usage_url_name", "history_url_name")
        return {**common, **dict.fromkeys(absent)}

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        codename = f"{self.app_label}.{{}}_{self.model_name}"
        return CountedMenuItem(
            self.menu_label, reverse(self.get_url_name("index")), name=self.menu_name,
            icon_name=self.menu_icon, order=self.get_menu_item_order(order), count=self.counted,
            permissions=(codename.format("view"), codename.format("change")),
        )  # fmt: skip


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


class CommentViewSet(ReadersViewSet):
    model = Comment
    name = "comment_desk"
    url_prefix = "comments"
    icon = "comment"
    menu_label = _("Comments")
    menu_name = "readers-comments"
    menu_order = 140
    filterset_class = CommentFilterSet
    index_view_class = CommentIndexView
    index_template_name = "readers/desk/comments.html"
    index_results_template_name = "readers/desk/comments_results.html"
    counted = staticmethod(comments_held_count)

    def get_urlpatterns(self) -> list[Any]:
        decide = partial(CommentDecisionView.as_view, index_url_name=self.get_url_name("index"))
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/approve/", decide(approve=True), name="approve"),
            path("<int:pk>/reject/", decide(approve=False), name="reject"),
        ]


def _suggestion(report: CorrectionReport) -> str:
    return _shorten(report.suggestion)


def _shorten(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:117].rstrip()}…"


correction_viewset = CorrectionViewSet()
comment_viewset = CommentViewSet()
