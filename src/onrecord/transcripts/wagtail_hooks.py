"""Registers transcripts with the desk."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks

from onrecord.archive.desk import register_companion, register_recording_panel
from onrecord.transcripts import views
from onrecord.transcripts.forms import WithTranscripts
from onrecord.transcripts.panels import TranscriptsPanel

register_recording_panel(TranscriptsPanel)
register_companion(WithTranscripts())

urlpatterns = [
    path("<uuid:recording_id>/", views.ReadView.as_view(), name="read"),
    path("<uuid:recording_id>/import/", views.ImportView.as_view(), name="import"),
    path("versions/<int:version_id>/", views.VersionView.as_view(), name="version"),
    path("<int:transcript_id>/edit/", views.EditView.as_view(), name="edit"),
]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    return [path("transcripts/", include((urlpatterns, "transcript_desk")))]
