from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "onrecord.site"
    label = "reading_site"
