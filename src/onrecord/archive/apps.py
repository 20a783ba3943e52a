from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "onrecord.archive"
    label = "archive"
    verbose_name = "Archive"

    def ready(self) -> None:
        from onrecord.archive.services import register_derive_scheduler, register_recognise_scheduler
        from onrecord.archive.tasks import schedule_recognition, schedule_web_copy

        register_derive_scheduler(schedule_web_copy)
        register_recognise_scheduler(schedule_recognition)
