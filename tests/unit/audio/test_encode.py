"""The MP3 that readers get: exact in time, the same bytes each time, whole or absent."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from onrecord.audio.blocks import Block, joined
from onrecord.audio.decode import decode, probe
from onrecord.audio.encode import Mp3Writer, web_rate, write_mp3
from onrecord.errors import EncodeFailed
from tests.unit.audio.sounds import files_in, similarity, voice_like


def cut(sound: Block, size: int) -> Iterator[Block]:
    for at in range(0, sound.shape[1], size):
        yield sound[:, at : at + size]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Files of this process end at 20,000 bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize(("rate", "bit_rate"), [(32_000, 64_000), (44_100, 96_000), (48_000, 96_000)])
@pytest.mark.parametrize("seconds", [0.01, 1.0, 7.77])
def test_length_and_place_survive(tmp_path: Path, rate: int, bit_rate: int, seconds: float) -> None:
    sound = voice_like(seconds, rate)
    path = tmp_path / "a.mp3"
    write_mp3(cut(sound, 5_000), path, sample_rate=rate)
    got = joined(list(decode(path, sample_rate=rate)))
    assert got.shape == sound.shape
    if seconds > 1:
        assert similarity(got, sound) > 0.95
    assert probe(path).bit_rate == bit_rate


def test_same_sound_gives_same_bytes_however_it_is_cut(tmp_path: Path) -> None:
    sound = voice_like(3, 44_100)
    for name, size in (("a.mp3", 1_000), ("b.mp3", 44_100), ("c.mp3", 10**9)):
        write_mp3(cut(sound, size), tmp_path / name, sample_rate=44_100)
    one, two, three = ((tmp_path / name).read_bytes() for name in ("a.mp3", "b.mp3", "c.mp3"))
    assert one == two == three
    assert b"Info" in one[:200]
    assert not one.startswith(b"ID3")


def test_beyond_full_scale_is_clipped_not_wrapped(tmp_path: Path) -> None:
    time = np.arange(44_100, dtype=np.float32) / 44_100
    write_mp3([3 * np.sin(2 * np.pi * 200 * time)[None, :]], tmp_path / "a.mp3", sample_rate=44_100)
    got = joined(list(decode(tmp_path / "a.mp3", sample_rate=44_100)))
    assert similarity(got, np.sin(2 * np.pi * 200 * time)) > 0.95


def test_full_disk_is_a_clear_error_and_nothing_is_left(tmp_path: Path, small_disk: None) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"the copy before")
    with pytest.raises(EncodeFailed, match=r"a\.mp3: the audio could not be written: File too large"):
        write_mp3(cut(voice_like(20, 44_100), 44_100), path, sample_rate=44_100)
    assert files_in(tmp_path) == ["a.mp3"]
    assert path.read_bytes() == b"the copy before"


def test_full_disk_that_shows_only_at_the_end(tmp_path: Path, small_disk: None) -> None:
    with pytest.raises(EncodeFailed):
        write_mp3([voice_like(2, 44_100)], tmp_path / "a.mp3", sample_rate=44_100)
    assert files_in(tmp_path) == []


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(EncodeFailed, match="No such file"):
        write_mp3([voice_like(1, 44_100)], tmp_path / "none" / "a.mp3", sample_rate=44_100)


def test_an_error_in_the_sound_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[Block]:
        yield voice_like(1, 44_100)
        raise RuntimeError("decoder gone")

    with pytest.raises(RuntimeError, match="decoder gone"):
        write_mp3(failing(), tmp_path / "a.mp3", sample_rate=44_100)
    assert files_in(tmp_path) == []


def test_no_sound_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EncodeFailed, match="no sound"):
        write_mp3([], tmp_path / "a.mp3", sample_rate=44_100)
    assert files_in(tmp_path) == []


def test_rates_that_browsers_do_not_all_seek_in_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="16000"):
        Mp3Writer(tmp_path / "a.mp3", sample_rate=16_000)
    assert [web_rate(rate) for rate in (8_000, 11_025, 16_000, 22_050, 44_100, 96_000, 88_200)] == [
        32_000, 44_100, 32_000, 44_100, 44_100, 48_000, 44_100,
    ]  # fmt: skip
