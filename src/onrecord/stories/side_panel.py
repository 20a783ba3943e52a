"""The panel “Quotations” beside the story's editor."""

from typing import Any

from django.middleware.csrf import get_token
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from onrecord.stories.desk import QuotationsView, quotations_of


class QuotationsSidePanel(BaseSidePanel):
    """Every quotation of the draft with its verdict; opens by itself while one blocks."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle quotations")
        icon_name = "openquote"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            quotations = self.panel.quotations
            return {
                **super().get_context_data(parent_context),
                "count": len(quotations.blocking) if quotations else 0,
            }

    name = "quotations"
    title = _("Quotations")
    template_name = "stories/desk/quotations_panel.html"
    order = 150

    @cached_property
    def quotations(self) -> QuotationsView | None:
        """None for a story that was not saved yet."""
        return quotations_of(self.object, user=self.request.user) if self.object.pk else None

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(parent_context),
            "quotations": self.quotations,
            "user": self.request.user,
            "csrf_token": get_token(self.request),  # a component's template is rendered without the request
        }
