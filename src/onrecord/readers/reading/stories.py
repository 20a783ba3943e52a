"""What a story shows of readers' messages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from onrecord.core.reads import covered
from onrecord.readers.reading.comments import comments_context
from onrecord.readers.reading.notes import corrections_context
from onrecord.stories.models import StoryPage

# What taking a message in needs of a story: its body alone is more than all the rest.
_OF_A_MESSAGE = (
    "title", "slug", "url_path", "path", "depth", "live", "live_revision_id", "first_published_at", "content_type_id",
    "locale_id",
)  # fmt: skip


def story_readable(pk: str | int | None) -> StoryPage | None:
    """The story, if readers may see it; None alike for a draft and for a number that is no story."""
    text = str(pk or "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return StoryPage.objects.cleared().filter(pk=int(text)).only(*_OF_A_MESSAGE).order_by().first()


def page_context(page: Page, request: HttpRequest) -> dict[str, Any]:
    """What a story's page shows of readers' messages, and where it sends new ones."""
    if not isinstance(page, StoryPage):
        return {}
    with covered(f"notes:{page.pk}", f"comments:{page.pk}"):
        return {**corrections_context(page), **comments_context(page), "challenge_url": reverse("challenge")}
