"""Sound as newsrooms get it: silent, short, loud, wide, misnamed. The right answer, or a clear error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from onrecord.audio import web_copy
from onrecord.audio.blocks import Span, joined
from onrecord.audio.decode import decode, probe
from onrecord.audio.masked_copy import masked_copy
from onrecord.audio.waveform import peaks
from tests.unit.audio.sounds import voice_like, write_media

Sound = NDArray[np.float32]

ODD: dict[str, tuple[Callable[[int], Sound], int, str]] = {
    "digital silence": (lambda rate: np.zeros((1, 2 * rate), np.float32), 16_000, "pcm_s16le"),
    "nearly silent": (lambda rate: voice_like(2, rate) * np.float32(1e-5), 16_000, "pcm_f32le"),
    "half a second": (lambda rate: voice_like(0.5, rate), 44_100, "pcm_s16le"),
    "a hundredth": (lambda rate: voice_like(0.01, rate), 8_000, "pcm_s16le"),
    "one sample": (lambda rate: np.full((1, 1), 0.5, np.float32), 8_000, "pcm_s16le"),
    "constant": (lambda rate: np.full((1, 2 * rate), 0.7, np.float32), 16_000, "pcm_s16le"),
    "clipped": (lambda rate: np.clip(voice_like(2, rate) * 50, -1, 1), 16_000, "pcm_s16le"),
    "beyond full scale": (lambda rate: voice_like(2, rate) * 40, 16_000, "pcm_f32le"),
    "no numbers at all": (lambda rate: np.full((1, 2 * rate), np.nan, np.float32), 16_000, "pcm_f32le"),
    "infinite": (lambda rate: np.full((1, 2 * rate), -np.inf, np.float32), 16_000, "pcm_f64le"),
    "eight channels": (lambda rate: voice_like(2, rate, channels=8), 48_000, "pcm_s24le"),
    "twenty-four channels": (lambda rate: voice_like(1, rate, channels=24), 48_000, "pcm_s16le"),
    "one channel of two": (lambda rate: voice_like(2, rate, channels=2) * np.float32([[1], [0]]), 44_100, "pcm_s16le"),
    "8 kHz, 8 bits": (lambda rate: voice_like(2, rate), 8_000, "pcm_u8"),
    "telephone law": (lambda rate: voice_like(2, rate), 8_000, "pcm_alaw"),
    "7,350 Hz": (lambda rate: voice_like(2, rate), 7_350, "pcm_s16le"),
    "37,800 Hz": (lambda rate: voice_like(2, rate), 37_800, "pcm_s16le"),
    "44,056 Hz": (lambda rate: voice_like(2, rate), 44_056, "pcm_s16le"),
    "192 kHz": (lambda rate: voice_like(2, rate), 192_000, "pcm_s24le"),
    "384 kHz": (lambda rate: voice_like(1, rate), 384_000, "pcm_f32le"),
}


@pytest.mark.parametrize("kind", ODD)
def test_everything_that_is_made_of_it_is_right(tmp_path: Path, kind: str) -> None:
    make, rate, codec = ODD[kind]
    sound = make(rate)
    layout = {24: "22.2"}.get(sound.shape[0])
    path = write_media(tmp_path / "a.wav", sound, rate, codec=codec, layout=layout)
    length_ms = round(sound.shape[1] * 1000 / rate)
    assert probe(path).duration_ms == length_ms

    got = joined(list(decode(path, sample_rate=16_000)))
    assert np.isfinite(got).all()
    assert got.shape == (1, round(sound.shape[1] * 16_000 / rate))

    outline = peaks(decode(path, sample_rate=16_000), 16_000)
    assert len(outline) == -(-got.shape[1] // 320)
    silent = kind in ("digital silence", "nearly silent", "no numbers at all", "infinite")
    assert max(outline, default=0) == (0 if silent or got.shape[1] < 100 else 100)

    made = web_copy(path, tmp_path / "web.mp3")
    assert made.duration_ms == length_ms
    heard = joined(list(decode(tmp_path / "web.mp3", sample_rate=16_000)))
    assert abs(heard.shape[1] - got.shape[1]) <= (1 if length_ms > 1 else 32)  # a millisecond of MP3 is padded
    if not silent and got.shape[1] > 1_000 and kind != "constant":
        assert np.corrcoef(np.clip(got[0], -1, 1)[: heard.shape[1]], heard[0][: got.shape[1]])[0, 1] > 0.9

    if length_ms > 100:
        assert masked_copy(path, tmp_path / "masked.wav", [Span(50, 90)], guard_ms=0).duration_ms == length_ms


@pytest.mark.parametrize(
    ("name", "wrong"), [("a.wav", "a.mp3"), ("a.mp3", "a.wav"), ("a.flac", "a.txt"), ("a.ogg", "a")]
)
def test_a_wrong_name_does_not_matter(tmp_path: Path, name: str, wrong: str) -> None:
    codec = {"wav": "pcm_s16le", "mp3": "libmp3lame", "flac": "flac", "ogg": "libopus"}[name.split(".")[1]]
    path = write_media(tmp_path / name, voice_like(1, 48_000), 48_000, codec=codec).rename(tmp_path / wrong)
    assert probe(path).duration_ms == 1_000
    web_copy(path, tmp_path / "web.mp3")
