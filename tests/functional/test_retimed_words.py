"""Words typed at the desk get measured times; those that had some keep them. Voices are synthetic."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from onrecord.archive import services
from onrecord.archive.models import Recording
from onrecord.audio.speech import synthesise
from onrecord.transcripts import retiming
from onrecord.transcripts.draft_state import Work
from onrecord.transcripts.drafts import draft_publish
from onrecord.transcripts.models import Draft
from onrecord.transcripts.retiming import NoNewWords, passages, retime, retiming_start
from onrecord.transcripts.services import latest_version, transcript_import
from tests import factories
from tests.functional.test_transcript_drafts import Window
from tests.unit.audio.sounds import write_media

pytestmark = pytest.mark.django_db(transaction=True)

LINE = "The water came over the bridge at six and nobody told us anything about the buses."


@pytest.fixture
def spoken(newsroom: Any, tmp_path: Path) -> tuple[Recording, list[Any]]:
    """A recording of one sentence in two segments, without two of its words; and when each word is said."""
    speech = synthesise(LINE, voice="en-gb+f2", rate_wpm=150)
    path = write_media(tmp_path / "call.wav", speech.samples, speech.sample_rate)
    added = services.recording_add(
        actor=None, stream=io.BytesIO(path.read_bytes()), filename="call.wav", publisher="Velna Wire", title="A call",
        published_at=datetime(2024, 5, 4, tzinfo=UTC), language="en",
    )  # fmt: skip
    recording = Recording.objects.get(pk=added.recording.pk)
    texts = LINE.split()
    words = [
        {"word": text, "start": at.start_ms / 1000, "end": at.end_ms / 1000}
        for text, at in zip(texts, speech.words, strict=True)
    ]
    parts = (words[:8], words[8:])
    rows = [
        {
            "start": part[0]["start"],
            "end": part[-1]["end"],
            "speaker": "A woman",
            "words": [word for word in part if word["word"] not in ("bridge", "told")],
        }
        for part in parts
    ]
    data = json.dumps({"language": "en", "segments": rows}).encode()
    transcript_import(actor=None, recording=recording, data=data, filename="w.json")
    return recording, list(zip(texts, speech.words, strict=True))


def typed(window: Window, number: int, at: int, text: str) -> None:
    """Type a word into a segment, as the screen would send it."""
    words = window.words(number)
    words.insert(at, [f"new{text}", text, None, None, ""])
    answer = window.save({"id": window.order[number], "sides": {"en": {"words": words}}})
    assert answer.status_code == 200
    window.load()


def test_new_words_are_heard_and_old_ones_keep_their_time(
    spoken: tuple[Recording, list[Any]], reporter: Client
) -> None:
    recording, truth = spoken
    window = Window(reporter, recording)
    before = [word for row in window.state["rows"] for word in row["sides"]["en"]["words"]]
    typed(window, 0, 5, "bridge")
    typed(window, 1, 2, "told")
    estimated = {word[1]: word for row in window.state["rows"] for word in row["sides"]["en"]["words"] if not word[4]}
    assert set(estimated) == {"bridge", "told"}
    answer = window.post("times", {}).json()
    assert (answer["state"], answer["timed"], answer["unsure"]) == ("done", 2, 0)
    assert {row["id"] for row in answer["rows"]} == set(window.order)
    after = [word for row in window.load()["rows"] for word in row["sides"]["en"]["words"]]
    assert [word for word in after if word[0] not in ("newbridge", "newtold")] == before
    said = dict(truth)
    for word in after:
        if word[1] in estimated:
            assert word[4]
            assert word[2] == pytest.approx(said[word[1]].start_ms, abs=120)
            assert word[3] == pytest.approx(said[word[1]].end_ms, abs=120)
    # Nobody's next save clashes with it, and it is in the next version.
    typed(window, 1, 0, "so")
    draft_publish(actor=None, recording=recording)
    version = latest_version(recording, "en")
    assert version
    exact = {word[1]: word[4] for segment in version.segments for word in segment["words"]}
    assert exact["bridge"]
    assert exact["told"]
    assert not exact["so"]


def test_words_that_are_not_said_keep_an_estimated_time(spoken: tuple[Recording, list[Any]], reporter: Client) -> None:
    window = Window(reporter, spoken[0])
    typed(window, 0, 5, "shareholder-extravaganza")
    answer = window.post("times", {}).json()
    assert (answer["state"], answer["timed"], answer["unsure"]) == ("done", 0, 1)
    words = window.load()["rows"][0]["sides"]["en"]["words"]
    assert [word[4] for word in words if word[1] == "shareholder-extravaganza"] == [False]


def test_words_edited_while_the_worker_listens_are_left_alone(
    spoken: tuple[Recording, list[Any]], reporter: Client
) -> None:
    recording, _ = spoken
    window = Window(reporter, recording)
    typed(window, 0, 5, "bridge")
    times = {"newbridge": ("ridge", 1000, 1200)}  # as if it had read so when it was heard
    assert retiming._write(recording, window.order, times) == 0
    assert not next(w for w in window.load()["rows"][0]["sides"]["en"]["words"] if w[0] == "newbridge")[4]


def test_a_segment_that_nobody_typed_in_is_heard_when_it_is_asked_for(newsroom: Any, reporter: Client) -> None:
    recording = factories.recording(language="xx", prepared=False)
    factories.transcript(recording, language="xx")
    window = Window(reporter, recording)
    refused = window.post("times", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "no-new-words")
    told = window.post("times", {"segment": window.order[0]}).json()
    assert told["state"] == "failed"  # there is no voice for this language
    assert told["problem"]


def test_what_is_not_known_is_refused(newsroom: Any, reporter: Client, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "engines"]}}
    recording = factories.recording(prepared=False)
    factories.transcript(recording)
    for job in ("", "nonsense", "1ce24e5e-9cf0-4b46-b386-4c2d1b4d8c0f"):
        answer = reporter.get(reverse("transcript_desk:times", args=[recording.pk]), {"job": job})
        assert (answer.status_code, answer.json()["code"]) == (422, "no-such-retiming")
    with pytest.raises(PermissionDenied):
        retiming_start(actor=factories.person("Moderator"), recording=recording)
    with pytest.raises(NoNewWords):
        retiming_start(actor=factories.person("Editor"), recording=recording)


def test_without_sound_it_fails_in_words(newsroom: Any) -> None:
    recording = factories.recording(prepared=False)
    factories.transcript(recording)
    Draft.objects.create(recording=recording)
    recording.copies.all().delete()
    told = retime.func(str(recording.pk), ["s1"])
    assert "could be tied to the sound" in told["problem"]


def test_only_the_passages_around_new_words_are_heard(newsroom: Any) -> None:
    recording = factories.recording(prepared=False)
    cues = "\n\n".join(f"00:{n:02}.000 --> 00:{n:02}.900\nword {n}" for n in range(0, 50))
    transcript_import(actor=None, recording=recording, data=f"WEBVTT\n\n{cues}".encode(), filename="w.vtt")
    Recording.objects.filter(pk=recording.pk).update(duration_ms=50_000)
    recording.refresh_from_db()
    transcript_import(actor=None, recording=recording, data=f"WEBVTT\n\n{cues}".encode(), filename="w.vtt")
    rows = Work(recording, Draft.objects.get_or_create(recording=recording)[0]).rows()
    ids = [row["id"] for row in rows]
    found = list(passages(rows, {ids[3], ids[4], ids[30]}, "en", 50_000))
    assert [[row["id"] for row in one.rows] for one in found] == [ids[2:6], ids[29:32]]
    assert [(one.start_ms, one.end_ms) for one in found] == [(1700, 6200), (28_700, 32_200)]
