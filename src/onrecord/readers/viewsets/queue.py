"""What the queues of corrections and of comments share."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet


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


class StoryColumn(Column):
    """The story's headline with a link to it."""

    cell_template_name = "readers/desk/story_cell.html"


class ReadersViewSet(ModelViewSet):
    """What both queues share: nothing is added, edited or deleted by hand."""

    copy_view_enabled = False
    add_to_reference_index = False
    add_to_admin_menu = True
    list_per_page = 30
    counted: Callable[[], int]
    seen_by: tuple[str, ...] = ()  # permissions, where they are not the model's own

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        absent = ("add_url_name", "edit_url_name", "delete_url_name", "usage_url_name", "history_url_name")
        return {**common, **dict.fromkeys(absent)}

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        codename = f"{self.app_label}.{{}}_{self.model_name}"
        return CountedMenuItem(
            self.menu_label, reverse(self.get_url_name("index")), name=self.menu_name,
            icon_name=self.menu_icon, order=self.get_menu_item_order(order), count=self.counted,
            permissions=self.seen_by or (codename.format("view"), codename.format("change")),
        )  # fmt: skip
