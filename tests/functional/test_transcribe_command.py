"""`onrecord transcribe`, as somebody at a terminal meets it, and a worker that is killed in the middle of it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onrecord.audio.speech import synthesise
from tests.generators.whisper_model import WORDS, make_whisper_model
from tests.processes import ENVIRONMENT, onrecord
from tests.unit.audio.sounds import write_media

SAID = "The water came over the bridge at six and nobody told us anything about it."
MINUTES = 6
SLOW = 25


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with a model, an engine's worth of speech and a long recording."""
    folder = tmp_path_factory.mktemp("transcribe") / "newsroom"
    made = onrecord("init", folder, "--name", "The Test Gazette", "--password", "a long test password")
    assert made.returncode == 0, made.stderr
    make_whisper_model(folder / "models" / "tiny-ears")
    make_whisper_model(folder / "models" / "slow-ears", ears=SLOW)
    with (folder / "onrecord.env").open("a") as settings:
        settings.write("WHISPER_MODEL=models/tiny-ears\nRECOGNISE_REPOSTS=false\n")
    speech = synthesise(SAID, voice="en-gb+f2")
    pause = np.zeros((1, 20 * speech.sample_rate), dtype=np.float32)
    write_media(folder / "short.wav", speech.samples, speech.sample_rate)
    write_media(folder / "silent.wav", pause, speech.sample_rate)
    times = 60 * MINUTES * speech.sample_rate // speech.samples.shape[1]
    write_media(folder / "long.wav", np.tile(speech.samples, (1, times)), speech.sample_rate)
    return folder


def added(newsroom: Path, name: str) -> str:
    done = onrecord(
        "add", newsroom / name, "--publisher", "Velna Wire", "--published", "2024-05-04", "--title", name,
        "--language", "en", "--json", folder=newsroom,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)[0]["recording"])


def rows(newsroom: Path, sql: str) -> list[Any]:
    with sqlite3.connect(newsroom / "onrecord.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def wait_until(what: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_a_recording_is_written_down(newsroom: Path) -> None:
    recording = added(newsroom, "short.wav")
    done = onrecord("transcribe", recording[:8], "--json", folder=newsroom)
    assert done.returncode == 0, done.stderr
    assert "listened to" in done.stderr
    summary = json.loads(done.stdout)
    assert summary.pop("model").endswith("models/tiny-ears")
    assert summary == {
        "recording": recording, "engine": "faster-whisper", "language": "en", "version": 1, "newest_version": 1,
        "segments": 1, "words": len(WORDS), "warnings": [],
    }  # fmt: skip
    again = onrecord("transcribe", recording, folder=newsroom)
    assert "Version 2: 8 words in 1 segments" in again.stdout
    assert "No speech was found" in onrecord("transcribe", added(newsroom, "silent.wav"), folder=newsroom).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ffffffff"], "no recording of this newsroom"),
        (["{id}", "--model", "./nowhere"], "no such folder"),
        (["{id}", "--language", "ie"], "does not know the language ie"),
    ],
)
def test_bad_arguments(newsroom: Path, arguments: list[str], says: str) -> None:
    recording = added(newsroom, "short.wav")
    done = onrecord("transcribe", *[one.format(id=recording) for one in arguments], folder=newsroom)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def whole(segments: list[dict[str, Any]]) -> bool:
    """In order of time, without a part twice, up to the end."""
    starts = [segment["start_ms"] for segment in segments]
    return starts == sorted(set(starts)) and len(starts) >= MINUTES and starts[-1] > (MINUTES - 1) * 60_000


def newest(newsroom: Path) -> list[dict[str, Any]]:
    sql = "select segments from transcripts_transcriptversion order by id desc limit 1"
    return list(json.loads(rows(newsroom, sql)[0][0]))


def kept(newsroom: Path) -> int:
    return int(rows(newsroom, "select count(*) from transcripts_enginepiece")[0][0])


def job(newsroom: Path) -> tuple[Any, ...]:
    return tuple(rows(newsroom, "select id, state, attempts from transcripts_enginejob order by id desc limit 1")[0])


def test_ctrl_c_keeps_what_was_heard_and_the_next_run_goes_on(newsroom: Path) -> None:
    recording = added(newsroom, "long.wav")
    model = ("--model", "models/slow-ears")
    command = [sys.executable, "-m", "onrecord", "--dir", str(newsroom), "transcribe", recording, *model]
    listening = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, process_group=0)
    wait_until(lambda: kept(newsroom) > 2)
    os.killpg(listening.pid, signal.SIGINT)
    _, said = listening.communicate(timeout=60)
    assert listening.returncode == 130
    assert "run the same command" in said
    number, state, _ = job(newsroom)
    assert state == "cancelled"
    assert kept(newsroom) > 2
    done = onrecord("transcribe", recording, *model, folder=newsroom)
    assert done.returncode == 0, done.stderr
    assert job(newsroom)[:2] == (number, "done")
    assert whole(newest(newsroom))


def test_a_worker_that_is_killed_goes_on_where_it_was(newsroom: Path) -> None:
    """`kill -9` of the worker, and its engine goes too; the next worker takes the job up with what was heard."""
    recording = added(newsroom, "long.wav")
    start = (
        "from onrecord.archive.models import Recording\n"
        "from onrecord.transcripts.transcribing import transcription_setup, transcription_start\n"
        f"recording = Recording.objects.get(pk={recording!r})\n"
        "setup = transcription_setup('models/slow-ears')\n"
        "transcription_start(actor=None, recording=recording, replace=True, setup=setup)\n"
    )
    done = onrecord("manage", "shell", "-c", start, folder=newsroom)
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "onrecord", "--dir", str(newsroom), "worker", "--queue", "engines"]
    worker = subprocess.Popen(command, env=ENVIRONMENT)
    wait_until(lambda: kept(newsroom) > 2)
    worker.kill()
    worker.wait()
    assert kept(newsroom) > 2
    assert job(newsroom)[1] == "running"
    assert subprocess.run([*command, "--once"], env=ENVIRONMENT, timeout=300, check=False).returncode == 0
    assert job(newsroom)[1:] == ("done", 0)
    assert whole(newest(newsroom))
