from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "onrecord.core"
    label = "core"
    verbose_name = "Newsroom"
