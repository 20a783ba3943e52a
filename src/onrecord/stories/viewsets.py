"""Stories in the desk."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet

from onrecord.stories.models import StoryPage
from onrecord.stories.views import StoryCreateView, StoryEditView


class StoryPageViewSet(PageViewSet):
    """Editing a story: Wagtail's views, two of them with the gate."""

    model = StoryPage
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView


class StoryListingViewSet(PageListingViewSet):
    """All stories in one list, whatever their state."""

    model = StoryPage
    icon = "doc-full-inverse"
    name = "stories"
    menu_label = _("Stories")
    menu_order = 105
    add_to_admin_menu = True


story_page_viewset = StoryPageViewSet()
story_listing_viewset = StoryListingViewSet("stories")
