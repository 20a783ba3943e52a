"""Where readers write in, and the public log of corrections."""

from django.urls import path

from onrecord.readers import views

urlpatterns = [
    path("api/challenge/", views.challenge, name="challenge"),
    path("corrections/", views.corrections_log, name="corrections-log"),
    path("corrections/kind/<slug:kind>/", views.corrections_log, name="corrections-of-kind"),
    path("corrections/story/<slug:slug>/", views.corrections_log, name="corrections-of-story"),
    path("corrections/suggest/", views.SuggestCorrection.as_view(), name="correction-suggest"),
    path("corrections/withdraw/<str:token>/", views.Withdraw.as_view(), name="correction-withdraw"),
    path("write/", views.WriteToUs.as_view(), name="write-to-us"),
    path("comments/add/", views.AddComment.as_view(), name="comment-add"),
    path("comments/report/", views.ReportComment.as_view(), name="comment-report"),
    path("comments/own/<str:token>/", views.OwnComment.as_view(), name="comment-own"),
    path("stories/<slug:slug>/comments/<int:page_number>/", views.story_comments, name="story-comments"),
]
