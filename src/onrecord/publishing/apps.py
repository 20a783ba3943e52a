from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_save


class PublishingConfig(AppConfig):
    name = "onrecord.publishing"
    label = "publishing"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

        from onrecord.archive.services import register_audio_listener
        from onrecord.core.chores import register_chore
        from onrecord.publishing import tables, tasks
        from onrecord.publishing.addresses import register_paths, register_recording_paths, register_story_paths
        from onrecord.publishing.annotations import annotations_paths
        from onrecord.publishing.changes import register_wake
        from onrecord.publishing.podcast import transcript_paths
        from onrecord.publishing.structured_data import machine_context
        from onrecord.publishing.urls import machine_paths
        from onrecord.publishing.webhooks import messages
        from onrecord.publishing.webhooks.tasks import deliveries_retry
        from onrecord.readers.reading import comment_paths, notes_paths, notes_story_paths
        from onrecord.readers.services import register_readers_listener
        from onrecord.stories.models import SitePage
        from onrecord.stories.services import register_story_listener
        from onrecord.transcripts.services import register_version_listener

        page_published.connect(messages.story_published)
        page_unpublished.connect(messages.story_unpublished)
        register_readers_listener(messages.notes_published)
        register_chore("publishing.webhooks", deliveries_retry, every_seconds=15)
        for signal in (page_published, page_unpublished, page_slug_changed, post_page_move, post_delete):
            signal.connect(tasks.page_changed)
        for signal in (post_save, post_delete):
            signal.connect(tables.row_changed)
        m2m_changed.connect(tables.links_changed)
        register_audio_listener(tasks.recording_changed)
        register_version_listener(lambda version: tasks.recording_changed(version.transcript.recording))
        register_story_listener(tasks.story_changed)
        register_readers_listener(tasks.readers_changed)
        register_paths(machine_paths)
        register_story_paths(annotations_paths)
        register_recording_paths(transcript_paths)
        register_story_paths(comment_paths)
        register_story_paths(notes_story_paths)
        register_paths(notes_paths)
        register_wake(tasks.bake_later)
        SitePage.context_sources.append(machine_context)
