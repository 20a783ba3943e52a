"""Baking that the worker does, and when it is due."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from onrecord.archive.models import Recording
from onrecord.publishing import changes
from onrecord.publishing.addresses import story_path
from onrecord.publishing.bake import Baked, bake, bake_all, bake_due
from onrecord.publishing.models import BakedPage, DuePage
from onrecord.stories.models import SitePage, StoryPage

log = logging.getLogger(__name__)

QUIET = timedelta(seconds=0.3)
LONGEST_WAIT = timedelta(seconds=1)


@task(priority=50)
def bake_due_pages() -> None:
    """Bake what is due."""
    bake_due()


@task()
def bake_site() -> None:
    """Bake everything."""
    bake_all()


def bake_settled() -> Baked:
    """Bake what is due if a burst of changes is over, or has lasted a second; for the worker to ask again and again."""
    now = timezone.now()
    due = DuePage.objects.filter(since__lte=now).aggregate(since=Min("since"), touched_at=Max("touched_at"))
    if due["since"] is None or (now - due["touched_at"] < QUIET and now - due["since"] < LONGEST_WAIT):
        return Baked()
    return bake_due()


def story_changed(story: StoryPage) -> None:
    """The story's own page is baked at once after commit, what surrounds it by the worker."""
    story_id = story.pk
    changes.story_touch(story_id)
    transaction.on_commit(lambda: _bake_story_now(story_id), robust=True)  # Django can't name a partial that fails


def readers_changed(story: StoryPage, what: str = "") -> None:
    """A note or a comment more or less: by the worker, who bakes a page once for a burst of them."""
    changes.readers_touch(story.pk, what)


def recording_changed(recording: Recording) -> None:
    """After commit, at once: a word that has just been masked must not stay on a page until the worker comes."""
    paths = changes.recording_touch(recording)
    transaction.on_commit(lambda: _bake_now(paths), robust=True)


def page_changed(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page was published, taken down, moved, given another address, or deleted."""
    if isinstance(instance, StoryPage):
        story_changed(instance)
    elif isinstance(instance, SitePage):
        changes.page_touch(instance)


def _bake_now(paths: list[str]) -> None:
    bake(paths)


def _bake_story_now(story_id: int) -> None:
    story = StoryPage.objects.filter(pk=story_id).first()
    old = BakedPage.objects.filter(dependencies__key=f"story:{story_id}", path__startswith="/stories/")
    bake([*([story_path(story.slug)] if story else ()), *old.values_list("path", flat=True)[:50]])


def bake_later() -> None:
    """Have the worker bake; one task is enough for any number of changes."""
    waiting = DBTaskResult.objects.filter(task_path=bake_due_pages.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        bake_due_pages.enqueue()
