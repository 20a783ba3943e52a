"""`onrecord fingerprint` and `onrecord find`, as a person or a script runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.unit.audio.fingerprints.conftest import VOICES
from tests.unit.audio.fingerprints.reposting import RATE, Sound, faster, speech
from tests.unit.audio.sounds import write_media


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def _cut(number: int, start_s: float, end_s: float) -> Sound:
    return speech(number, 30, VOICES[number])[round(start_s * RATE) : round(end_s * RATE)]


def _write(path: Path, sound: Sound, codec: str = "pcm_s16le") -> Path:
    return write_media(path, sound[np.newaxis, :], RATE, codec=codec)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reposts")
    (folder / "calls").mkdir()
    for number in range(3):
        _write(folder / "calls" / f"call-{number}.wav", speech(number, 30, VOICES[number]))
    (folder / "calls" / "notes.txt").write_text("not a recording")
    other = speech(321, 9, "en-gb+m2")
    _write(folder / "programme.mp3", np.concatenate([other, _cut(0, 5, 17), faster(_cut(2, 3, 18), 1.03)]), "mp3")
    _write(folder / "other.wav", other)
    _write(folder / "short.wav", other[: RATE // 2])
    (folder / "letter.txt").write_text("dear")
    return folder


@pytest.fixture(scope="module")
def index(files: Path) -> Path:
    done = _run("fingerprint", *sorted((files / "calls").glob("*.wav")), "-o", files / "index")
    assert (done.returncode, done.stderr) == (0, "")
    assert "[3/3]" in done.stdout
    return files / "index"


def test_what_a_programme_contains_in_words(files: Path, index: Path) -> None:
    done = _run("find", files / "programme.mp3", files / "other.wav", "--against", index)
    assert done.returncode == 1
    lines = done.stdout.replace(str(files), "").splitlines()
    assert lines[0] == "/programme.mp3:"
    assert lines[1].startswith("  0:09–0:2")
    assert "0:05–0:17 of /calls/call-0.wav (sure)" in lines[1]
    assert "0:03–0:18 of /calls/call-2.wav, 3.0 % faster (sure)" in lines[2]
    assert lines[3:] == ["/other.wav: nothing of it is in the index"]


def test_what_a_programme_contains_as_json(files: Path, index: Path) -> None:
    done = _run("find", files / "programme.mp3", "--against", index, "--json")
    (row,) = json.loads(done.stdout)
    assert row["file"].endswith("programme.mp3")
    assert [Path(match["recording"]).stem for match in row["matches"]] in (["call-0", "call-2"], ["call-2", "call-0"])
    assert set(row["matches"][0]) == {
        "recording",
        "query_start_ms",
        "query_end_ms",
        "recording_start_ms",
        "recording_end_ms",
        "speed",
        "score",
        "sure",
    }


def test_a_folder_of_recordings_will_do_for_an_index(files: Path) -> None:
    done = _run("find", files / "programme.mp3", "--against", files / "calls", "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)[0]["matches"]) == 2
    assert "notes.txt: this is not an audio or video file" in " ".join(done.stderr.split())


def test_nothing_found_is_success(files: Path, index: Path) -> None:
    done = _run("find", files / "other.wav", "--against", index, "--json")
    assert (done.returncode, json.loads(done.stdout)[0]["matches"]) == (0, [])


def test_a_bad_file_does_not_keep_the_others_from_being_looked_for(files: Path, index: Path) -> None:
    asked = ["letter.txt", "short.wav", "missing.wav", "programme.mp3"]
    done = _run("find", *(files / name for name in asked), "--against", index, "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 2
    assert [row.get("error") for row in rows] == ["not-audio", "sound-too-short", "unreadable-file", None]
    assert len(rows[3]["matches"]) == 2
    assert "Traceback" not in done.stderr


def test_bad_orders_end_in_one_clear_line(files: Path, index: Path) -> None:
    for arguments, words in (
        (("find", files / "other.wav", "--against", files / "nowhere"), "there is no such folder"),
        (("fingerprint", files / "other.wav", "-o", files / "calls"), "something else is there"),
        (("fingerprint", files / "other.wav", "-o", files / "letter.txt"), "something else is there"),
    ):
        done = _run(*arguments)
        assert done.returncode == 2
        assert words in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr


def test_taking_in_again_replaces(files: Path, tmp_path: Path) -> None:
    for _ in range(2):
        done = _run("fingerprint", files / "calls", "-o", tmp_path / "index", "--json")
        assert done.returncode == 2
        rows = json.loads(done.stdout)
        assert [row.get("error") for row in rows] == [None, None, None, "not-audio"]
    found = json.loads(_run("find", files / "programme.mp3", "--against", tmp_path / "index", "--json").stdout)
    assert len(found[0]["matches"]) == 2
