"""The index on disk: small, mapped, safe against writers that are killed, clear about damage."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from onrecord.audio.fingerprints import LocalStore
from onrecord.audio.fingerprints import segment as segment_file
from onrecord.audio.fingerprints.codes import Fingerprint
from onrecord.audio.fingerprints.spectrum import RATE
from onrecord.errors import IndexUnreadable
from tests.unit.audio.fingerprints.conftest import VOICES
from tests.unit.audio.fingerprints.reposting import found, made, speech

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    store = LocalStore(tmp_path / "index")
    store.add_all([(f"speech-{n}", made(speech(n, 30, VOICES[n]))) for n in range(3)])
    return tmp_path / "index"


def _noise(seed: int, frames: int = 2_000) -> Fingerprint:
    """Codes of no sound at all, quick to make."""
    codes = np.random.default_rng(seed).integers(1, 2**63, frames + frames // 2, dtype=np.uint64)
    return Fingerprint(frames * 32, codes[:frames], codes[frames:])


def _cut_is_found(store: LocalStore, number: int) -> bool:
    matches = found(speech(number, 30, VOICES[number])[4 * RATE : 10 * RATE], store)
    return bool(matches) and matches[0].name == f"speech-{number}"


def test_an_hour_takes_less_than_three_megabytes(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "index")
    store.add_all([(str(n), _noise(n, 112_500)) for n in range(12)])
    size = sum(path.stat().st_size for path in (tmp_path / "index").iterdir())
    assert size / 12 < 3_000_000


def test_segments_are_merged_and_everything_is_kept(index: Path) -> None:
    store = LocalStore(index)
    for number in range(40):
        store.add(f"noise {number}", _noise(number, 200))
    store.remove("noise 3")
    assert len(list(index.glob("*.seg"))) <= 6
    assert len(store.names()) == 42
    assert all(_cut_is_found(LocalStore(index), number) for number in range(3))


def test_a_reader_is_not_disturbed_by_writers(index: Path) -> None:
    store, other = LocalStore(index), LocalStore(index)
    reader = store.reader()
    before = list(reader.stretches())
    for number in range(12):
        other.add(f"noise {number}", _noise(number, 20_000))
    assert list(reader.stretches()) == before
    places = np.array([stretch.first for stretch in before])
    assert np.array_equal(reader.proof(places), reader.proof(places))
    assert len(store.names()) == 15
    assert all(_cut_is_found(store, number) for number in range(3))


def test_several_writers_lose_nothing(index: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from onrecord.audio.fingerprints import LocalStore\n"
        "from tests.unit.audio.fingerprints.test_local_store import _noise\n"
        "store = LocalStore(pathlib.Path(sys.argv[1]))\n"
        "for n in range(8): store.add(f'{sys.argv[2]} {n}', _noise(n, 400))\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(index), who], cwd=ROOT) for who in ("one", "two")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert len(LocalStore(index).names()) == 3 + 16


def test_killing_a_writer_loses_nothing_that_was_added(index: Path, tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from onrecord.audio.fingerprints import LocalStore\n"
        "from tests.unit.audio.fingerprints.test_local_store import _noise\n"
        "store = LocalStore(pathlib.Path(sys.argv[1]))\n"
        "for n in range(10_000):\n"
        "    store.add(f'{sys.argv[2]} {n}', _noise(n, 4_000))\n"
        "    print(n, flush=True)\n"
    )
    done: dict[str, int] = {}
    for turn, patience in enumerate((0.05, 0.13, 0.31)):
        log = tmp_path / f"log {turn}"
        with log.open("w") as output:
            writer = subprocess.Popen([sys.executable, "-c", code, str(index), str(turn)], cwd=ROOT, stdout=output)
            while not log.read_text() and writer.poll() is None:
                time.sleep(0.01)
            time.sleep(patience)
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        done[str(turn)] = len(log.read_text().split())
        names = set(LocalStore(index).names())
        assert all(f"{turn} {n}" in names for turn, count in done.items() for n in range(count))
    store = LocalStore(index)
    store.add("last", _noise(1))
    listed = {row["file"] for row in json.loads((index / "segments.json").read_text())["segments"]}
    assert {path.name for path in index.iterdir()} == listed | {"segments.json", "lock"}
    assert all(_cut_is_found(store, number) for number in range(3))


def test_a_failed_write_leaves_the_index_as_it_was(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    before = {path.name: path.read_bytes() for path in index.iterdir()}
    monkeypatch.setattr(segment_file, "_write", full)
    with pytest.raises(OSError, match="No space"):
        LocalStore(index).add("call", _noise(1))
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


def _segment(index: Path) -> Path:
    (path,) = index.glob("*.seg")
    return path


@pytest.mark.parametrize("part", [0.0, 0.001, 0.2, 0.6, 0.99])
def test_a_truncated_index_is_refused(part: float, index: Path) -> None:
    path = _segment(index)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(IndexUnreadable, match="Make it again"):
        LocalStore(index).names()


@pytest.mark.parametrize("at", [0, 9, 40, -1])
def test_a_damaged_index_is_refused(at: int, index: Path) -> None:
    path = _segment(index)
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(IndexUnreadable):
        LocalStore(index).names()


def test_damage_among_the_codes_costs_matches_but_no_more(index: Path) -> None:
    path = _segment(index)
    data = np.frombuffer(path.read_bytes(), np.uint8).copy()
    rng = np.random.default_rng(4)
    inside = rng.integers(4_096, data.size - 64, data.size // 200)
    data[inside] = rng.integers(0, 256, inside.size)
    path.write_bytes(data.tobytes())
    for number in range(3):
        found(speech(number, 30, VOICES[number])[4 * RATE : 10 * RATE], LocalStore(index))


@pytest.mark.parametrize("text", ["", "{", '{"format": "something else"}', "[]"])
def test_a_damaged_list_is_refused(text: str, index: Path) -> None:
    (index / "segments.json").write_text(text)
    with pytest.raises(IndexUnreadable, match="list of segments"):
        LocalStore(index).names()


def test_a_missing_segment_is_said(index: Path) -> None:
    _segment(index).unlink()
    with pytest.raises(IndexUnreadable, match="missing"):
        LocalStore(index).names()


def test_an_index_made_with_other_constants_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.audio.fingerprints.model.CONSTANTS", "others")
    with pytest.raises(IndexUnreadable, match="made by onrecord-speech-bits 1"):
        LocalStore(index).names()


def test_a_folder_of_other_things_is_not_made_an_index(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(IndexUnreadable, match="something else is there"):
        LocalStore(tmp_path)
    with pytest.raises(IndexUnreadable, match="something else is there"):
        LocalStore(tmp_path / "letter.txt")


@pytest.mark.parametrize("stored", [False, True], ids=["directories made on opening", "directories in the file"])
def test_seeds_sorted_a_range_at_a_time_give_the_same_file(
    stored: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "segments"
    index.mkdir()
    if stored:
        monkeypatch.setattr(segment_file, "_SMALL", 0)
    parts = [_noise(seed, frames) for seed, frames in ((1, 900), (2, 1), (3, 5_000))]
    parts[2].seed[::7] = 0
    parts[0].seed[:] = parts[0].seed[0]  # all in one bucket, more than is sorted at a time
    stretches = [segment_file.Stretch("a", 0, 900, 1), segment_file.Stretch("b", 900, 5_001, 1)]

    def write(name: str) -> bytes:
        path = index / name
        segment_file.write_segment(path, stretches, [part.proof for part in parts], [part.seed for part in parts])
        return path.read_bytes()

    at_once = write("000001.seg")
    monkeypatch.setattr(segment_file, "_CHUNK", 300)
    assert write("000002.seg") == at_once
    assert sorted(path.name for path in index.iterdir()) == ["000001.seg", "000002.seg"]
    made_on_opening, opened = segment_file._directory, segment_file.open_segment(index / "000002.seg")
    for table in (0, 1):
        assert np.array_equal(opened.directories[table], made_on_opening(opened.seed, table, opened.bits))
