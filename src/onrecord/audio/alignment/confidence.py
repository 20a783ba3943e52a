"""How surely the words are where they were put.

A frame speaks for its phone as far as it fits it better than a phone of the text taken at random. That margin does not
depend on how noisy the recording is as a whole, and text that is not there gets little of it, wherever it is put.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import Floats
from onrecord.audio.alignment.models import SILENCE
from onrecord.audio.alignment.states import Ints

UNSURE_BELOW = 0.5


@dataclass
class Margins:
    """By how much frames fit the phones they were given, summed for each phone of the text."""

    usual: Floats
    """Share of each class in the text."""
    sums: NDArray[np.float64]
    count: NDArray[np.float64]

    def add(self, phones: Ints, labels: Ints, costs: Floats) -> None:
        """Count a piece: phone (-1: none) and class at each frame, and the costs of all classes."""
        inside = np.flatnonzero(labels > SILENCE)
        margin = costs[inside] @ self.usual - costs[inside, labels[inside]]
        self.sums += np.bincount(phones[inside], margin, minlength=len(self.sums))
        self.count += np.bincount(phones[inside], minlength=len(self.count))


def pooled(values: NDArray[np.float64], owner: Ints, size: int) -> NDArray[np.float64]:
    """Sums of values by owner."""
    return np.bincount(owner, values, minlength=size).astype(np.float64)


def confidence(margin: NDArray[np.float64]) -> NDArray[np.float64]:
    """A mean margin as a confidence from 0 to 1."""
    return 1 / (1 + np.exp(-(margin - 1.2) * 3.0))
