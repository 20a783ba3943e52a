"""Choosing a recording in the desk."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from onrecord.archive.desk import clock, matching, publisher_names
from onrecord.archive.models import Recording


class RecordingFilterForm(SearchFilterMixin, BaseFilterForm):
    """Search by title, language or publisher."""

    def filter(self, objects: QuerySet[Recording]) -> QuerySet[Recording]:
        self.search_query = self.cleaned_data.get("q", "").strip()
        self.is_searching = bool(self.search_query)
        return matching(objects, self.search_query)


class RecordingChoice:
    """Recordings with what tells them apart."""

    filter_form_class = RecordingFilterForm

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("language", label=_("Language"), accessor="language"),
            Column("duration", label=_("Duration"), accessor=lambda recording: clock(recording.duration_ms)),
            Column("publishers", label=_("Publishers"), accessor=publisher_names),
            DateColumn("added", label=_("Added"), accessor="added_at"),
        ]

    def get_object_list(self) -> QuerySet[Recording]:
        return Recording.objects.standing().defer("peaks").prefetch_related("copies__publisher")


class RecordingChooseView(RecordingChoice, ChooseView):
    pass


class RecordingChooseResultsView(RecordingChoice, ChooseResultsView):
    pass


class RecordingChooserViewSet(ChooserViewSet):
    model = Recording
    icon = "media"
    choose_one_text = _("Choose a recording")
    choose_another_text = _("Choose another recording")
    edit_item_text = _("Rename this recording")
    choose_view_class = RecordingChooseView
    choose_results_view_class = RecordingChooseResultsView
    per_page = 20


recording_chooser_viewset: Any = RecordingChooserViewSet("recording_chooser")
_ChooserBlock: Any = recording_chooser_viewset.get_block_class(
    name="_ChooserBlock", module_path="onrecord.archive.choosers"
)


class RecordingChooserBlock(_ChooserBlock):
    """A recording in a story's body."""

    def bulk_to_python(self, values: list[Any]) -> list[Recording | None]:
        """Stored content has the id as text, and Wagtail looks it up among UUIDs."""
        found: list[Recording | None] = super().bulk_to_python([value and UUID(str(value)) for value in values])
        return found

    def get_form_state(self, value: Any) -> Any:
        """What the editor's script is given, as JSON, which knows no UUIDs."""
        state = super().get_form_state(value)
        return {**state, "id": str(state["id"])} if state else state
