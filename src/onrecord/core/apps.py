from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "onrecord.core"
    label = "core"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from django.utils.translation import gettext

        from onrecord.errors import OnrecordError

        OnrecordError.translate = staticmethod(gettext)
