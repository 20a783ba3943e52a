"""Machine translation through its doors: off by default, told where words go, drafts until reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from onrecord.archive.models import Recording
from onrecord.stories.gate import story_check
from onrecord.text.verdicts import Verdict
from onrecord.transcripts.draft_fills import draft_fill
from onrecord.transcripts.drafts import draft_publish, text_open
from onrecord.transcripts.engines.errors import EngineNotSet
from onrecord.transcripts.engines.jobs import job_retry
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.glossary_file import glossary_import
from onrecord.transcripts.reviews import MACHINE_WORD
from onrecord.transcripts.services import latest_version
from onrecord.transcripts.translating import (
    NothingToTranslate,
    SameLanguage,
    TranscriptMissing,
    translation_begin,
    translation_start,
)
from tests import factories
from tests.functional.conftest import DeskOf
from tests.functional.test_transcript_drafts import Window, word
from tests.functional.translation_servers import Server, chat, libre, serving
from tests.generators.translation_model import make_translation_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call(newsroom: object) -> Recording:
    row = factories.recording(language="uk", prepared=False)
    factories.transcript(row, factories.CALL_UK_VTT)
    return row


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with serving(libre) as made:
        settings.TRANSLATE_ENGINE, settings.TRANSLATE_URL = "libretranslate", made.url
        settings.TRANSLATE_KEY = "a key"
        yield made


def panel(client: Client, call: Recording) -> str:
    return client.get(reverse("transcript_desk:translation", args=[call.pk])).text


def press(client: Client, call: Recording, **fields: Any) -> str:
    answer = client.post(reverse("transcript_desk:translation", args=[call.pk]), fields, follow=True)
    assert answer.status_code == 200
    return answer.text


def sides(call: Recording, language: str = "en") -> list[tuple[str, str]]:
    """State and words of each segment in the draft."""
    rows = [row["sides"][language] for row in text_open(call).rows]
    return [(one["state"], " ".join(w[1] for w in one["words"])) for one in rows]


def test_it_is_off_and_sends_nothing(call: Recording, reporter: Client) -> None:
    assert "No machine translates here" in panel(reporter, call)
    assert "Translate the empty segments" not in panel(reporter, call)
    with pytest.raises(EngineNotSet, match="TRANSLATE_ENGINE"):
        translation_start(actor=None, recording=call, to_language="en")
    assert "No engine is set" in press(reporter, call, do="start", language="en")


def test_the_screen_says_where_words_would_go_before_they_go(call: Recording, reporter: Client, server: Server) -> None:
    told = panel(reporter, call)
    assert f"The words go to <strong>{server.url.removeprefix('http://')}</strong> (LibreTranslate)." in told
    assert "their mask is sent in their place" in told
    assert not server.asked


def test_a_translation_is_a_draft_that_a_machine_made(call: Recording, reporter: Client, server: Server) -> None:
    press(reporter, call, do="start", language="en")

    job = EngineJob.objects.get()
    assert (job.state, job.done, job.total, job.problem) == ("done", 3, 3, "")
    assert [state for state, _ in sides(call)] == ["machine"] * 3
    assert sides(call)[2][1] == "БЕЗ ХУДОБИ МИ НЕ ПОЇДЕМО. (en)"
    row = text_open(call).rows[0]["sides"]["en"]
    assert row["by"] == "LibreTranslate"
    assert row["at"]
    assert all(one[0].startswith(MACHINE_WORD) for one in row["words"])
    assert [one[2] for one in row["words"]] == sorted(one[2] for one in row["words"])
    begun = latest_version(call, "en")  # what readers have is the begun translation, without words
    assert not any(segment["words"] for segment in begun.segments)
    assert server.asked[0]["api_key"] == "a key"
    assert "a key" not in str(EngineJob.objects.values())
    assert "by LibreTranslate" in panel(reporter, call)


def test_no_quotation_passes_on_it_before_somebody_reviewed_it(
    call: Recording, reporter: Client, server: Server
) -> None:
    server.answer = lambda asked: {"translatedText": ["We are not leaving without the animals."] * len(asked["q"])}
    translation_start(actor=None, recording=call, to_language="en")
    page = factories.story("“We are not leaving without the animals,” she said.", recordings=[call])
    assert story_check(page).quotations[0].verdict is Verdict.UNBOUND
    draft_publish(actor=None, recording=call)
    assert latest_version(call, "en").reviews[latest_version(call, "en").segments[0]["id"]][0] == "machine"
    assert story_check(page).quotations[0].verdict is Verdict.UNREVIEWED

    window = Window(reporter, call)
    window.save({"id": window.order[2], "sides": {"en": {"state": "reviewed"}}})
    window.post("publish", {"note": ""})

    assert story_check(page).quotations[0].verdict is Verdict.VERBATIM


def test_masked_words_are_not_sent(call: Recording, reporter: Client, server: Server) -> None:
    window = Window(reporter, call)
    words = window.words(2, "uk")
    words[1] = [*words[1][:2], "name", None, "[animal]"]
    window.save(window.typed(2, *words, language="uk"))

    translation_start(actor=None, recording=call, to_language="en")

    (asked,) = server.asked
    assert asked["q"][2] == "Без [animal] ми не поїдемо."
    assert "худоби" not in str(server.asked)


def test_words_of_people_are_not_sent_and_not_touched(call: Recording, reporter: Client, server: Server) -> None:
    translation_begin(actor=None, recording=call, language="en")
    window = Window(reporter, call)
    window.save(window.typed(1, word("Tuesday"), word("then."), language="en"))

    translation_start(actor=None, recording=call, to_language="en")

    assert sides(call)[1] == ("draft", "Tuesday then.")
    assert len(server.asked[0]["q"]) == 2
    with pytest.raises(NothingToTranslate):
        translation_start(actor=None, recording=call, to_language="en")


def test_words_typed_while_the_machine_works_stay(call: Recording) -> None:
    translation_begin(actor=None, recording=call, language="en")
    ids = [row["id"] for row in text_open(call).rows]
    draft_fill(actor=None, recording=call, language="en", texts={ids[0]: "Typed first."}, by="somebody else")

    filled = draft_fill(
        actor=None, recording=call, language="en", texts={ids[0]: "Later.", ids[1]: "New.", "gone": "x"}, by="engine"
    )

    assert filled == [ids[1]]
    assert [words for _, words in sides(call)] == ["Typed first.", "New.", ""]


def test_an_open_window_hears_of_it(call: Recording, reporter: Client, server: Server) -> None:
    translation_begin(actor=None, recording=call, language="en")
    window = Window(reporter, call)
    translation_start(actor=None, recording=call, to_language="en")
    pulse = {"tab": "another01", "base": window.base, "generation": window.generation}
    news = window.post("pulse", pulse).json()["news"]
    assert [row["sides"]["en"]["state"] for row in news] == ["machine"] * 3


def test_a_server_that_fails_midway_loses_nothing(call: Recording, reporter: Client, server: Server) -> None:
    many = "\n\n".join(f"00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.000\n<v A woman>Речення номер {n}." for n in range(30))
    factories.transcript(call, f"WEBVTT\n\n{many}")
    server.script = [libre, (401, {"error": "the key has run out"}, {})]

    text = press(reporter, call, do="start", language="en")

    job = EngineJob.objects.get()
    assert (job.state, job.problem_code, job.done) == ("failed", "translation-refused", 20)
    assert "the key has run out" in text
    assert len([words for _, words in sides(call) if words]) == 20

    press(reporter, call, do="resume", job=job.pk)

    assert EngineJob.objects.get().state == "done"
    assert len([words for _, words in sides(call) if words]) == 30
    assert len(server.asked[-1]["q"]) == 10


def test_it_is_cancelled_and_taken_up_again(
    call: Recording, reporter: Client, server: Server, monkeypatch: Any
) -> None:
    job = translation_start(actor=None, recording=call, to_language="en", enqueue=False)
    press(reporter, call, do="cancel", job=job.pk)
    assert EngineJob.objects.get().state == "cancelled"
    assert "Cancelled" in panel(reporter, call)
    assert not server.asked
    job_retry(actor=None, job=EngineJob.objects.get())
    assert EngineJob.objects.get().state == "done"


def test_the_key_goes_only_where_it_belongs(call: Recording, server: Server, settings: Any) -> None:
    job = translation_start(actor=None, recording=call, to_language="en", enqueue=False)
    settings.TRANSLATE_URL = "http://another.example"
    from onrecord.transcripts.engines.running import job_run

    job_run(job.pk)
    assert "api_key" not in server.asked[0]


def test_a_local_model_and_a_chat_server(call: Recording, settings: Any, tmp_path: Path, reporter: Client) -> None:
    settings.TRANSLATE_ENGINE, settings.TRANSLATE_MODEL = "local", str(make_translation_model(tmp_path / "uk-en"))
    told = panel(reporter, call)
    assert "nothing is sent anywhere" in told
    assert "uk-en" in told
    assert str(tmp_path) not in told
    translation_start(actor=None, recording=call, to_language="en")
    assert {words for _, words in sides(call)} == {"The water came over the bridge."}
    assert text_open(call).rows[0]["sides"]["en"]["by"] == "CTranslate2 uk-en"
    glossary_import(
        actor=None, data="language,term,to_language,translation\nuk,міст,de,Brücke\n".encode(), filename="t"
    )
    with serving(chat) as server:
        settings.TRANSLATE_ENGINE, settings.TRANSLATE_MODEL, settings.TRANSLATE_URL = "openai", "m-1", server.url
        translation_start(actor=None, recording=call, to_language="de")
        assert "міст → Brücke" in server.asked[0]["messages"][0]["content"]
    assert sides(call, "de")[0][1].endswith("(m-1)")


def test_a_model_that_is_not_there_is_said(call: Recording, settings: Any, reporter: Client) -> None:
    settings.TRANSLATE_ENGINE, settings.TRANSLATE_MODEL = "local", "no-such-folder"
    text = press(reporter, call, do="start", language="en")
    assert "there is no such folder" in text
    assert "Resume" in text


@pytest.mark.parametrize("language", ["", "uk", "uk-UA", "english", "1"])
def test_a_language_that_is_none(call: Recording, language: str) -> None:
    with pytest.raises(SameLanguage):
        translation_begin(actor=None, recording=call, language=language)


def test_translating_by_hand_begins_with_an_empty_column(call: Recording, reporter: Client, desk_of: DeskOf) -> None:
    answer = reporter.post(
        reverse("transcript_desk:translation", args=[call.pk]), {"do": "begin", "language": "en"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("transcript_desk:edit", args=[call.pk])
    assert [words for _, words in sides(call)] == ["", "", ""]
    with pytest.raises(PermissionDenied):
        translation_begin(actor=desk_of("Moderator").person, recording=call, language="fr")  # type: ignore[attr-defined]


def test_without_a_transcript_there_is_nothing_to_translate(newsroom: object, reporter: Client) -> None:
    row = factories.recording(language="uk", seed=4, prepared=False)
    with pytest.raises(TranscriptMissing):
        translation_begin(actor=None, recording=row, language="en")
    assert "The transcript comes first" in panel(reporter, row)
