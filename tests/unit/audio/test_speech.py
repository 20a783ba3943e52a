"""Synthetic speech: exact word times, the same sound each time, several callers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from onrecord.audio.effects import rms
from onrecord.audio.speech import synthesise
from onrecord.errors import SpeechFailed

TEXTS = [
    ("ru+f1", "Алло, Вера? Двенадцать домов: вода уже во дворе."),
    ("uk", "Тут зв’язок тільки на другому поверсі. «Ви ще вдома?»"),
    ("en-gb", "Of the 14 pumps, three were running on May 3rd. “Nobody told us”, he said…"),
    ("en-us+f4", "It’s the end of the (first) sitting"),
]


@pytest.mark.parametrize(("voice", "text"), TEXTS)
def test_every_written_word_has_its_moment(voice: str, text: str) -> None:
    speech = synthesise(text, voice=voice)
    assert [word.text for word in speech.words] == text.split()
    assert [text[word.text_offset :][: word.length] for word in speech.words] == text.split()
    starts = [word.start_ms for word in speech.words]
    assert starts == sorted(starts)
    assert all(one.end_ms <= two.start_ms for one, two in zip(speech.words, speech.words[1:], strict=False))
    assert speech.samples.shape[0] == 1
    assert speech.samples.dtype == np.float32
    for word in speech.words:
        part = speech.samples[:, word.start_ms * 22_050 // 1000 : word.end_ms * 22_050 // 1000]
        assert word.end_ms - word.start_ms >= 30, word
        assert rms(part) > 0.01, word


def test_between_sentences_there_is_silence() -> None:
    speech = synthesise("Who does? I don't know.", voice="en-gb")
    gap = speech.samples[:, speech.words[1].end_ms * 22_050 // 1000 + 200 : speech.words[2].start_ms * 22_050 // 1000]
    assert gap.shape[1] > 2_000
    assert rms(gap) < 0.01


def test_the_same_each_time_whatever_was_spoken_before() -> None:
    first = synthesise("Вода уже во дворе.", voice="ru+f1")
    synthesise("Something else, in between.", voice="en-us+f4", rate_wpm=300, pitch=90)
    again = synthesise("Вода уже во дворе.", voice="ru+f1")
    assert np.array_equal(first.samples, again.samples)
    assert first.words == again.words


def test_from_several_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda item: synthesise(item[1], voice=item[0]).words, TEXTS * 3))
    assert found == [synthesise(text, voice=voice).words for voice, text in TEXTS] * 3


def test_without_its_data_the_engine_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = synthesise("Hello", voice="en-gb")
    with monkeypatch.context() as patch:
        patch.setattr("espeakng_loader.get_data_path", lambda: str(tmp_path))
        with pytest.raises(SpeechFailed, match="data could not be loaded"):
            synthesise("Hello", voice="en-gb")
    for _ in range(2):
        assert np.array_equal(synthesise("Hello", voice="en-gb").samples, before.samples)


def test_rate_and_pitch_matter() -> None:
    slow, fast = (synthesise("One two three four five", voice="en-gb", rate_wpm=rate) for rate in (100, 300))
    assert slow.samples.shape[1] > 1.5 * fast.samples.shape[1]
    low, high = (synthesise("One two three", voice="en-gb", pitch=pitch) for pitch in (10, 90))
    assert not np.array_equal(low.samples, high.samples)


@pytest.mark.parametrize(
    ("text", "voice", "rate", "reason"),
    [
        ("", "en-gb", 165, "no words"),
        (" …! ", "en-gb", 165, "no words"),
        ("Hello", "xx-none", 165, "xx-none: espeak-ng has no such voice"),
        ("Hello", "en-gb", 20, "20 words a minute"),
    ],
)
def test_what_cannot_be_spoken(text: str, voice: str, rate: int, reason: str) -> None:
    with pytest.raises(SpeechFailed, match=reason):
        synthesise(text, voice=voice, rate_wpm=rate)
