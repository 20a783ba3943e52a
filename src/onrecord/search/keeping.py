"""Keeps the entries as the record is: what may not be found any more goes at once, what is new comes by the worker."""

from typing import Any

from django.db.models.signals import post_delete
from django.db.transaction import on_commit
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from onrecord.archive.filing import register_filing_listener
from onrecord.archive.models import Recording
from onrecord.archive.services import register_audio_listener
from onrecord.search import elsewhere, tasks
from onrecord.search.entries import outdated_entries_remove, publicity_update, story_entry_remove
from onrecord.search.models import SearchEntry
from onrecord.stories.models import StoryPage
from onrecord.stories.services import register_story_listener
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import register_version_listener


def watch() -> None:
    """Have the other apps tell."""
    register_version_listener(version_written)
    register_filing_listener(recording_filed)
    register_audio_listener(recording_changed)
    register_story_listener(story_changed)
    page_published.connect(page_changed)
    page_unpublished.connect(page_taken_down)
    post_delete.connect(page_deleted)


def version_written(version: TranscriptVersion) -> None:
    """In the version's transaction: outdated words go; after it the worker takes the new ones in."""
    outdated_entries_remove(version)
    recording_changed(version.transcript.recording)


def recording_filed(recording: Recording) -> None:
    """A recording was filed as a copy of another, or taken back."""
    if recording.filed_under_id:
        SearchEntry.objects.filter(recording=recording).delete()
        elsewhere.due(f"recording:{recording.pk}")
    recording_changed(recording)


def recording_changed(recording: Recording) -> None:
    recording_id = str(recording.pk)
    on_commit(lambda: tasks.index_recording.enqueue(recording_id))


def story_changed(story: StoryPage) -> None:
    story_id = story.pk
    on_commit(lambda: tasks.index_story.enqueue(story_id))


def page_changed(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, StoryPage):
        story_changed(instance)


def page_taken_down(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, StoryPage):
        story_entry_remove(instance.pk)


def page_deleted(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, StoryPage):
        elsewhere.due(f"story:{instance.pk}")
        publicity_update()
