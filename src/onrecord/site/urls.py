from django.urls import path

from onrecord.site import embeds, history, oembed, views

urlpatterns = [
    path("recordings/<uuid:recording_id>/", views.recording, name="recording"),
    path("stories/archive/<int:year>/", views.archive, name="stories-archive"),
    path("stories/<str:slug>/history/", history.story_history, name="story-history"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("embed/stories/<str:slug>/<str:key>/", embeds.quotation_embed, name="quotation-embed"),
    path("embed/recordings/<uuid:recording_id>/", embeds.recording_embed, name="recording-embed"),
]
