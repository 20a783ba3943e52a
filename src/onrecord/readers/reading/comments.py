"""Comments as readers see them: threads, in pages that can be baked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from onrecord.readers.cleaning import comment_html
from onrecord.readers.models import Comment, Discussion
from onrecord.readers.passages import block_of
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import story_passages

Status, State = Comment.Status, Discussion.State


@dataclass(frozen=True)
class CommentView:
    """A comment to be shown. `gone` says why it stands there without words, because others have answered it.

    `passage` is the words that it is about, as they stand in the story now, and `place` is their address. Words that
    are gone from the story are not shown here either, for they may have been taken out with a reason: `about_gone`.
    """

    id: int
    name: str
    html: SafeString
    created_at: datetime
    from_newsroom: bool
    edited: bool
    gone: str
    passage: str
    place: str
    about_gone: bool
    answers: tuple["CommentView", ...]


@dataclass(frozen=True)
class PassageMark:
    """Words of the story that a comment is about: characters `start` to `end` of a block's text."""

    block: str
    start: int
    end: int
    url: str
    name: str

    @property
    def belongs_to(self) -> str:
        """The block of the story's body that has the words."""
        return block_of(self.block)


@dataclass(frozen=True)
class CommentPage:
    """Some of a story's comments, oldest first; the first page is the story's own."""

    number: int
    threads: tuple[CommentView, ...]
    count: int
    pages: tuple[tuple[int, str], ...]


class Threads:
    """A story's shown comments in order, known by their numbers; their words are read page by page."""

    def __init__(self, story: StoryPage) -> None:
        self.story = story
        self.state = discussion_state(story)
        shown = Comment.objects.filter(story_id=story.pk, status=Status.APPROVED).order_by("created_at", "pk")
        fields = ("pk", "parent_id", "created_at", "name", "place_revision", "place_block", "place_start", "place_end")
        self.shown = list(shown.only(*fields)) if self.state != State.HIDDEN else []

    @cached_property
    def roots(self) -> list[int]:
        """First comments of threads: those that are shown, and those that left answers behind."""
        dates = {row.pk: row.created_at for row in self.shown if row.parent_id is None}
        gone = {row.parent_id for row in self.shown if row.parent_id is not None} - dates.keys()
        if gone:
            dates |= Comment.objects.filter(pk__in=gone).values_list("pk", "created_at")
        return sorted(dates, key=lambda pk: (dates[pk], pk))

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.roots) // settings.COMMENTS_PER_PAGE))

    def address(self, number: int) -> str:
        """Where a page of comments is."""
        page = self.story.url if number == 1 else reverse("story-comments", args=[self.story.slug, number])
        return f"{page}#comments"

    def comment_address(self, pk: int, parent_id: int | None) -> str:
        """Where a shown comment is."""
        number = self.roots.index(parent_id or pk) // settings.COMMENTS_PER_PAGE + 1
        return f"{self.address(number).partition('#')[0]}#comment-{pk}"

    def page(self, number: int) -> CommentPage | None:
        """One page of them; None when there is no such page."""
        if not 1 <= number <= self.pages:
            return None
        size = settings.COMMENTS_PER_PAGE
        here = self.roots[(number - 1) * size : number * size]
        wanted = {*here, *(row.pk for row in self.shown if row.parent_id in set(here))}
        rows = {row.pk: row for row in Comment.objects.filter(pk__in=wanted)} if wanted else {}
        answers: dict[int, list[Comment]] = {pk: [] for pk in here}
        for row in self.shown:
            if row.parent_id in answers and row.pk in rows:
                answers[row.parent_id].append(rows[row.pk])
        threads = tuple(self._view(rows[pk], answers[pk]) for pk in here if pk in rows)
        addresses = tuple((one, self.address(one)) for one in range(1, self.pages + 1))
        return CommentPage(number, threads, len(self.shown), addresses)

    def marks(self) -> list[PassageMark]:
        """The words of the published story that shown comments are about, in the order they stand in."""
        placed = [row for row in self.shown if row.place_block and row.place_revision == self.story.live_revision_id]
        marks = [
            PassageMark(
                row.place_block, row.place_start or 0, row.place_end or 0, self.comment_address(row.pk, None), row.name
            )
            for row in placed
        ]
        return sorted(marks, key=lambda mark: mark.start)

    @cached_property
    def _url(self) -> str:
        return self.story.url or ""

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {passage.id: passage.text for passage in story_passages(self.story)}

    def _words(self, row: Comment) -> str:
        """The words that a comment is about, as they stand now; empty when they are gone."""
        if not row.place_block or row.place_revision != self.story.live_revision_id:
            return ""
        return self._texts.get(row.place_block, "")[row.place_start : row.place_end]

    def _view(self, row: Comment, answers: Iterable[Comment] = ()) -> CommentView:
        gone = "" if row.status == Status.APPROVED else "withdrawn" if row.status == Status.WITHDRAWN else "removed"
        words = "" if gone else self._words(row)
        return CommentView(
            id=row.pk,
            name="" if gone else row.name,
            html=mark_safe("" if gone else comment_html(row.text)),
            created_at=row.created_at,
            from_newsroom=row.from_newsroom,
            edited=row.edited_at is not None,
            gone=gone,
            passage=words,
            place=f"{self._url}#b-{block_of(row.place_block)}" if words else "",
            about_gone=bool(row.exact) and not words,
            answers=tuple(self._view(answer) for answer in answers),
        )


def discussion_state(story: StoryPage) -> str:
    """Whether a story's comments are open, closed or hidden; its age decides nothing until the worker has noted it."""
    return Discussion.objects.filter(story_id=story.pk).values_list("state", flat=True).first() or State.OPEN


def comments_context(story: StoryPage) -> dict[str, Any]:
    """The comments that a story's page shows, and where it sends new ones."""
    threads = Threads(story)
    return {"comment_page": threads.page(1), "comment_marks": threads.marks(), **writing_context(threads.state)}


def comment_paths(stories: Sequence[StoryPage]) -> Iterator[str]:
    """Addresses of these stories' pages of comments after the first, and of their feeds."""
    shown = Comment.objects.filter(story__in=stories, status=Status.APPROVED).exclude(
        story__discussion__state=State.HIDDEN
    )
    counts = dict(shown.order_by().values_list("story_id").annotate(Count("pk")))
    for story in stories:
        if story.pk not in counts:
            continue
        yield reverse("story-comments-rss", args=[story.slug])
        if counts[story.pk] > settings.COMMENTS_PER_PAGE:  # there are at most as many threads as comments
            for number in range(2, Threads(story).pages + 1):
                yield reverse("story-comments", args=[story.slug, number])


def writing_context(state: str) -> dict[str, Any]:
    """Whether comments are shown and taken, and where they go."""
    return {
        "comments_hidden": state == State.HIDDEN,
        "comments_open": state == State.OPEN,
        "comments_read_first": settings.COMMENTS_MODERATION == "before",
        "comments_url": reverse("comment-add"),
        "comment_report_url": reverse("comment-report"),
    }
