"""The command, as somebody at a terminal meets it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.archive.services import MissingTitle
from tests import factories
from tests.processes import ENVIRONMENT, Serving, onrecord


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty newsroom on disk."""
    folder = tmp_path_factory.mktemp("command") / "newsroom"
    made = onrecord("init", folder, "--name", "The Test Gazette", "--password", "a long test password")
    assert made.returncode == 0, made.stderr
    assert "login editor" in made.stdout
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "call.wav").write_bytes(factories.sound())
    (tmp_path / "call.vtt").write_text(factories.CALL_VTT)
    (tmp_path / "call.uk.vtt").write_text(factories.CALL_UK_VTT)
    (tmp_path / "notes.mp3").write_text("no sound at all")
    (tmp_path / "empty.wav").write_bytes(b"")
    return tmp_path


def test_help_works_anywhere(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "onrecord", "--help"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
        check=True,
    )
    for command in ("demo", "init", "serve", "worker", "bake", "doctor", "add", "check", "manage"):
        assert command in shown.stdout


def test_outside_a_newsroom_it_says_what_to_do(tmp_path: Path) -> None:
    done = onrecord("doctor", folder=tmp_path)
    assert done.returncode == 2
    assert "onrecord init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newsroom_is_not_made_over_another(newsroom: Path) -> None:
    done = onrecord("init", newsroom)
    assert done.returncode == 2
    assert "there is a newsroom already" in done.stderr


def test_the_secret_is_the_owners(newsroom: Path) -> None:
    settings = newsroom / "onrecord.env"
    assert settings.stat().st_mode & 0o077 == 0
    assert re.search(r"SECRET_KEY='[\w-]{50,}'", settings.read_text())


def test_add_and_doctor(newsroom: Path, files: Path) -> None:
    added = onrecord(
        "add", files / "call.wav", "--publisher", "Velna Wire", "--published", "2024-05-04T09:30", "--title", "A call",
        "--language", "en", "--transcript", files / "call.vtt", "--translation", files / "call.uk.vtt",
        "--translation-language", "uk", "--json", folder=newsroom,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    (row,) = json.loads(added.stdout)
    assert not row["known_recording"]
    again = onrecord(
        "add", files / "call.wav", "--publisher", "Left Bank", "--published", "2024-05-05", folder=newsroom
    )
    assert "another copy of a recording that we have" in again.stdout
    worked = onrecord("worker", "--once", folder=newsroom)
    assert worked.returncode == 0, worked.stderr
    checked = onrecord("doctor", "--json", folder=newsroom)
    assert checked.returncode == 0
    assert {check["result"] for check in json.loads(checked.stdout)["checks"]} == {"verified"}
    original = next((newsroom / "originals").glob("??/??/*"))
    content = original.read_bytes()
    original.chmod(0o644)
    original.write_bytes(content[:-1] + b"x")
    damaged = onrecord("doctor", folder=newsroom)
    assert damaged.returncode == 1
    assert "1 failed" in damaged.stdout
    original.write_bytes(content)


def test_check_against_recordings_of_the_newsroom(newsroom: Path, files: Path) -> None:
    (files / "flood.wav").write_bytes(factories.sound(seed=21, seconds=12))
    given = ["--publisher", "Velna Wire", "--published", "2024-05-06", "--language", "en"]
    added = onrecord(
        "add", files / "flood.wav", *given, "--title", "After the flood", "--transcript", files / "call.vtt",
        "--translation", files / "call.uk.vtt", "--translation-language", "uk", "--json", folder=newsroom,
    )  # fmt: skip
    (files / "silent.wav").write_bytes(factories.sound(seed=22, seconds=3))
    other = onrecord("add", files / "silent.wav", *given, "--title", "Silent", "--json", folder=newsroom)
    silent = json.loads(other.stdout)[0]["recording"]
    recording = json.loads(added.stdout)[0]["recording"]
    (files / "story.md").write_text("A woman: “We are not leaving without the animals.” «Без худоби ми не поїдемо».\n")
    workers = [
        subprocess.Popen([sys.executable, "-m", "onrecord", "--dir", newsroom, "worker", "--once"], env=ENVIRONMENT)
        for _ in range(2)
    ]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    for against in (recording[:8], f"https://news.example/recordings/{recording}/", "newsroom"):
        done = onrecord("check", files / "story.md", "--against", against, "--json", folder=newsroom)
        assert done.returncode == 0, done.stderr
        english, ukrainian = (row["evidence"] for row in json.loads(done.stdout)[0]["quotations"])
        if against != "newsroom":
            assert english["recording"] == ukrainian["recording"] == recording
            assert (english["title"], english["version"]) == ("After the flood", 1)
        assert (english["language"], english["translation"]) == ("en", False)
        assert (ukrainian["language"], ukrainian["translation"]) == ("uk", True)
    mixed = onrecord("check", files / "story.md", "--against", recording, files / "call.vtt", folder=newsroom)
    assert mixed.returncode == 0, mixed.stderr
    assert "After the flood, translation (uk)" in mixed.stdout
    for against, said in (
        ("00000000", "no recording of this newsroom"),
        ("not-an-id", "no such file, folder or recording"),
        (silent, "“Silent” has no transcript yet"),
    ):
        bad = onrecord("check", files / "story.md", "--against", against, folder=newsroom)
        assert bad.returncode == 2
        assert said in bad.stderr
    healthy = json.loads(onrecord("doctor", "--json", folder=newsroom).stdout)["index"]
    assert (healthy["behind"], healthy["damage"]) == (0, "")
    (newsroom / "index" / "manifest.json").write_text("{")
    assert "it was built again" in onrecord("doctor", folder=newsroom).stdout


def test_one_bad_file_does_not_keep_the_others_out(newsroom: Path, files: Path) -> None:
    (files / "second.wav").write_bytes(factories.sound(seed=7, seconds=3))
    done = onrecord(
        "add", files / "notes.mp3", files / "second.wav", files / "empty.wav", files / "absent.wav",
        "--publisher", "Wire", "--published", "2024-05-04", "--language", "en", folder=newsroom,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout.count("not added") == 3
    assert done.stdout.count("added ") >= 1
    for name in ("notes.mp3", "empty.wav", "absent.wav"):
        assert name in done.stdout
    assert "Traceback" not in done.stderr


def test_a_transcript_that_cannot_be_read_keeps_the_recording_out(newsroom: Path, files: Path) -> None:
    (files / "third.wav").write_bytes(factories.sound(seed=8, seconds=3))
    (files / "notes.vtt").write_text("WEBVTT\n\nno cue at all\n")
    given = ["--publisher", "Wire", "--published", "2024-05-04", "--title", "Third", "--language", "uk"]
    done = onrecord("add", files / "third.wav", *given, "--transcript", files / "notes.vtt", folder=newsroom)
    assert done.returncode == 2
    assert "notes.vtt" in done.stderr
    assert "Traceback" not in done.stderr
    done = onrecord("add", files / "third.wav", *given, "--translation", files / "call.vtt", folder=newsroom)
    assert done.returncode == 2
    assert "added" in done.stdout
    assert "another copy" not in done.stdout
    assert re.search(r"call\.vtt: not imported\. .*add the transcript \(uk\) first", done.stdout)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--publisher", "W", "--published", "yesterday", "--title", "T", "--language", "en"], "not a date"),
        (["--publisher", "W", "--published", "2024-05-04"], MissingTitle.message.format(filename="x.wav")[6:30]),
        (["--publisher", "W", "--published", "2199-05-04", "--title", "T", "--language", "en"], "future"),
    ],
    ids=["date", "title", "future"],
)
def test_bad_arguments(newsroom: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "x.wav").write_bytes(factories.sound(seed=99, seconds=1))
    done = onrecord("add", tmp_path / "x.wav", *arguments, folder=newsroom)
    assert done.returncode == 2
    assert says in done.stdout + done.stderr


@pytest.fixture
def serving(newsroom: Path) -> Iterator[Serving]:
    running = Serving(newsroom)
    yield running
    running.stop()


def test_serve_answers_and_ctrl_c_ends_all(serving: Serving) -> None:
    serving.wait("/")
    serving.wait("/desk/login/")
    assert serving.get("/no-such-page/") == 404
    assert len(serving.group()) >= 3
    os.killpg(serving.process.pid, signal.SIGINT)
    assert serving.process.wait(timeout=20) == 0
    deadline = time.monotonic() + 5
    while serving.group() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert serving.group() == set()


def test_pages_stay_up_when_the_application_dies_and_it_comes_back(serving: Serving) -> None:
    serving.wait("/desk/login/")
    shown = subprocess.run(["ps", "-eo", "pid=,sess=,args="], capture_output=True, text=True, check=True).stdout
    for row in shown.splitlines():
        pid, group, arguments = row.split(maxsplit=2)
        if int(group) == serving.process.pid and "granian" in arguments:
            os.kill(int(pid), signal.SIGKILL)
    assert serving.get("/") == 200
    serving.wait("/desk/login/")


def test_a_taken_port_is_said(newsroom: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = onrecord("serve", "--port", str(taken.getsockname()[1]), folder=newsroom)
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_a_worker_killed_in_the_middle_leaves_work_that_is_done_later(newsroom: Path, tmp_path: Path) -> None:
    (tmp_path / "long.wav").write_bytes(factories.sound(seconds=600, seed=5, rate=8000))
    added = onrecord(
        "add", tmp_path / "long.wav", "--publisher", "W", "--published", "2024-05-04", "--title", "Long", "--language",
        "en", "--json", folder=newsroom,
    )  # fmt: skip
    recording = json.loads(added.stdout)[0]["recording"]
    worker = subprocess.Popen([sys.executable, "-m", "onrecord", "--dir", str(newsroom), "worker"], env=ENVIRONMENT)
    folder = newsroom / "public" / "media" / "recordings" / recording
    deadline = time.monotonic() + 30
    while not folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.kill()
    worker.wait()
    assert not list(folder.glob("audio-*.mp3"))
    checked = json.loads(onrecord("doctor", "--json", folder=newsroom).stdout)
    assert checked["tasks_put_back"] == 1
    assert {check["result"] for check in checked["checks"]} == {"verified"}
    assert onrecord("worker", "--once", folder=newsroom).returncode == 0
    assert len(list(folder.glob("audio-*.mp3"))) == 1
