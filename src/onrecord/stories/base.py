"""What all pages of the site share."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest
from wagtail.models import Page

ContextSource = Callable[[Page, HttpRequest], dict[str, Any]]


class SitePage(Page):
    """A page that readers visit: apps register what they add to its context."""

    context_sources: ClassVar[list[ContextSource]] = []

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        for source in SitePage.context_sources:
            context.update(source(self, request))
        return context
