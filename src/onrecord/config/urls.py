"""Addresses: the desk, what readers send, machine-readable files, and the pages."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from onrecord.site.views import not_found, not_running

urlpatterns = [
    path("desk/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("onrecord.readers.urls")),
    path("", include("onrecord.search.urls")),
    path("", include("onrecord.publishing.urls")),
    path("404.html", not_found),
    path("502.html", not_running),
    path("", include("onrecord.site.urls")),
    path("", include(wagtail_urls)),
]
handler404 = "onrecord.site.views.not_found"
