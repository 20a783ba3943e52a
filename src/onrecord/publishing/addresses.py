"""Every address that readers may visit. An app that adds addresses registers a function that names them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import unquote
from uuid import UUID

from django.urls import reverse
from wagtail.models import Page

from onrecord.stories.models import SitePage, StoryPage
from onrecord.stories.reading import recordings_public

NOT_FOUND_PATH = "/404.html"
CHUNK = 500

PathsOfStories = Callable[[Sequence[StoryPage]], Iterable[str]]
PathsOfRecordings = Callable[[Sequence[UUID]], Iterable[str]]
Paths = Callable[[], Iterable[str]]

_of_stories: list[PathsOfStories] = []
_of_recordings: list[PathsOfRecordings] = []
_others: list[Paths] = []


def register_story_paths(paths: PathsOfStories) -> None:
    """Let these addresses, of some stories that readers may see, be baked with them."""
    _of_stories.append(paths)


def register_recording_paths(paths: PathsOfRecordings) -> None:
    """Let these addresses, of some recordings that readers may see, be baked with them."""
    _of_recordings.append(paths)


def register_paths(paths: Paths) -> None:
    """Let these addresses, that belong to no one story or recording, be baked; they are asked for at every change."""
    _others.append(paths)


def all_paths() -> Iterator[str]:
    """Every address that readers may visit, in a stable order."""
    yield from common_paths()
    pks = list(StoryPage.objects.cleared().order_by("slug").values_list("pk", flat=True).distinct())
    for start in range(0, len(pks), CHUNK):
        chunk = StoryPage.objects.filter(pk__in=pks[start : start + CHUNK]).order_by("slug").defer("body")
        yield from _story_by_story(list(chunk))
    recordings = list(recordings_public().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(recordings), CHUNK):
        yield from recording_paths(recordings[start : start + CHUNK])


def _story_by_story(stories: Sequence[StoryPage]) -> list[str]:
    """What belongs to one story together, so that it is read from the database once."""
    slugs = {story.slug for story in stories}

    def story_of(path: str) -> str:
        return next((part for part in path.split("/") if part in slugs), "")

    return sorted(story_paths(stories), key=story_of)


def common_paths() -> Iterator[str]:
    """Pages and files that belong to no one story or recording."""
    pages = Page.objects.live().type(SitePage).not_type(StoryPage).order_by("path")
    yield from (unquote(page.url) for page in pages if page.url)
    for paths in _others:
        yield from paths()
    yield NOT_FOUND_PATH


def story_paths(stories: Sequence[StoryPage]) -> Iterator[str]:
    """The pages of stories, and what belongs to them."""
    yield from (story_path(story.slug) for story in stories)
    for paths in _of_stories:
        yield from paths(stories)


def recording_paths(recordings: Sequence[UUID]) -> Iterator[str]:
    """The pages of recordings, and what belongs to them."""
    yield from (reverse("recording", args=[pk]) for pk in recordings)
    for paths in _of_recordings:
        yield from paths(recordings)


def story_path(slug: str) -> str:
    return f"/stories/{slug}/"
