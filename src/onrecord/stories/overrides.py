"""The list of overrides in the desk: what was printed against the record, by whom, why, and taking it back."""

from typing import Any, cast

import django_filters
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from onrecord.core.models import User
from onrecord.errors import OnrecordError
from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.decisions import QuotationOverride
from onrecord.stories.services import override_withdraw

IN_FORCE, WITHDRAWN = "in-force", "withdrawn"


def overrides_listed() -> QuerySet[QuotationOverride]:
    """All overrides, those in force first; `on_page` says whether readers have the words now."""
    printed = QuotationBinding.objects.filter(
        key=OuterRef("key"),
        check_run__page_id=OuterRef("page_id"),
        check_run__page__live=True,
        check_run__page__live_revision_id=F("check_run__revision_id"),
    )
    rows: QuerySet[QuotationOverride] = QuotationOverride.objects.select_related("page", "by", "withdrawn_by")
    return rows.annotate(on_page=Exists(printed)).order_by(F("withdrawn_at").desc(nulls_first=True), "-at", "-pk")


class OverrideFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(IN_FORCE, _("In force")), (WITHDRAWN, _("Withdrawn"))],
        method="filter_state",
    )
    by = django_filters.ModelChoiceFilter(label=_("By"), queryset=User.objects.filter(is_active=True))

    class Meta:
        model = QuotationOverride
        fields = ["state", "by"]

    def filter_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(withdrawn_at__isnull=value == IN_FORCE)


class WordsColumn(Column):
    """The words, what the check had found, and the button that takes the override back."""

    cell_template_name = "stories/desk/override_cell.html"

    def get_cell_context_data(self, instance: QuotationOverride, parent_context: dict[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        return {
            **super().get_cell_context_data(instance, parent_context),
            "csrf_token": get_token(request),
            "may_withdraw": instance.withdrawn_at is None
            and instance.page.permissions_for_user(request.user).can_publish(),
        }


class StoryColumn(Column):
    """The story, with a link to its editor."""

    cell_template_name = "stories/desk/override_story_cell.html"


class OverrideIndexView(generic.IndexView):
    """Every decision to print a quotation against the record."""

    page_title = _("Overrides")
    any_permission_required = ["view"]
    is_searchable = True
    search_fields = ["quotation", "reason", "page__title"]
    results_template_name = "stories/desk/overrides_results.html"

    def get_base_queryset(self) -> QuerySet[QuotationOverride]:
        return overrides_listed()

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            WordsColumn("quotation", label=_("Words"), width="34%"),
            Column("reason", label=_("Why"), width="26%"),
            StoryColumn("page", label=_("Story"), width="18%"),
            Column("by", label=_("By"), accessor="by"),
            DateColumn("at", label=_("Since"), accessor="at"),
        ]


class OverrideWithdrawView(PermissionCheckedMixin, View):
    """Takes an override back, from the list."""

    model = QuotationOverride
    permission_required = "view"  # whether this person may publish this story is asked by the service
    http_method_names = ["post"]
    index_url_name = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(QuotationOverride.objects.select_related("page"), pk=pk)
        try:
            override_withdraw(actor=cast(User, request.user), page=row.page, key=row.key)
        except OnrecordError as error:
            messages.error(request, str(error))
        else:
            button = messages.button(reverse("wagtailadmin_pages:edit", args=[row.page_id]), _("Open the story"))
            words = _("The override is withdrawn: the story can't be published again with these words.")
            messages.success(request, words, buttons=[button])
        return redirect(self.index_url_name)


class OverrideViewSet(ModelViewSet):
    """Nothing is added, edited or deleted here: overrides are made in the story and withdrawn."""

    model = QuotationOverride
    name = "override_desk"
    url_prefix = "overrides"
    icon = "key"
    menu_label = _("Overrides")
    menu_name = "overrides"
    menu_order = 135
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 30
    filterset_class = OverrideFilterSet
    index_view_class = OverrideIndexView
    index_results_template_name = "stories/desk/overrides_results.html"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        absent = (
            "add_url_name", "edit_url_name", "delete_url_name", "usage_url_name", "history_url_name",
            "inspect_url_name",
        )  # fmt: skip
        return {**common, **dict.fromkeys(absent)}

    def get_urlpatterns(self) -> list[Any]:
        withdraw = self.construct_view(OverrideWithdrawView, index_url_name=self.get_url_name("index"))
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/withdraw/", withdraw, name="withdraw"),
        ]


override_viewset = OverrideViewSet()
