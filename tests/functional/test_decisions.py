"""What people decide about quotations: heard, let through, this place; and what a changed record undoes."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from wagtail.models import PageLogEntry

from onrecord.archive.models import Recording
from onrecord.readers.models import CorrectionCase
from onrecord.readers.services import correction_decline
from onrecord.stories.checked import Checked, quotation_key
from onrecord.stories.decisions import QuotationConfirmation, QuotationOverride
from onrecord.stories.gate import GateRefused, story_check
from onrecord.stories.models import QuotationBinding, StoryPage
from onrecord.stories.panels import no_longer_borne_out
from onrecord.stories.services import (
    NothingToWithdraw,
    NotListened,
    confirmation_withdraw,
    override_withdraw,
    place_choose,
    quotation_confirm,
    quotation_override,
    stories_recheck,
)
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import EditedSegment, transcript_edit
from tests import factories

pytestmark = pytest.mark.django_db

TRUE = "“We are not leaving without the animals,” a woman said."
OTHER = "“They said the buses would leave on Tuesday, not before,” a man said."
FALSE = "“We are leaving without the animals,” a woman said."
REASON = "She said it again outside; the reporter was there."


@pytest.fixture
def call() -> Recording:
    factories.newsroom()
    row = factories.recording(prepared=False)
    factories.transcript(row)
    return row


def only(page: StoryPage) -> Checked:
    (found,) = story_check(page).quotations
    return found


def edit(call: Recording, old: str, new: str) -> TranscriptVersion:
    """The next version of the transcript, with other words; and what the worker does then."""
    transcript = call.transcripts.get()
    latest = transcript.versions.first()
    rows = [
        EditedSegment(
            s["id"], s["start_ms"], s["end_ms"], s["speaker"], " ".join(w[1] for w in s["words"]).replace(old, new)
        )
        for s in latest.segments
    ]
    version = transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=latest.number)
    stories_recheck(version)
    return version


def test_a_confirmation_says_who_heard_what_when_and_is_on_the_binding(call: Recording) -> None:
    page, editor = factories.story(TRUE, recordings=[call]), factories.person("Editor")
    row = quotation_confirm(actor=editor, page=page, quotation=only(page), heard_ms=4000)
    assert (row.by, row.recording, row.start_ms, row.end_ms, row.heard_ms) == (editor, call, 8000, 12000, 4000)
    assert row.recording_sha256 == call.copies.get().sha256
    assert row.transcript_version.number == 1
    page.get_latest_revision().publish()
    binding = QuotationBinding.objects.get()
    assert (binding.confirmed_by, binding.confirmed_at) == (str(editor), row.at)
    assert binding.evidence_sha256 == call.copies.get().sha256
    assert PageLogEntry.objects.filter(page=page.pk, action="stories.quotation.confirm").count() == 1


def test_it_is_refused_unless_the_moment_was_played(call: Recording) -> None:
    page, editor = factories.story(TRUE, recordings=[call]), factories.person("Editor")
    with pytest.raises(NotListened, match=r"1\.5 of 4\.0 seconds"):
        quotation_confirm(actor=editor, page=page, quotation=only(page), heard_ms=1500)
    wrong = factories.story(FALSE, title="Wrong", recordings=[call])
    with pytest.raises(NotListened):
        quotation_confirm(actor=editor, page=wrong, quotation=only(wrong), heard_ms=4000)
    with pytest.raises(PermissionDenied):
        quotation_confirm(actor=factories.person("Moderator"), page=page, quotation=only(page), heard_ms=4000)
    assert not QuotationConfirmation.objects.exists()


def test_a_published_quotation_may_be_heard_afterwards_and_taken_back(call: Recording) -> None:
    page, editor = factories.story(TRUE, recordings=[call], publish=True), factories.person("Editor")
    quotation_confirm(actor=editor, page=page, quotation=only(page), heard_ms=4000)
    assert QuotationBinding.objects.get().confirmed_by == str(editor)
    confirmation_withdraw(actor=editor, page=page, quotation=only(page))
    assert QuotationBinding.objects.get().confirmed_at is None
    assert only(page).confirmed_at is None
    row = QuotationConfirmation.objects.get()
    assert row.withdrawn_by == editor
    with pytest.raises(NothingToWithdraw, match="by ear"):
        confirmation_withdraw(actor=editor, page=page, quotation=only(page))
    with pytest.raises(TypeError, match="never deleted"):
        QuotationConfirmation.objects.all().delete()


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [("Tuesday", "Friday", True), ("animals.", "animals!", False), ("leaving", "leaving, leaving", False)],
)
def test_a_confirmation_falls_away_when_the_words_at_its_span_change(
    call: Recording, old: str, new: str, stays: bool
) -> None:
    page, editor = factories.story(TRUE, recordings=[call], publish=True), factories.person("Editor")
    quotation_confirm(actor=editor, page=page, quotation=only(page), heard_ms=4000)
    edit(call, old, new)
    assert not only(page).blocks
    assert (only(page).confirmed_by == str(editor)) is stays
    assert (QuotationBinding.objects.get().confirmed_by == str(editor)) is stays
    assert QuotationConfirmation.objects.get().withdrawn_at is None


def test_it_is_for_these_words_only(call: Recording) -> None:
    page, editor = factories.story(TRUE, recordings=[call]), factories.person("Editor")
    quotation_confirm(actor=editor, page=page, quotation=only(page), heard_ms=4000)
    page.body = page.body.stream_block.to_python([{"type": "paragraph", "value": "<p>“We are not leaving.”</p>"}])
    assert only(page).confirmed_by == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("We are leaving.", "“we are leaving”", True),
        ("5 of them", "5% of them", False),
        ("1.5 million", "15 million", False),
        ("We are [not] leaving", "We are not leaving", False),
        ("We are leaving", "We are not leaving", False),
    ],
)
def test_decisions_are_for_words(one: str, other: str, same: bool) -> None:
    assert (quotation_key(one) == quotation_key(other)) is same


def test_a_withdrawn_override_blocks_again_and_the_published_story_is_listed(call: Recording) -> None:
    page, editor = factories.story(FALSE, recordings=[call]), factories.person("Editor")
    for reason in (REASON, f"{REASON} Twice."):
        quotation_override(actor=editor, page=page, quotation=only(page).text, verdict="altered", reason=reason)
    page.get_latest_revision().publish()
    assert not no_longer_borne_out().exists()
    with pytest.raises(PermissionDenied):
        override_withdraw(actor=factories.person("Reporter"), page=page, key=only(page).key)
    override_withdraw(actor=editor, page=page, key=only(page).key)
    page = StoryPage.objects.get(pk=page.pk)
    assert page.live
    assert list(no_longer_borne_out()) == [page]
    assert QuotationBinding.objects.get().verdict == "altered"
    assert only(page).verdict == "altered"
    with pytest.raises(GateRefused):
        page.save_revision().publish()
    assert [row.withdrawn_by for row in QuotationOverride.objects.all()] == [editor, editor]
    with pytest.raises(NothingToWithdraw, match="override"):
        override_withdraw(actor=editor, page=page, key=only(page).key)
    assert PageLogEntry.objects.filter(page=page.pk, action="stories.quotation.override.withdraw").count() == 1


TWICE = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v A woman>Nobody told us anything at all.

00:00:04.000 --> 00:00:08.000
<v A woman>We waited until the morning came.

00:00:08.000 --> 00:00:12.000
<v A woman>Nobody told us anything at all.
"""


def test_of_several_places_the_editor_chooses_one() -> None:
    call = factories.recording(prepared=False)
    factories.transcript(call, TWICE)
    page, editor = factories.story("“Nobody told us anything at all,” she said.", recordings=[call]), factories.person()
    before = only(page)
    assert [place.start_ms for place in before.places] == [0, 8000]
    place_choose(actor=editor, page=page, quotation=before, place=before.places[1])
    after = only(page)
    assert (after.start_ms, after.verdict, [p.start_ms for p in after.places]) == (8000, "verbatim", [8000, 0])
    page.get_latest_revision().publish()
    assert QuotationBinding.objects.get().start_ms == 8000


def proposals() -> list[CorrectionCase]:
    return list(CorrectionCase.objects.filter(origin="record").order_by("pk"))


def test_a_published_quotation_that_goes_stale_proposes_its_correction_once(call: Recording) -> None:
    page = factories.story(TRUE, OTHER, recordings=[call], publish=True)
    untouched = factories.story("Nothing is quoted here.", title="Other", recordings=[call], publish=True)
    edit(call, "animals", "cattle")
    (row,) = proposals()
    assert (row.story_id, row.status, row.reports.get().exact) == (
        page.pk,
        "open",
        "We are not leaving without the animals,",
    )
    assert row.proposed == "We are not leaving without the cattle,"
    assert "version 2" in row.reports.get().suggestion
    verdicts = {b.text[:6]: b.verdict for b in QuotationBinding.objects.all()}
    assert verdicts == {"We are": "stale", "They s": "verbatim"}
    edit(call, "cattle", "goats")
    (row,) = proposals()
    assert row.proposed == "We are not leaving without the goats,"
    assert not PageLogEntry.objects.filter(page=untouched.pk, action="stories.quotation.stale").exists()
    edit(call, "goats", "animals")
    (row,) = proposals()
    assert (row.status, row.handled_by) == ("settled", None)
    assert {b.verdict for b in QuotationBinding.objects.all()} == {"verbatim"}
    edit(call, "animals", "sheep")
    assert [row.status for row in proposals()] == ["settled", "open"]


def test_what_was_declined_is_not_proposed_again_for_the_same_version(call: Recording) -> None:
    factories.story(TRUE, recordings=[call], publish=True)
    version = edit(call, "animals", "cattle")
    (row,) = proposals()
    correction_decline(actor=factories.person("Editor"), case=row, reason="The transcript is wrong.")
    stories_recheck(version)
    assert [row.status for row in proposals()] == ["declined"]


def test_masked_words_are_not_in_a_proposal(call: Recording) -> None:
    factories.story(TRUE, recordings=[call], publish=True)
    edit(call, "animals.", "{profanity|bastards}.")
    assert "bastards" not in proposals()[0].proposed + proposals()[0].reports.get().suggestion


def test_the_editors_are_told_by_mail_without_quoted_words(
    call: Recording, django_capture_on_commit_callbacks: Any
) -> None:
    owner = factories.person("Reporter")
    owner.email = "reporter@gazette.example"
    owner.save()
    page = factories.story(TRUE, recordings=[call], owner=owner, publish=True)
    with django_capture_on_commit_callbacks(execute=True):
        edit(call, "animals", "cattle")
    (letter,) = mail.outbox
    assert letter.to == ["reporter@gazette.example"]
    assert f"/desk/pages/{page.pk}/edit/" in letter.body
    assert "animals" not in letter.body + letter.subject
    assert "cattle" not in letter.body
    entry = PageLogEntry.objects.get(page=page.pk, action="stories.quotation.stale")
    assert (entry.data["published"], entry.data["draft"]) == (1, 0)


def test_mail_that_is_not_set_up_or_fails_keeps_nothing_from_happening(
    call: Recording, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    owner = factories.person("Reporter")
    owner.email = "reporter@gazette.example"
    owner.save()
    factories.story(TRUE, recordings=[call], owner=owner, publish=True)
    with django_capture_on_commit_callbacks(execute=True):
        edit(call, "animals", "cattle")
    assert QuotationBinding.objects.get().verdict == "stale"
    assert len(proposals()) == 1


def test_a_draft_that_was_good_is_told_too_and_others_are_not(call: Recording) -> None:
    hit = factories.story(TRUE, title="Hit", recordings=[call])
    wrong = factories.story(FALSE, title="Wrong before and after", recordings=[call])
    elsewhere = factories.story(OTHER, title="Quotes another line", recordings=[call])
    edit(call, "animals", "cattle")
    told = PageLogEntry.objects.filter(action="stories.quotation.stale")
    assert {(entry.page_id, entry.data["draft"]) for entry in told} == {(hit.pk, 1)}
    assert {wrong.pk, elsewhere.pk}.isdisjoint(told.values_list("page_id", flat=True))
    assert proposals() == []


def test_a_story_takes_few_queries(client: Any, call: Recording, django_assert_max_num_queries: Any) -> None:
    other = factories.recording(prepared=False, seed=2, title="Not quoted")
    factories.transcript(other)
    page = factories.story(*[TRUE] * 6, *[OTHER] * 6, recordings=[call, other], publish=True)
    client.get(page.get_url())
    with django_assert_max_num_queries(32):
        assert client.get(page.get_url()).status_code == 200
