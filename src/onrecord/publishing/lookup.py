"""Finding the story of an address: once for all pages of a bake that belong to it, and many stories at once."""

import re
from collections.abc import Iterable

from django.http import Http404
from wagtail.models import PageViewRestriction

from onrecord.core.reads import note, share, shared
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.models import StoryPage
from onrecord.stories.quoted import COPIES_OF_NAMED
from onrecord.stories.words import newest_texts

RESTRICTIONS = "table:wagtailcore_pageviewrestriction"
_OF_A_STORY = re.compile(r"/(?:embed/)?stories/([^/]+)/")
_WITH = ("topics", "authors", "statements", "related")


def story_at(slug: str) -> StoryPage:
    """The story that readers may see under this slug, with what its pages ask of it. Raises Http404."""
    story = shared(f"story:{slug}", lambda: _find(slug))
    if story is None:
        raise Http404
    note(f"story:{story.pk}")
    return story


def is_restricted(page: StoryPage) -> bool:
    """Whether a password or a login is asked for, for the page or one above it."""
    paths = shared("restricted", _restricted_paths, RESTRICTIONS)
    return any(page.path.startswith(path) for path in paths)


def _restricted_paths() -> list[str]:
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def stories_preload(paths: Iterable[str]) -> None:
    """Read the stories that these addresses belong to at once, for a bake of them: a dozen queries for any number."""
    slugs = sorted({match[1] for path in paths if (match := _OF_A_STORY.match(path))})
    if len(slugs) < 2:
        return
    rows = StoryPage.objects.cleared().filter(slug__in=slugs).select_related("series").order_by("-pk")
    found = {
        story.slug: story
        for story in rows.prefetch_related(*_WITH, "story_recordings__recording__transcripts", COPIES_OF_NAMED)
    }
    for slug in slugs:
        share(f"story:{slug}", found.get(slug))
    live = {story.live_revision_id: story for story in found.values()}
    checks = StoryCheck.objects.filter(revision__in=live).order_by("checked_at").prefetch_related("bindings")
    for check in checks:
        if check.page_id == (story := live[check.revision_id]).pk:
            share(f"check:{story.pk}:{check.revision_id}", check, f"story:{story.pk}")
    newest_texts(sorted({row.recording_id for story in found.values() for row in story.story_recordings.all()}))


def _find(slug: str) -> StoryPage | None:
    rows = StoryPage.objects.cleared().filter(slug=slug).select_related("series")
    return rows.prefetch_related(*_WITH).first()
