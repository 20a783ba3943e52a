from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "onrecord.publishing"
    label = "publishing"
