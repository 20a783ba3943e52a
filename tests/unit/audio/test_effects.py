"""What sound goes through, measured."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.audio.blocks import Block
from onrecord.audio.effects import (
    at_speed,
    band_pass,
    levelled,
    mu_law,
    noise,
    rms,
    room,
    telephone,
    with_noise,
)
from tests.unit.audio.sounds import similarity, voice_like

RATE = 22_050


def tone(hz: float, seconds: float = 1.0) -> Block:
    return np.sin(2 * np.pi * hz * np.arange(round(RATE * seconds)) / RATE, dtype=np.float32)[None, :] * np.float32(0.5)


@pytest.mark.parametrize(
    ("hz", "kept"), [(100, False), (250, False), (400, True), (1_000, True), (3_300, True), (4_000, False)]
)
def test_a_telephone_carries_its_band(hz: float, kept: bool) -> None:
    through = telephone(tone(hz), RATE)[:, 2_000:-2_000]
    assert rms(through) / rms(tone(hz)) == pytest.approx(1.0 if kept else 0.0, abs=0.05)


def test_a_band_does_not_shift_time() -> None:
    click = np.zeros((1, 5_001), dtype=np.float32)
    click[0, 1_234] = 1
    assert int(np.abs(band_pass(click, RATE, 300, 3_400)).argmax()) == 1_234
    assert band_pass(click, RATE, 0, 3_400).shape == click.shape


def test_mu_law_is_eight_bits() -> None:
    through = mu_law(voice_like(1, RATE))
    assert len(np.unique(through)) <= 256
    assert similarity(through, voice_like(1, RATE)) > 0.999


@pytest.mark.parametrize("colour", ["white", "pink"])
@pytest.mark.parametrize("snr_db", [0, 10, 30])
def test_noise_is_as_strong_as_asked_and_the_same_for_a_seed(colour: str, snr_db: float) -> None:
    sound = tone(500, 2)
    noisy = with_noise(sound, snr_db=snr_db, colour=colour, seed=1)  # type: ignore[arg-type]
    assert 20 * np.log10(rms(sound) / rms(noisy - sound)) == pytest.approx(snr_db, abs=0.1)
    assert np.array_equal(noisy, with_noise(sound, snr_db=snr_db, colour=colour, seed=1))  # type: ignore[arg-type]
    assert not np.array_equal(noisy, with_noise(sound, snr_db=snr_db, colour=colour, seed=2))  # type: ignore[arg-type]


def test_pink_falls_three_decibels_an_octave() -> None:
    power = np.abs(np.fft.rfft(noise(2**17, colour="pink", seed=5)[0])) ** 2
    low, high = power[1_000:2_000].mean(), power[16_000:32_000].mean()
    assert 10 * np.log10(low / high) / 4 == pytest.approx(3, abs=0.3)


def test_speed_changes_length_and_pitch() -> None:
    faster = at_speed(tone(1_000, 2), 1.03)
    assert faster.shape[1] == int(2 * RATE / 1.03)
    peak = np.abs(np.fft.rfft(faster[0])).argmax() * RATE / faster.shape[1]
    assert peak == pytest.approx(1_030, abs=1)
    np.testing.assert_allclose(at_speed(tone(1_000), 1.0), tone(1_000), atol=1e-6)
    with pytest.raises(ValueError, match="speed"):
        at_speed(tone(1_000), 0)


def test_a_room_adds_a_tail_and_leaves_the_direct_sound() -> None:
    click = np.zeros((1, RATE), dtype=np.float32)
    click[0, 1_000] = 1
    wet = room(click, RATE, reverberation_ms=400, wet_db=-12, seed=1)
    assert wet.shape == click.shape
    assert int(np.abs(wet).argmax()) == 1_000
    np.testing.assert_allclose(wet[:, :1_000], 0, atol=1e-6)
    tail = wet[:, 1_100:]
    assert 10 * np.log10(np.square(tail, dtype=np.float64).sum()) == pytest.approx(-12, abs=0.5)


def test_levels() -> None:
    assert 20 * np.log10(rms(levelled(tone(500), rms_dbfs=-23))) == pytest.approx(-23, abs=0.01)
    assert np.abs(levelled(tone(500), rms_dbfs=3)).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
    assert not levelled(np.zeros((1, 9), dtype=np.float32), rms_dbfs=-20).any()
