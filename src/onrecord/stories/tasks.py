"""Work that the worker does for stories."""

from functools import partial
from typing import Any

from django.db import transaction
from django_tasks import task
from wagtail.models import Revision

from onrecord.stories.models import StoryPage
from onrecord.stories.services import edition_record, stories_recheck, story_compare
from onrecord.transcripts.models import TranscriptVersion


@task()
def recheck_stories(version_id: int) -> None:
    """Check the published stories that quote a transcript against its new version."""
    stories_recheck(TranscriptVersion.objects.select_related("transcript").get(pk=version_id))


@task()
def compare_story(story_id: int) -> None:
    """Find the stories that are like one that was published."""
    story_compare(story_id)


def schedule_recheck(version: TranscriptVersion) -> None:
    """Have it done after commit."""
    transaction.on_commit(partial(recheck_stories.enqueue, version.pk))


def story_published(sender: type[StoryPage], instance: StoryPage, revision: Revision | None, **kwargs: Any) -> None:
    """A revision of a story went live: it is an edition, and the story is compared with the others anew."""
    if revision is None:  # a copy that was made live without one
        return
    edition_record(story=instance, revision=revision)
    transaction.on_commit(partial(compare_story.enqueue, instance.pk))
