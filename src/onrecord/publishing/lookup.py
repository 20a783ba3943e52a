"""Finding the story of an address: once for all pages of a bake that belong to it."""

from django.http import Http404
from wagtail.models import PageViewRestriction

from onrecord.core.reads import note, shared
from onrecord.stories.models import StoryPage

RESTRICTIONS = "table:wagtailcore_pageviewrestriction"


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


def _find(slug: str) -> StoryPage | None:
    rows = StoryPage.objects.cleared().filter(slug=slug).select_related("series")
    return rows.prefetch_related("topics", "authors", "statements", "related").first()
