"""A masked word is gone; everything else is untouched to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.audio.bleep import bleep
from onrecord.audio.blocks import Block, Span, joined, merged
from onrecord.errors import MaskFailed
from tests.unit.audio.sounds import similarity, voice_like

RATE = 16_000
SOUND = voice_like(6, RATE)


def run(sound: Block, spans: list[Span], *, size: int = 5_000, **options: float) -> Block:
    blocks = (sound[:, at : at + size] for at in range(0, sound.shape[1], size))
    return joined(list(bleep(blocks, spans, sample_rate=RATE, **options)))  # type: ignore[arg-type]


def ms(sound: Block, start: int, end: int) -> Block:
    return sound[:, start * RATE // 1000 : end * RATE // 1000]


def test_nothing_of_the_word_is_left_and_nothing_else_is_touched() -> None:
    got = run(SOUND, [Span(3_000, 3_500)])
    assert got.shape == SOUND.shape
    assert abs(similarity(ms(got, 2_920, 3_580), ms(SOUND, 2_920, 3_580))) < 0.02
    assert np.array_equal(ms(got, 0, 2_915), ms(SOUND, 0, 2_915))
    assert np.array_equal(ms(got, 3_585, 6_000), ms(SOUND, 3_585, 6_000))


def test_what_was_masked_does_not_matter_to_a_bit() -> None:
    """The strongest form of "gone": another word in the span gives the same output, fades apart."""
    other = SOUND.copy()
    other[:, 3 * RATE - 1_280 : 3 * RATE + 9_280] = voice_like(0.66, RATE, seed=9)[:, :10_560] * 3
    assert np.array_equal(run(SOUND, [Span(3_000, 3_500)]), run(other, [Span(3_000, 3_500)]))


def test_the_tone_is_as_loud_as_the_speech() -> None:
    for scale in (0.2, 0.5, 1.0):
        got = run(SOUND * np.float32(scale), [Span(5_000, 5_400)])
        tone = ms(got, 5_000, 5_400)
        before = ms(SOUND, 0, 4_900) * scale
        assert 20 * np.log10(np.sqrt((tone**2).mean() / (before**2).mean())) == pytest.approx(2, abs=2)
        assert np.argmax(np.abs(np.fft.rfft(tone[0]))) / 0.4 == pytest.approx(1_000, abs=3)


@pytest.mark.parametrize(("scale", "dbfs"), [(1e-5, -23), (0.0, -23), (0.01, -50), (20.0, -14)])
def test_the_tone_is_bounded(scale: float, dbfs: float) -> None:
    tone = ms(run(SOUND * np.float32(scale), [Span(5_000, 5_400)]), 5_000, 5_400)
    assert 20 * np.log10(np.sqrt((tone**2).mean())) == pytest.approx(dbfs, abs=1.5)


def test_silence_and_a_level_can_be_asked_for() -> None:
    assert not ms(run(SOUND, [Span(3_000, 3_500)], tone_hz=0), 2_920, 3_580).any()
    tone = ms(run(SOUND, [Span(3_000, 3_500)], level_dbfs=-30), 3_000, 3_500)
    assert 20 * np.log10(np.sqrt((tone**2).mean())) == pytest.approx(-30, abs=0.1)


def test_a_span_at_either_end() -> None:
    got = run(SOUND, [Span(0, 40), Span(5_950, 6_400)])
    assert got.shape == SOUND.shape
    assert abs(similarity(ms(got, 0, 120), ms(SOUND, 0, 120))) < 0.15
    assert abs(similarity(ms(got, 5_880, 6_000), ms(SOUND, 5_880, 6_000))) < 0.15
    assert np.array_equal(ms(got, 125, 5_865), ms(SOUND, 125, 5_865))


def test_not_a_number_in_the_word_does_not_come_through() -> None:
    sound = SOUND.copy()
    sound[:, 50_000] = np.nan
    assert np.isfinite(run(sound, [Span(3_000, 3_500)])).all()


@settings(deadline=None, max_examples=60)
@given(
    spans=st.lists(st.tuples(st.integers(0, 5_900), st.integers(1, 900)), max_size=6),
    size=st.integers(100, 40_000),
    guard=st.integers(0, 200),
    fade=st.integers(0, 30),
)
def test_however_cut_and_however_many(spans: list[tuple[int, int]], size: int, guard: int, fade: int) -> None:
    masks = [Span(start, start + length) for start, length in spans]
    whole = run(SOUND, masks, size=10**9, guard_ms=guard, fade_ms=fade)
    assert np.array_equal(run(SOUND, masks, size=size, guard_ms=guard, fade_ms=fade), whole)
    outside = np.ones(SOUND.shape[1], dtype=bool)
    for span in masks:
        outside[max(0, (span.start_ms - guard - fade) * 16) : (span.end_ms + guard + fade) * 16] = False
        inside = slice(max(0, (span.start_ms - guard) * 16), (span.end_ms + guard) * 16)
        assert not np.array_equal(whole[:, inside], SOUND[:, inside])
    assert np.array_equal(whole[:, outside], SOUND[:, outside])


@pytest.mark.parametrize(
    ("spans", "options", "reason"),
    [
        ([Span(2_000, 2_000)], {}, "no stretch of time"),
        ([Span(2_000, 1_000)], {}, "no stretch of time"),
        ([Span(-5, 10)], {}, "no stretch of time"),
        ([Span(6_000, 6_100)], {}, "starts at 6000 ms, but the sound ends at 6000 ms"),
        ([Span(1, 2)], {"guard_ms": -1}, "guard"),
        ([Span(1, 2)], {"tone_hz": 8_000.0}, "8000 Hz"),
    ],
)
def test_fails_closed(spans: list[Span], options: dict[str, float], reason: str) -> None:
    with pytest.raises(MaskFailed, match=reason):
        run(SOUND, spans, **options)


def test_without_masks_blocks_pass_as_they_are() -> None:
    blocks = [SOUND[:, :100], SOUND[:, 100:]]
    assert all(got is given for got, given in zip(bleep(blocks, [], sample_rate=RATE), blocks, strict=True))


def test_merged() -> None:
    spans = [Span(5, 9), Span(0, 3), Span(3, 4), Span(6, 7)]
    assert merged(spans) == (Span(0, 4), Span(5, 9))
