"""Every door through which code, a command or the clock could bring words before readers; the desk's are beside it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, Revision

from onrecord.archive.models import Recording
from onrecord.stories.gate import GateRefused, WordsNotInRevision
from onrecord.stories.models import StoryIndexPage, StoryPage
from onrecord.stories.services import stories_publish_due
from onrecord.transcripts.services import EditedSegment, transcript_edit
from tests import factories

pytestmark = pytest.mark.django_db

TRUE = "“We are not leaving without the animals,” a woman said."
FALSE = TRUE.replace("not ", "")
FALSE_HEADLINE = "“We are leaving without the animals”"


@pytest.fixture
def call() -> Recording:
    row = factories.recording(prepared=False)
    factories.transcript(row)
    return row


def said_otherwise(call: Recording) -> None:
    """The record changes under TRUE."""
    transcript = call.transcripts.get()
    rows = [
        EditedSegment(
            s["id"], s["start_ms"], s["end_ms"], s["speaker"],
            " ".join(w[1] for w in s["words"]).replace("are not", "were not ever"),
        )
        for s in transcript.versions.first().segments
    ]  # fmt: skip
    transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=transcript.versions.first().number)


def body(text: str) -> Any:
    return StoryPage.body.field.to_python([{"type": "paragraph", "value": f"<p>{text}</p>"}])


def readers_see(words: str, *paths: str) -> bool:
    """Whether the words are on the front page, in the list, in a feed or on any story."""
    paths = (
        "/",
        "/stories/",
        *paths,
        *(f"/stories/{slug}/" for slug in StoryPage.objects.values_list("slug", flat=True)),
    )
    return any(words in Client().get(path).text for path in paths)


def publish(draft: StoryPage) -> None:
    draft.get_latest_revision().publish()


def publish_anew(draft: StoryPage) -> None:
    draft.save_revision().publish()


def act_directly(draft: StoryPage) -> None:
    PublishPageRevisionAction(draft.get_latest_revision()).execute()


def set_and_save(draft: StoryPage) -> None:
    draft.live, draft.live_revision = True, draft.get_latest_revision()
    draft.save()


def wagtails_clock(draft: StoryPage) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=draft.latest_revision_id).update(approved_go_live_at=past)
    call_command("publish_scheduled", verbosity=0)


def our_clock(draft: StoryPage) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=draft.latest_revision_id).update(approved_go_live_at=past)
    _, refused = stories_publish_due()
    if refused:
        raise GateRefused(count=1, list="", report=None)


def update_live(draft: StoryPage) -> None:
    StoryPage.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)


def save_as_plain_page(draft: StoryPage) -> None:
    page = Page.objects.get(pk=draft.pk)
    page.live = True
    page.save()


def live_from_the_start(draft: StoryPage) -> None:
    page = StoryPage(title="Straight in", body=body(FALSE), live=True)
    StoryIndexPage.objects.get().add_child(instance=page)


def copy_live(draft: StoryPage) -> None:
    StoryPage.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)
    page = StoryPage.objects.get(pk=draft.pk)
    CopyPageAction(page, update_attrs={"slug": "a-copy"}, keep_live=True).execute(skip_permission_checks=True)


def alias(draft: StoryPage) -> None:
    StoryPage.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)
    page = StoryPage.objects.get(pk=draft.pk)
    made = CreatePageAliasAction(page, update_slug="an-alias", parent=StoryIndexPage.objects.get()).execute(
        skip_permission_checks=True
    )
    ConvertAliasPageAction(made).execute(skip_permission_checks=True)


def move(draft: StoryPage) -> None:
    StoryPage.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)
    StoryPage.objects.get(pk=draft.pk).move(StoryIndexPage.objects.get(), pos="first-child")


def import_rows(draft: StoryPage, tmp: Any = None) -> None:
    """As `loaddata` does: raw rows, no `save` of ours."""
    from django.core import serializers

    StoryPage.objects.filter(pk=draft.pk).update(live=True, live_revision=draft.latest_revision)
    rows = serializers.serialize("json", [StoryPage.objects.get(pk=draft.pk)])
    for row in serializers.deserialize("json", rows):
        row.save()


DOORS: dict[Callable[[StoryPage], None], bool] = {
    publish: True, publish_anew: True, act_directly: True, set_and_save: True, wagtails_clock: True, our_clock: True,
    update_live: False, save_as_plain_page: False, live_from_the_start: False, copy_live: True, alias: True,
    move: False, import_rows: False,
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_what_the_record_does_not_bear_out_comes_through_no_door(
    call: Recording, door: Callable[[StoryPage], None]
) -> None:
    draft = factories.story(FALSE, recordings=[call])
    if DOORS[door]:
        with pytest.raises(GateRefused):
            door(draft)
    else:
        door(draft)
    assert not StoryPage.objects.cleared().exists()
    assert not readers_see("We are leaving")


def other_headline(page: StoryPage) -> None:
    page.title = FALSE_HEADLINE
    page.save()


def other_body(page: StoryPage) -> None:
    page.body = body(FALSE)
    page.save()


def other_words_without_quotation(page: StoryPage) -> None:
    page.standfirst = "The words before it are moved."
    page.save(update_fields=["standfirst"])


def other_headline_of_the_plain_page(page: StoryPage) -> None:
    plain = Page.objects.get(pk=page.pk)
    plain.title = FALSE_HEADLINE
    plain.save()


def update_words(page: StoryPage) -> None:
    StoryPage.objects.filter(pk=page.pk).update(title=FALSE_HEADLINE)


def bulk_update_words(page: StoryPage) -> None:
    page.body = body(FALSE)
    StoryPage.objects.bulk_update([page], ["body"])


@pytest.mark.parametrize(
    "change",
    [
        other_headline, other_body, other_words_without_quotation, other_headline_of_the_plain_page, update_words,
        bulk_update_words,
    ],
)  # fmt: skip
def test_the_words_of_a_live_story_are_its_revisions(call: Recording, change: Callable[[StoryPage], None]) -> None:
    page = factories.story(TRUE, recordings=[call], publish=True)
    with pytest.raises(WordsNotInRevision, match=r"save_revision\(\)\.publish\(\)"), transaction.atomic():
        change(page)
    assert not readers_see("We are leaving")
    assert readers_see("We are not leaving")


def test_what_carries_no_words_is_saved_as_ever(call: Recording) -> None:
    page = factories.story(TRUE, recordings=[call], publish=True)
    page.byline, page.slug = "Somebody", "another-address"
    page.save()
    page.go_live_at = None
    page.save_revision()
    StoryPage.objects.filter(pk=page.pk).update(byline="Somebody else")
    assert readers_see("We are not leaving", "/stories/another-address/")


@pytest.mark.parametrize("door", [publish, act_directly, set_and_save, wagtails_clock, our_clock])
def test_a_revision_that_passed_once_passes_again_or_not_at_all(
    call: Recording, door: Callable[[StoryPage], None]
) -> None:
    """It was live, or scheduled; then the record changed."""
    page = factories.story(TRUE, recordings=[call], publish=True)
    page.unpublish()
    said_otherwise(call)
    with pytest.raises(GateRefused):
        door(StoryPage.objects.get(pk=page.pk))
    assert not StoryPage.objects.cleared().exists()


def test_taking_a_schedule_back_publishes_nothing(call: Recording, client: Client) -> None:
    page = factories.story(TRUE, recordings=[call])
    page.go_live_at = timezone.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    said_otherwise(call)
    client.force_login(factories.person("Editor"))
    url = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, revision.pk])
    assert client.post(url).status_code == 302
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert not StoryPage.objects.cleared().exists()


def test_purging_revisions_keeps_what_readers_have_and_a_story_can_be_deleted(call: Recording) -> None:
    page = factories.story(TRUE, recordings=[call], publish=True)
    page.save_revision()
    page.save_revision()
    call_command("purge_revisions", verbosity=0)
    assert StoryPage.objects.cleared().get() == page
    assert page.revisions.count() == 2  # the one in between is gone
    StoryPage.objects.get().delete()
    assert not Revision.objects.filter(object_id=str(page.pk)).exists()
