"""Where readers write in, and the public log of corrections."""

from django.urls import path

from onrecord.readers import views

urlpatterns = [
    path("api/challenge/", views.challenge, name="challenge"),
    path("corrections/", views.corrections_log, name="corrections-log"),
    path("corrections/suggest/", views.SuggestCorrection.as_view(), name="correction-suggest"),
    path("comments/add/", views.AddComment.as_view(), name="comment-add"),
]
