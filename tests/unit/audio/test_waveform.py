"""An outline of fixed size for a stream of any length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.audio.waveform import PeakMeter, peaks
from tests.unit.audio.sounds import voice_like


@settings(deadline=None, max_examples=60)
@given(length=st.integers(1, 30_000), size=st.integers(1, 4_000), most=st.integers(2, 300))
def test_does_not_depend_on_how_the_sound_is_cut(length: int, size: int, most: int) -> None:
    sound = np.random.default_rng(length).uniform(-1, 1, (1, length)).astype(np.float32)
    whole = peaks([sound], 1_000, most)
    cut = peaks((sound[:, at : at + size] for at in range(0, length, size)), 1_000, most)
    assert cut == whole
    assert 0 < len(whole) <= most
    assert max(whole) == 100


@pytest.mark.parametrize("seconds", [0.005, 1, 36, 37, 300])
def test_as_fine_as_fits(seconds: float) -> None:
    found = peaks([voice_like(seconds, 8_000)], 8_000)
    assert len(found) <= 1_800
    assert len(found) >= min(seconds / 0.02, 900)


def test_a_bang_is_at_its_place() -> None:
    sound = np.full((2, 8_000 * 100), 0.01, dtype=np.float32)
    sound[1, 8_000 * 75] = -0.5
    found = peaks([sound], 8_000)
    assert found.index(100) / len(found) == pytest.approx(0.75, abs=0.01)
    assert found[0] == 2


def test_silence_is_flat_and_nothing_is_nothing() -> None:
    assert peaks([np.full((1, 8_000), 1e-5, dtype=np.float32)], 8_000) == (0,) * 50
    assert peaks([], 8_000) == ()


def test_twelve_hours_stay_small() -> None:
    meter = PeakMeter(100)
    hour = voice_like(3_600, 100)
    for _ in range(12):
        meter.add(hour)
    assert 900 <= len(meter.peaks()) <= 1_800


def test_senseless_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="outline"):
        PeakMeter(0)
    with pytest.raises(ValueError, match="outline"):
        PeakMeter(8_000, 1)
