"""RSS of readers' comments: of one story, and of all."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from onrecord.core.reads import covered
from onrecord.publishing.feeds import LENGTH, Rss
from onrecord.readers.cleaning import comment_html
from onrecord.readers.models import Comment, Discussion
from onrecord.readers.reading import Threads
from onrecord.stories.models import StoryPage


def all_comments(request: HttpRequest) -> HttpResponse:
    """The newest comments under all stories."""
    with covered("comments", "stories"):
        return CommentsRss(_shown())(request)


def story_comments(request: HttpRequest, slug: str) -> HttpResponse:
    """A story's newest comments; there is no such file where nobody has commented."""
    story = StoryPage.objects.cleared().filter(slug=slug).first()
    if story is None:
        raise Http404
    with covered(f"comments:{story.pk}", f"card:{story.pk}"):
        shown = _shown().filter(story=story)
        if not shown.exists():
            raise Http404
        return CommentsRss(shown, story)(request)


def _shown() -> "QuerySet[Comment]":
    rows = Comment.objects.filter(status=Comment.Status.APPROVED, story__in=StoryPage.objects.cleared())
    return rows.exclude(story__discussion__state=Discussion.State.HIDDEN)


class CommentsRss(Feed[Comment, None]):
    """Some comments, newest first."""

    feed_type = Rss
    language = settings.NEWSROOM_LANGUAGE
    item_guid_is_permalink = False

    def __init__(self, shown: "QuerySet[Comment]", story: StoryPage | None = None) -> None:
        self.story = story
        self.newest = list(shown.select_related("story").order_by("-created_at", "-pk")[:LENGTH])
        stories = {row.story_id: row.story for row in self.newest}
        self.threads = {pk: Threads(one) for pk, one in stories.items()}

    def link(self) -> str:
        return (self.story.url if self.story else None) or "/"

    def title(self) -> str:
        if self.story:
            return _("Comments on “%(story)s”") % {"story": self.story.title}
        return _("%(newsroom)s: comments") % {"newsroom": settings.NEWSROOM_NAME}

    def description(self) -> str:
        return _("What readers say about our stories.")

    def items(self) -> list[Comment]:
        return self.newest

    def item_title(self, item: Comment) -> str:
        return _("%(name)s on “%(story)s”") % {"name": item.name, "story": item.story.title}

    def item_description(self, item: Comment) -> str:
        return comment_html(item.text)

    def item_link(self, item: Comment) -> str:
        return self.threads[item.story_id].comment_address(item.pk, item.parent_id)

    def item_guid(self, item: Comment) -> str:
        return f"{settings.SITE_URL}/comments/{item.pk}"

    def item_author_name(self, item: Comment) -> str:
        return item.name

    def item_pubdate(self, item: Comment) -> datetime:
        return item.created_at
