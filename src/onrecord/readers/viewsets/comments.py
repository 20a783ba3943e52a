"""The queues of comments."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.middleware.csrf import get_token
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from onrecord.readers.desk_views.comments import CommentDecisionView
from onrecord.readers.desk_views.moderation import BansView, DiscussionView
from onrecord.readers.models import Comment, CommentReport, WordRule
from onrecord.readers.reading import comments_queue, comments_visible_to, comments_waiting_count, queue_counts
from onrecord.readers.viewsets.queue import ReadersViewSet, StateColumn, StoryColumn

QUEUES = {
    "new": _("New"),
    "reported": _("Reported"),
    "approved": _("Approved"),
    "rejected": _("Rejected"),
    "spam": _("Spam"),
}


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
    queue = django_filters.ChoiceFilter(
        label=_("Queue"), choices=list(QUEUES.items()), method="filter_queue", empty_label=_("All")
    )
    status = django_filters.ChoiceFilter(label=_("State"), choices=Comment.Status.choices)

    class Meta:
        model = Comment
        fields = ["queue", "status", "story"]

    def filter_queue(self, rows: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        return comments_queue(rows, value)


class CommentIndexView(generic.IndexView):
    """Comments: those that wait first."""

    page_title = _("Comments")
    any_permission_required = ["view", "change"]
    template_name = "readers/desk/comments.html"
    results_template_name = "readers/desk/comments_results.html"
    is_searchable = True
    search_fields = ["name", "text", "story__title"]

    def get_base_queryset(self) -> QuerySet[Comment]:
        waiting = CommentReport.objects.filter(handled_at=None)
        return comments_visible_to(self.request.user).prefetch_related(
            Prefetch("reports", queryset=waiting, to_attr="open_reports")
        )

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        counts, chosen = queue_counts(), self.request.GET.get("queue", "")
        context["queues"] = [
            {"name": label, "count": counts[key], "url": f"{reverse(self.index_url_name)}?queue={key}" if key else "",
             "chosen": key == chosen}
            for key, label in QUEUES.items()
        ]  # fmt: skip
        return context

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if self.user_has_permission("change"):
            buttons += [
                Button(_("Word list"), url=reverse("comment_words:index"), icon_name="list-ul", priority=10),
                Button(_("Banned networks"), url=reverse("comment_desk:bans"), icon_name="cross", priority=20),
            ]
        return buttons

    @cached_property
    def columns(self) -> list[BaseColumn]:
        columns: list[BaseColumn] = [
            CommentColumn("comment", label=_("Comment"), accessor="text"),
            StoryColumn("story", label=_("Story"), width="18%"),
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
    counted = staticmethod(comments_waiting_count)

    def get_urlpatterns(self) -> list[Any]:
        index = self.get_url_name("index")
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("banned/", BansView.as_view(), name="bans"),
            path("story/<int:pk>/", DiscussionView.as_view(), name="discussion"),
            path("<int:pk>/<str:decision>/", CommentDecisionView.as_view(index_url_name=index), name="decide"),
        ]


class WordViewSet(ModelViewSet):
    """Words at which comments are held or filed as spam."""

    model = WordRule
    name = "comment_words"
    url_prefix = "comments/words"
    icon = "list-ul"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    form_fields = ["words", "action"]
    list_display = ["words", Column("action", label=_("What happens"), accessor="get_action_display")]
    search_fields = ["words"]


comment_viewset = CommentViewSet()
word_viewset = WordViewSet()
