from django.urls import path

from onrecord.search import views

urlpatterns = [path("search/", views.search, name="search")]
