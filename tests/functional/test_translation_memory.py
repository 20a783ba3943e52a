"""What people translated is offered for the same or like words; a machine's is not. All words are invented."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onrecord.archive.models import Recording
from onrecord.transcripts.memory import memory_offers, memory_rebuild, memory_update
from onrecord.transcripts.models import MemoryKey, MemoryUnit
from onrecord.transcripts.services import latest_version, transcript_import
from tests import factories
from tests.functional.test_transcript_drafts import Window

pytestmark = pytest.mark.django_db

SAID = "The water came over the bridge at six and nobody told us."
TRANSLATED = "Вода перейшла міст о шостій, і ніхто нам не сказав."


@pytest.fixture
def before(newsroom: object) -> Recording:
    """A call with a translation by people."""
    row = factories.recording(title="The first call", prepared=False)
    factories.transcript(row)
    factories.transcript(row, factories.CALL_UK_VTT, language="uk")
    remember(row)
    return row


@pytest.fixture
def now(newsroom: object) -> Recording:
    row = factories.recording(title="The second call", seed=2, prepared=False)
    factories.transcript(row)
    return row


def remember(row: Recording) -> int:
    return sum(memory_update(transcript.pk) for transcript in row.transcripts.all())


def offers(row: Recording, source: str, language: str = "uk") -> list[tuple[str, float]]:
    found = memory_offers(source, from_language="en", to_language=language, recording=row, segment_id="none")
    return [(offer.unit.target, round(offer.likeness, 2)) for offer in found]


def test_the_same_and_like_words(before: Recording, now: Recording) -> None:
    assert offers(now, SAID) == [(TRANSLATED, 1.0)]
    ((words, share),) = offers(now, SAID.replace("bridge", "road"))
    assert words == TRANSLATED
    assert 0.8 < share < 1
    assert offers(now, "Something else was said altogether, of course.") == []
    assert offers(now, SAID, language="de") == []
    assert offers(now, "—") == []


def test_the_segment_itself_is_not_offered(before: Recording) -> None:
    segment = latest_version(before, "uk").segments[0]["id"]
    found = memory_offers(SAID, from_language="en", to_language="uk", recording=before, segment_id=segment)
    assert found == []


def test_a_machines_words_are_remembered_once_somebody_reviewed_them(now: Recording, reporter: Client) -> None:
    transcript_import(
        actor=None, recording=now, data=factories.CALL_UK_VTT.encode(), filename="uk.vtt", language="uk",
        provenance={"engine": "a small engine"},
    )  # fmt: skip
    assert remember(now) == 0
    window = Window(reporter, now)
    window.save({"id": window.order[0], "sides": {"uk": {"state": "reviewed"}}})
    window.post("publish", {"note": ""})
    assert remember(now) == 1
    unit = MemoryUnit.objects.get()
    assert (unit.target, unit.is_reviewed, unit.by) == (TRANSLATED, True, str(reporter.person))  # type: ignore[attr-defined]


def test_a_changed_translation_takes_the_place_of_the_old_one(before: Recording, now: Recording) -> None:
    assert remember(before) == 0
    changed = factories.CALL_UK_VTT.replace("Вода перейшла міст", "Вода пішла через міст")
    factories.transcript(before, changed, language="uk")
    assert remember(before) >= 1
    assert [words for words, _ in offers(now, SAID)] == [TRANSLATED.replace("Вода перейшла", "Вода пішла через")]
    assert MemoryUnit.objects.count() == 3
    assert set(MemoryKey.objects.values_list("unit_id", flat=True)) == set(
        MemoryUnit.objects.values_list("pk", flat=True)
    )


def test_masked_words_are_remembered_masked(before: Recording, reporter: Client) -> None:
    window = Window(reporter, before)
    words = window.words(2, "uk")
    words[1] = [*words[1][:2], "name", None, ""]
    window.save(window.typed(2, *words, language="uk"))
    remember(before)
    assert not MemoryUnit.objects.filter(target__contains="худоби").exists()
    assert MemoryUnit.objects.filter(target__contains="[name]").exists()


def test_it_is_made_again(before: Recording) -> None:
    MemoryUnit.objects.all().delete()
    assert memory_rebuild() == 3


def test_a_version_is_remembered_by_the_worker(now: Recording, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        factories.transcript(now, factories.CALL_UK_VTT, language="uk")
    assert MemoryUnit.objects.count() == 3


def test_the_desk_is_told_where_it_comes_from_and_what_differs(
    before: Recording, now: Recording, reporter: Client
) -> None:
    url = reverse("transcript_desk:memory", args=[now.pk])
    words = [[text, None, ""] for text in SAID.replace("bridge", "road").split()]
    body = {"segment": "s1", "language": "uk", "words": words}

    with CaptureQueriesContext(
        connection,
    ) as queries:
        (offer,) = reporter.post(url, body, content_type="application/json").json()["offers"]

    assert (offer["words"], offer["recording"], offer["reviewed"]) == (TRANSLATED, "The first call", False)
    assert 80 < offer["percent"] < 100
    assert ["out", "bridge"] in offer["changes"]
    assert ["in", "road"] in offer["changes"]
    assert len(queries) < 14
    for broken in ({}, {**body, "words": [["a"]]}, {**body, "words": [[1, None, ""]]}, {**body, "language": 3}):
        answer = reporter.post(url, broken, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "bad-request")
