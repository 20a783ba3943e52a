"""How surely the words are where they were put.

A frame speaks for its phone as far as it fits it better than a phone of the text taken at random. That margin does not
depend on how noisy the recording is as a whole, and text that is not there gets little of it, wherever it is put.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import Floats
from onrecord.audio.alignment.models import THIRDS
from onrecord.audio.alignment.spelling import SpelledText
from onrecord.audio.alignment.states import Ints

UNSURE_BELOW = 0.5
_EVEN, _STEEPNESS = 0.53, 25.0


@dataclass
class Fit:
    """How much better frames fit the phones they were given than phones of the text at random, summed by phone."""

    usual: Floats
    """Share of each class in the text."""
    sums: NDArray[np.float64]
    count: NDArray[np.float64]

    @classmethod
    def nothing(cls, text: SpelledText) -> Fit:
        spelling = text.spelling
        usual = np.zeros(text.classes, dtype=np.float32)
        spoken = spelling.phone >= 0
        for third in range(THIRDS):
            np.add.at(usual, 1 + THIRDS * spelling.phone[spoken] + third, spelling.duration_ms[spoken])
        phones = len(spelling.phone)
        return cls(usual / usual.sum(), np.zeros(phones), np.zeros(phones))

    def add(self, phones: Ints, labels: Ints, costs: Floats) -> None:
        """Count frames of speech: phone and class of each, and the costs of all classes."""
        margin = 1 - costs[np.arange(len(labels)), labels] / (costs @ self.usual)
        self.sums += np.bincount(phones, margin, minlength=len(self.sums))
        self.count += np.bincount(phones, minlength=len(self.count))


def pooled(values: NDArray[np.float64], owner: Ints, size: int) -> NDArray[np.float64]:
    """Sums of values by owner."""
    return np.bincount(owner, values, minlength=size).astype(np.float64)


def confidence(margin: NDArray[np.float64]) -> NDArray[np.float64]:
    """A mean margin as a confidence from 0 to 1.

    Measured on segments: in the right place 0.57 to 0.9, real and synthetic, with noise, music and through telephones;
    of another text 0.25 to 0.51.
    """
    return 1 / (1 + np.exp(-_STEEPNESS * (margin - _EVEN)))
