from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "onrecord.readers"
    label = "readers"
    verbose_name = "Readers"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from onrecord.readers.reading import page_context
        from onrecord.readers.signals import notes_follow
        from onrecord.stories.models import SitePage

        SitePage.context_sources.append(page_context)
        page_published.connect(notes_follow, dispatch_uid="readers-notes-follow")
