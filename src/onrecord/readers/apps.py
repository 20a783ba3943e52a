from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "onrecord.readers"
    label = "readers"
    verbose_name = "Readers"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from onrecord.readers.reading import page_context
        from onrecord.readers.services import corrections_follow
        from onrecord.readers.signals import notes_follow
        from onrecord.stories.models import SitePage
        from onrecord.stories.services import register_recheck_listener

        SitePage.context_sources.append(page_context)
        register_recheck_listener(corrections_follow)
        page_published.connect(notes_follow, dispatch_uid="readers-notes-follow")
