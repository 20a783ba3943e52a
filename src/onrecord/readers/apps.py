from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "onrecord.readers"
    label = "readers"
