"""Corrections in the desk: judged in context, put into a draft, noted in public when that is published."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from onrecord.core.models import User
from onrecord.readers.models import CorrectionNote, CorrectionReport
from onrecord.readers.services import corrections, listeners
from onrecord.stories.models import StoryPage
from tests import factories

pytestmark = pytest.mark.django_db

QUEUE = "/desk/corrections/"
TEXT = "The bus left on Monday, not before. On <b>Monday</b> the bridge fell."
Capture = Any


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


def report(story: StoryPage, **fields: Any) -> CorrectionReport:
    """A suggestion that Monday was Tuesday."""
    values = {
        "block_id": story.body[0].id, "exact": "Monday", "prefix": "The bus left on ",
        "suffix": ", not before.", "start": 16, "end": 22, "suggestion": "It was Tuesday.",
        "email": "reader@example.org", "revision_read": story.live_revision_id, "created_at": timezone.now(),
    }  # fmt: skip
    return CorrectionReport.objects.create(story=story, **{**values, **fields})


def case_url(row: CorrectionReport) -> str:
    return f"{QUEUE}{row.pk}/"


def accept(client: Client, row: CorrectionReport, **fields: str) -> HttpResponse:
    values = {
        "decision": "accept", "kind": "substance", "old_words": "Monday", "new_words": "Tuesday",
        "reason": "The timetable says so.",
    }  # fmt: skip
    return client.post(case_url(row), {**values, **fields})


def decline(client: Client, row: CorrectionReport, reason: str = "The recording says Monday.") -> HttpResponse:
    return client.post(case_url(row), {"decision": "decline", "decline_reason": reason})


def draft_text(story: StoryPage) -> str:
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    return str(draft.body[0].value.source)


def publish(story: StoryPage) -> None:
    StoryPage.objects.get(pk=story.pk).get_latest_revision().publish()


def shown(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- the queue --------------------------------------------------------------------------------------------


def test_open_suggestions_come_first_and_are_counted(client: Client, editor: User, story: StoryPage) -> None:
    closed = report(story, suggestion="Closed one", status="declined")
    waiting = report(story, suggestion="Waiting one")
    CorrectionReport.objects.filter(pk=waiting.pk).update(created_at=closed.created_at.replace(year=2020))
    page = shown(client.get(QUEUE))
    assert page.index("Waiting one") < page.index("Closed one")
    assert "Corrections (1)" in page
    assert story.url in page
    assert "Closed one" not in shown(client.get(QUEUE, {"status": "open"}))
    assert "Waiting one" not in shown(client.get(QUEUE, {"q": "closed"}))
    assert "Waiting one" in shown(client.get(f"{QUEUE}results/"))


def test_an_empty_queue(client: Client, editor: User) -> None:
    page = shown(client.get(QUEUE))
    assert "Corrections (" not in page


def test_the_queue_costs_the_same_for_many(
    client: Client, editor: User, story: StoryPage, django_assert_num_queries: Callable[[int], Any]
) -> None:
    report(story)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE)
    few = len(queries)
    for number in range(10):
        report(factories.story("Another one.", title=f"Story {number}", publish=True))
    client.get(QUEUE)
    with django_assert_num_queries(few):
        client.get(QUEUE)
    assert few <= 20


@pytest.mark.parametrize(("role", "queue", "case"), [("Reporter", 302, 302), ("Moderator", 200, 200)])
def test_roles(client: Client, story: StoryPage, role: str, queue: int, case: int) -> None:
    row = report(story)
    client.force_login(factories.person(role))
    assert client.get(QUEUE).status_code == queue
    assert client.get(case_url(row)).status_code == case
    assert accept(client, row).status_code == 302 if role == "Reporter" else 403
    row.refresh_from_db()
    assert row.status == "open"
    home = shown(client.get("/desk/"))
    assert (QUEUE in home) == (queue == 200)


def test_a_moderator_sees_no_e_mail_and_no_form(client: Client, moderator: User, story: StoryPage) -> None:
    client.force_login(moderator)
    page = shown(client.get(case_url(report(story))))
    assert "It was Tuesday." in page
    assert "reader@example.org" not in page
    assert 'value="accept"' not in page


def test_a_stranger_is_asked_to_log_in(client: Client, story: StoryPage) -> None:
    assert client.get(QUEUE).status_code == 302
    assert client.get(case_url(report(story))).status_code == 302


# --- one case ---------------------------------------------------------------------------------------------


def test_the_passage_is_shown_in_context(client: Client, editor: User, story: StoryPage) -> None:
    page = shown(client.get(case_url(report(story))))
    assert "The bus left on <mark>Monday</mark>, not before." in page
    assert "As the reader had it, and as published" in page
    assert "reader@example.org" in page
    assert story.url in page
    assert f"/desk/pages/{story.pk}/edit/#block-{story.body[0].id}-section" in page


def test_the_passage_is_found_in_the_version_read_and_in_the_current_one(
    client: Client, editor: User, story: StoryPage
) -> None:
    row = report(story)
    draft = story.get_latest_revision_as_object()
    draft.body[0] = (
        "paragraph",
        "<p>Yesterday it rained. The bus left on Monday, not before.</p>",
        story.body[0].id,
    )
    draft.save_revision().publish()
    page = shown(client.get(case_url(row)))
    assert "As the reader had it" in page
    assert "As published now" in page
    assert page.count("left on <mark>Monday</mark>, not before") == 2


def test_a_passage_that_is_gone_is_said_to_be_gone(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story)
    draft = story.get_latest_revision_as_object()
    draft.body[0] = ("paragraph", "<p>Something else altogether happened here.</p>", str(uuid4()))
    draft.save_revision()
    page = shown(client.get(case_url(row)))
    assert page.count("<mark>Monday</mark>") == 1
    assert "In the newest draft" in page
    assert "These words are gone" in page


def test_a_suggestion_without_a_passage(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story, exact="", prefix="", suffix="", start=None, end=None, block_id="", revision_read=None)
    assert "The reader marked no passage." in shown(client.get(case_url(row)))


def test_scripts_in_every_field_stay_text(client: Client, editor: User, story: StoryPage) -> None:
    script = "<script>alert(1)</script>"
    row = report(story, suggestion=script, exact=script, prefix=script, suffix=script, email="")
    for url in (QUEUE, case_url(row)):
        page = shown(client.get(url))
        assert "alert(1)" in page
        assert script not in page


def test_a_quotation_shows_its_evidence(client: Client, editor: User) -> None:
    recording = factories.recording()
    factories.transcript(recording)
    story = factories.story(
        "“The water came over the bridge at six and nobody told us,” a woman said.",
        title="Told by nobody", recordings=[recording], publish=True,
    )  # fmt: skip
    row = report(story, exact="at six", prefix="over the bridge ", suffix=" and nobody", start=None, end=None)
    page = shown(client.get(case_url(row)))
    assert "verbatim" in page
    assert "Play the moment" in page
    assert "#t=0.000," in page
    beside = report(story, exact="a woman said", prefix="us,” ", suffix=".", start=None, end=None)
    assert "Play the moment" not in shown(client.get(case_url(beside)))


# --- accepted ---------------------------------------------------------------------------------------------


def test_accepting_changes_the_draft_and_publishes_nothing(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story)
    response = accept(client, row)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/desk/pages/{story.pk}/edit/#block-{story.body[0].id}-section"
    assert draft_text(story) == "<p>The bus left on Tuesday, not before. On <b>Monday</b> the bridge fell.</p>"
    story.refresh_from_db()
    assert "Monday, not before" in story.body[0].value.source
    assert story.has_unpublished_changes
    row.refresh_from_db()
    assert (row.status, row.kind, row.handled_by, row.email) == ("accepted", "substance", editor, "")
    note = CorrectionNote.objects.get()
    assert (note.old_words, note.new_words, note.reason) == ("Monday", "Tuesday", "The timetable says so.")
    assert (note.report, note.by, note.published_at) == (row, editor, None)
    assert "The words are changed in this draft" in shown(client.get(response.headers["Location"]))


def test_a_typo_leaves_no_note(client: Client, editor: User, story: StoryPage) -> None:
    accept(client, report(story), kind="typo", reason="")
    assert "Tuesday, not before" in draft_text(story)
    publish(story)
    assert not CorrectionNote.objects.exists()


def test_the_note_is_public_only_when_the_story_is_published(client: Client, editor: User, story: StoryPage) -> None:
    accept(client, report(story), changes_meaning="on")
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
    accept(client, report(story))
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
    accept(client, report(story))
    Revision.objects.get(pk=older.pk).publish()
    assert CorrectionNote.objects.get().published_at is None
    publish(story)
    assert CorrectionNote.objects.get().published_at is not None


def test_a_publication_that_is_only_scheduled_does_not_publish_the_note(
    client: Client, editor: User, story: StoryPage
) -> None:
    accept(client, report(story))
    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.go_live_at = timezone.now().replace(year=2099)
    draft.save_revision().publish()
    assert CorrectionNote.objects.get().published_at is None


def test_whoever_listens_is_told_of_a_note_after_commit(
    client: Client, editor: User, story: StoryPage, django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told: list[int] = []
    monkeypatch.setattr(listeners, "_listeners", [lambda page: told.append(page.pk)])
    with django_capture_on_commit_callbacks(execute=True):
        accept(client, report(story))
    assert told == []
    with django_capture_on_commit_callbacks(execute=True):
        publish(story)
        assert told == []
    assert told == [story.pk]


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
    row = report(story, exact=exact, prefix="", suffix="", start=None, end=None)
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
    response = accept(client, report(story), **fields)
    assert response.headers["Location"].endswith(f"#block-{story.body[0].id}-section")
    assert "by hand" in shown(client.get(response.headers["Location"]))
    story.refresh_from_db()
    assert not story.has_unpublished_changes
    assert CorrectionNote.objects.count() == 1


def test_words_that_stand_in_several_places_are_left_to_the_editor(
    client: Client, editor: User, story: StoryPage
) -> None:
    row = report(story, exact="", prefix="", suffix="", start=None, end=None)
    accept(client, row)
    story.refresh_from_db()
    assert not story.has_unpublished_changes


def test_a_locked_story_is_left_to_whoever_locked_it(client: Client, editor: User, story: StoryPage) -> None:
    StoryPage.objects.filter(pk=story.pk).update(
        locked=True, locked_by=factories.person("Editor"), locked_at=timezone.now()
    )
    accept(client, report(story))
    assert "Monday, not before" in draft_text(story)
    assert CorrectionReport.objects.get().status == "accepted"


def test_an_unfinished_draft_is_kept(client: Client, editor: User, story: StoryPage) -> None:
    draft = story.get_latest_revision_as_object()
    draft.standfirst = "Being written"
    draft.save_revision()
    accept(client, report(story))
    newest = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert newest.standfirst == "Being written"
    assert "Tuesday, not before" in newest.body[0].value.source


BODY = [
    {"id": "11111111-1111-4111-8111-111111111111", "type": "heading", "value": "The brigde fell"},
    {
        "id": "22222222-2222-4222-8222-222222222222",
        "type": "pull_quote",
        "value": {"text": "one brigde", "speaker": ""},
    },
    {
        "id": "44444444-4444-4444-8444-444444444444",
        "type": "note",
        "value": "<p>Translated at the <i>brigde</i>.</p>",
    },
]


@pytest.mark.parametrize(
    ("block_id", "exact"),
    [
        ("headline", "The brigde and us"),
        ("standfirst", "What the brigde did"),
        (BODY[0]["id"], "The brigde fell"),
        (BODY[2]["id"], "Translated at the brigde."),
    ],
)
def test_every_kind_of_passage_can_be_mended(client: Client, editor: User, block_id: str, exact: str) -> None:
    story = factories.story(
        "Nothing here.",
        title="The brigde and us",
        standfirst="What the brigde did",
        body=[BODY[0], BODY[2]],
        publish=True,
    )
    row = report(story, block_id=block_id, exact=exact, prefix="", suffix="", start=0, end=len(exact))
    response = accept(client, row, old_words="brigde", new_words="bridge")
    newest = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    texts = [newest.title, newest.standfirst, newest.body[1].value, newest.body[2].value.source]
    assert sum("bridge" in text for text in texts) == 1
    assert sum("brigde" in text for text in texts) == 3
    assert [block.id for block in newest.body] == [block.id for block in story.body]
    assert newest.draft_title == newest.title
    hash_part = f"#block-{block_id}-section" if "-" in block_id else ""
    assert response.headers["Location"] == f"/desk/pages/{story.pk}/edit/{hash_part}"


def test_a_line_of_an_exchange_can_be_mended(client: Client, editor: User) -> None:
    recording = factories.recording()
    story = factories.story("Nothing here.", title="Two on a line")
    draft = story.get_latest_revision_as_object()
    block_id = "33333333-3333-4333-8333-333333333333"
    lines = [
        {"type": "item", "id": str(uuid4()), "value": {"speaker": "A man", "text": "They said teh buses."}},
        {"type": "item", "id": str(uuid4()), "value": {"speaker": "A woman", "text": "We leave teh house."}},
    ]
    exchange = {"id": block_id, "type": "exchange", "value": {"recording": str(recording.pk), "lines": lines}}
    draft.body = draft._meta.get_field("body").to_python([exchange])
    draft.save_revision()
    row = report(story, block_id=block_id, exact="leave teh house", prefix="We ", suffix=".", start=3, end=18)
    accept(client, row, kind="typo", old_words="teh", new_words="the", reason="")
    newest = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert [line["text"] for line in newest.body[0].value["lines"]] == [
        "They said teh buses.",
        "We leave the house.",
    ]
    assert [line["speaker"] for line in newest.body[0].value["lines"]] == ["A man", "A woman"]


def test_a_headline_that_would_be_too_long_is_left_to_the_editor(
    client: Client, editor: User, story: StoryPage
) -> None:
    row = report(story, block_id="headline", exact=story.title, prefix="", suffix="", start=0, end=len(story.title))
    accept(client, row, old_words=story.title, new_words="Long " * 60)
    assert StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object().title == story.title


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"reason": " "}, "Give the reason", id="no reason"),
        pytest.param({"old_words": ""}, "This field is required", id="no old words"),
        pytest.param({"new_words": "Monday"}, "the same as the old ones", id="nothing changed"),
        pytest.param({"kind": "whim"}, "Select a valid choice", id="an unknown kind"),
        pytest.param({"kind": ""}, "This field is required", id="no kind"),
    ],
)
def test_a_decision_that_lacks_something_keeps_what_was_typed(
    client: Client, editor: User, story: StoryPage, fields: dict[str, str], wrong: str
) -> None:
    row = report(story)
    response = accept(client, row, **{"reason": "Typed with care.", **fields})
    assert response.status_code == 400
    page = response.content.decode()
    assert wrong in page
    if "reason" not in fields:
        assert "Typed with care." in page
    row.refresh_from_db()
    assert (row.status, row.email) == ("open", "reader@example.org")
    assert not CorrectionNote.objects.exists()


def test_only_one_of_two_editors_decides(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story)
    decline(client, row)
    response = accept(client, row)
    assert response.status_code == 400
    assert "Somebody else has just handled this suggestion: it is declined now" in response.content.decode()
    assert not CorrectionNote.objects.exists()
    assert "Monday, not before" in draft_text(story)


# --- declined ---------------------------------------------------------------------------------------------


def test_declining_keeps_the_reason_and_forgets_the_address(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story)
    response = decline(client, row)
    assert (response.status_code, response.headers["Location"]) == (302, QUEUE)
    row.refresh_from_db()
    assert (row.status, row.email, row.handled_by) == ("declined", "", editor)
    assert "The recording says Monday." in shown(client.get(case_url(row)))


def test_declining_needs_a_reason(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story)
    response = decline(client, row, reason=" ")
    assert response.status_code == 400
    assert "Give the reason." in response.content.decode()
    row.refresh_from_db()
    assert row.status == "open"


# --- what stays on record ---------------------------------------------------------------------------------


def test_the_audit_log_has_no_words_and_no_people(client: Client, editor: User, story: StoryPage) -> None:
    accept(client, report(story))
    decline(client, report(story, email="other@example.org"))
    publish(story)
    entries = list(ModelLogEntry.objects.filter(action__startswith="readers."))
    assert sorted(entry.action for entry in entries) == [
        "readers.correction.accept", "readers.correction.decline", "readers.correction.publish",
    ]  # fmt: skip
    for entry in entries:
        kept = f"{entry.label} {entry.data}"
        for private in ("Monday", "Tuesday", "example.org", "timetable", "recording says"):
            assert private not in kept
    assert {entry.user for entry in entries if entry.action != "readers.correction.publish"} == {editor}


def test_services_authorise_for_themselves(story: StoryPage, moderator: User) -> None:
    row = report(story)
    with pytest.raises(PermissionDenied):
        corrections.correction_accept(
            actor=moderator,
            report=row,
            kind=CorrectionReport.Kind.TYPO,
            old_words="Monday",
            new_words="Tuesday",
        )
    with pytest.raises(PermissionDenied):
        corrections.correction_decline(actor=moderator, report=row, reason="No.")


def test_services_check_for_themselves(story: StoryPage, editor: User) -> None:
    row, kind = report(story), CorrectionReport.Kind
    with pytest.raises(corrections.WordsNeeded):
        corrections.correction_accept(actor=editor, report=row, kind=kind.TYPO, old_words=" ", new_words="x")
    with pytest.raises(corrections.ReasonNeeded):
        corrections.correction_accept(actor=editor, report=row, kind=kind.SUBSTANCE, old_words="x", new_words="y")
    with pytest.raises(corrections.ReasonNeeded):
        corrections.correction_decline(actor=editor, report=row, reason="")


# --- the public log ---------------------------------------------------------------------------------------


def note(story: StoryPage, **fields: Any) -> CorrectionNote:
    now = timezone.now()
    values = {"old_words": "old", "new_words": "new", "reason": "why", "created_at": now, "published_at": now}
    return CorrectionNote.objects.create(story=story, **{**values, **fields})


def test_the_log_shows_no_note_of_a_story_that_is_not_public(client: Client, story: StoryPage) -> None:
    note(story, reason="Shown reason")
    note(factories.story("Draft.", title="Hidden draft"), reason="Hidden reason")
    page = shown(client.get(reverse("corrections-log")))
    assert "Shown reason" in page
    assert "Hidden" not in page


def test_the_log_costs_the_same_for_many(
    client: Client, story: StoryPage, django_assert_num_queries: Callable[[int], Any]
) -> None:
    note(story)
    client.get("/corrections/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/corrections/")
    few = len(queries)
    for number in range(8):
        note(factories.story("Another one.", title=f"Story {number}", publish=True))
    client.get("/corrections/")
    with django_assert_num_queries(few):
        client.get("/corrections/")
    assert few <= 10


def test_the_log_escapes_what_it_shows(client: Client, story: StoryPage) -> None:
    note(story, old_words="<script>alert(1)</script>", new_words="<b>x</b>", reason="<i>y</i>")
    page = shown(client.get("/corrections/"))
    assert "<script>alert" not in page
    assert "<b>x" not in page


def test_the_old_words_proposed_are_the_published_ones(client: Client, editor: User, story: StoryPage) -> None:
    row = report(story, exact="The bus left on Monday", prefix="", suffix=", not", start=0, end=22)
    CorrectionReport.objects.filter(pk=row.pk).update(suggestion="The bus left on Tuesday")
    accept(client, report(story))
    page = shown(client.get(case_url(row)))
    assert ">\nThe bus left on Monday</textarea>" in page
    assert ">\nThe bus left on Tuesday</textarea>" in page
