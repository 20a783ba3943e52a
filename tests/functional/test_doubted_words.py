"""A transcript of another recording is noticed, and can be kept all the same. Voices are synthetic."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from onrecord.archive import services
from onrecord.archive.models import Recording
from onrecord.audio.speech import synthesise
from onrecord.text.transcripts import Segment, Word
from onrecord.transcripts import doubts
from onrecord.transcripts.aligning import alignment_start
from onrecord.transcripts.models import SoundCheck
from onrecord.transcripts.services import transcript_import
from tests import factories
from tests.unit.audio.sounds import write_media

SAID = "The water came over the bridge at six and nobody told us anything about it."
OTHER = (
    "Quarterly revenues from orbital zinc mining astonished every shareholder in the room.",
    "Penguins have elected a treasurer who does not believe in herring or in mathematics.",
    "Please remember to water the philosophical tomatoes behind the second observatory.",
)


@pytest.fixture
def recording(newsroom: Any, tmp_path: Path, settings: Any) -> Recording:
    """Twenty seconds of nothing, then a sentence."""
    settings.CHECK_WORDS_WITH_SOUND = True
    speech = synthesise(SAID, voice="en-gb+f2")
    quiet = np.zeros((1, 20 * speech.sample_rate), dtype=np.float32)
    path = write_media(tmp_path / "call.wav", np.concatenate([quiet, speech.samples], axis=1), speech.sample_rate)
    added = services.recording_add(
        actor=None, stream=io.BytesIO(path.read_bytes()), filename="call.wav", publisher="Velna Wire", title="A call",
        published_at=datetime(2024, 5, 4, tzinfo=UTC), language="en",
    )  # fmt: skip
    return Recording.objects.get(pk=added.recording.pk)


def srt(*lines: tuple[int, int, str]) -> bytes:
    return "\n".join(
        f"{n}\n00:00:{start:02},000 --> 00:00:{end:02},000\n{text}\n" for n, (start, end, text) in enumerate(lines, 1)
    ).encode()


def words(recording: Recording, data: bytes, name: str = "call.srt") -> SoundCheck:
    transcript_import(actor=None, recording=recording, data=data, filename=name)
    return SoundCheck.objects.get(recording=recording)


@pytest.mark.django_db(transaction=True)
def test_words_where_nobody_speaks(recording: Recording, reporter: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    check = words(recording, srt((1, 5, OTHER[0]), (20, 24, "The water came.")))
    assert (check.doubt, check.words, check.words_doubted) == ("silent", 15, 12)
    page = reverse("recording_desk:inspect", args=[recording.pk])
    assert "12 of 15 words stand where nobody speaks" in reporter.get(page).text

    monkeypatch.setattr(doubts, "speech_presence", None)  # the sound is listened to once
    shown = reporter.post(reverse("transcript_desk:doubt", args=[recording.pk]), follow=True).text
    assert "Are these the words" not in shown
    assert f"{reporter.person} kept them" in shown  # type: ignore[attr-defined]
    assert recording.custody.filter(action="words kept in spite of a doubt").count() == 1
    reporter.post(reverse("transcript_desk:doubt", args=[recording.pk]))
    assert recording.custody.filter(action="words kept in spite of a doubt").count() == 1

    assert not words(recording, srt((2, 5, OTHER[0]), (20, 24, "The water came over."))).is_open, "the same doubt"
    assert words(recording, srt((1, 5, OTHER[0]), (6, 9, OTHER[1]), (20, 24, "The water came."))).is_open, "a larger"
    assert words(recording, srt((20, 25, SAID))).doubt == ""
    assert "was doubted" not in reporter.get(page).text
    assert words(recording, srt((1, 5, OTHER[0]))).is_open, "another one"


@pytest.mark.django_db(transaction=True)
def test_more_words_than_can_be_said(recording: Recording, reporter: Client) -> None:
    check = words(recording, " ".join(OTHER * 3).encode(), "call.txt")
    assert check.doubt == "too-many"
    page = reporter.get(reverse("recording_desk:inspect", args=[recording.pk])).text
    assert "more than can be said" in page
    assert "Keep them anyway" in page


@pytest.mark.django_db(transaction=True)
def test_words_that_the_aligner_does_not_hear(newsroom: Any, tmp_path: Path, settings: Any, reporter: Client) -> None:
    """As long and as loud as the right one, but of another recording."""
    settings.CHECK_WORDS_WITH_SOUND = True
    said = (
        "The water came over the bridge at six and nobody told us anything.",
        "They said the buses would leave on Tuesday morning and not before.",
        "We are not leaving the village without the animals and the old people.",
    )
    parts: list[Any] = []
    for line in said:
        speech = synthesise(line, voice="en-gb+f2", rate_wpm=150)
        parts += [np.zeros((1, speech.sample_rate), dtype=np.float32), speech.samples]
    path = write_media(tmp_path / "call.wav", np.concatenate(parts, axis=1), speech.sample_rate)
    added = services.recording_add(
        actor=None, stream=io.BytesIO(path.read_bytes()), filename="call.wav", publisher="Velna Wire", title="A call",
        published_at=datetime(2024, 5, 4, tzinfo=UTC), language="en",
    )  # fmt: skip
    recording = Recording.objects.get(pk=added.recording.pk)
    assert words(recording, "\n\n".join(said).encode(), "call.txt").doubt == ""
    alignment_start(actor=None, recording=recording)
    assert SoundCheck.objects.get().doubt == ""
    assert words(recording, "\n\n".join(OTHER).encode(), "other.txt").doubt == "", "as many as there could be"
    alignment_start(actor=None, recording=recording)
    check = SoundCheck.objects.get()
    assert (check.doubt, check.words) == ("elsewhere", 37)
    assert "words were not heard" in reporter.get(reverse("recording_desk:inspect", args=[recording.pk])).text


@pytest.mark.django_db
def test_who_may_and_what_there_is_to_check(newsroom: Any, desk_of: Any) -> None:
    recording = factories.recording(prepared=False)
    assert doubts.sound_check(recording) is None, "no words"
    factories.transcript(recording)
    recording.copies.all().delete()
    assert doubts.sound_check(recording) is None, "no file"
    with pytest.raises(PermissionDenied):
        doubts.doubt_set_aside(actor=factories.person("Moderator"), recording=recording)
    doubts.check_words_with_sound.call("00000000-0000-0000-0000-000000000000")
    broken = factories.recording(seed=5, prepared=False)
    factories.transcript(broken)
    services.originals().path(broken.copies.get().sha256).write_bytes(b"no sound")
    assert doubts.sound_check(broken) is None, "the page says what is wrong with the file"


def segment(start: int, end: int, count: int, exact: bool = True) -> Segment:
    return Segment(
        str(start), start, end, "", tuple(Word(f"{start}-{n}", "w", start, end, exact) for n in range(count))
    )


@pytest.mark.parametrize(
    ("segments", "speech", "found"),
    [
        ([segment(0, 4000, 10)], [[0, 4000]], ("", 0)),
        ([segment(0, 4000, 10)], [], ("silent", 10)),
        ([segment(0, 4000, 7)], [], ("", 0)),
        ([segment(0, 4000, 10)], [[4400, 9000]], ("silent", 10)),
        ([segment(0, 4000, 10)], [[3800, 9000]], ("", 0)),
        ([segment(0, 4000, 5), segment(5000, 9000, 5)], [[5000, 9000]], ("", 0)),
        ([segment(0, 4000, 6), segment(5000, 9000, 5)], [[5000, 9000]], ("silent", 6)),
        ([segment(0, 4000, 40)], [[0, 4000]], ("too-many", 12)),
        ([segment(0, 5000, 20, False), segment(5000, 9000, 20, False)], [[8000, 14000]], ("", 0)),
        ([segment(0, 4000, 20, False), segment(5000, 8000, 20, False)], [[20000, 26000]], ("silent", 40)),
    ],
    ids=["fits", "silence", "few words", "beside", "late", "half", "more than half", "fast", "untimed", "timed lines"],
)
def test_what_is_doubted(segments: list[Segment], speech: list[list[int]], found: tuple[str, int]) -> None:
    assert doubts.words_doubted(segments, speech) == found
