"""From a file and its words to moments: features, synthesis, three rounds of search, times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.confidence import Margins
from onrecord.audio.alignment.features import FRAME_MS, SAMPLE_RATE, Floats, channel_of, log_mel, loudness, speaking
from onrecord.audio.alignment.models import SILENCE, THIRDS, Evidence, Lesson, adapted, lesson, taught
from onrecord.audio.alignment.moments import moments
from onrecord.audio.alignment.reading import is_sound, pages, phrases_of
from onrecord.audio.alignment.result import Alignment
from onrecord.audio.alignment.search import (
    COARSE_UNIT_MS,
    FINE_UNIT_MS,
    Sound,
    Way,
    coarse_costs,
    coarse_way,
    fine_way,
)
from onrecord.audio.alignment.states import Ints, Spelling, graph_of
from onrecord.audio.alignment.synthesis import PAUSE, Phone, speech, voices_for
from onrecord.audio.blocks import Block
from onrecord.audio.decode import Decoder
from onrecord.errors import AlignmentStopped, NothingToAlign

ROUNDS = (1, 1, 2)
"""Fine passes in each round."""
_LESSON_S = 150
_SKIPS = (400.0, 60.0, 60.0)
_FINE_SKIP = 100.0
_SOUND_MS = 200.0
FILLER_SHARE = 0.5
"""Where the price of filler lies, between that of the best phones at any moment (0) and that of the right ones (1)."""
SHORTEST_FRAMES = 20
SILENT = -16.0
"""Log energy that no band of a silent recording reaches, about -70 dB of full scale."""


@dataclass(frozen=True)
class Taught:
    """The text in phones, and synthesised speech to learn them from."""

    spelling: Spelling
    lessons: list[Lesson]
    classes: int


def spell(words: Sequence[str], phrases: list[range], language: str) -> Taught:
    """The words in phones, as a voice of the language speaks them. Raises SpeechFailed."""
    texts = pages(words, phrases)
    voice, *others = voices_for(language)
    names: dict[str, int] = {}
    phones: list[Phone] = []
    durations: list[float] = []
    lessons: list[Lesson] = []
    every = max(1, round(sum(len(page.text) for page in texts) / 15 / _LESSON_S))
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
    return Taught(Spelling(numbers, duration, word, tuple(ranges)), lessons, 1 + THIRDS * len(names))


def hear(source: Path, each_second: Callable[[], None] = lambda: None) -> Sound:
    """A recording as alignment knows it; streamed, 60 bytes a frame. Raises the errors of Decoder."""
    with Decoder(source) as decoder:
        frames = log_mel(_watched(decoder.blocks(sample_rate=SAMPLE_RATE), each_second))
    if len(frames) < SHORTEST_FRAMES:
        raise NothingToAlign(path=source, reason=f"it is shorter than {SHORTEST_FRAMES * FRAME_MS / 1000} s")
    if float(frames.max()) < SILENT:
        raise NothingToAlign(path=source, reason="the recording is silent")
    loud = loudness(frames)
    spoken = speaking(loud)
    return Sound(frames, channel_of(frames, loud, spoken), spoken)


def _watched(blocks: Iterator[Block], each: Callable[[], None]) -> Iterator[Block]:
    for block in blocks:
        each()
        yield block


def run(sound: Sound, text: Taught, step: Callable[[float], None] = lambda share: None) -> tuple[Way, Margins]:
    """The fine way after all rounds, and how well its frames fit."""
    spelling = text.spelling
    models = taught(text.lessons, sound.channel, text.classes)
    tempo = float(np.clip(sound.speech.sum() * FRAME_MS / spelling.duration_ms.sum(), 0.75, 1.35))
    gain = 0.0
    done, parts = 0, len(ROUNDS) + sum(ROUNDS)
    for number, passes in enumerate(ROUNDS):
        costs, quantile = coarse_costs(sound, models)
        filler = quantile - FILLER_SHARE * gain
        graph = graph_of(spelling, unit_ms=COARSE_UNIT_MS, tempo=tempo, skip_phrase=_SKIPS[number])
        way = coarse_way(costs, graph, filler, _SKIPS[number])
        step((done := done + 1) / parts)
        for _ in range(passes):
            graph = graph_of(spelling, unit_ms=FINE_UNIT_MS, tempo=tempo, skip_phrase=_FINE_SKIP)
            heard = Heard.nothing(text)
            way = fine_way(sound, models, way, graph, filler, _FINE_SKIP, heard.take)
            models = adapted(models, heard.evidence)
            gain, tempo = heard.gain(spelling, quantile), heard.tempo(spelling)
            filler = quantile - FILLER_SHARE * gain
            step((done := done + 1) / parts)
    return way, heard.margins


@dataclass
class Heard:
    """What a fine pass gathers of the recording along its way."""

    evidence: Evidence
    margins: Margins
    spent: NDArray[np.float64]
    """Costs along the way, summed for each phone."""

    @classmethod
    def nothing(cls, text: Taught) -> Heard:
        phones = len(text.spelling.phone)
        usual = np.zeros(text.classes, dtype=np.float32)
        spoken = text.spelling.phone >= 0
        for third in range(THIRDS):
            np.add.at(usual, 1 + THIRDS * text.spelling.phone[spoken] + third, text.spelling.duration_ms[spoken])
        margins = Margins(usual / usual.sum(), np.zeros(phones), np.zeros(phones))
        return cls(Evidence.none(text.classes), margins, np.zeros(phones))

    def take(self, phones: Ints, labels: Ints, reduced: Floats, costs: Floats) -> None:
        self.evidence.add(reduced, labels)
        self.margins.add(phones, labels, costs)
        inside = np.flatnonzero(labels > SILENCE)
        self.spent += np.bincount(phones[inside], costs[inside, labels[inside]], minlength=len(self.spent))

    def gain(self, spelling: Spelling, quantile: float) -> float:
        """How much less than `quantile` a frame of the middling phrase costs."""
        frames, spent = (self._by_phrase(values, spelling) for values in (self.margins.count, self.spent))
        there = frames > 0
        return float(np.median(quantile - spent[there] / frames[there])) if there.any() else 0.0

    def tempo(self, spelling: Spelling) -> float:
        """How long the middling phrase takes, beside the synthesis."""
        frames, spoken = (self._by_phrase(v, spelling) for v in (self.margins.count, spelling.duration_ms))
        there = frames > 0
        ratio = float(np.median(frames[there] * FRAME_MS / spoken[there])) if there.any() else 1.0
        return min(max(ratio, 0.6), 1.7)

    @staticmethod
    def _by_phrase(values: NDArray[np.floating], spelling: Spelling) -> NDArray[np.float64]:
        sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        return np.array([sums[phrase.stop] - sums[phrase.start] for phrase in spelling.phrases])


def align(
    source: Path,
    segments: Sequence[Sequence[str]],
    *,
    language: str,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Alignment:
    """When the words of each segment are said in a recording, in a language that espeak-ng speaks.

    No model is needed: the text is synthesised, phones are learned from that and then from the recording. Words that
    are not in the recording and sound that is not in the text are flagged. `progress` is given shares from 0 to 1;
    `cancelled` is asked now and then. Raises NothingToAlign (no words that can be spoken, or no sound), SpeechFailed
    (unknown language), AlignmentStopped, and the errors of Decoder.
    """

    def step(share: float) -> None:
        if cancelled is not None and cancelled():
            raise AlignmentStopped(path=source)
        if progress is not None:
            progress(share)

    words = [word for segment in segments for word in segment]
    phrases = phrases_of(segments)
    if not pages(words, phrases):
        raise NothingToAlign(path=source, reason="the text has no words that can be spoken")
    step(0.0)
    sound = hear(source, lambda: step(0.0))
    step(0.2)
    text = spell(words, phrases, language)
    step(0.4)
    way, margins = run(sound, text, lambda share: step(0.4 + 0.6 * share))
    phones, classes = way.graph.phone[way.states], way.graph.classes[way.states]
    return moments(segments, text.spelling, phones, classes, margins, sound.speech)
