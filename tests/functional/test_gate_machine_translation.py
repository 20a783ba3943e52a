"""No machine's translation reaches a quotation before a person has reviewed it, by any door. Words are invented."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onrecord.archive.models import Recording
from onrecord.cli.checking import newsroom as from_newsroom
from onrecord.cli.checking.stories import check_story, unreviewed_held
from onrecord.stories.gate import GateRefused, story_check
from onrecord.stories.models import StoryPage
from onrecord.stories.services.recheck import stories_recheck
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.index import newsroom_record
from onrecord.transcripts.reviews import MACHINE_WORD, is_unreviewed_machine
from onrecord.transcripts.services import latest_version, transcript_import
from onrecord.transcripts.translating import translation_begin
from tests import factories
from tests.functional.conftest import DeskOf
from tests.functional.test_desk_gate import edit_url, fields
from tests.functional.test_transcript_drafts import Window, word

pytestmark = pytest.mark.django_db

IN_TRANSLATION = "Жінка сказала: «Вода перейшла міст о шостій, і ніхто нам не сказав»."
TWO_SEGMENTS = (
    "«Вода перейшла міст о шостій, і ніхто нам не сказав… Казали, що автобуси поїдуть у вівторок, не раніше»."
)
OTHER_SEGMENT = "Жінка сказала: «Без худоби ми не поїдемо»."
IN_ORIGINAL = "“We are not leaving without the animals,” a woman said."
ENGINE = {"engine": "a small engine", "model": "tiny"}


def by_machine(call: Recording, text: str = factories.CALL_UK_VTT, language: str = "uk") -> None:
    transcript_import(
        actor=None, recording=call, data=text.encode(), filename="uk.vtt", language=language, provenance=ENGINE
    )


@pytest.fixture
def call(newsroom: object) -> Recording:
    row = factories.recording(prepared=False)
    factories.transcript(row)
    by_machine(row)
    return row


def reviewed(client: Client, call: Recording, *numbers: int) -> None:
    """Somebody marks segments as reviewed in the desk and saves a version."""
    window = Window(client, call)
    changes = [{"id": window.order[number], "sides": {"uk": {"state": "reviewed"}}} for number in numbers]
    assert window.save(*changes).status_code == 200
    assert window.post("publish", {"note": "heard"}).status_code == 200


def test_code_cannot_publish_it_and_a_review_lets_it_pass(call: Recording, reporter: Client) -> None:
    page = factories.story(IN_TRANSLATION, recordings=[call])
    with pytest.raises(GateRefused) as refused:
        page.get_latest_revision().publish()
    (quotation,) = refused.value.report.blocking
    assert quotation.verdict is Verdict.UNREVIEWED
    assert "unreviewed" in str(refused.value)

    reviewed(reporter, call, 0)
    page.get_latest_revision().publish()

    assert StoryPage.objects.get(pk=page.pk).live_check.bindings.get().verdict == "verbatim"


def test_the_desk_refuses_says_why_and_leads_to_the_segment(call: Recording, editor: Client) -> None:
    page = factories.story(IN_TRANSLATION, recordings=[call])
    posted = {**fields(page, call, IN_TRANSLATION), "action-publish": "1"}

    answer = editor.post(edit_url(page), posted, follow=True)

    assert not StoryPage.objects.get(pk=page.pk).live
    assert "Translated by a machine, reviewed by nobody" in answer.text
    segment = latest_version(call, "uk").segments[0]["id"]
    assert f"{reverse('transcript_desk:edit', args=[call.pk])}#s-{segment}" in answer.text


def test_reviewing_one_segment_does_not_vouch_for_another(call: Recording, reporter: Client) -> None:
    reviewed(reporter, call, 0)
    first, other = (factories.story(text, recordings=[call]) for text in (IN_TRANSLATION, OTHER_SEGMENT))

    assert not story_check(first).blocking
    assert story_check(other).blocking[0].verdict is Verdict.UNREVIEWED


def test_every_segment_that_a_quotation_spans_has_to_be_reviewed(call: Recording, reporter: Client) -> None:
    page = factories.story(TWO_SEGMENTS, recordings=[call])
    reviewed(reporter, call, 0)
    before = {quotation.verdict for quotation in story_check(page).quotations}
    reviewed(reporter, call, 1)
    after = {quotation.verdict for quotation in story_check(page).quotations}

    assert Verdict.UNREVIEWED in before or Verdict.MISATTRIBUTED in before or Verdict.SPLICED in before
    assert Verdict.UNREVIEWED not in after


def test_a_comma_typed_by_a_person_is_no_review(call: Recording, reporter: Client) -> None:
    """Words that kept the id a machine gave them are the machine's, whatever was typed beside them."""
    version = latest_version(call, "uk")
    for segment in version.segments:
        for one in segment["words"]:
            one[0] = f"{MACHINE_WORD}{one[0]}"
    type(version).objects.filter(pk=version.pk).update(segments=version.segments)
    window = Window(reporter, call)
    words = window.words(2, "uk")
    words[-1] = [words[-1][0], "поїдемо!", *words[-1][2:]]
    window.save(window.typed(2, *words, language="uk"))
    window.post("publish", {"note": ""})
    page = factories.story(OTHER_SEGMENT, recordings=[call])

    assert latest_version(call, "uk").reviews.get(window.order[2], ["draft"])[0] == "draft"
    assert story_check(page).blocking[0].verdict is Verdict.UNREVIEWED
    reviewed(reporter, call, 2)
    assert not story_check(page).blocking


def test_words_that_a_person_wrote_anew_are_a_persons(call: Recording, reporter: Client) -> None:
    window = Window(reporter, call)
    window.save(window.typed(2, *map(word, ["Без", "худоби", "ми", "нікуди", "не", "поїдемо."]), language="uk"))
    window.post("publish", {"note": ""})

    page = factories.story("Жінка сказала: «Без худоби ми нікуди не поїдемо».", recordings=[call])

    assert not story_check(page).blocking


def test_an_editor_may_override_it_with_a_reason(call: Recording, editor: Client) -> None:
    page = factories.story(IN_TRANSLATION, recordings=[call])
    (quotation,) = story_check(page).quotations
    url = reverse("story_desk:override", args=[page.pk])
    editor.post(url, {"key": quotation.key, "reason": "Our translator confirmed it by telephone"})

    (after,) = story_check(page).quotations
    assert after.verdict is Verdict.OVERRIDDEN
    assert after.was == "unreviewed"


def test_a_published_quotation_goes_stale_when_a_machine_translates_again(call: Recording, reporter: Client) -> None:
    reviewed(reporter, call, 0)
    page = factories.story(IN_TRANSLATION, recordings=[call], publish=True)

    by_machine(call)
    stories_recheck(latest_version(call, "uk"))

    binding = StoryPage.objects.get(pk=page.pk).live_check.bindings.get()
    assert (binding.verdict, binding.was) == ("stale", "unreviewed")


def test_where_the_same_words_were_reviewed_elsewhere_they_are_bound_there(call: Recording, reporter: Client) -> None:
    other = factories.recording(title="The same call, longer", seed=2, prepared=False)
    factories.transcript(other)
    factories.transcript(other, factories.CALL_UK_VTT, language="uk")

    page = factories.story(IN_TRANSLATION, recordings=[call, other])

    (quotation,) = story_check(page).quotations
    assert quotation.verdict is Verdict.VERBATIM
    assert quotation.recording_id == str(other.pk)


def test_single_words_and_a_machines_transcript_are_a_caution(call: Recording, desk_of: DeskOf) -> None:
    heard = factories.recording(title="Heard by a machine", seed=3, prepared=False)
    transcript_import(
        actor=None, recording=heard, data=factories.CALL_VTT.encode(), filename="en.vtt", provenance=ENGINE
    )
    page = factories.story("Вона згадала «худоби».", IN_ORIGINAL, recordings=[call, heard])
    fragment, whole = story_check(page).quotations

    assert fragment.verdict is Verdict.FRAGMENT
    assert not fragment.blocks
    assert "machine translated" in fragment.caution
    alone = factories.story(IN_ORIGINAL, recordings=[heard])
    (whole,) = story_check(alone).quotations
    assert whole.verdict is Verdict.VERBATIM
    assert "machine wrote" in whole.caution
    panel = desk_of("Editor").get(reverse("story_desk:quotations", args=[alone.pk]))
    assert "no person has reviewed them: listen" in panel.text


def test_the_command_holds_it_too(call: Recording, reporter: Client, tmp_path: Any) -> None:
    story = tmp_path / "story.md"
    story.write_text(IN_TRANSLATION)

    def verdicts() -> list[Verdict]:
        from_newsroom._translation.cache_clear()
        found = check_story(str(story), newsroom_record(), language=None, encoding=None, strict=False)
        return [finding.verdict for finding in unreviewed_held(found, from_newsroom.is_unreviewed).findings]

    assert verdicts() == [Verdict.UNREVIEWED]
    reviewed(reporter, call, 0)
    assert verdicts() == [Verdict.VERBATIM]


@pytest.mark.parametrize(
    ("state", "ids", "held"),
    [
        ("machine", ["a", "b"], True),
        ("machine", [], False),
        ("draft", ["a", "b"], False),
        ("draft", ["a", "mt-b"], True),
        ("reviewed", ["mt-a", "mt-b"], False),
        (None, ["mt-a"], True),
        (None, ["a"], False),
    ],
)
def test_whose_words_they_are(state: str | None, ids: list[str], held: bool) -> None:
    segment = {"id": "one", "words": [[word_id, "x", 0, 1, False, None] for word_id in ids]}
    assert is_unreviewed_machine(segment, {"one": [state, "", ""]} if state else {}) is held


def test_readers_are_told_which_lines_are_a_machines(call: Recording, reporter: Client) -> None:
    factories.story(IN_ORIGINAL, recordings=[call], publish=True)
    page = Client().get(f"/recordings/{call.pk}/")
    assert "3 lines are a machine’s that nobody has reviewed" in page.text
    reviewed(reporter, call, 0, 1, 2)
    assert "a machine’s" not in Client().get(f"/recordings/{call.pk}/").text


def test_a_translation_that_was_only_begun_is_not_shown(newsroom: object) -> None:
    row = factories.recording(seed=9, prepared=False)
    factories.transcript(row)
    factories.story(IN_ORIGINAL, recordings=[row], publish=True)
    translation_begin(actor=None, recording=row, language="fr")
    page = Client().get(f"/recordings/{row.pk}/").text
    assert "French" not in page
    assert 'lang="fr"' not in page
