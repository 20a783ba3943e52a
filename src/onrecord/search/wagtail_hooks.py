"""Registers search with the desk."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from onrecord.search.desk_views import DeskSearchView, may_search


class SearchMenuItem(MenuItem):
    """For who may see recordings."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_search(request.user)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [path("record-search/", DeskSearchView.as_view(), name="record_search")]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> MenuItem:
    return SearchMenuItem(
        _("Search the record"), reverse_lazy("record_search"), name="record-search", icon_name="search", order=180
    )
