"""Speech to text in the newsroom, with a real engine and a model that the tests make. Voices are synthetic."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onrecord.archive import services
from onrecord.archive.models import Recording
from onrecord.audio.speech import synthesise
from onrecord.cli.transcribe import UnderWay, transcribe
from onrecord.transcripts import transcribing
from onrecord.transcripts.engines import whisper
from onrecord.transcripts.engines.errors import EngineNotSet, ModelUnusable
from onrecord.transcripts.engines.jobs import job_retry
from onrecord.transcripts.engines.models import EngineJob
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import latest_version, masked_spans, transcript_import
from tests import factories
from tests.generators.whisper_model import WORDS, make_whisper_model
from tests.unit.audio.sounds import write_media

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "The water came over the bridge at six and nobody told us anything about it."


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_whisper_model(tmp_path_factory.mktemp("models") / "tiny-english-ears")


def sound(tmp_path: Path, *, silent: bool = False) -> Path:
    speech = synthesise(SAID, voice="en-gb+f2")
    samples = np.zeros_like(speech.samples) if silent else speech.samples
    pause = np.zeros((1, speech.sample_rate), dtype=np.float32)
    return write_media(tmp_path / "call.wav", np.concatenate([pause, samples, pause], axis=1), speech.sample_rate)


def added(path: Path, language: str = "en") -> Recording:
    found = services.recording_add(
        actor=None, stream=io.BytesIO(path.read_bytes()), filename=path.name, publisher="Velna Wire", title="A call",
        published_at=datetime(2024, 5, 4, tzinfo=UTC), language=language,
    )  # fmt: skip
    return Recording.objects.get(pk=found.recording.pk)


@pytest.fixture
def spoken(newsroom: Any, tmp_path: Path, model: Path, settings: Any) -> Recording:
    settings.WHISPER_MODEL = str(model)
    return added(sound(tmp_path))


def done(recording: Recording, **options: Any) -> EngineJob:
    job = transcribing.transcription_start(actor=None, recording=recording, **options)
    return EngineJob.objects.get(pk=job.pk)


def newest(recording: Recording) -> TranscriptVersion:
    version = latest_version(recording, recording.language)
    assert version is not None
    return version


def test_what_is_heard_becomes_a_version_that_says_by_what(spoken: Recording) -> None:
    job = done(spoken)
    assert (job.state, job.problem) == ("done", "")
    version = newest(spoken)
    assert job.version == version
    (segment,) = segments_from_json(version.segments)
    assert segment.text == " ".join(WORDS)
    assert 500 < segment.start_ms < segment.end_ms <= (spoken.duration_ms or 0)
    times = [(word.start_ms, word.end_ms) for word in segment.words]
    assert times == sorted(times)
    assert all(word.exact for word in segment.words)
    assert version.reviews == {segment.id: ["machine", "", ""]}
    assert version.provenance["engine"].startswith("faster-whisper 1.")
    assert version.provenance["model"] == "tiny-english-ears", "not where it lies"
    parameters = version.provenance["parameters"]
    assert {"beam_size": 5, "vad_filter": True, "compute_type": "int8", "language_given": "en"}.items() <= (
        parameters.items()
    )
    assert "ctranslate2" in parameters


def test_the_language_is_detected_when_asked(newsroom: Any, tmp_path: Path, settings: Any) -> None:
    settings.WHISPER_MODEL = str(make_whisper_model(tmp_path / "models", language="uk", words=("Вода", "прийшла.")))
    recording = added(sound(tmp_path), language="ru")
    job = done(recording, language="detect")
    version = newest(recording)
    assert job.facts["language"] == "uk"
    assert version.provenance["parameters"]["language_probability"] > 0.9
    assert version.warnings == [
        "The machine took the language for uk (100 % sure); the recording is filed as ru.",
    ]
    assert segments_from_json(version.segments)[0].text == "Вода прийшла."
    assert done(added(sound(tmp_path, silent=True)), language="detect").version is None


def test_silence_has_no_transcript(newsroom: Any, tmp_path: Path, model: Path, settings: Any, reporter: Client) -> None:
    settings.WHISPER_MODEL = str(model)
    recording = added(sound(tmp_path, silent=True))
    job = done(recording)
    assert (job.state, job.version, latest_version(recording, "en")) == ("done", None, None)
    assert "No speech was found" in reporter.get(reverse("transcript_desk:speech", args=[recording.pk])).text


def test_words_by_people_stay_the_newest(spoken: Recording) -> None:
    mine = transcript_import(actor=None, recording=spoken, data=b"My own words of it.", filename="mine.txt")
    job = done(spoken)
    machine = job.version
    version = newest(spoken)
    assert machine is not None
    assert (mine.number, machine.number, version.number) == (1, 2, 3)
    assert (version.segments, version.reviews, version.provenance) == (mine.segments, mine.reviews, {})
    assert version.note == "Version 1 again, above version 2"
    assert done(spoken, replace=True).version == newest(spoken)
    assert segments_from_json(newest(spoken).segments)[0].text == " ".join(WORDS)
    assert not transcribing.words_by_people(spoken)
    again = done(spoken).version
    assert again == newest(spoken), "a machine's words give way to a machine's"


def test_a_mask_stays_whatever_the_machine_hears(spoken: Recording) -> None:
    transcript_import(
        actor=None, recording=spoken, data=b"1\n00:00:01,000 --> 00:00:04,000\nThe {name|bridge} fell.\n",
        filename="mine.srt",
    )  # fmt: skip
    before = masked_spans(spoken)
    done(spoken, replace=True)
    segments = segments_from_json(newest(spoken).segments)
    masked = [word for segment in segments for word in segment.words if word.mask]
    assert [(word.text, word.mask) for word in masked] == [("bridge", "name")]
    covered = masked_spans(spoken)
    assert all(any(now.start_ms <= was.start_ms and was.end_ms <= now.end_ms for now in covered) for was in before)


def test_a_translation_follows_and_keeps_its_words(spoken: Recording) -> None:
    lines = b"1\n00:00:01,000 --> 00:00:04,000\n%s\n"
    transcript_import(actor=None, recording=spoken, data=lines % b"Water came.", filename="en.srt")
    transcript_import(
        actor=None, recording=spoken, data=lines % "Вода прийшла.".encode(), filename="uk.srt", language="uk"
    )
    done(spoken, replace=True)
    original, translated = newest(spoken), latest_version(spoken, "uk")
    assert translated is not None
    assert [row["id"] for row in translated.segments] == [row["id"] for row in original.segments]
    assert segments_from_json(translated.segments)[0].text == "Вода прийшла."


def broken(model: Path, folder: Path, without: str) -> Path:
    folder.mkdir()
    for path in model.iterdir():
        if path.name != without:
            (folder / path.name).symlink_to(path)
    return folder


@pytest.mark.parametrize("without", ["model.bin", "config.json", "tokenizer.json"])
def test_a_folder_that_is_no_model(spoken: Recording, model: Path, tmp_path: Path, settings: Any, without: str) -> None:
    settings.WHISPER_MODEL = str(broken(model, tmp_path / "half", without))
    job = done(spoken)
    assert (job.state, job.problem_code) == ("failed", "model-unusable")
    assert f"no {without}" in job.problem
    assert "WHISPER_MODEL" in job.problem


def test_a_file_that_is_no_model(spoken: Recording, model: Path, tmp_path: Path, settings: Any) -> None:
    folder = broken(model, tmp_path / "bad", "model.bin")
    (folder / "model.bin").write_bytes(b"not a model at all")
    settings.WHISPER_MODEL = str(folder)
    assert done(spoken).problem_code == "model-unusable"
    settings.WHISPER_MODEL = "/nowhere/at/all"
    assert "no such folder" in done(spoken).problem
    job = EngineJob.objects.latest("pk")
    settings.WHISPER_MODEL = str(model)
    transcribing.transcription_start(actor=None, recording=spoken)
    assert newest(spoken).number == 1
    assert job.pieces.count() == 0


def test_a_model_that_knows_english_only(spoken: Recording, tmp_path: Path, settings: Any) -> None:
    settings.WHISPER_MODEL = str(make_whisper_model(tmp_path / "models", english_only=True))
    assert "it knows English only" in done(spoken, language="uk").problem
    job = done(spoken, language="detect")
    assert (job.problem, job.facts["language"], newest(spoken).warnings) == ("", "en", [])


def test_a_language_that_the_model_does_not_know(spoken: Recording) -> None:
    assert "does not know the language ie" in done(spoken, language="ie").problem


def test_a_model_that_does_not_fit_in_memory(spoken: Recording, settings: Any) -> None:
    settings.ENGINE_MEMORY_MB = 300
    job = done(spoken)
    assert (job.state, job.problem_code) == ("failed", "engine-out-of-memory")
    settings.ENGINE_MEMORY_MB = 0
    assert "Resume" in job.problem or "resume" in job.problem


def test_without_a_model_it_is_off(spoken: Recording, settings: Any) -> None:
    settings.WHISPER_MODEL = ""
    assert transcribing.transcription_setup() is None
    with pytest.raises(EngineNotSet, match="WHISPER_MODEL"):
        transcribing.transcription_start(actor=None, recording=spoken)


def test_a_recording_without_a_file(newsroom: Any, settings: Any, model: Path) -> None:
    settings.WHISPER_MODEL = str(model)
    empty = Recording.objects.create(title="Nothing", language="en", added_at=datetime(2024, 5, 4, tzinfo=UTC))
    with pytest.raises(transcribing.NothingToTranscribe, match="Nothing"):
        transcribing.transcription_start(actor=None, recording=empty)
    with pytest.raises(transcribing.NothingToTranscribe), transcribing._given(EngineJob(recording=empty)):
        pass


def test_a_folder_is_found_in_the_newsrooms_folder(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "models" / "small").mkdir(parents=True)
    settings.NEWSROOM_DIR = tmp_path
    setup = transcribing.transcription_setup("models/small")
    assert setup is not None
    assert setup.model == str(tmp_path / "models" / "small")
    hub = transcribing.transcription_setup("small")
    assert hub is not None
    assert (hub.model, hub.sends_to) == ("small", "")


def test_a_long_recording_is_resumed_where_it_was(spoken: Recording) -> None:
    """What was kept of a run that was cancelled stands at the head of the next one's result."""
    job = transcribing.transcription_start(actor=None, recording=spoken, enqueue=False)
    first = {"start_ms": 0, "end_ms": 1500, "words": [["Kept.", 100, 1400, 0.9]]}
    job.pieces.create(number=0, done=1500, content=first)
    EngineJob.objects.filter(pk=job.pk).update(state="cancelled", facts={"language": "en"})
    job_retry(actor=None, job=job)
    segments = segments_from_json(newest(spoken).segments)
    assert [segment.text for segment in segments] == ["Kept.", " ".join(WORDS)]
    assert segments[1].start_ms >= 1500


def test_words_are_written_as_people_write_them() -> None:
    def heard(language: str, *pieces: str) -> list[list[Any]]:
        from types import SimpleNamespace

        words = [SimpleNamespace(word=w, start=n, end=n + 0.5, probability=0.9) for n, w in enumerate(pieces)]
        segment = SimpleNamespace(start=0, end=len(pieces), words=words)
        rows: list[list[Any]] = whisper._content(segment, 10_000, 12_000, language)["words"]
        return rows

    assert [row[0] for row in heard("en", " well", "-known", " ", " men")] == ["well-known", "men"]
    assert heard("en", " a", " b", " c")[2][1:3] == [12_000, 12_000], "never past the part that was listened to"
    assert [row[0] for row in heard("zh", "水", "来", "了")] == ["水", "来", "了"]


def test_masks_where_nothing_was_heard(spoken: Recording) -> None:
    mine = transcript_import(actor=None, recording=spoken, data=b"My {name|own} words.", filename="mine.txt")
    segments = segments_from_json(mine.segments)
    moved = [replace(segments[0], start_ms=0, end_ms=400)]
    (unclear,) = transcribing.masks_carried(moved, [], new_id=iter("ab").__next__)
    (word,) = unclear.words
    assert (word.text, word.kind, word.mask, unclear.start_ms, unclear.end_ms) == (
        "[unclear]",
        "unclear",
        "name",
        0,
        400,
    )


def test_the_panel(spoken: Recording, desk_of: Any, settings: Any) -> None:
    address = reverse("transcript_desk:speech", args=[spoken.pk])
    reporter = desk_of("Reporter")
    assert "tiny-english-ears" in reporter.get(reverse("recording_desk:inspect", args=[spoken.pk])).text
    assert "Write down what is said" not in desk_of("Moderator").get(address).text
    page = reporter.post(address, {"do": "start", "language": "detect"}, follow=True).text
    assert "Heard by a machine" in page
    transcript_import(actor=None, recording=spoken, data=b"My own words of it.", filename="mine.txt")
    assert "Words by people" in reporter.get(address).text
    reporter.post(address, {"do": "start", "replace": "yes"})
    assert segments_from_json(newest(spoken).segments)[0].text == " ".join(WORDS)
    settings.WHISPER_MODEL = "/nowhere"
    page = reporter.post(address, {"do": "start"}, follow=True).text
    assert "no such folder" in page
    settings.WHISPER_MODEL = ""
    assert "is not set up" in reporter.get(address).text
    assert "No engine is set" in reporter.post(address, {"do": "start"}, follow=True).text


def test_the_panel_of_work_that_waits_fails_and_is_resumed(spoken: Recording, reporter: Client) -> None:
    address = reverse("transcript_desk:speech", args=[spoken.pk])
    job = transcribing.transcription_start(actor=None, recording=spoken, enqueue=False)
    assert "or-refresh" in reporter.get(address).text
    reporter.post(address, {"do": "cancel", "job": job.pk})
    page = reporter.get(address).text
    assert "or-refresh" not in page
    assert "Resume" in page
    reporter.post(address, {"do": "resume", "job": job.pk})
    assert newest(spoken).number == 1
    page = reporter.post(address, {"do": "resume", "job": job.pk}, follow=True).text
    assert "nothing to resume" in page
    other = factories.recording(seed=3, prepared=False)
    assert (
        reporter.post(reverse("transcript_desk:speech", args=[other.pk]), {"do": "cancel", "job": job.pk}).status_code
        == 404
    )


def test_the_command_leaves_alone_what_a_worker_is_at(spoken: Recording, capsys: pytest.CaptureFixture[str]) -> None:
    def command(**options: Any) -> None:
        given: dict[str, Any] = {"model": "", "language": "", "replace": False, "as_json": False, **options}
        transcribe(recording=str(spoken.pk), **given)

    job = transcribing.transcription_start(actor=None, recording=spoken, enqueue=False)
    rows = EngineJob.objects.filter(pk=job.pk)
    rows.update(state="running", worker="elsewhere:7:ab", beat_at=timezone.now(), done=30, total=100)
    with pytest.raises(UnderWay, match="30 %"):
        command()
    rows.update(cancel_asked=True, beat_at=None)
    with pytest.raises(UnderWay):
        command()
    assert rows.get().state == "cancelled"
    command(as_json=True)
    assert json.loads(capsys.readouterr().out)["version"] == 1
    assert rows.get().state == "done", "the same job, resumed"
    transcript_import(actor=None, recording=spoken, data=b"My own words of it.", filename="mine.txt")
    command()
    assert "stay the newest, as version 4" in " ".join(capsys.readouterr().out.split())
    with pytest.raises(ModelUnusable):
        command(model="./nowhere")
