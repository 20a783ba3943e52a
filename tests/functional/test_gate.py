"""The gate: no quotation is published that the record does not bear out, by any door."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from onrecord.stories.gate import GateRefused, story_check
from onrecord.stories.models import QuotationBinding, StoryCheck, StoryPage
from onrecord.stories.services import ReasonMissing, quotation_override, stories_publish_due, stories_recheck
from onrecord.transcripts.services import EditConflict, EditedSegment, transcript_edit
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT = "“The water came over the bridge at six and nobody told us,” a woman said."
WRONG = "“The water came over the dam at six and nobody told us,” a woman said."


@pytest.fixture
def call() -> factories.Recording:
    recording = factories.recording()
    factories.transcript(recording)
    factories.transcript(recording, factories.CALL_UK_VTT, language="uk")
    return recording


@pytest.mark.parametrize(
    ("paragraph", "verdict"),
    [
        (RIGHT, "verbatim"),
        ('"The water came over the bridge at six and nobody told us," she said.', "verbatim"),
        ("Жінка сказала: «Вода перейшла міст о шостій, і ніхто нам не сказав».", "verbatim"),
        ("„Казали, що автобуси поїдуть у вівторок, не раніше“, — каже чоловік.", "verbatim"),
        ("“The water came over the bridge … and nobody told us,” she said.", "edited"),
        ("“The water came over the bridge at six and nobody told us [in the lower town],” she said.", "edited"),
        ("“They said the buses would leave on Tuesday,” a man said, “not before.”", "verbatim"),
        ("“We are not leaving without the animals!”", "edited"),
        (WRONG, "altered"),
        ("“The water came over the bridge at seven and nobody told us,” she said.", "altered"),
        ("“We are leaving without the animals.”", "altered"),
        ("“Without livestock we are never going anywhere at all, and that is final,” she said.", "unbound"),
        ("Вони казали: «Автобуси поїдуть у середу, не раніше».", "altered"),
    ],
)
def test_verdicts(call: factories.Recording, paragraph: str, verdict: str) -> None:
    (found,) = story_check(factories.story(paragraph, recordings=[call])).quotations
    accepted = {"verbatim", "edited"} if verdict == "edited" and "!" in paragraph else {verdict}
    assert found.verdict in accepted


def test_the_evidence_is_the_moment(call: factories.Recording) -> None:
    (found,) = story_check(factories.story("“We are not leaving without the animals.”", recordings=[call])).quotations
    assert (found.recording_id, found.start_ms, found.end_ms, found.speaker) == (str(call.pk), 8000, 12000, "A woman")


def test_a_negation_lost_is_grave(call: factories.Recording) -> None:
    (found,) = story_check(factories.story("“We are leaving without the animals.”", recordings=[call])).quotations
    assert found.has_grave_change


def test_quotations_are_looked_for_in_named_recordings_only(call: factories.Recording) -> None:
    (found,) = story_check(factories.story(RIGHT)).quotations
    assert found.verdict == "unbound"


def test_a_quotation_may_go_on_in_the_next_block(call: factories.Recording) -> None:
    page = factories.story(
        "“They said the buses would leave on Tuesday, not before.", "“We are not leaving.”", recordings=[call]
    )
    assert page.title
    assert next(q.passage for q in story_check(page).quotations) == page.body[0].id


def test_headline_standfirst_lines_and_pull_quotes_are_checked(call: factories.Recording) -> None:
    page = factories.story(
        title="“Nobody told me”, says caller", standfirst="“The buses would leave on Monday”", recordings=[call],
        body=[
            {"type": "exchange", "id": "11111111-1111-4111-8111-111111111111",
             "value": {"recording": str(call.pk), "lines": [
                {"type": "item", "id": "22222222-2222-4222-8222-222222222222",
                 "value": {"speaker": "A man", "text": "We are not leaving without the animals."}}]}},
            {"type": "pull_quote", "id": "33333333-3333-4333-8333-333333333333",
             "value": {"text": "Nobody cared about us at all", "speaker": "A woman"}},
        ],
    )  # fmt: skip
    found = {q.passage.split("-")[0]: q.verdict for q in story_check(page).quotations}
    assert set(found) == {"headline", "standfirst", "11111111", "33333333"}
    assert found["11111111"] == "misattributed"
    assert found["33333333"] in ("unbound", "altered")
    assert all(q.blocks for q in story_check(page).quotations)


def test_a_statement_is_evidence_too() -> None:
    statement = {
        "source": "The rescue service",
        "text": "Nobody who asked for a place was refused one.",
        "language": "en",
    }
    page = factories.story("“Nobody who asked for a place was refused one,” it said.", statements=[statement])
    (found,) = story_check(page).quotations
    assert found.verdict == "verbatim"
    assert found.statement == str(page.statements.get().uid)


def test_publishing_keeps_the_bindings(call: factories.Recording) -> None:
    page = factories.story(RIGHT, recordings=[call], publish=True)
    assert page.live
    binding = QuotationBinding.objects.get()
    assert binding.check_run.revision_id == page.live_revision_id
    assert (binding.verdict, binding.recording_id, binding.start_ms) == ("verbatim", call.pk, 0)
    assert binding.transcript_version is not None
    assert binding.first_word


def test_the_gate_refuses_and_says_why_and_the_draft_is_kept(call: factories.Recording) -> None:
    page = factories.story(WRONG, recordings=[call])
    with pytest.raises(GateRefused, match=r"1 of its quotations.*altered.*override"):
        page.get_latest_revision().publish()
    page.refresh_from_db()
    assert not page.live
    assert not StoryCheck.objects.exists()
    assert "dam" in page.get_latest_revision_as_object().body[0].value.source


def test_a_refused_revision_leaves_the_published_one(call: factories.Recording) -> None:
    page = factories.story(RIGHT, recordings=[call], publish=True)
    live_revision = page.live_revision_id
    page.body = page.body.stream_block.to_python([{"type": "paragraph", "value": f"<p>{WRONG}</p>"}])
    with pytest.raises(GateRefused):
        page.save_revision().publish()
    page.refresh_from_db()
    assert page.live_revision_id == live_revision
    assert page in StoryPage.objects.cleared()


def test_a_scheduled_story_is_refused_when_it_is_scheduled(call: factories.Recording) -> None:
    page = factories.story(WRONG, recordings=[call])
    page.go_live_at = timezone.now() + timedelta(hours=1)
    with pytest.raises(GateRefused):
        page.save_revision().publish()
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_a_scheduled_story_is_checked_again_when_it_is_due(call: factories.Recording) -> None:
    page = factories.story(RIGHT, recordings=[call])
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    edit(call, "The water came over the dam at six and nobody told us.")
    Revision.objects.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=timezone.now())
    StoryPage.objects.update(go_live_at=timezone.now())
    published, refused = stories_publish_due()
    assert published == []
    assert [row.story.pk for row in refused] == [page.pk]
    page.refresh_from_db()
    assert not page.live


def test_wagtails_own_scheduler_does_not_pass_it_either(call: factories.Recording) -> None:
    page = factories.story(WRONG, recordings=[call])
    Revision.objects.filter(pk=page.latest_revision_id).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    with pytest.raises(GateRefused):
        call_command("publish_scheduled", verbosity=0)
    page.refresh_from_db()
    assert not page.live


def test_a_page_made_live_behind_its_back_is_not_served(call: factories.Recording, client: Client) -> None:
    page = factories.story(WRONG, recordings=[call])
    StoryPage.objects.filter(pk=page.pk).update(live=True, live_revision=page.latest_revision)
    assert page not in StoryPage.objects.cleared()
    assert client.get(page.get_url()).status_code == 404
    assert "dam" not in client.get("/").content.decode()


def test_copying_a_page_made_live_behind_its_back_does_not_pass(call: factories.Recording, client: Client) -> None:
    page = factories.story(WRONG, recordings=[call])
    StoryPage.objects.filter(pk=page.pk).update(live=True, live_revision=page.latest_revision)
    page.refresh_from_db()
    with contextlib.suppress(GateRefused):
        page.copy(update_attrs={"slug": "a-copy", "title": "A copy"}, keep_live=True)
    assert client.get("/stories/a-copy/").status_code == 404


def test_an_override_needs_a_reason_and_an_editor_and_counts_for_these_words_only(call: factories.Recording) -> None:
    page = factories.story(WRONG, recordings=[call])
    (found,) = story_check(page).quotations
    with pytest.raises(PermissionDenied):
        quotation_override(
            actor=factories.person("Reporter"), page=page, quotation=found.text, verdict="altered", reason="x" * 20
        )
    editor = factories.person("Editor")
    with pytest.raises(ReasonMissing, match="10 characters"):
        quotation_override(actor=editor, page=page, quotation=found.text, verdict="altered", reason=" ok ")
    quotation_override(
        actor=editor,
        page=page,
        quotation=found.text,
        verdict="altered",
        reason="She meant the dam; confirmed by telephone.",
    )
    page.get_latest_revision().publish()
    binding = QuotationBinding.objects.get()
    assert (binding.verdict, binding.overridden_by) == ("overridden", str(editor))
    page.body = page.body.stream_block.to_python(
        [{"type": "paragraph", "value": f"<p>{WRONG.replace('six', 'ten')}</p>"}]
    )
    with pytest.raises(GateRefused):
        page.save_revision().publish()


def edit(call: factories.Recording, first: str) -> None:
    """Save the English transcript with other words in its first segment."""
    transcript = call.transcripts.get(language="en")
    version = transcript.versions.first()
    rows = [
        EditedSegment(s["id"], s["start_ms"], s["end_ms"], s["speaker"], " ".join(w[1] for w in s["words"]))
        for s in version.segments
    ]
    rows[0] = EditedSegment(rows[0].segment_id, rows[0].start_ms, rows[0].end_ms, rows[0].speaker, first)
    transcript_edit(actor=None, transcript=transcript, rows=rows, based_on=version.number)


def test_a_quotation_that_the_new_version_bears_out_is_bound_to_it(call: factories.Recording) -> None:
    factories.story("“We are not leaving without the animals.”", recordings=[call], publish=True)
    edit(call, "The water came over the bridge at seven and nobody told us.")
    binding = QuotationBinding.objects.get()
    assert binding.verdict == "verbatim"
    assert binding.transcript_version is not None
    assert binding.transcript_version.number == 2


def test_a_quotation_that_it_does_not_bear_out_is_stale(call: factories.Recording) -> None:
    page = factories.story(RIGHT, recordings=[call], publish=True)
    edit(call, "The water came over the bridge at seven and nobody told us.")
    assert QuotationBinding.objects.get().verdict == "stale"
    (found,) = story_check(page).quotations
    assert found.verdict == "stale"
    assert "Version 1" in found.hint
    with pytest.raises(GateRefused, match="stale"):
        page.save_revision().publish()


def test_checking_again_twice_gives_the_same(call: factories.Recording) -> None:
    factories.story(RIGHT, recordings=[call], publish=True)
    edit(call, "The water came over the bridge at seven and nobody told us.")
    version = call.transcripts.get(language="en").versions.first()
    assert len(stories_recheck(version)) == 1
    assert QuotationBinding.objects.get().verdict == "stale"


def test_words_that_were_not_touched_keep_their_identity(call: factories.Recording) -> None:
    before = call.transcripts.get(language="en").versions.first().segments[0]["words"]
    edit(call, "The water came over the bridge at seven and nobody told us.")
    after = call.transcripts.get(language="en").versions.first().segments[0]["words"]
    kept = [word for word in before if word[1] != "six"]
    assert [word for word in after if word[1] != "seven"] == kept


def test_a_conflicting_edit_is_refused(call: factories.Recording) -> None:
    transcript = call.transcripts.get(language="en")
    edit(call, "The water came over the bridge at seven and nobody told us.")
    row = EditedSegment("s1", 0, 4000, "A woman", "Other words.")
    with pytest.raises(EditConflict, match="Version 2"):
        transcript_edit(actor=None, transcript=transcript, rows=[row], based_on=1)
