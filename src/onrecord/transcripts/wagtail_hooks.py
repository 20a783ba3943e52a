"""Registers transcripts with the desk."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from onrecord.archive.desk import register_companion, register_recording_panel
from onrecord.transcripts import api, glossary_views, views
from onrecord.transcripts.alignment_views import AlignmentPanel, AlignmentView
from onrecord.transcripts.forms import WithTranscripts
from onrecord.transcripts.memory_views import MemoryView
from onrecord.transcripts.panels import TranscriptsPanel
from onrecord.transcripts.speech_views import DoubtView, SpeechPanel, SpeechView
from onrecord.transcripts.translation_views import TranslationPanel, TranslationView

register_recording_panel(TranscriptsPanel)
register_recording_panel(AlignmentPanel)
register_recording_panel(SpeechPanel)
register_recording_panel(TranslationPanel)
register_companion(WithTranscripts())
register_snippet(glossary_views.GlossaryViewSet)

urlpatterns = [
    path("<uuid:recording_id>/", views.ReadView.as_view(), name="read"),
    path("<uuid:recording_id>/alignment/", AlignmentView.as_view(), name="alignment"),
    path("<uuid:recording_id>/doubt/", DoubtView.as_view(), name="doubt"),
    path("<uuid:recording_id>/speech/", SpeechView.as_view(), name="speech"),
    path("<uuid:recording_id>/translation/", TranslationView.as_view(), name="translation"),
    path("<uuid:recording_id>/download/", views.DownloadView.as_view(), name="download"),
    path("<uuid:recording_id>/import/", views.ImportView.as_view(), name="import"),
    path("versions/<int:version_id>/", views.VersionView.as_view(), name="version"),
    path("<uuid:recording_id>/edit/", views.EditView.as_view(), name="edit"),
    path("<uuid:recording_id>/versions/", views.VersionsView.as_view(), name="versions"),
    path("<uuid:recording_id>/sound/", views.SoundView.as_view(), name="sound"),
    path("<uuid:recording_id>/draft/", api.DraftView.as_view(), name="draft"),
    path("<uuid:recording_id>/draft/publish/", api.PublishView.as_view(), name="publish"),
    path("<uuid:recording_id>/draft/pulse/", api.PulseView.as_view(), name="pulse"),
    path("<uuid:recording_id>/draft/times/", api.TimesView.as_view(), name="times"),
    path("<uuid:recording_id>/draft/suggestions/", api.SuggestionsView.as_view(), name="suggestions"),
    path("<uuid:recording_id>/glossary/", glossary_views.GlossaryLookView.as_view(), name="glossary"),
    path("<uuid:recording_id>/memory/", MemoryView.as_view(), name="memory"),
]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern | URLResolver]:
    return [
        path("transcripts/", include((urlpatterns, "transcript_desk"))),
        path("glossary/", include((glossary_views.urlpatterns, "glossary"))),
    ]
