"""Models of phones, learned from synthesised speech and then from the recording itself.

A phone has three classes, its thirds; a class is a mean in a space where classes are spread (linear discriminant
analysis) and the covariance within them is one. What a frame costs as a class is bounded, so that a cough cannot
outweigh a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import Channel, Floats, cepstra, channel_of, loudness, speaking
from onrecord.audio.alignment.synthesis import PAUSE, Phone, frame_at, frames_of
from onrecord.audio.espeak import Spoken

THIRDS = 3
SILENCE = 0
"""The class of silence; the others are 1 + 3 · phone + third."""

OTHER_FOLD = -2
"""The label of a frame that is speech and not to be learned from."""

_REDUCED = 24
_SHARPNESS = 0.15
_LEAST = 1e-4
_PRIOR_FRAMES = 20
NOISES = 2
_NOISE_STEP = 2
_SHORT_GAP, _FEW_NOISES, _MANY_NOISES = 150, 20, 4000
"""In frames."""
STEP = 0.04
"""Costs are kept in bytes, in steps of this."""

Labels = NDArray[np.int32]
Costs = NDArray[np.uint8]


@dataclass(frozen=True)
class Lesson:
    """Synthesised speech to learn from: log-mel frames, and the class of each, -1 where unknown."""

    frames: NDArray[np.float16]
    labels: Labels


@dataclass(frozen=True)
class Models:
    """Means of the classes, shape (classes, _REDUCED), behind a projection, shape (DIMENSIONS, _REDUCED)."""

    projection: Floats
    centre: Floats
    means: Floats
    taught: Floats
    """The means as they were learned from synthesis."""
    noises: Floats
    """Further means of silence: what is heard between words, shape (NOISES or 0, _REDUCED)."""

    def reduced(self, frames: Floats) -> Floats:
        """Frames of cepstra in the space of the means."""
        return np.asarray((frames - self.centre) @ self.projection, dtype=np.float32)

    def costs(self, reduced: Floats) -> Floats:
        """-log of each class's share of a frame, shape (frames, classes); 0 (sure) to 9.2 (none)."""
        means = np.concatenate([self.means, self.noises])
        distance = (means**2).sum(axis=1) - 2 * reduced @ means.T
        distance, noises = distance[:, : len(self.means)], distance[:, len(self.means) :]
        distance[:, SILENCE] = np.minimum(distance[:, SILENCE], noises.min(axis=1, initial=np.inf))
        distance -= distance.min(axis=1, keepdims=True)
        likely = np.exp(np.float32(-_SHARPNESS) * distance)
        likely /= likely.sum(axis=1, keepdims=True)
        return np.asarray(-np.log(likely + np.float32(_LEAST)), dtype=np.float32)


def lesson(spoken: Spoken, phones: Sequence[Phone], names: dict[str, int]) -> Lesson:
    """What one synthesised text teaches: each phone's thirds, and silence where the engine pauses."""
    frames = frames_of(spoken)
    labels = np.full(len(frames), -1, dtype=np.int32)
    for phone in phones:
        start, end = frame_at(phone.start, spoken.sample_rate), frame_at(phone.end, spoken.sample_rate)
        if phone.name == PAUSE:
            labels[start + 3 : end - 2] = SILENCE
        elif phone.name in names and end > start:
            third = np.arange(end - start) * THIRDS // (end - start)
            size = len(labels[start:end])
            labels[start:end] = (1 + THIRDS * names[phone.name] + third)[:size]
    return Lesson(frames, labels)


def matched(frames: NDArray[np.float16], channel: Channel, random: np.random.Generator) -> Floats:
    """Synthesised frames as they would sound in a recording's channel: its levels, and its noise under them."""
    power = np.exp(frames.astype(np.float32))
    spoken = speaking(loudness(frames))
    mean = power[spoken].mean(axis=0)
    gain = np.maximum(channel.power - channel.noise, 0.05 * channel.power) / np.maximum(mean, 1e-12)
    noise = channel.noise * random.gamma(3.0, 1 / 3, size=power.shape).astype(np.float32)
    return np.asarray(np.log(power * gain + noise + np.float32(1e-9)), dtype=np.float32)


def taught(lessons: Sequence[Lesson], channel: Channel, classes: int) -> Models:
    """Models learned from synthesised speech, matched to the channel of a recording."""
    random = np.random.default_rng(20)
    parts, marks = [], []
    for one in lessons:
        frames = matched(one.frames, channel, random)
        loud = loudness(frames)
        own = replace(channel_of(frames, loud, speaking(loud)), telephone=channel.telephone)
        known = one.labels >= 0
        parts.append(cepstra(frames, own)[known])
        marks.append(one.labels[known])
    return _discriminant(np.concatenate(parts), np.concatenate(marks), classes)


def _discriminant(frames: Floats, labels: Labels, classes: int) -> Models:
    data = frames.astype(np.float64)
    count = np.bincount(labels, minlength=classes).astype(np.float64)
    sums = np.zeros((classes, data.shape[1]))
    np.add.at(sums, labels, data)
    centre = data.mean(axis=0)
    means = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], centre)
    apart = data - means[labels]
    within = apart.T @ apart / len(data) + 1e-3 * np.eye(data.shape[1])
    spread = means - centre
    between = (spread * count[:, None]).T @ spread / len(data)
    inverse = np.linalg.inv(np.linalg.cholesky(within))
    values, vectors = np.linalg.eigh(inverse @ between @ inverse.T)
    projection = inverse.T @ vectors[:, np.argsort(values)[::-1][:_REDUCED]]
    reduced = ((means - centre) @ projection).astype(np.float32)
    return Models(projection.astype(np.float32), centre.astype(np.float32), reduced, reduced.copy(), reduced[:0])


@dataclass
class Evidence:
    """Frames of the recording by class: how many, and their sum."""

    count: NDArray[np.float64]
    sums: NDArray[np.float64]
    between: list[Floats]
    """Frames of short gaps."""

    def __add__(self, other: Evidence) -> Evidence:
        # Gaps are in both.
        count, sums = self.count + other.count, self.sums + other.sums
        count[SILENCE], sums[SILENCE] = self.count[SILENCE], self.sums[SILENCE]
        return Evidence(count, sums, self.between)

    @classmethod
    def none(cls, classes: int) -> Evidence:
        return cls(np.zeros(classes), np.zeros((classes, _REDUCED)), [])

    def add(self, reduced: Floats, labels: Labels) -> None:
        """Count a piece: its frames, and the class of each (not above SILENCE in gaps)."""
        gap = np.concatenate([[False], (labels <= SILENCE) & (labels != OTHER_FOLD), [False]])
        edges = np.flatnonzero(gap[1:] != gap[:-1])
        for low, high in zip(edges[::2], edges[1::2], strict=True):
            if high - low <= _SHORT_GAP:
                # A copy: a view would keep the whole piece.
                self.between.append(reduced[low:high:_NOISE_STEP].copy())
        known = labels >= 0
        self.count += np.bincount(labels[known], minlength=len(self.count))
        np.add.at(self.sums, labels[known], reduced[known])


def adapted(models: Models, evidence: Evidence) -> Models:
    """Models with the means moved towards what the recording says, the more the more it says."""
    spoken = evidence.count.copy()
    spoken[SILENCE] = 0
    if spoken.sum() < 100:
        return models
    shift = (evidence.sums[1:].sum(axis=0) - spoken[1:] @ models.taught[1:]) / spoken.sum()
    prior = models.taught + shift
    means = (evidence.sums + _PRIOR_FRAMES * prior) / (evidence.count + _PRIOR_FRAMES)[:, None]
    few = evidence.count[SILENCE] <= 20
    means[SILENCE] = models.means[SILENCE] if few else evidence.sums[SILENCE] / evidence.count[SILENCE]
    return replace(models, means=means.astype(np.float32), noises=_noises(evidence.between))


def _noises(between: Sequence[Floats]) -> Floats:
    """What is heard between words, in NOISES means (Lloyd's algorithm)."""
    frames = np.concatenate([*between, np.zeros((0, _REDUCED), dtype=np.float32)])
    if len(frames) < _FEW_NOISES or not NOISES:
        return frames[:0]
    frames = frames[:: len(frames) // _MANY_NOISES + 1]
    means = frames[np.argsort(frames[:, 0])[np.linspace(0, len(frames) - 1, NOISES + 2).astype(int)[1:-1]]]
    for _ in range(8):
        distance = (means**2).sum(axis=1) - 2 * frames @ means.T
        nearest = distance.argmin(axis=1)
        means = np.stack(
            [frames[nearest == n].mean(axis=0) if (nearest == n).any() else means[n] for n in range(NOISES)]
        )
    return np.asarray(means, dtype=np.float32)


def in_bytes(costs: Floats) -> Costs:
    """Costs in steps of STEP, rounded."""
    return np.asarray(np.minimum(np.rint(costs * np.float32(1 / STEP)), 255), dtype=np.uint8)
