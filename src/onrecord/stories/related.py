"""Other stories of interest: chosen by hand, filled up with those that are most alike."""

from onrecord.core.reads import covered
from onrecord.stories.cards import Card, cleared_stories, story_card
from onrecord.stories.models import StoryPage, StorySimilar

RELATED = 4


def related_cards(page: StoryPage, *, shown: set[str] | None = None) -> list[Card]:
    """Up to four stories: those that the desk chose, then the most similar; none of the addresses `shown` elsewhere."""
    chosen = [row.story_id for row in page.related.all()]
    with covered():
        alike = list(StorySimilar.objects.filter(story=page.pk).values_list("other_id", flat=True))
        order = list(dict.fromkeys(pk for pk in [*chosen, *alike] if pk != page.pk))
        stories = {story.pk: story for story in cleared_stories().filter(pk__in=order[: len(chosen) + 4 * RELATED])}
    picked = []
    for pk in order:
        card = story_card(stories[pk]) if pk in stories else None
        if card and (pk in chosen or card.url not in (shown or set())):
            picked.append((pk, card))
    picked = picked[:RELATED]
    with covered(*(f"card:{pk}" for pk in order)):
        return [card for _, card in picked]
