"""Work that the worker does for search."""

from django_tasks import task

from onrecord.search.entries import publicity_update, recording_entries_update, story_entry_update


@task()
def index_story(story_id: int) -> None:
    """Make a story's entry as the story is, and mark what it made public."""
    story_entry_update(story_id)
    publicity_update()


@task()
def index_recording(recording_id: str) -> None:
    """Make a recording's entries as its newest words are."""
    recording_entries_update(recording_id)
