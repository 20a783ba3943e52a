from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "onrecord.stories"
    label = "stories"
    verbose_name = "Stories"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from onrecord.archive.filing import register_filing_obstacle
        from onrecord.stories.filing import stories_on_record
        from onrecord.stories.models import SitePage, StoryPage
        from onrecord.stories.reading import page_context
        from onrecord.stories.tasks import schedule_recheck, story_published
        from onrecord.transcripts.services import register_version_listener

        SitePage.context_sources.append(page_context)
        register_version_listener(schedule_recheck)
        register_filing_obstacle(stories_on_record)
        page_published.connect(story_published, sender=StoryPage)
