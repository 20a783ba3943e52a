"""Synthetic speech with exact times, by voices that are not those aligned against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment import Alignment
from onrecord.audio.convert import Resampler
from onrecord.audio.speech import synthesise
from tests.unit.audio.sounds import write_media

RATE = 16_000
TEXTS = {
    "en": (
        "The night watch had already closed the blue gate by the river.",
        "Nobody in the valley could find the keys of the pumping station.",
        "My brother's family was still waiting for the last bus, though it was dark.",
        "Why did the second engineer leave three boxes of candles behind?",
        "Every driver remembers what the radio had promised before the water came.",
        "The council of the lower town would not open the school on Garden Street.",
        "An old ferry brought a letter from the ministry on Tuesday morning.",
        "The teacher asked twice about the road over the hill.",
    ),
    "uk": (
        "Нічний сторож уже зачинив сині ворота біля річки.",
        "Ніхто в долині не міг знайти ключів від насосної станції.",
        "Родина мого брата ще чекала на останній автобус, хоча було темно.",
        "Чому другий інженер залишив позаду три коробки свічок?",
        "Кожен водій пам'ятає, що обіцяли по радіо, поки не прийшла вода.",
    ),
    "ru": (
        "Ночной сторож уже закрыл синие ворота у реки.",
        "Никто в долине не мог найти ключи от насосной станции.",
        "Семья моего брата всё ещё ждала последний автобус, хотя было темно.",
        "Почему второй инженер оставил позади три коробки свечей?",
        "Каждый водитель помнит, что обещало радио, пока не пришла вода.",
    ),
    "pl": (
        "Nocny stróż zamknął już niebieską bramę nad rzeką.",
        "Nikt w dolinie nie mógł znaleźć kluczy do pompowni.",
        "Rodzina mojego brata wciąż czekała na ostatni autobus.",
    ),
}


@dataclass(frozen=True)
class Spoken:
    """Sentences one after the other: sound at RATE, words, their starts in ms."""

    sound: NDArray[np.float32]
    segments: tuple[tuple[str, ...], ...]
    starts_ms: tuple[tuple[int, ...], ...]

    def without(self, *numbers: int) -> Spoken:
        """The same sound, with sentences left out of the text."""
        kept = [n for n in range(len(self.segments)) if n not in numbers]
        return Spoken(self.sound, tuple(self.segments[n] for n in kept), tuple(self.starts_ms[n] for n in kept))


@cache
def spoken(language: str, *, pause_ms: int = 500) -> Spoken:
    """The sentences of a language by two voices in turn."""
    parts, starts, at = [np.zeros(RATE // 2, np.float32)], [], 500
    for n, text in enumerate(TEXTS[language]):
        voice = {"en": ("en-gb-scotland+m7", "en-gb-x-gbclan+f1")}.get(language, (f"{language}+m7", f"{language}+f1"))
        made = synthesise(text, voice=voice[n % 2], rate_wpm=150 + 7 * n, pitch=35 + 5 * n)
        resampler = Resampler(made.sample_rate, RATE, 1)
        sound = np.concatenate([resampler.push(made.samples), resampler.flush()], axis=1)[0]
        sound = np.pad(sound, (0, pause_ms * RATE // 1000 + -sound.size % 16))
        parts.append(sound)
        starts.append(tuple(at + word.start_ms for word in made.words))
        at += sound.size * 1000 // RATE
    return Spoken(np.concatenate(parts), tuple(tuple(text.split()) for text in TEXTS[language]), tuple(starts))


def written(path: Path, sound: NDArray[np.float32], rate: int = RATE) -> Path:
    """The sound as a WAV file."""
    return write_media(path, np.clip(sound, -1, 1).astype(np.float32)[np.newaxis, :], rate)


def errors_ms(found: Alignment, starts_ms: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """How far each word's start is from where it is."""
    return np.array(
        [
            abs(word.start_ms - start)
            for segment, starts in zip(found.segments, starts_ms, strict=True)
            for word, start in zip(segment.words, starts, strict=True)
        ]
    )
