from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "onrecord.stories"
    label = "stories"
    verbose_name = "Stories"

    def ready(self) -> None:
        from onrecord.stories.models import SitePage
        from onrecord.stories.reading import page_context
        from onrecord.stories.tasks import schedule_recheck
        from onrecord.transcripts.services import register_version_listener

        SitePage.context_sources.append(page_context)
        register_version_listener(schedule_recheck)
