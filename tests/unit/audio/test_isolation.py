"""Whatever a file makes a decoder do, it ends in a clear error and harms nobody."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from onrecord.audio.decode import MediaFacts, probe
from onrecord.audio.isolation import isolated, isolated_within, rebuilt
from onrecord.errors import DecodingFailed, NotAudio
from tests.unit.audio import harmful
from tests.unit.audio.sounds import files_in, voice_like, write_media


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_media(tmp_path / "a.wav", voice_like(1, 16_000), 16_000)


def test_the_answer_is_the_same_as_without(path: Path) -> None:
    assert isolated(probe, path) == probe(path)


def test_an_error_is_the_same_as_without(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_text("minutes of the meeting")
    with pytest.raises(NotAudio, match=r"a\.mp3: this is not an audio"):
        isolated(probe, path)


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (harmful.crash, "a crash of the decoder .SIGSEGV"),
        (harmful.spin, "more than 1 s of computing time"),
        (harmful.fill_memory, "more than 3 GB of memory"),
        (harmful.stumble, "ZeroDivisionError: so many samples"),
        (harmful.lie, "makes no sense"),
    ],
)
def test_harm_is_an_error_that_names_the_file(path: Path, harm: object, reason: str) -> None:
    with pytest.raises(DecodingFailed, match=rf"a\.wav: reading this file ended in .*{reason}"):
        isolated_within(1, harm, path)  # type: ignore[arg-type]


def test_what_a_killed_child_has_half_written_is_removed(path: Path) -> None:
    out = path.with_name("b.wav")
    with pytest.raises(DecodingFailed):
        isolated_within(5, harmful.half_write, path, out)
    assert files_in(path.parent) == ["a.wav"]


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="Linux only")
def test_there_is_no_way_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    assert isolated_within(20, harmful.reach_out, path).streams == 0


def test_only_what_was_declared_comes_back() -> None:
    assert rebuilt([1, 2], tuple[int, ...]) == (1, 2)
    assert rebuilt(None, int | None) is None
    for value, kind in (("1", int), (True, int), ({}, str), ([1], MediaFacts), (None, int), (1, str | None)):
        with pytest.raises((TypeError, KeyError)):
            rebuilt(value, kind)
