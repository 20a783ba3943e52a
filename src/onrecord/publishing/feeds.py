"""RSS and Atom of stories and of corrections."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from wagtail.models import Page

from onrecord.readers.models import CorrectionNote
from onrecord.stories.models import HomePage, StoryPage
from onrecord.stories.reading import cleared_stories

LENGTH = 50


class StoriesRss(Feed[StoryPage, None]):
    """The newest stories."""

    feed_type = Rss201rev2Feed
    link = "/"
    language = settings.NEWSROOM_LANGUAGE

    def title(self) -> str:
        return str(settings.NEWSROOM_NAME)

    def description(self) -> str:
        home: Page | None = HomePage.objects.live().first()
        return home.standfirst if isinstance(home, HomePage) else ""

    def items(self) -> list[StoryPage]:
        return list(cleared_stories()[:LENGTH])

    def item_title(self, item: StoryPage) -> str:  # type: ignore[override]
        return item.title

    def item_description(self, item: StoryPage) -> str:  # type: ignore[override]
        return item.standfirst

    def item_link(self, item: StoryPage) -> str:
        return item.url or "/"

    def item_author_name(self, item: StoryPage) -> str:  # type: ignore[override]
        return item.byline

    def item_categories(self, item: StoryPage) -> list[str]:  # type: ignore[override]
        return [topic.title for topic in item.topics.all()]

    def item_pubdate(self, item: StoryPage) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: StoryPage) -> datetime | None:
        return item.last_published_at


class StoriesAtom(StoriesRss):
    feed_type = Atom1Feed

    def subtitle(self) -> str:
        return self.description()


class CorrectionsRss(Feed[CorrectionNote, None]):
    """Every correction, with the old words."""

    feed_type = Rss201rev2Feed
    link = "/corrections/"
    language = settings.NEWSROOM_LANGUAGE
    description = "What we got wrong, what it says now, and why."

    def title(self) -> str:
        return f"{settings.NEWSROOM_NAME}: corrections"

    def items(self) -> list[CorrectionNote]:
        public = CorrectionNote.objects.filter(published_at__isnull=False, story__in=StoryPage.objects.cleared())
        return list(public.select_related("story")[:LENGTH])

    def item_title(self, item: CorrectionNote) -> str:  # type: ignore[override]
        return item.story.title

    def item_description(self, item: CorrectionNote) -> str:  # type: ignore[override]
        return f"It said: “{item.old_words}”. It says now: “{item.new_words}”. {item.reason}"

    def item_link(self, item: CorrectionNote) -> str:
        return f"{item.story.url}#correction-{item.pk}"

    def item_pubdate(self, item: CorrectionNote) -> datetime | None:
        return item.published_at


class CorrectionsAtom(CorrectionsRss):
    feed_type = Atom1Feed
    subtitle = CorrectionsRss.description
