"""Recordings in the desk: the list, one recording, taking in, renaming."""

from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from onrecord.archive.desk import clock, matching, publisher_names
from onrecord.archive.forms import RecordingForm
from onrecord.archive.models import Publisher, Recording
from onrecord.archive.repost_views import DecideView, FileView, FilingUndoView
from onrecord.archive.services import recording_describe
from onrecord.archive.views import AddRecordingsView, RecordingPageView, WebCopyAgainView


class StatusColumn(Column):
    """The state in words, with an icon; never by colour alone."""

    cell_template_name = "archive/desk/status_cell.html"


class RecordingFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Recording.Status.choices)
    language = django_filters.AllValuesFilter(label=_("Language"))
    publisher = django_filters.ModelChoiceFilter(
        label=_("Publisher"), queryset=Publisher.objects.all(), field_name="copies__publisher", distinct=True
    )

    class Meta:
        model = Recording
        fields = ["status", "language", "publisher"]


class RecordingIndexView(generic.IndexView):
    """All recordings, newest first."""

    template_name = "archive/desk/recordings.html"
    results_template_name = "archive/desk/recordings_results.html"
    is_searchable = True
    default_ordering = "-added_at"
    add_item_label = _("Add recordings")
    page_title = _("Recordings")

    def get_base_queryset(self) -> QuerySet[Recording]:
        return Recording.objects.standing().defer("peaks").prefetch_related("copies__publisher")

    def search_queryset(self, queryset: QuerySet[Recording]) -> QuerySet[Recording]:
        return matching(queryset, self.search_query)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            self._get_title_column_class(TitleColumn)(
                "title", label=_("Title"), sort_key="title", get_url=self.get_inspect_url
            ),
            Column("language", label=_("Language"), sort_key="language", width="8%"),
            Column(
                "duration",
                label=_("Duration"),
                accessor=lambda recording: clock(recording.duration_ms),
                sort_key="duration_ms",
                width="9%",
            ),
            Column("publishers", label=_("Publishers"), accessor=publisher_names, width="22%"),
            StatusColumn("status", label=_("Status"), sort_key="status", width="17%"),
            DateColumn("added", label=_("Added"), accessor="added_at", sort_key="added_at", width="11%"),
        ]

    def get_list_more_buttons(self, instance: Recording) -> list[Button]:
        buttons = [Button(_("Open"), url=self.get_inspect_url(instance), icon_name="view", priority=10)]
        if edit_url := self.get_edit_url(instance):
            buttons.append(Button(_("Rename"), url=edit_url, icon_name="edit", priority=20))
        return buttons


class RecordingEditView(generic.EditView):
    """Title and description; the service writes the change into the custody."""

    page_title = _("Rename")
    success_message = _("“%(object)s” is saved.")

    def save_instance(self) -> Recording:
        return recording_describe(
            actor=self.request.user,
            recording_id=self.object.pk,
            title=self.form.cleaned_data["title"],
            description=self.form.cleaned_data["description"],
        )

    def get_success_url(self) -> str:
        return reverse("recording_desk:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_usage_url(self) -> None:
        return None

    def get_history_url(self) -> None:
        return None

    def get_side_panels(self) -> MediaContainer:
        return MediaContainer()


class RecordingViewSet(ModelViewSet):
    model = Recording
    name = "recording_desk"
    url_prefix = "recordings"
    icon = "media"
    menu_label = _("Recordings")
    menu_order = 110
    menu_name = "recordings"
    add_to_admin_menu = True
    inspect_view_enabled = True
    copy_view_enabled = False
    list_per_page = 30
    filterset_class = RecordingFilterSet
    index_view_class = RecordingIndexView
    edit_view_class = RecordingEditView
    inspect_view_class = RecordingPageView
    inspect_template_name = "archive/desk/recording.html"
    index_template_name = "archive/desk/recordings.html"
    index_results_template_name = "archive/desk/recordings_results.html"

    def get_form_class(self, for_update: bool = False) -> type[RecordingForm]:
        return RecordingForm

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Recordings are never deleted, and their history is their custody: no pages for those."""
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {**common, "delete_url_name": None, "usage_url_name": None, "history_url_name": None}

    def get_urlpatterns(self) -> list[Any]:
        build = partial(self.construct_view, index_url_name=self.get_url_name("index"))
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("add/", build(AddRecordingsView), name="add"),
            path("<uuid:pk>/", self.inspect_view, name="inspect"),
            path("<uuid:pk>/rename/", self.edit_view, name="edit"),
            path("<uuid:pk>/file/", build(FileView), name="file"),
            path("<uuid:pk>/take-back/", build(FilingUndoView), name="take_back"),
            path("<uuid:pk>/repost/", build(DecideView), name="repost"),
            path("<uuid:pk>/web-copy/", build(WebCopyAgainView), name="web_copy"),
        ]


recording_viewset = RecordingViewSet()
