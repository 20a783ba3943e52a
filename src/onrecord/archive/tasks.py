"""Work that the worker does for the archive."""

from uuid import UUID

from django.conf import settings
from django_tasks import task

from onrecord.archive import services
from onrecord.archive.fingerprints import recording_recognise
from onrecord.archive.models import Recording


@task()
def make_web_copy(recording_id: str) -> None:
    """Make the sound that readers hear, and read whole what else came in of the recording."""
    services.web_copy_make(recording_id)
    services.copies_read(recording_id)


def schedule_web_copy(recording_id: str) -> None:
    make_web_copy.enqueue(recording_id)


@task()
def recognise_recording(recording_id: str) -> None:
    """Look for the recording's sound among everything else on record."""
    recording_recognise(Recording.objects.get(pk=UUID(recording_id)))


def schedule_recognition(recording_id: str) -> None:
    if settings.RECOGNISE_REPOSTS:
        recognise_recording.enqueue(recording_id)
