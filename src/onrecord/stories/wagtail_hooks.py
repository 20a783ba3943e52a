"""Registers stories, and the gate's doors, with the desk."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from onrecord.archive.desk import register_recording_panel
from onrecord.stories import versions_desk, views
from onrecord.stories.desk import blocked_stories, refusal
from onrecord.stories.gate import story_check
from onrecord.stories.models import StoryPage
from onrecord.stories.overrides import override_viewset
from onrecord.stories.panels import BlockedDraftsPanel, QuotingStoriesPanel, StaleStoriesPanel
from onrecord.stories.viewsets import story_listing_viewset, story_page_viewset

register_recording_panel(QuotingStoriesPanel)

urlpatterns = [
    path("<int:page_id>/", views.quotations, name="quotations"),
    path("<int:page_id>/elsewhere/", views.elsewhere, name="elsewhere"),
    *(path(f"<int:page_id>/{name}/", views.decide, {"decision": name}, name=name) for name in views.DECISIONS),
]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    return [
        path("quotations/", include((urlpatterns, "story_desk"))),
        path("versions/", include((versions_desk.urlpatterns, "story_versions"))),
    ]


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [story_page_viewset, story_listing_viewset, override_viewset]


@hooks.register("before_publish_page")
def refuse_publishing(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Runs when the draft is saved and before it is published, scheduled or published from an old version."""
    if not isinstance(page, StoryPage):
        return None
    report = story_check(page)
    if not report.blocking:
        return None
    messages.error(request, refusal(page, report))
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


@hooks.register("before_bulk_action")
def refuse_bulk_publishing(
    request: HttpRequest, action_type: str, objects: list[Page], action: Any
) -> HttpResponseBase | None:
    """All of the chosen pages are published, or none."""
    if action_type != "publish" or not objects or not isinstance(objects[0], Page):
        return None
    chosen = StoryPage.objects.filter(pk__in=[page.pk for page in objects])
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in objects:
            chosen = chosen | StoryPage.objects.descendant_of(page).not_live()
    drafts = [page.get_latest_revision_as_object() for page in chosen.distinct()]
    blocked = blocked_stories(drafts)
    if not blocked:
        return None
    for page, report in blocked:
        button = messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), "Edit")
        messages.error(request, refusal(page, report), buttons=[button])
    return redirect(action.next_url)


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[object]) -> None:
    panels.extend([StaleStoriesPanel(), BlockedDraftsPanel()])


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    for action, label, done in (
        ("override", _("Override the check"), _("Let a quotation through against the record")),
        ("override.withdraw", _("Withdraw an override"), _("Withdrew an override")),
        ("confirm", _("Confirm by ear"), _("Listened to a quotation and confirmed it")),
        ("confirm.withdraw", _("Withdraw a confirmation"), _("Withdrew a confirmation by ear")),
        ("place", _("Choose a place"), _("Chose where the words of a quotation were said")),
        ("stale", _("Quotations went stale"), _("The record changed: quotations are not borne out any more")),
    ):
        actions.register_action(f"stories.quotation.{action}", label, done)
    for action, label, done in (
        ("explain", _("Explain a version"), _("Said to readers what changed with a version")),
        ("withhold", _("Withhold a version"), _("Withheld a version from readers")),
        ("release", _("Show a version again"), _("Showed a withheld version again")),
    ):
        actions.register_action(f"stories.edition.{action}", label, done)
