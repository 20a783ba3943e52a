"""A change bakes what it touches and nothing else, and the result is what a full bake gives, byte for byte."""

import random
from collections.abc import Callable
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from onrecord.archive.models import Publisher, Recording
from onrecord.archive.services import recording_describe
from onrecord.core.models import User
from onrecord.publishing import bake as baking
from onrecord.publishing import changes, tasks
from onrecord.publishing.bake import bake_all
from onrecord.publishing.models import BakedPage, Change, Dependency, DuePage
from onrecord.publishing.rendering import render
from onrecord.readers.models import Comment, CorrectionNote
from onrecord.readers.services import comment_approve, comment_reject
from onrecord.stories.authors import AuthorIndexPage, AuthorPage
from onrecord.stories.gate import GateRefused
from onrecord.stories.models import (
    HomePage,
    SeriesIndexPage,
    SeriesPage,
    StandardPage,
    StoryPage,
    StoryRelated,
    TopicIndexPage,
    TopicPage,
)
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

WATER = "“The water came over the bridge at six and nobody told us,” a woman said."
ANIMALS = "“We are not leaving without the animals.”"
MASKED = factories.CALL_VTT.replace("animals", "{name|animals}")


def files() -> dict[str, bytes]:
    root = Path(settings.BAKED_DIR)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def differences(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Lines that differ, under the name of their file."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name, b""), after.get(name, b"")
        if one != other:
            lines = [text.decode(errors="replace").splitlines() for text in (one, other)]
            found += [
                name,
                *(line for line in unified_diff(*lines, n=0, lineterm="") if not name.endswith(("br", "gz"))),
            ][:9]
    return found


def pages_of(*words: str) -> set[str]:
    return {path for path in BakedPage.objects.values_list("path", flat=True) if any(word in path for word in words)}


class Desk:
    """Random acts of a newsroom, each by the way that people take."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)
        factories.newsroom()
        self.editor: User = factories.person("Editor")
        self.recordings = [factories.recording(title=f"Call {n}", seed=n) for n in (1, 2, 3)]
        for row in self.recordings:
            factories.transcript(row)
        self.series = [self._page(SeriesIndexPage, SeriesPage(title=f"Series {n}")) for n in (1, 2)]
        self.topics = [self._page(TopicIndexPage, TopicPage(title=f"Topic {n}")) for n in (1, 2)]
        self.authors = [self._page(AuthorIndexPage, AuthorPage(title=f"Author {n}")) for n in (1, 2)]
        self.made = 0

    def _page(self, index: type, page: object) -> object:
        index.objects.get().add_child(instance=page)  # type: ignore[attr-defined]
        page.save_revision().publish()  # type: ignore[attr-defined]
        return page

    def story(self, *, live: bool = True) -> StoryPage | None:
        stories = list(StoryPage.objects.filter(live=live).order_by("pk"))
        return self.choose.choice(stories) if stories else None

    def write(self) -> None:
        self.made += 1
        page = factories.story(
            self.choose.choice([WATER, ANIMALS]), title=f"Story {self.made}", byline=self.choose.choice(["", "A desk"]),
            recordings=self.choose.sample(self.recordings, self.choose.choice([1, 2])),
        )  # fmt: skip
        self._sort(page)

    def _sort(self, page: StoryPage) -> None:
        page.series = self.choose.choice([None, *self.series])
        page.topics.set(self.choose.sample(self.topics, self.choose.choice([0, 1, 2])))
        page.authors.set(self.choose.sample(self.authors, self.choose.choice([0, 1])))
        page.save_revision().publish()

    def sort_again(self) -> None:
        if page := self.story():
            self._sort(page)

    def retitle(self) -> None:
        if page := self.story():
            page.title = f"{page.title}, once more"
            page.save_revision().publish()

    def draft(self) -> None:
        if page := self.story():
            page.title = "Not for readers yet"
            page.save_revision()

    def rename(self) -> None:
        if page := self.story():
            page.slug = f"renamed-{self.choose.randrange(10**6)}"
            page.save_revision().publish()

    def choose_related(self) -> None:
        page, other = self.story(), self.story()
        if page and other and page != other:
            page.related = [StoryRelated(story=other)]
            page.save_revision().publish()

    def unpublish(self) -> None:
        if page := self.story():
            page.unpublish()

    def publish_again(self) -> None:
        if page := self.story(live=False):
            page.save_revision().publish()

    def delete(self) -> None:
        if page := self.story():
            page.delete()

    def comment(self) -> None:
        if page := self.story():
            row = Comment.objects.create(story=page, name="A reader", text="Was it the old bridge?",
                                         created_at=timezone.now(), sender="0" * 64)  # fmt: skip
            comment_approve(actor=self.editor, comment=row)

    def reject(self) -> None:
        for row in Comment.objects.filter(status=Comment.Status.APPROVED)[:1]:
            comment_reject(actor=self.editor, comment=row)

    def correct(self) -> None:
        if page := self.story():
            CorrectionNote.objects.create(story=page, old_words="at five", new_words="at six", reason="A slip.",
                                          created_at=timezone.now(), by=self.editor)  # fmt: skip
            page.save_revision().publish()

    def transcript(self) -> None:
        row = self.choose.choice(self.recordings)
        text = self.choose.choice([MASKED, factories.CALL_VTT, factories.CALL_VTT.replace("at six", "at seven")])
        factories.transcript(row, text)

    def translate(self) -> None:
        factories.transcript(self.choose.choice(self.recordings), factories.CALL_UK_VTT, language="uk")

    def describe(self) -> None:
        row = self.choose.choice(self.recordings)
        recording_describe(actor=self.editor, recording_id=row.pk, title=f"Call {self.choose.randrange(99)}",
                           description="As it was put out.")  # fmt: skip

    def rename_publisher(self) -> None:
        publisher = Publisher.objects.get()
        publisher.name = f"Velna Wire {self.choose.randrange(99)}"
        publisher.save()

    def rename_gathering(self) -> None:
        page = self.choose.choice([*self.series, *self.topics, *self.authors])
        page = type(page).objects.get(pk=page.pk)  # type: ignore[attr-defined]
        page.title = f"{page.title.split(',')[0]}, {self.choose.randrange(99)}"
        page.save_revision().publish()

    def rename_about(self) -> None:
        page = StandardPage.objects.order_by("pk").first()
        assert page
        page.title = f"About {self.choose.randrange(99)}"
        page.save_revision().publish()

    def acts(self) -> list[Callable[[], None]]:
        return [
            self.write, self.write, self.write, self.sort_again, self.retitle, self.draft, self.rename, self.unpublish,
            self.choose_related, self.publish_again, self.delete, self.comment, self.comment, self.reject, self.correct,
            self.transcript, self.translate, self.describe, self.rename_publisher, self.rename_gathering,
            self.rename_about,
        ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_changes_the_files_are_those_of_a_full_bake(seed: int) -> None:
    desk = Desk(seed)
    bake_all()
    for _ in range(3):
        desk.write()
    acts = desk.acts()
    desk.choose.shuffle(acts)
    for act in acts:
        with suppress(GateRefused):  # a transcript may have made a story's quotation stale
            act()
        assert not DuePage.objects.exists(), act.__name__
        before = files()
        bake_all()
        assert not differences(before, files()), act.__name__


@pytest.fixture
def call() -> Recording:
    recording = factories.recording()
    factories.transcript(recording)
    return recording


@pytest.fixture
def stories(call: Recording) -> list[StoryPage]:
    other = factories.recording(title="Another call", seed=2)
    factories.transcript(other)
    factories.newsroom()
    series = SeriesPage(title="The flood")
    SeriesIndexPage.objects.get().add_child(instance=series)
    series.save_revision().publish()
    return [
        factories.story(WATER, title="One", recordings=[call], publish=True, series=series),
        factories.story(WATER, title="Two", recordings=[call], publish=True),
        factories.story(WATER, title="Three", recordings=[other], publish=True),
    ]


def test_a_comment_bakes_its_story_and_lists_of_comments_alone(stories: list[StoryPage]) -> None:
    bake_all()
    touched = set(changes.readers_touch(stories[0].pk, "comments"))
    assert stories[0].url in touched
    assert touched <= pages_of("/one/", "comments", "/corrections/", "/feeds/corrections")


def test_a_judgement_on_a_quotation_does_not_bake_lists(stories: list[StoryPage], call: Recording) -> None:
    bake_all()
    touched = set(changes.story_touch(stories[0].pk))
    assert {stories[0].url, call.get_absolute_url()} <= touched
    assert not touched & {"/stories/", "/series/the-flood/", stories[2].url}


def test_another_headline_bakes_the_lists_that_show_it(stories: list[StoryPage], call: Recording) -> None:
    bake_all()
    StoryPage.objects.filter(pk=stories[0].pk).update(byline="Another byline")
    touched = set(changes.story_touch(stories[0].pk))
    assert {"/", "/stories/", "/series/the-flood/", "/feeds/stories.rss", call.get_absolute_url()} <= touched


def test_a_recording_bakes_the_stories_that_quote_it(stories: list[StoryPage], call: Recording) -> None:
    bake_all()
    touched = set(changes.recording_touch(call))
    assert {stories[0].url, stories[1].url, call.get_absolute_url()} <= touched
    assert stories[2].url not in touched
    assert "/about/" not in touched


def test_a_draft_touches_nothing(stories: list[StoryPage]) -> None:
    bake_all()
    count = Change.objects.count()
    stories[0].title = "Not for readers yet"
    stories[0].save_revision()
    assert Change.objects.count() == count


def test_a_hundred_approvals_make_one_bake(
    stories: list[StoryPage], monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    bake_all()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}  # type: ignore[attr-defined]
    editor = factories.person("Editor")
    rendered: list[str] = []
    monkeypatch.setattr(baking, "render", lambda path: rendered.append(path) or render(path))
    for number in range(100):
        row = Comment.objects.create(story=stories[0], name="A reader", text=f"Number {number}",
                                     created_at=timezone.now(), sender="0" * 64)  # fmt: skip
        comment_approve(actor=editor, comment=row)
    assert rendered == []
    assert DBTaskResult.objects.count() == 1
    DuePage.objects.update(touched_at=timezone.now() - tasks.QUIET)
    tasks.bake_settled()
    assert rendered.count(stories[0].url) == 1
    assert not DuePage.objects.exists()
    assert "Number 0" in (Path(settings.BAKED_DIR) / stories[0].url.strip("/") / "index.html").read_text()  # type: ignore[attr-defined]


def test_a_burst_is_waited_for_but_not_longer_than_a_second(stories: list[StoryPage]) -> None:
    bake_all()
    changes.pages_due(["/"])
    assert tasks.bake_settled() == baking.Baked()
    assert DuePage.objects.count() == 1
    DuePage.objects.update(since=timezone.now() - tasks.LONGEST_WAIT, touched_at=timezone.now())
    tasks.bake_settled()
    assert not DuePage.objects.exists()


def test_a_change_while_a_page_is_being_made_is_not_lost(
    stories: list[StoryPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    bake_all()
    Dependency.objects.filter(key=f"card:{stories[0].pk}").delete()  # as if it had not been made from it before

    def change_meanwhile(path: str) -> object:
        page = render(path)
        monkeypatch.undo()
        changes.touch([f"comments:{stories[0].pk}"])
        return page

    monkeypatch.setattr(baking, "render", change_meanwhile)
    baking.bake([stories[0].url])
    assert list(DuePage.objects.values_list("path", flat=True)) == [stories[0].url]


def test_a_page_that_two_baked_at_once_is_baked_again(
    stories: list[StoryPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    bake_all()
    changes.pages_due(["/about/"])

    def bake_meanwhile(path: str) -> object:
        page = render(path)
        monkeypatch.undo()
        baking.bake([path])
        return page

    monkeypatch.setattr(baking, "render", bake_meanwhile)
    baking.bake(["/about/"])
    assert list(DuePage.objects.values_list("path", flat=True)) == ["/about/"]


def test_a_page_that_fails_is_tried_later_and_holds_up_no_other(
    stories: list[StoryPage], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bake_all()
    changes.pages_due(["/about/", stories[0].url])

    def fail(path: str) -> object:
        if path == "/about/":
            raise OSError(28, "No space left on device")
        return render(path)

    monkeypatch.setattr(baking, "render", fail)
    baking.bake_due()
    (row,) = DuePage.objects.all()
    assert (row.path, row.since > timezone.now()) == ("/about/", True)
    assert "bake-failed path=/about/" in caplog.text


def test_the_newsrooms_language_is_baked_whoever_publishes(stories: list[StoryPage]) -> None:
    from django.utils import translation

    before = render("/").content
    with translation.override("uk"):
        assert render("/").content == before
    assert HomePage.objects.exists()
