"""Rounds of search, each with models that the one before has taught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.confidence import Fit
from onrecord.audio.alignment.features import FRAME_MS, Floats, in_pieces
from onrecord.audio.alignment.models import OTHER_FOLD, SILENCE, Evidence, adapted, taught
from onrecord.audio.alignment.search import (
    COARSE_UNIT_MS,
    FINE_UNIT_MS,
    Sound,
    Way,
    coarse_costs,
    coarse_way,
    fine_way,
)
from onrecord.audio.alignment.spelling import SpelledText
from onrecord.audio.alignment.states import Ints, Spelling, graph_of

ROUNDS = (1, 1, 2)
"""Fine passes in each round."""
_SKIPS = (400.0, 60.0, 60.0)
_FINE_SKIP = 100.0
FIRST_GAIN = 2.0
"""What phones are taken to gain before the recording has taught them."""
FILLER_SHARE = 0.5
"""Where the price of filler lies, between that of the best phones at any moment (0) and that of the right ones (1)."""


def run(sound: Sound, text: SpelledText, step: Callable[[float], None] = lambda share: None) -> tuple[Way, Fit]:
    """The way after all rounds, and how well the recording fits the phones on it."""
    spelling = text.spelling
    models = taught(text.lessons, sound.channel, text.classes)
    tempo = float(np.clip(sound.speech.sum() * FRAME_MS / spelling.duration_ms.sum(), 0.75, 1.35))
    gain = FIRST_GAIN
    done, parts = 0, len(ROUNDS) + sum(ROUNDS) + 1
    for number, passes in enumerate(ROUNDS):
        costs, quantile = coarse_costs(sound, models)
        filler = quantile - FILLER_SHARE * gain
        graph = graph_of(spelling, unit_ms=COARSE_UNIT_MS, tempo=tempo, skip_phrase=_SKIPS[number])
        way = coarse_way(costs, graph, filler, _SKIPS[number])
        del costs  # a hundred bytes for each 40 ms
        step((done := done + 1) / parts)
        for _ in range(passes):
            graph = graph_of(spelling, unit_ms=FINE_UNIT_MS, tempo=tempo, skip_phrase=_FINE_SKIP)
            heard = Heard.nothing(text)
            way = fine_way(sound, models, way, graph, filler, _FINE_SKIP, heard.take)
            models = adapted(models, heard.evidence[0] + heard.evidence[1])
            gain, tempo = heard.gain(quantile), heard.tempo()
            filler = quantile - FILLER_SHARE * gain
            step((done := done + 1) / parts)
    fit = Fit.nothing(text)
    judges = [adapted(models, evidence) for evidence in reversed(heard.evidence)]
    for at, piece in in_pieces(sound.frames, sound.channel):
        states = way.states[at : at + len(piece)]
        phones, labels = way.graph.phone[states], way.graph.classes[states]
        fold = heard.fold[phones]
        for number, judge in enumerate(judges):
            own = np.flatnonzero((labels > SILENCE) & (fold == number))
            fit.add(phones[own], labels[own], judge.costs(judge.reduced(piece[own])))
    step(1.0)
    return way, fit


@dataclass
class Heard:
    """What a fine pass gathers of the recording along its way."""

    spelling: Spelling
    fold: Ints
    """0 or 1 for each phone: every other phrase, so that each half can be judged by what the other has taught."""
    evidence: tuple[Evidence, Evidence]
    spent: NDArray[np.float64]
    """Costs along the way, summed for each phone."""
    count: NDArray[np.float64]
    """Frames of each phone."""

    @classmethod
    def nothing(cls, text: SpelledText) -> Heard:
        phones = len(text.spelling.phone)
        fold = np.zeros(phones, dtype=np.int32)
        for phrase in text.spelling.phrases[1::2]:
            fold[phrase.start : phrase.stop] = 1
        evidence = (Evidence.none(text.classes), Evidence.none(text.classes))
        return cls(text.spelling, fold, evidence, np.zeros(phones), np.zeros(phones))

    def take(self, phones: Ints, labels: Ints, reduced: Floats, costs: Floats) -> None:
        """Count a piece; see search.Take."""
        fold = self.fold[phones]
        for number, evidence in enumerate(self.evidence):
            evidence.add(reduced, np.where((labels <= SILENCE) | (fold == number), labels, OTHER_FOLD))
        inside = np.flatnonzero(labels > SILENCE)
        self.spent += np.bincount(phones[inside], costs[inside, labels[inside]], minlength=len(self.spent))
        self.count += np.bincount(phones[inside], minlength=len(self.count))

    def gain(self, quantile: float) -> float:
        """How much less than `quantile` a frame of the middling phrase costs."""
        frames, spent = self._by_phrase(self.count), self._by_phrase(self.spent)
        there = frames > 0
        return float(np.median(quantile - spent[there] / frames[there])) if there.any() else 0.0

    def tempo(self) -> float:
        """How long the middling phrase takes, beside the synthesis."""
        frames, spoken = self._by_phrase(self.count), self._by_phrase(self.spelling.duration_ms)
        there = frames > 0
        ratio = float(np.median(frames[there] * FRAME_MS / spoken[there])) if there.any() else 1.0
        return min(max(ratio, 0.6), 1.7)

    def _by_phrase(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
        return np.array([sums[phrase.stop] - sums[phrase.start] for phrase in self.spelling.phrases])
