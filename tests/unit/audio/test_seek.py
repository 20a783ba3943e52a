"""Decoding from a sample on gives what the whole has from there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.audio.blocks import joined
from onrecord.audio.decode import Decoder, decode
from onrecord.audio.seek import alignment, joinable
from onrecord.audio.source import open_source
from tests.unit.audio.sounds import voice_like, write_media

FORMATS = [
    ("a.wav", "pcm_s16le", 44_100, True),
    ("a.aiff", "pcm_s24be", 48_000, True),
    ("a.flac", "flac", 44_100, True),
    ("a.mp3", "libmp3lame", 44_100, True),
    ("low.mp3", "libmp3lame", 16_000, True),
    ("a.m4a", "aac", 44_100, False),
    ("alac.m4a", "alac", 44_100, True),
    ("a.ogg", "libopus", 48_000, False),
    ("vorbis.ogg", "vorbis", 44_100, True),
    ("a.mka", "libopus", 48_000, False),
    ("flac.mkv", "flac", 44_100, False),
    ("a.ts", "mp2", 44_100, False),
    ("a.aac", "aac", 44_100, False),
    ("a.mp4", "aac", 48_000, False),
]
SECONDS = 9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seek")
    for name, codec, rate, _ in FORMATS:
        stereo = codec == "vorbis"
        sound = voice_like(SECONDS, rate, channels=2 if stereo else 1)
        strict = {"strict": "experimental"} if stereo else None
        write_media(folder / name, sound, rate, codec=codec, video=name == "a.mp4", encoder_options=strict)
    return folder


@cache
def whole(path: Path, rate: int) -> np.ndarray:
    return joined(list(decode(path, sample_rate=rate)))


@pytest.mark.parametrize(("name", "codec", "rate", "quick"), FORMATS)
@settings(deadline=None, max_examples=12)
@given(target=st.sampled_from([None, 16_000, 48_000]), moment=st.floats(0, SECONDS + 0.2))
def test_from_any_sample_on(
    made: Path, name: str, codec: str, rate: int, quick: bool, target: int | None, moment: float
) -> None:
    target = target or rate
    start = int(moment * target)
    part = joined(list(decode(made / name, sample_rate=target, from_sample=start)))
    assert np.array_equal(part, whole(made / name, target)[:, start:])


@pytest.mark.parametrize(("name", "codec", "rate", "quick"), FORMATS)
def test_which_formats_are_entered_in_the_middle(made: Path, name: str, codec: str, rate: int, quick: bool) -> None:
    source = open_source(made / name)
    assert joinable(source) == quick
    source.close()


def test_times_of_what_is_said_about_a_part_are_times_in_the_file(tmp_path: Path) -> None:
    sound = voice_like(6, 16_000)
    sound[0, 5 * 16_000 : 5 * 16_000 + 1_600] = np.nan
    path = write_media(tmp_path / "a.wav", sound, 16_000, codec="pcm_f32le")
    with Decoder(path) as decoder:
        part = joined(list(decoder.blocks(sample_rate=16_000, from_sample=4 * 16_000)))
        assert part.shape == (1, 2 * 16_000)
        assert [(damage.start_ms, damage.end_ms) for damage in decoder.damage] == [(5_000, 5_100)]
        assert decoder.duration_ms == 6_000


@given(
    st.integers(0, 10**8),
    st.sampled_from([8_000, 11_025, 44_100, 48_000, 192_000]),
    st.sampled_from([8_000, 16_000, 48_000]),
)
def test_the_resampler_begins_in_step(sample: int, source_rate: int, target_rate: int) -> None:
    start, surplus = alignment(sample, source_rate, target_rate)
    assert start >= 0
    assert surplus >= 0
    assert (start * target_rate) % source_rate == 0
    assert start * target_rate // source_rate + surplus == sample
