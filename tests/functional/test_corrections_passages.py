"""Every kind of passage can be corrected; a decision that lacks something is not taken; declining; the record kept."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import ModelLogEntry

from onrecord.core.models import User
from onrecord.readers.models import CorrectionCase, CorrectionNote
from onrecord.readers.services import corrections
from onrecord.stories.models import StoryPage
from tests import factories
from tests.functional.correcting import QUEUE, TEXT, accept, case_url, correction, decline, draft_text, publish, shown

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
    row = correction(story, block_id=block_id, exact=exact, prefix="", suffix="", start=0, end=len(exact))
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
    row = correction(story, block_id=block_id, exact="leave teh house", prefix="We ", suffix=".", start=3, end=18)
    accept(client, row, weight="typo", old_words="teh", new_words="the", reason="")
    newest = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    assert [line["text"] for line in newest.body[0].value["lines"]] == [
        "They said teh buses.",
        "We leave the house.",
    ]
    assert [line["speaker"] for line in newest.body[0].value["lines"]] == ["A man", "A woman"]
    opened = shown(client.get(f"/desk/pages/{story.pk}/edit/"))
    assert "Changed as a reader suggested" in opened
    assert f"body.{block_id}.recording" in opened


def test_a_headline_that_would_be_too_long_is_left_to_the_editor(
    client: Client, editor: User, story: StoryPage
) -> None:
    row = correction(story, block_id="headline", exact=story.title, prefix="", suffix="", start=0, end=len(story.title))
    accept(client, row, old_words=story.title, new_words="Long " * 60)
    assert StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object().title == story.title


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        pytest.param({"reason": " "}, "Give the reason", id="no reason"),
        pytest.param({"old_words": ""}, "This field is required", id="no old words"),
        pytest.param({"new_words": "Monday"}, "the same as the old ones", id="nothing changed"),
        pytest.param({"weight": "whim"}, "Select a valid choice", id="an unknown kind"),
        pytest.param({"weight": ""}, "This field is required", id="no kind"),
    ],
)
def test_a_decision_that_lacks_something_keeps_what_was_typed(
    client: Client, editor: User, story: StoryPage, fields: dict[str, str], wrong: str
) -> None:
    row = correction(story)
    response = accept(client, row, **{"reason": "Typed with care.", **fields})
    assert response.status_code == 400
    page = response.content.decode()
    assert wrong in page
    if "reason" not in fields:
        assert "Typed with care." in page
    row.refresh_from_db()
    assert row.status == "open"
    assert not CorrectionNote.objects.exists()


def test_only_one_of_two_editors_decides(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story)
    decline(client, row)
    response = accept(client, row)
    assert response.status_code == 400
    assert "Somebody else has just handled this suggestion: it is declined now" in response.content.decode()
    assert not CorrectionNote.objects.exists()
    assert "Monday, not before" in draft_text(story)


def test_declining_keeps_the_reason_and_forgets_the_address(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story)
    response = decline(client, row)
    assert (response.status_code, response.headers["Location"]) == (302, QUEUE)
    row.refresh_from_db()
    assert (row.status, row.handled_by) == ("declined", editor)
    assert "The recording says Monday." in shown(client.get(case_url(row)))


def test_declining_needs_a_reason(client: Client, editor: User, story: StoryPage) -> None:
    row = correction(story)
    response = decline(client, row, reason=" ")
    assert response.status_code == 400
    assert "Give the reason." in response.content.decode()
    row.refresh_from_db()
    assert row.status == "open"


def test_the_audit_log_has_no_words_and_no_people(client: Client, editor: User, story: StoryPage) -> None:
    accept(client, correction(story))
    decline(client, correction(story, email="other@example.org"))
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
    row = correction(story)
    with pytest.raises(PermissionDenied):
        corrections.correction_accept(
            actor=moderator,
            case=row,
            weight=CorrectionCase.Weight.TYPO,
            old_words="Monday",
            new_words="Tuesday",
        )
    with pytest.raises(PermissionDenied):
        corrections.correction_decline(actor=moderator, case=row, reason="No.")


def test_services_check_for_themselves(story: StoryPage, editor: User) -> None:
    row, kind = correction(story), CorrectionCase.Weight
    with pytest.raises(corrections.WordsNeeded):
        corrections.correction_accept(actor=editor, case=row, weight=kind.TYPO, old_words=" ", new_words="x")
    with pytest.raises(corrections.ReasonNeeded):
        corrections.correction_accept(actor=editor, case=row, weight=kind.SUBSTANCE, old_words="x", new_words="y")
    with pytest.raises(corrections.ReasonNeeded):
        corrections.correction_decline(actor=editor, case=row, reason="")
