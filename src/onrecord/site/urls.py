from django.urls import path

from onrecord.site import views

urlpatterns = [
    path("recordings/<uuid:recording_id>/", views.recording, name="recording"),
]
