"""A correction accepted: into the draft, and noted in public when that is published."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Comment as Remark
from wagtail.models import Revision

from onrecord.core.models import User
from onrecord.readers.models import CorrectionCase, CorrectionNote
from onrecord.readers.services import listeners
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import TEXT, accept, case_url, correction, draft_text, publish, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> StoryPage:
    return factories.story(TEXT, title="Nobody told us", publish=True)


@pytest.fixture
def editor(client: Client, story: StoryPage) -> User:
    user = factories.person("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def moderator(story: StoryPage) -> User:
    return factories.person("Moderator")


Capture = Any


def test_accepting_changes_the_draft_and_publishes_nothing(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story)
    response = accept(client, row)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/desk/pages/{story.pk}/edit/#block-{story.body[0].id}-section"
    assert draft_text(story) == "<p>The bus left on Tuesday, not before. On <b>Monday</b> the bridge fell.</p>"
    story.refresh_from_db()
    assert "Monday, not before" in story.body[0].value.source
    assert story.has_unpublished_changes
    row.refresh_from_db()
    assert (row.status, row.weight, row.handled_by) == ("accepted", "substance", editor)
    note = CorrectionNote.objects.get()
    assert (note.old_words, note.new_words, note.reason) == ("Monday", "Tuesday", "The timetable says so.")
    assert (note.case, note.by, note.published_at) == (row, editor, None)
    assert "The words are changed in this draft" in shown(client.get(response.headers["Location"]))


def test_a_typo_leaves_no_note(client: Client, editor: User, story: StoryPage) -> None:
    accept(client, correction(story), weight="typo", reason="")
    assert "Tuesday, not before" in draft_text(story)
    publish(story)
    assert not CorrectionNote.objects.exists()


def test_the_note_is_public_only_when_the_story_is_published(client: Client, editor: User, story: StoryPage) -> None:
    accept(client, correction(story), changes_meaning="on")
    reader = Client()
    for url in (story.url, "/corrections/"):
        assert "The timetable says so." not in shown(reader.get(url))
    publish(story)
    page = shown(reader.get("/corrections/"))
    note = CorrectionNote.objects.get()
    assert "The timetable says so." in page
    assert f'id="correction-{note.pk}"' in page
    assert f"{story.url}#correction-{note.pk}" in page
    assert note.published_at is not None
    assert note.changes_meaning
    first = note.published_at
    publish(story)
    note.refresh_from_db()
    assert note.published_at == first


def test_the_story_page_is_given_the_note(client: Client, editor: User, story: StoryPage, rf: Any) -> None:
    accept(client, correction(story))
    page = StoryPage.objects.get(pk=story.pk)
    assert page.get_context(rf.get("/"))["correction_notes"] == []
    publish(story)
    page = StoryPage.objects.get(pk=story.pk)
    context = page.get_context(rf.get("/"))
    assert [note.new_words for note in context["correction_notes"]] == ["Tuesday"]
    assert context["revision_id"] == page.live_revision_id
    assert (context["suggest_url"], context["comments_url"], context["challenge_url"]) == (
        "/corrections/suggest/", "/comments/add/", "/api/challenge/",
    )  # fmt: skip


def test_an_older_revision_going_live_does_not_publish_the_note(client: Client, editor: User, story: StoryPage) -> None:
    older = StoryPage.objects.get(pk=story.pk).save_revision()
    accept(client, correction(story))
    Revision.objects.get(pk=older.pk).publish()
    assert CorrectionNote.objects.get().published_at is None
    publish(story)
    assert CorrectionNote.objects.get().published_at is not None


def test_a_publication_that_is_only_scheduled_does_not_publish_the_note(
    client: Client, editor: User, story: StoryPage
) -> None:
    accept(client, correction(story))
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.go_live_at = timezone.now().replace(year=2099)
    draft.save_revision().publish()
    assert CorrectionNote.objects.get().published_at is None


def test_whoever_listens_is_told_of_a_note_when_it_becomes_public(
    client: Client, editor: User, story: StoryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(listeners, "_listeners", [lambda page, what: told.append((page.pk, what))])
    accept(client, correction(story))
    assert told == []
    publish(story)
    assert told == [(story.pk, "notes")]


@pytest.mark.parametrize(
    ("exact", "old", "new", "text"),
    [
        pytest.param("Monday", "Monday, not before", "Tuesday", None, id="more words than were marked"),
        pytest.param(
            "The bus left on Monday",
            "Monday",
            "Tuesday",
            "left on Tuesday, not",
            id="fewer words than were marked",
        ),
        pytest.param("The bus left on Monday", "bridge", "dam", "the dam fell", id="elsewhere in the paragraph"),
        pytest.param("Monday the bridge", "Monday the", "Friday a", "On <b>Friday</b> a bridge", id="over bold text"),
        pytest.param(
            "bus",
            "bus",
            "<b>bus</b> & tram",
            "The &lt;b&gt;bus&lt;/b&gt; &amp; tram left",
            id="markup is text",
        ),
    ],
)
def test_the_words_are_found_at_the_passage(
    client: Client, editor: User, story: StoryPage, exact: str, old: str, new: str, text: str | None
) -> None:
    row = correction(story, exact=exact, prefix="", suffix="", start=None, end=None)
    accept(client, row, old_words=old, new_words=new)
    assert (text or "The bus left on Tuesday. On <b>Monday</b>") in draft_text(story)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"old_words": "Wednesday"}, id="not in the story"),
        pytest.param({"old_words": "on monday"}, id="in other letters"),
    ],
)
def test_words_that_are_not_there_once_are_left_to_the_editor(
    client: Client, editor: User, story: StoryPage, fields: dict[str, str]
) -> None:
    response = accept(client, correction(story), **fields)
    assert response.headers["Location"].endswith(f"#block-{story.body[0].id}-section")
    assert "by hand" in shown(client.get(response.headers["Location"]))
    story.refresh_from_db()
    assert not story.has_unpublished_changes
    assert CorrectionNote.objects.count() == 1


def test_words_that_stand_in_several_places_are_left_to_the_editor(
    client: Client, editor: User, story: StoryPage
) -> None:
    row = correction(story, exact="", prefix="", suffix="", start=None, end=None)
    accept(client, row)
    story.refresh_from_db()
    assert not story.has_unpublished_changes


def test_a_locked_story_is_left_to_whoever_locked_it(client: Client, editor: User, story: StoryPage) -> None:
    StoryPage.objects.filter(pk=story.pk).update(
        locked=True, locked_by=factories.person("Editor"), locked_at=timezone.now()
    )
    accept(client, correction(story))
    assert "Monday, not before" in draft_text(story)
    assert CorrectionCase.objects.get().status == "accepted"


def test_an_unfinished_draft_is_kept(client: Client, editor: User, story: StoryPage) -> None:
    draft = story.get_latest_revision_as_object()
    draft.standfirst = "Being written"
    draft.save_revision()
    accept(client, correction(story))
    newest = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert newest.standfirst == "Being written"
    assert "Tuesday, not before" in newest.body[0].value.source


def test_the_editor_shows_what_was_changed_until_it_is_published(
    client: Client, editor: User, story: StoryPage
) -> None:
    case = correction(story)
    accept(client, case, weight="typo")
    case.refresh_from_db()
    assert case.draft_revision == StoryPage.objects.get(pk=story.pk).latest_revision_id
    words = f"Changed as a reader suggested (case {case.pk}): “Monday” is now “Tuesday”."
    remark = Remark.objects.get(pk=case.draft_comment)
    assert (remark.text, remark.contentpath, remark.user) == (words, f"body.{story.body[0].id}", editor)
    page = shown(client.get(f"/desk/pages/{story.pk}/edit/"))
    assert f"Changed as a reader suggested (case {case.pk})" in page
    assert "Words changed by a correction" in shown(client.get(f"/desk/pages/{story.pk}/history/"))
    assert f"/desk/pages/{story.pk}/revisions/compare/live...{case.draft_revision}/" in shown(
        client.get(case_url(case))
    )
    publish(story)
    remark.refresh_from_db()
    assert remark.resolved_at
