"""The stories that a story's page names: its neighbours in the series, and others of interest."""

from onrecord.core.reads import covered, note
from onrecord.stories.cards import Card, Neighbours, cleared_stories, neighbours, series_order, story_card
from onrecord.stories.models import StoryPage, StorySimilar

RELATED = 4


def stories_around(page: StoryPage) -> tuple[Neighbours | None, list[Card]]:
    """Its place in its series, and up to four other stories: those that the desk chose, then the most similar.

    What stands among the neighbours already is not filled in again.
    """
    with covered():  # the series and each story that is named are noted below
        order = series_order(page)
        before, after, others = neighbours(page, order) if len(order) > 1 else (None, None, [])
        chosen = [row.story_id for row in page.related.all()]
        alike = list(StorySimilar.objects.filter(story=page.pk).values_list("other_id", flat=True))
        near = [pk for pk in (before, after, *others) if pk]
        wanted = dict.fromkeys([*chosen, *(pk for pk in alike if pk not in near)])
        wanted.pop(page.pk, None)
        found = {story.pk: story_card(story) for story in cleared_stories().filter(pk__in=[*near, *wanted])}
    note(*(f"card:{pk}" for pk in wanted))
    if page.series_id:
        note(f"series:{page.series_id}")
    related = [found[pk] for pk in wanted if pk in found][:RELATED]
    if len(order) < 2:
        return None, related
    return (
        Neighbours(
            number=order.index(page.pk) + 1,
            count=len(order),
            previous=found.get(before or 0),
            next=found.get(after or 0),
            others=[found[pk] for pk in others if pk in found],
        ),
        related,
    )
