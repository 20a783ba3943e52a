"""The desk's search: everything on record, published or not."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from onrecord.errors import OnrecordError
from onrecord.search.asking import SearchTookTooLong
from onrecord.search.finding import Found, search_desk
from onrecord.search.views import page_context, wish_of

MAY = ("archive.view_recording", "archive.add_recording", "archive.change_recording")


def may_search(user: Any) -> bool:
    """Whether somebody at the desk may find what is on record."""
    return any(user.has_perm(permission) for permission in MAY)


class DeskSearchView(WagtailAdminTemplateMixin, TemplateView):
    """The same form and the same results as readers have, over everything."""

    template_name = "search/desk/search.html"
    page_title = _("Search the record")
    header_icon = "search"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_search(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": reverse("record_search"), "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wish = wish_of(self.request.GET)
        found, problem = Found(), None
        try:
            found = search_desk(wish)
        except SearchTookTooLong as error:
            problem = error
        shown: OnrecordError | None = problem
        return {
            **super().get_context_data(**kwargs),
            **page_context(wish, found, shown, self.request.GET, public_only=False),
        }
