"""Registers the archive with the desk."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from onrecord.archive.choosers import recording_chooser_viewset
from onrecord.archive.desk import register_recording_panel
from onrecord.archive.home import RecordingsPanel, RepostsHomePanel
from onrecord.archive.panels import RepostsPanel
from onrecord.archive.viewsets import recording_viewset

register_recording_panel(RepostsPanel)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [recording_viewset, recording_chooser_viewset]


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [*icons, "archive/icons/play.svg", "archive/icons/pause.svg", "archive/icons/waveform.svg"]


@hooks.register("insert_global_admin_css")
def desk_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("onrecord/desk.css"))


@hooks.register("insert_global_admin_js")
def desk_js() -> SafeString:
    return format_html('<script src="{}"></script>', static("onrecord/desk.js"))


@hooks.register("construct_homepage_panels")
def home_panels(request: object, panels: list[object]) -> None:
    panels.extend([RepostsHomePanel(), RecordingsPanel()])
