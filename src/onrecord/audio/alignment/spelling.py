"""The text in phones: what is searched for, and what the models are first learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.audio.alignment.models import THIRDS, Lesson, lesson
from onrecord.audio.alignment.reading import is_sound, pages
from onrecord.audio.alignment.states import Spelling
from onrecord.audio.alignment.synthesis import PAUSE, Phone, speech, voices_for

_LESSON_S = 150
"""Speech of each voice to learn from, about."""
_LETTERS_A_SECOND = 15
_SOUND_MS = 200.0


@dataclass(frozen=True)
class SpelledText:
    """The text in phones, and synthesised speech to learn them from."""

    spelling: Spelling
    lessons: list[Lesson]
    classes: int


def spell(words: Sequence[str], phrases: list[range], language: str) -> SpelledText:
    """The words in phones, as a voice of the language speaks them. Raises SpeechFailed."""
    texts = pages(words, phrases)
    voice, *others = voices_for(language)
    names: dict[str, int] = {}
    phones: list[Phone] = []
    durations: list[float] = []
    lessons: list[Lesson] = []
    every = max(1, round(sum(len(page.text) for page in texts) / _LETTERS_A_SECOND / _LESSON_S))
    for n, (_, sound, found) in enumerate(speech(texts, voice)):
        for phone in found:
            if phone.name != PAUSE:
                names.setdefault(phone.name, len(names))
                phones.append(phone)
                durations.append((phone.end - phone.start) * 1000 / sound.sample_rate)
        if n % every == 0:
            lessons.append(lesson(sound, found, names))
    for voice_number, voice in enumerate(others, start=1):
        chosen = texts[voice_number % every :: every] or texts
        for _, sound, found in speech(chosen, voice):
            lessons.append(lesson(sound, found, names))
    sounds = [number for number, word in enumerate(words) if is_sound(word)]
    word = np.array([phone.word for phone in phones] + sounds, dtype=np.int32)
    order = np.argsort(word, kind="stable")
    numbers = np.array([names[phone.name] for phone in phones] + [-1] * len(sounds), dtype=np.int32)[order]
    word = word[order]
    duration = np.array(durations + [_SOUND_MS] * len(sounds), dtype=np.float32)[order]
    ranges = []
    for phrase in phrases:
        low, high = np.searchsorted(word, [phrase.start, phrase.stop])
        if high > low:
            ranges.append(range(int(low), int(high)))
    return SpelledText(Spelling(numbers, duration, word, tuple(ranges)), lessons, 1 + THIRDS * len(names))
