"""Work that the worker does for stories."""

from functools import partial

from django.db import transaction
from django_tasks import task

from onrecord.stories.services import stories_recheck
from onrecord.transcripts.models import TranscriptVersion


@task()
def recheck_stories(version_id: int) -> None:
    """Check the published stories that quote a transcript against its new version."""
    stories_recheck(TranscriptVersion.objects.select_related("transcript").get(pk=version_id))


def schedule_recheck(version: TranscriptVersion) -> None:
    """Have it done after commit."""
    transaction.on_commit(partial(recheck_stories.enqueue, version.pk))
