"""Every door of the desk through which a story could be published, and the way out."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from onrecord.archive.models import Recording
from onrecord.stories.bindings import StoryCheck
from onrecord.stories.decisions import QuotationConfirmation, QuotationOverride
from onrecord.stories.gate import story_check
from onrecord.stories.models import StoryIndexPage, StoryPage, StoryStatement
from onrecord.transcripts.services import EditedSegment, transcript_edit
from tests import factories
from tests.functional.conftest import DeskOf

pytestmark = pytest.mark.django_db

TRUE = "She said: “We are not leaving without the animals.”"
FALSE = "She said: “We are leaving without the animals.”"
INVENTED = "He said: “It was a calm and orderly operation for everyone.”"


@pytest.fixture
def record(newsroom: object) -> Recording:
    row = factories.recording(prepared=False)
    factories.transcript(row)
    return row


@pytest.fixture
def wrong(record: Recording) -> StoryPage:
    """A draft with one altered quotation."""
    return factories.story(FALSE, recordings=[record])


def edit_url(page: StoryPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def fields(page: StoryPage | None, record: Recording | None, *paragraphs: str, **more: Any) -> dict[str, Any]:
    """What the page editor posts."""
    rows = list(page.story_recordings.all()) if page and page.pk else []
    recordings = [{"id": row.pk, "recording": str(row.recording_id)} for row in rows]
    if record and not rows:
        recordings = [{"id": "", "recording": str(record.pk)}]
    return nested_form_data(
        {
            "title": page.title if page else "A new story",
            "slug": page.slug if page else "a-new-story",
            "standfirst": "",
            "byline": "",
            "dateline_place": "",
            "dateline_date": "2024-05-05",
            "series": "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "body": streamfield([("paragraph", rich_text(f"<p>{text}</p>")) for text in paragraphs]),
            "story_recordings": inline_formset(recordings, initial=len(rows)),
            "statements": inline_formset([]),
            "related": inline_formset([]),
            "comments": inline_formset([]),
            **more,
        }
    )


def assert_refused(client: Client, response: Any, page: StoryPage) -> str:
    """The editor is sent to the story, is told why, and readers get nothing new; gives the page shown."""
    assert response.status_code == 302
    assert response["Location"] == edit_url(page)
    text = client.get(response["Location"]).text
    assert "was not published: 1 quotation is not borne out by the record" in text
    assert "have an editor override" in text
    assert 'data-or-quotations-blocking-value="1"' in text
    page.refresh_from_db()
    assert not StoryPage.objects.cleared().filter(pk=page.pk).exists()
    return str(text)


def test_the_editor_refuses_and_keeps_what_was_typed(editor: Client, record: Recording) -> None:
    page = factories.story(TRUE, recordings=[record])
    response = editor.post(edit_url(page), fields(page, record, FALSE, **{"action-publish": "1"}))
    text = assert_refused(editor, response, page)
    assert not page.live
    assert "We are leaving without" in text  # the draft has the typed words
    assert "Words were changed" in text
    assert "Changes the meaning" in text


def test_a_true_story_is_published(editor: Client, record: Recording) -> None:
    page = factories.story("Nothing yet.", recordings=[record])
    editor.post(edit_url(page), fields(page, record, TRUE, **{"action-publish": "1"}))
    page.refresh_from_db()
    check = StoryCheck.objects.get(page=page)
    assert (page.live, check.revision_id, check.checked_by) == (True, page.live_revision_id, editor.person)  # type: ignore[attr-defined]
    assert page.live_check == check
    assert "word" in editor.get(edit_url(page)).text


def test_a_published_story_stays_as_it_was_when_its_next_version_is_refused(editor: Client, record: Recording) -> None:
    page = factories.story(TRUE, recordings=[record], publish=True)
    response = editor.post(edit_url(page), fields(page, record, FALSE, **{"action-publish": "1"}))
    assert response["Location"] == edit_url(page)
    page.refresh_from_db()
    assert page.live
    assert page.has_unpublished_changes
    assert StoryPage.objects.cleared().filter(pk=page.pk).exists()
    assert "We are not leaving" in str(page.body)


def test_a_new_story_published_at_once_is_refused_and_is_a_draft(editor: Client, record: Recording) -> None:
    index = StoryIndexPage.objects.get()
    url = reverse("wagtailadmin_pages:add", args=["stories", "storypage", index.pk])
    response = editor.post(url, fields(None, record, FALSE, **{"action-publish": "1"}))
    page = StoryPage.objects.get()
    assert_refused(editor, response, page)
    assert not page.live
    assert page.revisions.count() == 1


def test_a_schedule_is_refused(editor: Client, wrong: StoryPage, record: Recording) -> None:
    later = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    data = fields(wrong, record, FALSE, go_live_at=later, **{"action-publish": "1"})
    assert_refused(editor, editor.post(edit_url(wrong), data), wrong)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_an_old_version_is_not_published_again_unchecked(editor: Client, record: Recording) -> None:
    page = factories.story(FALSE, recordings=[record])
    old = page.latest_revision_id
    url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, old])
    assert editor.get(url).status_code == 200
    data = fields(page, record, FALSE, revision=old, **{"action-publish": "1"})
    assert_refused(editor, editor.post(edit_url(page), data), page)


def test_bulk_publishing_is_all_or_nothing(editor: Client, wrong: StoryPage, record: Recording) -> None:
    right = factories.story(TRUE, title="A true one", recordings=[record])
    explorer = reverse("wagtailadmin_explore", args=[StoryIndexPage.objects.get().pk])
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = f"?id={wrong.pk}&id={right.pk}&next={explorer}"
    response = editor.post(url + query, {"include_descendants": ""})
    assert response["Location"] == explorer
    assert "was not published: 1 quotation" in editor.get(explorer).text
    assert not StoryPage.objects.live().exists()
    editor.post(url + f"?id={right.pk}&next={explorer}", {"include_descendants": ""})
    assert StoryPage.objects.cleared().get() == right


def test_bulk_publishing_of_a_branch_is_checked_as_well(editor: Client, wrong: StoryPage) -> None:
    index = StoryIndexPage.objects.get()
    explorer = reverse("wagtailadmin_explore", args=[index.get_parent().pk])
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    editor.post(f"{url}?id={index.pk}&next={explorer}", {"include_descendants": "on"})
    assert not StoryPage.objects.live().exists()


@pytest.mark.parametrize("way", ["editor", "dialog", "plain"])
def test_an_approval_that_would_publish_is_refused(desk_of: DeskOf, record: Recording, way: str) -> None:
    reporter, editor = desk_of("Reporter"), desk_of("Editor")
    page = factories.story(FALSE, recordings=[record], owner=reporter.person)  # type: ignore[attr-defined]
    reporter.post(edit_url(page), fields(page, record, FALSE, **{"action-submit": "1"}))
    page.refresh_from_db()
    state = page.current_workflow_task_state
    assert state is not None
    if way == "editor":
        data = {
            "action-workflow-action": "1",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": "{}",
        }
        response = editor.post(edit_url(page), fields(page, record, FALSE, **data))
    else:
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
        headers = {"x-requested-with": "XMLHttpRequest"} if way == "dialog" else {}
        response = editor.post(url, {"comment": ""}, headers=headers)
    if way == "dialog":
        assert json.loads(response.content) == {"step": "success", "redirect": edit_url(page)}
        assert "was not published" in editor.get(edit_url(page)).text
    else:
        assert_refused(editor, response, page)
    page = StoryPage.objects.get(pk=page.pk)
    assert not page.live
    assert page.workflow_in_progress


def test_the_desks_own_api_is_refused(editor: Client, wrong: StoryPage) -> None:
    url = reverse("wagtailadmin_api:pages:action", args=[wrong.pk, "publish"])
    response = editor.post(url, {}, content_type="application/json")
    assert response.status_code == 409
    assert response.json()["code"] == "gate-refused"
    wrong.refresh_from_db()
    assert not wrong.live


def test_an_action_behind_the_models_back_meets_the_last_door(record: Recording, editor: Client) -> None:
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    from onrecord.stories.gate import GateRefused

    page = factories.story(TRUE, recordings=[record], publish=True)
    page.title = "“We are leaving without the animals,” she said"
    revision = page.save_revision()
    with pytest.raises(GateRefused):
        PublishPageRevisionAction(revision).execute()
    page = StoryPage.objects.get(pk=page.pk)
    assert page.live_check is not None
    assert "We are leaving" not in page.title


def test_copies_and_aliases_show_readers_nothing_unchecked(editor: Client, record: Recording) -> None:
    page = factories.story(TRUE, recordings=[record], publish=True)
    index = StoryIndexPage.objects.get()
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = editor.get(url).text
    assert "publish_copies" not in form
    data = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": index.pk,
        "publish_copies": "on",
        "alias": "on",
    }
    assert editor.post(url, data).status_code == 302
    copy = StoryPage.objects.get(slug="copy")
    assert not copy.live
    alias = page.create_alias(update_slug="alias", parent=index)
    assert Client().get(alias.get_url()).status_code == 404
    moved = page.copy(to=index, update_attrs={"slug": "kept-live"}, keep_live=True)
    assert moved.specific.live_check is not None  # it went through the gate itself


def test_autosave_refreshes_the_panel(editor: Client, record: Recording) -> None:
    page = factories.story(TRUE, recordings=[record])
    headers = {"accept": "application/json"}
    answer = editor.post(edit_url(page), fields(page, record, FALSE), headers=headers).json()
    assert answer["success"]
    assert "data-side-panel='quotations'" in answer["html"]
    assert 'data-or-quotations-blocking-value="1"' in answer["html"]


def test_the_panel_comes_with_the_first_save_of_a_new_story(editor: Client, record: Recording) -> None:
    index = StoryIndexPage.objects.get()
    url = reverse("wagtailadmin_pages:add", args=["stories", "storypage", index.pk])
    answer = editor.post(url, fields(None, record, INVENTED), headers={"accept": "application/json"}).json()
    hydrated = editor.get(answer["hydrate_url"]).text
    assert 'data-or-quotations-blocking-value="1"' in hydrated
    assert "Not in the record" in hydrated


def test_the_panel_says_what_to_do_when_nothing_is_named(editor: Client, newsroom: object) -> None:
    page = factories.story(INVENTED)
    assert "names no recording and no other evidence yet" in editor.get(edit_url(page)).text


def override(client: Client, page: StoryPage, reason: str, **headers: str) -> Any:
    text = client.get(reverse("story_desk:quotations", args=[page.pk])).text
    key = text.split('name="key" value="')[1].split('"')[0] if 'name="key"' in text else ""
    url = reverse("story_desk:override", args=[page.pk])
    return client.post(url, {"key": key, "reason": reason}, headers=headers)


def test_an_editor_overrides_with_a_reason_that_is_shown(editor: Client, wrong: StoryPage, record: Recording) -> None:
    response = override(editor, wrong, "She said it again outside; the reporter was there.")
    assert response["Location"] == edit_url(wrong)
    text = editor.get(edit_url(wrong)).text
    assert "Let through by an editor" in text
    assert "She said it again outside" in text
    editor.post(edit_url(wrong), fields(wrong, record, FALSE, **{"action-publish": "1"}))
    wrong.refresh_from_db()
    assert wrong.live
    assert QuotationOverride.objects.get().by == editor.person  # type: ignore[attr-defined]


def test_an_override_is_for_these_words_only(editor: Client, wrong: StoryPage, record: Recording) -> None:
    override(editor, wrong, "She said it again outside; the reporter was there.")
    other = "She said: “We are all leaving without the animals.”"
    response = editor.post(edit_url(wrong), fields(wrong, record, other, **{"action-publish": "1"}))
    assert_refused(editor, response, wrong)


def test_the_override_form_in_the_editor_carries_its_token(editor: Client, wrong: StoryPage) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(editor.person)  # type: ignore[attr-defined]
    panel = BeautifulSoup(guarded.get(edit_url(wrong)).text, "html.parser").select_one(".or-override form")
    assert panel is not None
    data = {field["name"]: field.get("value", "") for field in panel.select("input")}
    guarded.post(panel["action"], {**data, "reason": "She said it again outside."})
    assert QuotationOverride.objects.count() == 1


def test_an_override_needs_a_reason(editor: Client, wrong: StoryPage) -> None:
    answer = override(editor, wrong, "ok", accept="application/json")
    assert answer.status_code == 422
    assert "needs a reason" in answer.json()["problem"]
    assert not QuotationOverride.objects.exists()


def test_a_reporter_does_not_override(desk_of: DeskOf, record: Recording) -> None:
    reporter = desk_of("Reporter")
    page = factories.story(FALSE, recordings=[record], owner=reporter.person)  # type: ignore[attr-defined]
    panel = reporter.get(reverse("story_desk:quotations", args=[page.pk])).text
    assert "An editor may override" in panel
    assert "/override/" not in panel
    key = _key_of(page)
    reporter.post(reverse("story_desk:override", args=[page.pk]), {"key": key, "reason": "I was there and heard it."})
    assert not QuotationOverride.objects.exists()


def _key_of(page: StoryPage) -> str:
    from onrecord.stories.gate import story_check

    return story_check(page).blocking[0].key


def test_an_override_of_words_that_are_gone_is_refused(editor: Client, wrong: StoryPage) -> None:
    url = reverse("story_desk:override", args=[wrong.pk])
    answer = editor.post(
        url, {"key": "0" * 64, "reason": "Long enough a reason."}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert "has changed" in answer.json()["problem"]


def test_the_first_page_shows_drafts_that_block_and_stories_gone_stale(
    editor: Client, wrong: StoryPage, record: Recording
) -> None:
    factories.story(TRUE, title="Published and true", recordings=[record], publish=True)
    home = editor.get(reverse("wagtailadmin_home")).text
    assert "Drafts that the gate would refuse" in home
    assert "the record has changed since" not in home
    transcript = record.transcripts.get()
    version = transcript.versions.get()
    rows = [
        EditedSegment(
            row["id"],
            row["start_ms"],
            row["end_ms"],
            row["speaker"],
            " ".join(word[1] for word in row["words"]).replace("animals", "cattle"),
        )
        for row in version.segments
    ]
    newest = transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=1)
    from onrecord.stories.services import stories_recheck

    stories_recheck(newest)
    home = editor.get(reverse("wagtailadmin_home")).text
    assert "the record has changed since" in home
    assert "Published and true" in home
    page = StoryPage.objects.get(title="Published and true")
    assert "The record has changed since" in editor.get(edit_url(page)).text


def test_the_panel_takes_as_many_queries_for_one_quotation_as_for_many(
    editor: Client, record: Recording, django_assert_max_num_queries: Any
) -> None:
    page = factories.story(*[TRUE] * 12, recordings=[record])
    url = reverse("story_desk:quotations", args=[page.pk])
    editor.get(url)
    with django_assert_max_num_queries(32):
        editor.get(url)


def test_other_pages_publish_as_ever(editor: Client, newsroom: Page) -> None:
    about = Page.objects.get(slug="about")
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    editor.post(f"{url}?id={about.pk}&next=/desk/", {"include_descendants": ""})
    about.refresh_from_db()
    assert about.live


def decide(client: Client, page: StoryPage, decision: str, **values: str) -> Any:
    """Send what the first form of this kind in the panel sends."""
    panel = BeautifulSoup(client.get(reverse("story_desk:quotations", args=[page.pk])).text, "html.parser")
    url = reverse(f"story_desk:{decision}", args=[page.pk])
    form = panel.select_one(f"form[action='{url}']")
    assert form is not None
    data = {field["name"]: field.get("value", "") for field in form.select("input")}
    return client.post(url, {**data, **values}, headers={"accept": "application/json"})


@pytest.fixture
def heard(newsroom: object) -> Recording:
    """A recording that can be played."""
    row = factories.recording()
    factories.transcript(row)
    return row


def test_who_listened_is_shown_and_may_be_taken_back(desk_of: DeskOf, heard: Recording) -> None:
    reporter = desk_of("Reporter")
    page = factories.story(TRUE, recordings=[heard], owner=reporter.person)  # type: ignore[attr-defined]
    panel = reverse("story_desk:quotations", args=[page.pk])
    answer = decide(reporter, page, "confirm")
    assert (answer.status_code, "Play the moment to its end first" in answer.json()["problem"]) == (422, True)
    assert decide(reporter, page, "confirm", heard_ms="4000").json()["ok"]
    text = reporter.get(panel).text
    assert f"<strong>{reporter.person}</strong> listened to this" in text  # type: ignore[attr-defined]
    assert decide(reporter, page, "confirm-withdraw").json()["ok"]
    assert "listened to this on" not in reporter.get(panel).text


def test_a_decision_on_words_that_have_changed_is_refused(editor: Client, heard: Recording) -> None:
    page = factories.story(TRUE, recordings=[heard])
    answer = decide(editor, page, "confirm", heard_ms="4000", place=f"{heard.pk}.1.0")
    assert answer.status_code == 422
    assert "has changed" in answer.json()["problem"]
    moderator = Client()
    moderator.force_login(factories.person("Moderator"))
    url = reverse("story_desk:confirm", args=[page.pk])
    moderator.post(url, {"key": _key(page), "heard_ms": "4000"})
    assert not QuotationConfirmation.objects.exists()


def _key(page: StoryPage) -> str:
    return story_check(page).quotations[0].key


def test_the_page_says_that_it_was_listened_to_and_not_by_whom(editor: Client, heard: Recording) -> None:
    page = factories.story(TRUE, recordings=[heard], publish=True)
    assert decide(editor, page, "confirm", heard_ms="4000").json()["ok"]
    text = Client().get(page.get_url()).text
    assert "Listened to in the newsroom on" in text
    assert str(editor.person) not in text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "statement", "source": "The rescue service"}, "as they were given out"),
        ({"kind": "interview", "source": "A nurse at the clinic"}, "own notes"),
        ({"kind": "outlet", "source": "The Upper Town Post"}, "did not hear it itself"),
        (
            {"kind": "statement", "source": "A person in the service", "source_is_unnamed": True},
            "knows the source and does not name it",
        ),
    ],
)
def test_the_page_says_on_what_other_evidence_words_stand(newsroom: object, fields: dict[str, Any], words: str) -> None:
    statement = {"text": "Nobody who asked for a place was refused one.", "language": "en", **fields}
    page = factories.story(
        "“Nobody who asked for a place was refused one,” they said.", statements=[statement], publish=True
    )
    row = BeautifulSoup(Client().get(page.get_url()).text, "html.parser").select_one("tr[data-check]")
    assert row is not None
    assert fields["source"] in row.text
    assert words in row.text


def test_overrides_are_listed_filtered_and_withdrawn(editor: Client, desk_of: DeskOf, wrong: StoryPage) -> None:
    decide(editor, wrong, "override", reason="She said it again outside.")
    url = reverse("override_desk:index")
    text = editor.get(url).text
    assert "She said it again outside." in text
    assert str(editor.person) in text  # type: ignore[attr-defined]
    assert wrong.title in text
    assert "She said it again" not in editor.get(f"{url}?state=withdrawn").text
    assert desk_of("Reporter").get(url).status_code == 302
    row = QuotationOverride.objects.get()
    withdraw = reverse("override_desk:withdraw", args=[row.pk])
    desk_of("Reporter").post(withdraw)
    assert QuotationOverride.objects.in_force().exists()
    assert "can&#x27;t be published again" in editor.post(withdraw, follow=True).text
    assert "somebody may have withdrawn it already" in editor.post(withdraw, follow=True).text
    assert "She said it again" in editor.get(f"{url}?state=withdrawn").text
    assert "She said it again" not in editor.get(f"{url}?state=in-force").text
    assert story_check(wrong).blocking


def test_the_list_of_overrides_takes_as_many_queries_for_one_as_for_many(
    editor: Client, record: Recording, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        page = factories.story(FALSE, title=f"Story {number}", recordings=[record])
        decide(editor, page, "override", reason="She said it again outside.")
    editor.get(reverse("override_desk:index"))
    with django_assert_max_num_queries(25):
        editor.get(reverse("override_desk:index"))


def test_words_in_a_recording_that_is_not_named_are_offered(editor: Client, heard: Recording) -> None:
    page = factories.story(TRUE)
    text = editor.get(reverse("story_desk:elsewhere", args=[page.pk]), {"key": _key(page)}).text
    assert f'data-recording="{heard.pk}"' in text
    assert "0:08" in text
    invented = factories.story(INVENTED, title="Invented")
    text = editor.get(reverse("story_desk:elsewhere", args=[invented.pk]), {"key": _key(invented)}).text
    assert "These words stand in no other recording" in text


def test_another_outlet_is_always_named() -> None:
    row = StoryStatement(kind="outlet", source="An outlet", source_is_unnamed=True, text="Words.")
    with pytest.raises(ValidationError, match="always named"):
        row.clean()
