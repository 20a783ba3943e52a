"""Features: the same however the sound comes in, and few bytes a frame."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.audio.alignment.features import (
    BANDS,
    HOP,
    SAMPLE_RATE,
    cepstra,
    channel_of,
    in_pieces,
    log_mel,
    loudness,
    speaking,
)
from tests.unit.audio.sounds import voice_like


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=6))
def test_blocks_of_any_size_give_the_same_frames(sizes: list[int]) -> None:
    sound = voice_like(3, SAMPLE_RATE)
    cuts = np.cumsum(sizes)
    parts = np.split(sound, cuts[cuts < sound.shape[1]], axis=1)
    whole, streamed = log_mel([sound]), log_mel(parts)
    assert whole.shape == streamed.shape
    # Products of matrices of another height may be rounded otherwise in the last place: a step of half precision.
    assert np.all(np.abs(whole.astype(float) - streamed) <= 2 * np.spacing(np.abs(whole)))


def test_a_frame_is_ten_milliseconds_of_the_sound() -> None:
    for samples in (1, HOP, HOP + 1, SAMPLE_RATE):
        assert log_mel([np.ones((1, samples), np.float32)]).shape == (-(-samples // HOP), BANDS)
    assert log_mel([]).shape == (0, BANDS)
    click = np.zeros((1, SAMPLE_RATE), np.float32)
    click[0, 80 * HOP + HOP // 2] = 1
    assert int(loudness(log_mel([click])).argmax()) in range(77, 84)


def test_pieces_are_the_whole() -> None:
    frames = log_mel([voice_like(30, SAMPLE_RATE)])
    loud = loudness(frames)
    channel = channel_of(frames, loud, speaking(loud))
    pieces = np.concatenate([piece for _, piece in in_pieces(frames, channel, size=500)])
    assert np.allclose(pieces, cepstra(frames, channel), atol=1e-5)


def test_telephones_are_recognised() -> None:
    wide = voice_like(10, SAMPLE_RATE)
    spectrum = np.fft.rfft(wide)
    spectrum[:, np.fft.rfftfreq(wide.shape[1], 1 / SAMPLE_RATE) > 3400] = 0
    for sound, telephone in ((wide, False), (np.fft.irfft(spectrum).astype(np.float32), True)):
        frames = log_mel([sound])
        loud = loudness(frames)
        assert channel_of(frames, loud, speaking(loud)).telephone is telephone


def test_memory_is_sixty_bytes_a_frame() -> None:
    second = voice_like(1, SAMPLE_RATE)

    def blocks(count: int) -> Iterator[np.ndarray]:
        for _ in range(count):
            yield second

    tracemalloc.start()
    try:
        frames = log_mel(blocks(900))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert frames.nbytes == 900 * 100 * 2 * BANDS
    assert peak <= 2.2 * frames.nbytes + 12_000_000
