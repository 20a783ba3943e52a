from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "onrecord.site"
    label = "reading_site"

    def ready(self) -> None:
        from onrecord.publishing.addresses import register_paths, register_recording_paths, register_story_paths
        from onrecord.site.addresses import archive_pages, embeds_of_recordings, pages_of_stories

        register_story_paths(pages_of_stories)
        register_recording_paths(embeds_of_recordings)
        register_paths(archive_pages)
        register_paths(lambda: ["/502.html"])
