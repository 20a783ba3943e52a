"""`onrecord find --against newsroom`, and the doctor's care for what it listens with. Voices are synthetic."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.processes import onrecord
from tests.unit.audio.fingerprints.reposting import RATE, faster, speech
from tests.unit.audio.sounds import write_media


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom on disk that has taken in one call."""
    folder = tmp_path_factory.mktemp("reposts-command") / "newsroom"
    assert onrecord("init", folder, "--name", "The Test Gazette", "--password", "a long test password").returncode == 0
    call = write_media(folder.parent / "call.wav", speech(1, 20)[np.newaxis, :], RATE)
    added = onrecord(
        "add", call, "--publisher", "Velna Wire", "--published", "2024-05-04", "--title", "The long call",
        "--language", "en", folder=folder,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert onrecord("worker", "--once", folder=folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def programme(newsroom: Path) -> Path:
    part = faster(speech(1, 20)[6 * RATE : 16 * RATE], 1.03)
    return write_media(newsroom.parent / "programme.wav", part[np.newaxis, :], RATE)


def test_what_a_file_contains_of_the_newsrooms_recordings(newsroom: Path, programme: Path) -> None:
    done = onrecord("find", programme, "--against", "newsroom", "--json", folder=newsroom)
    assert done.returncode == 1, done.stderr
    ((match,),) = (row["matches"] for row in json.loads(done.stdout))
    assert match["title"] == "The long call"
    assert len(match["recording"]) == 36
    assert match["speed"] == pytest.approx(1.03, rel=0.003)
    said = onrecord("find", programme, "--against", "newsroom", folder=newsroom)
    assert "“The long call”" in said.stdout
    assert "3.0 % faster" in said.stdout


def test_the_doctor_listens_again_where_fingerprints_are_gone(newsroom: Path, programme: Path) -> None:
    shutil.rmtree(newsroom / "fingerprints")
    told = onrecord("doctor", folder=newsroom)
    assert told.returncode == 0, told.stderr
    assert "1 file(s) were missing and have been listened to" in told.stdout
    assert json.loads(onrecord("doctor", "--json", folder=newsroom).stdout)["fingerprints"]["missing"] == 0
    assert onrecord("find", programme, "--against", "newsroom", folder=newsroom).returncode == 1


def test_the_doctor_mends_damaged_fingerprints(newsroom: Path, programme: Path) -> None:
    for path in (newsroom / "fingerprints").glob("*.seg"):
        path.write_bytes(b"not a segment")
    told = onrecord("doctor", folder=newsroom)
    assert "damaged" in told.stdout
    assert "it was built again" in told.stdout
    assert onrecord("find", programme, "--against", "newsroom", folder=newsroom).returncode == 1
