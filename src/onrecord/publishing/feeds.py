"""RSS and Atom of stories and of corrections."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import Page

from onrecord.readers.models import CorrectionNote
from onrecord.stories.cards import cleared_stories
from onrecord.stories.models import HomePage, StoryPage

LENGTH = 50
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class WithoutClock:
    """A feed's date is its newest item's; Django would put the time of baking on an empty one."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        dates = [date for item in self.items for date in (item["updateddate"], item["pubdate"]) if date]
        return max(dates, default=BEFORE_ALL)


class Rss(WithoutClock, Rss201rev2Feed):
    pass


class Atom(WithoutClock, Atom1Feed):
    pass


class StoriesRss(Feed[StoryPage, None]):
    """The newest stories."""

    feed_type: type[Rss | Atom] = Rss
    link = "/"
    language = settings.NEWSROOM_LANGUAGE

    def title(self) -> str:
        return str(settings.NEWSROOM_NAME)

    def description(self) -> str:
        home: Page | None = HomePage.objects.live().first()
        return home.standfirst if isinstance(home, HomePage) else ""

    def items(self) -> list[StoryPage]:
        return list(cleared_stories()[:LENGTH])

    def item_title(self, item: StoryPage) -> str:
        return item.title

    def item_description(self, item: StoryPage) -> str:
        return item.standfirst

    def item_link(self, item: StoryPage) -> str:
        return item.url or "/"

    def item_author_name(self, item: StoryPage) -> str:
        return item.byline

    def item_categories(self, item: StoryPage) -> list[str]:
        return [topic.title for topic in item.topics.all()]

    def item_pubdate(self, item: StoryPage) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: StoryPage) -> datetime | None:
        return item.last_published_at


class StoriesAtom(StoriesRss):
    feed_type = Atom

    def subtitle(self) -> str:
        return self.description()


class CorrectionsRss(Feed[CorrectionNote, None]):
    """Every correction, with the old words."""

    feed_type: type[Rss | Atom] = Rss
    link = "/corrections/"
    language = settings.NEWSROOM_LANGUAGE
    description = gettext_lazy("What we got wrong, what it says now, and why.")

    def title(self) -> str:
        return gettext("%(newsroom)s: corrections") % {"newsroom": settings.NEWSROOM_NAME}

    def items(self) -> list[CorrectionNote]:
        public = CorrectionNote.objects.filter(published_at__isnull=False, story__in=StoryPage.objects.cleared())
        return list(public.select_related("story")[:LENGTH])

    def item_title(self, item: CorrectionNote) -> str:
        return item.story.title

    def item_description(self, item: CorrectionNote) -> str:
        said = gettext("It said: “%(old)s”. It says now: “%(new)s”.") % {"old": item.old_words, "new": item.new_words}
        return f"{said} {item.reason}"

    def item_link(self, item: CorrectionNote) -> str:
        return f"{item.story.url}#correction-{item.pk}"

    def item_pubdate(self, item: CorrectionNote) -> datetime | None:
        return item.published_at


class CorrectionsAtom(CorrectionsRss):
    feed_type = Atom
    subtitle = CorrectionsRss.description
