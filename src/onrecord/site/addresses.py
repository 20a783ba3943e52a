"""What is baked with a story and with a recording beside their own pages."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from onrecord.stories.bindings import QuotationBinding
from onrecord.stories.gate import bound_quotation
from onrecord.stories.models import StoryPage
from onrecord.stories.reading import archive_years, quotation_keys


def pages_of_stories(stories: Sequence[StoryPage]) -> Iterator[str]:
    """The history of each story, and a frame for each of its quotations that is heard."""
    slugs = {story.pk: story.slug for story in stories}
    yield from (reverse("story-history", args=[slug]) for slug in slugs.values())
    rows = (
        QuotationBinding.objects.filter(
            check_run__page__in=slugs, check_run__revision=F("check_run__page__live_revision")
        )
        .select_related("check_run")
        .order_by("check_run__page_id", "number")
    )
    by_story: dict[int, list[QuotationBinding]] = {}
    for row in rows:
        by_story.setdefault(row.check_run.page_id, []).append(row)
    for pk, bindings in by_story.items():
        keys = quotation_keys(map(bound_quotation, bindings))
        for row, key in zip(bindings, keys, strict=True):
            if row.recording_id and row.start_ms is not None:
                yield reverse("quotation-embed", args=[slugs[pk], key])


def embeds_of_recordings(recordings: Sequence[UUID]) -> Iterator[str]:
    """A frame for each recording."""
    yield from (reverse("recording-embed", args=[pk]) for pk in recordings)


def archive_pages() -> list[str]:
    """A page for each year, where there are more stories than one page shows."""
    return [reverse("stories-archive", args=[year]) for year in archive_years()]
