"""Stories on other pages of the desk: on a recording's page and on the desk's first page."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from onrecord.archive.desk import RecordingPanel
from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.checked import PASSING
from onrecord.stories.desk import blocked_stories, summary
from onrecord.stories.models import StoryPage, StoryQuerySet
from onrecord.text.verdicts import Verdict

SHOWN = 8


class QuotingStoriesPanel(RecordingPanel):
    """Stories that name the recording or quote it."""

    name = "stories"
    heading = _("Stories that quote it")
    icon = "doc-full-inverse"
    order = 20
    template_name = "stories/desk/recording_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        quoting = QuotationBinding.objects.filter(recording=self.recording).values("check_run__page")
        stories = StoryPage.objects.filter(Q(story_recordings__recording=self.recording) | Q(pk__in=quoting))
        return {
            **super().get_context_data(parent_context),
            "stories": stories.distinct().newest_first(),
        }


class StaleStoriesPanel(Component):
    """Published stories whose quotations the record no longer bears out."""

    name = "onrecord_stale"
    template_name = "stories/desk/home_stale.html"
    order = 120

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        pages = no_longer_borne_out()[: SHOWN * 2]
        return {"stories": [page for page in pages if page.permissions_for_user(request.user).can_edit()][:SHOWN]}


def no_longer_borne_out() -> StoryQuerySet:
    """Published stories with a quotation that went stale, or whose override was withdrawn; newest first."""
    blocking = [verdict for verdict in Verdict if verdict not in PASSING]
    stories: StoryQuerySet = StoryPage.objects.cleared()
    return stories.filter(live_revision__story_check__bindings__verdict__in=blocking).distinct().newest_first()


class BlockedDraftsPanel(Component):
    """Drafts that the gate would refuse as they are now."""

    name = "onrecord_blocked"
    template_name = "stories/desk/home_blocked.html"
    order = 125

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        newest = StoryPage.objects.filter(has_unpublished_changes=True).order_by("-latest_revision_created_at")
        pages = [page for page in newest[:SHOWN] if page.permissions_for_user(request.user).can_edit()]
        drafts = [page.get_latest_revision_as_object() for page in pages]
        return {"stories": [(page, summary(report)) for page, report in blocked_stories(drafts)]}
