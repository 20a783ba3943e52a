"""Words tied to the sound in the newsroom: new version, masks that follow, errors kept. Voices are synthetic."""

from __future__ import annotations

import io
from dataclasses import replace
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
from onrecord.audio.alignment import align
from onrecord.audio.speech import synthesise
from onrecord.transcripts import aligning
from onrecord.transcripts.models import Alignment, TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import latest_version, masked_spans, transcript_import
from tests import factories
from tests.functional.conftest import DeskOf
from tests.unit.audio.sounds import write_media

pytestmark = pytest.mark.django_db(transaction=True)

LINES = (
    "The water came over the bridge at six and nobody told us anything.",
    "They said the buses would leave on Tuesday morning and not before.",
    "We are not leaving the village without the animals and the old people.",
)
PAUSE_S = 1.5


@pytest.fixture
def spoken(newsroom: Any, tmp_path: Path) -> tuple[Recording, list[tuple[int, int]]]:
    """A recording of three sentences, and the true times of each."""
    parts, times, at = [], [], 0
    for line in LINES:
        speech = synthesise(line, voice="en-gb+f2", rate_wpm=150)
        rate = speech.sample_rate
        pause = np.zeros((1, int(PAUSE_S * rate)), dtype=np.float32)
        at += pause.shape[1]
        times.append((1000 * at // rate + speech.words[0].start_ms, 1000 * at // rate + speech.words[-1].end_ms))
        parts += [pause, speech.samples]
        at += speech.samples.shape[1]
    path = write_media(tmp_path / "call.wav", np.concatenate([*parts, pause], axis=1), rate)
    added = services.recording_add(
        actor=None, stream=io.BytesIO(path.read_bytes()), filename="call.wav", publisher="Velna Wire", title="A call",
        published_at=datetime(2024, 5, 4, tzinfo=UTC), language="en",
    )  # fmt: skip
    return Recording.objects.get(pk=added.recording.pk), times


def words_of(recording: Recording, text: str = "\n\n".join(LINES)) -> TranscriptVersion:
    return transcript_import(actor=None, recording=recording, data=text.encode(), filename="call.txt")


def newest(recording: Recording) -> TranscriptVersion:
    version = latest_version(recording, recording.language)
    assert version is not None
    return version


def test_plain_text_gets_its_times_by_itself(spoken: tuple[Recording, list[tuple[int, int]]], settings: Any) -> None:
    settings.ALIGN_PLAIN_TEXT = True
    recording, times = spoken
    words_of(recording)
    version = newest(recording)
    assert (version.number, version.note) == (2, "Words tied to the sound")
    segments = segments_from_json(version.segments)
    for segment, (start, end) in zip(segments, times, strict=True):
        assert segment.start_ms == pytest.approx(start, abs=300)
        assert segment.end_ms == pytest.approx(end, abs=300)
    assert sum(word.exact for segment in segments for word in segment.words) > 20
    job = Alignment.objects.get()
    assert (job.status, job.percent, job.version, job.problem) == ("done", 100, version, "")


def test_masks_follow_the_words(
    spoken: tuple[Recording, list[tuple[int, int]]], reporter: Client, settings: Any
) -> None:
    recording, times = spoken
    words_of(recording, "\n\n".join(LINES).replace("Tuesday", "{name|Tuesday}"))
    services.web_copy_make(str(recording.pk))
    before = Recording.objects.get(pk=recording.pk).audio
    reporter.post(reverse("transcript_desk:alignment", args=[recording.pk]), {"do": "start"})
    (span,) = masked_spans(recording)
    assert times[1][0] < span.start_ms < span.end_ms < times[1][1]
    after = Recording.objects.get(pk=recording.pk)
    assert (after.status, after.audio != before) == (Recording.Status.READY, True)
    assert not (Path(settings.MEDIA_ROOT) / before).exists()


def test_words_changed_meanwhile_keep_their_times(spoken: tuple[Recording, list[tuple[int, int]]]) -> None:
    recording, _ = spoken
    heard = segments_from_json(words_of(recording).segments)
    original = services.originals().path(recording.copies.get().sha256)
    found = align(original, [[word.text for word in segment.words] for segment in heard], language="en")
    words = (*heard[0].words[:-1], replace(heard[0].words[-1], text="nothing."))
    edited = (replace(heard[0], words=words), *heard[1:])
    result = aligning.tied(edited, heard, found)
    assert result[0] == edited[0]
    assert result[1].start_ms == found.segments[1].start_ms


def test_a_flagged_masked_segment_keeps_its_cover(spoken: tuple[Recording, list[tuple[int, int]]]) -> None:
    recording, _ = spoken
    lines = (
        *LINES[:2],
        "Quarterly {name|Zebra} revenues from orbital zinc mining astonished every shareholder.",
        LINES[2],
    )
    words_of(recording, "\n\n".join(lines))
    segment = segments_from_json(newest(recording).segments)[2]
    aligning.alignment_start(actor=None, recording=recording)
    job = Alignment.objects.get()
    assert [row[1] for row in job.flagged if row[0] == segment.id] == ["missing"]
    now = segments_from_json(newest(recording).segments)[2]
    assert now.start_ms <= segment.start_ms
    assert now.end_ms >= segment.end_ms
    assert not any(word.exact for word in now.words)


def test_a_failure_is_told_and_can_be_tried_again(newsroom: Any, reporter: Client) -> None:
    recording = factories.recording(language="xx", prepared=False)
    factories.transcript(recording)
    address = reverse("transcript_desk:alignment", args=[recording.pk])
    page = reporter.post(address, {"do": "start"}, follow=True).text
    assert "could not be tied to the sound" in page
    assert "Tie words to the sound again" in page
    assert newest(recording).number == 1
    assert Alignment.objects.get().status == "failed"


def test_it_can_be_stopped(newsroom: Any, reporter: Client) -> None:
    recording = factories.recording(prepared=False)
    factories.transcript(recording)
    waiting = Alignment.objects.create(recording=recording, started_at=recording.added_at)
    address = reverse("transcript_desk:alignment", args=[recording.pk])
    assert "or-refresh" in reporter.get(address).text
    assert aligning.alignment_start(actor=None, recording=recording) == waiting
    reporter.post(address, {"do": "stop"})
    assert aligning.alignment_run(waiting.pk).status == "stopped"
    running = Alignment.objects.create(recording=recording, started_at=recording.added_at, stop_asked=True)
    assert aligning.alignment_run(running.pk).status == "stopped"
    assert newest(recording).number == 1
    assert "nothing was changed" in reporter.get(address).text


def test_without_words_there_is_nothing_to_tie(newsroom: Any, reporter: Client, desk_of: DeskOf) -> None:
    recording = factories.recording(prepared=False)
    address = reverse("transcript_desk:alignment", args=[recording.pk])
    factories.transcript(other := factories.recording(seed=2, prepared=False))
    page = reporter.get(reverse("recording_desk:inspect", args=[other.pk])).text
    form = page[page.index(reverse("transcript_desk:alignment", args=[other.pk])) :]
    assert "csrfmiddlewaretoken" in form[: form.index("</form>")]
    assert "has no transcript" in reporter.post(address, {"do": "start"}, follow=True).text
    with pytest.raises(PermissionDenied):
        aligning.alignment_start(actor=factories.person("Moderator"), recording=recording)
    assert "Tie words" not in desk_of("Moderator").get(address).text
