"""The queue of comments."""

from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views import generic

from onrecord.readers.desk_views.comments import CommentDecisionView
from onrecord.readers.models import Comment
from onrecord.readers.reading import (
    comments_held_count,
    comments_visible_to,
)
from onrecord.readers.viewsets.queue import ReadersViewSet, StateColumn, StoryColumn


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


class CommentFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=Comment.Status.choices)

    class Meta:
        model = Comment
        fields = ["status"]


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


comment_viewset = CommentViewSet()
