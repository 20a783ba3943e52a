"""What the worker calls: one pass from any original to the readers' copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.audio import DamageKind, Span, probe, web_copy
from onrecord.audio.blocks import joined
from onrecord.audio.decode import decode
from onrecord.errors import MaskFailed, NotAudio
from tests.unit.audio.sounds import SHARED, files_in, similarity, voice_like, write_media


@pytest.mark.parametrize(("rate", "copied"), [(8_000, 32_000), (22_050, 44_100), (44_100, 44_100), (192_000, 48_000)])
def test_the_copy_keeps_time_and_loses_the_word(tmp_path: Path, rate: int, copied: int) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(8, rate, channels=2), rate)
    made = web_copy(source, tmp_path / "web.mp3", masks=[Span(4_000, 4_600)])
    assert (made.duration_ms, made.sample_rate, made.channels, made.damage) == (8_000, copied, 1, ())
    assert len(made.peaks) == 400
    assert files_in(tmp_path) == ["a.wav", "web.mp3"]
    facts = probe(tmp_path / "web.mp3")
    assert (facts.duration_ms, facts.codec, facts.sample_rate, facts.streams) == (8_000, "mp3", copied, 1)

    before = joined(list(decode(source, sample_rate=16_000)))
    after = joined(list(decode(tmp_path / "web.mp3", sample_rate=16_000)))
    assert similarity(before[:, : 16 * 3_900], after[:, : 16 * 3_900]) > 0.8
    assert abs(similarity(before[:, 16 * 3_920 : 16 * 4_680], after[:, 16 * 3_920 : 16 * 4_680])) < 0.03


def test_metadata_pictures_and_video_of_the_source_do_not_come_along(tmp_path: Path) -> None:
    source = write_media(
        tmp_path / "a.mkv",
        voice_like(2, 48_000),
        48_000,
        codec="libopus",
        video=True,
        metadata={"title": "Name of the source", "comment": "phone 0123"},
    )
    assert b"Name of the source" in source.read_bytes()
    web_copy(source, tmp_path / "web.mp3")
    data = (tmp_path / "web.mp3").read_bytes()
    assert not any(word in data for word in (b"ID3", b"TSSE", b"Name of", b"phone", b"Lavc"))


def test_a_mask_that_cannot_be_made_makes_no_copy(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(2, 48_000), 48_000)
    for masks in ([Span(2_500, 2_600)], [Span(100, 50)]):
        with pytest.raises(MaskFailed):
            web_copy(source, tmp_path / "web.mp3", masks=masks)
    assert files_in(tmp_path) == ["a.wav"]


def test_not_audio_makes_no_copy(tmp_path: Path) -> None:
    source = tmp_path / "a.mp3"
    source.write_text("not sound " * 500)
    with pytest.raises(NotAudio):
        web_copy(source, tmp_path / "web.mp3")
    assert files_in(tmp_path) == ["a.mp3"]


def test_a_damaged_original_gives_the_copy_of_what_is_left(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(10, 16_000), 16_000)
    source.write_bytes(source.read_bytes()[:160_044])
    made = web_copy(source, tmp_path / "web.mp3")
    assert made.duration_ms == pytest.approx(5_000, abs=5)
    assert [(d.what, d.end_ms) for d in made.damage] == [(DamageKind.CUT_SHORT, pytest.approx(10_000, abs=2))]


def test_the_same_original_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.ogg", voice_like(3, 48_000), 48_000, codec="libopus")
    masks = [Span(1_000, 1_300)]
    assert web_copy(source, tmp_path / "1.mp3", masks=masks) == web_copy(source, tmp_path / "2.mp3", masks=masks)
    assert (tmp_path / "1.mp3").read_bytes() == (tmp_path / "2.mp3").read_bytes()


@pytest.mark.real
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are absent")
def test_real_recording(tmp_path: Path) -> None:
    source = SHARED / "recordings" / "shared-culture.mp3"
    made = web_copy(source, tmp_path / "web.mp3", masks=[Span(60_000, 61_000)])
    assert made.duration_ms == 204_007
    assert 900 <= len(made.peaks) <= 1_800
    assert not made.damage
    after = joined(list(decode(tmp_path / "web.mp3", sample_rate=16_000)))
    before = joined(list(decode(source, sample_rate=16_000)))
    assert similarity(before[:, : 16 * 59_000], after[:, : 16 * 59_000]) > 0.99
    assert abs(similarity(before[:, 16 * 60_000 : 16 * 61_000], after[:, 16 * 60_000 : 16 * 61_000])) < 0.02
    assert np.abs(after).max() <= 1.1
