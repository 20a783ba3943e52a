"""Who writes: a page for each author, with their stories."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.models import Page

from onrecord.stories.base import SitePage


class AuthorIndexPage(SitePage):
    """Everybody who writes for the newsroom."""

    template = "site/author_index.html"
    max_count = 1
    parent_page_types = ["stories.HomePage"]
    subpage_types = ["stories.AuthorPage"]

    class Meta:
        verbose_name = _("list of authors")


class AuthorPage(SitePage):
    """Somebody who writes, and their stories. Its title is the name, as it stands in bylines."""

    role = models.CharField(_("what they do"), max_length=120, blank=True, help_text=_("In a few words."))
    description = models.TextField(_("about them"), blank=True)

    template = "site/author.html"
    parent_page_types = ["stories.AuthorIndexPage"]
    subpage_types: list[str] = []
    content_panels = [
        TitleFieldPanel("title", heading=_("Name"), placeholder=_("Name")),
        FieldPanel("role"),
        FieldPanel("description"),
        *Page.content_panels[1:],
    ]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
