"""Baking that the worker does, and when it is due."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task
from wagtail.models import Page

from onrecord.archive.models import Recording
from onrecord.publishing.bake import affected_paths, bake, bake_all, common_paths, prune, story_path
from onrecord.stories.models import SitePage, StoryPage


@task()
def bake_around_story(story_id: int) -> None:
    """Bake a story and every page that may show it; remove what readers may not see any more."""
    story = StoryPage.objects.filter(pk=story_id).first()
    if story is not None:
        bake([story_path(story.slug), *affected_paths(story)])
    prune()


@task()
def bake_recording(recording_id: str) -> None:
    """Bake a recording's page and the stories that name it."""
    recording = Recording.objects.get(pk=UUID(recording_id))
    named = StoryPage.objects.cleared().filter(story_recordings__recording=recording)
    quoting = StoryPage.objects.cleared().filter(live_revision__story_check__bindings__recording=recording)
    slugs = {*named.values_list("slug", flat=True), *quoting.values_list("slug", flat=True)}
    if slugs:
        bake([reverse("recording", args=[recording.pk]), *map(story_path, sorted(slugs))])


@task()
def bake_lists() -> None:
    """Bake pages and files that list others."""
    bake(common_paths())
    prune()


@task()
def bake_site() -> None:
    """Bake everything."""
    bake_all()


def story_changed(story: StoryPage) -> None:
    """After commit: the story's own page at once, what surrounds it by the worker."""
    story_id = story.pk
    transaction.on_commit(lambda: _bake_story_now(story_id), robust=True)  # Django can't name a partial that fails


def recording_changed(recording: Recording) -> None:
    """After commit, at once: a word that has just been masked must not stay on a page until the worker comes."""
    recording_id = str(recording.pk)
    transaction.on_commit(lambda: _bake_recording_now(recording_id), robust=True)


def page_changed(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page was published, taken down, moved or given another address."""
    if isinstance(instance, StoryPage):
        story_changed(instance)
    elif isinstance(instance, SitePage):
        transaction.on_commit(partial(bake_site.enqueue))


def page_deleted(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page is gone: its file goes with the next sweep."""
    if isinstance(instance, SitePage):
        transaction.on_commit(partial(bake_lists.enqueue))


def _bake_story_now(story_id: int) -> None:
    story = StoryPage.objects.filter(pk=story_id).first()
    if story is None:  # deleted in the same transaction
        bake_lists.enqueue()
        return
    bake_around_story.enqueue(story_id)  # it bakes the story too, should the bake here fail
    bake([story_path(story.slug)])


def _bake_recording_now(recording_id: str) -> None:
    bake_recording.enqueue(recording_id)
    bake_recording.call(recording_id)
