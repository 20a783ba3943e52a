"""Work that the worker does for the archive."""

from django_tasks import task

from onrecord.archive import services


@task()
def make_web_copy(recording_id: str) -> None:
    """Make the sound that readers hear, and read whole what else came in of the recording."""
    services.web_copy_make(recording_id)
    services.copies_read(recording_id)


def schedule_web_copy(recording_id: str) -> None:
    make_web_copy.enqueue(recording_id)
