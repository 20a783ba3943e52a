"""Sound that is looked for, heard as if it were slower, faster, lower or higher than the recording."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.codes import SEED_EVERY
from onrecord.audio.fingerprints.model import PROOF, SEED, Codes, projections, signs
from onrecord.audio.fingerprints.spectrum import FRAME, QUERY_HOP, RATE, Floats, levels, power

FINE = 2
"""Positions a frame at which proof codes of a query are computed (every 16 ms)."""


class Query(Protocol):
    """Up to half a minute of sound. `tempo` and `pitch` say how much faster and higher than a recording it is heard."""

    seconds: float

    def seed(self, pitch: float, tempo: float) -> Floats:
        """Soft seed codes at every frame of the recording's time, shape (n, 64)."""

    def proof(self, pitch: float, tempo: float) -> Floats:
        """Soft proof codes at every half frame of the recording's time, shape (n, 64)."""


class SoundQuery:
    """A query by sound, mono at 8 kHz."""

    def __init__(self, samples: Floats) -> None:
        self.seconds = samples.size / RATE
        self._spectra = power(samples, QUERY_HOP)
        self._levels = lru_cache(maxsize=16)(self._levels_at)
        self.proof = lru_cache(maxsize=32)(self._proof)

    def seed(self, pitch: float, tempo: float) -> Floats:
        return projections()[0].values(self._heard(SEED.bands, pitch, tempo, 1))

    def _proof(self, pitch: float, tempo: float) -> Floats:
        return projections()[1].values(self._heard(PROOF.bands, pitch, tempo, FINE), stride=FINE)

    def _heard(self, bands: int, pitch: float, tempo: float, fine: int) -> Floats:
        level = self._levels(bands, round(pitch, 4))
        step = FRAME / QUERY_HOP / fine / tempo
        return interpolated(level, np.arange(0, level.shape[0] - 1, step))

    def _levels_at(self, bands: int, pitch: float) -> Floats:
        return levels(self._spectra, bands, hop=QUERY_HOP, pitch=pitch)


class CodeQuery:
    """A query by codes alone: every bit is as sure as another, and the pitch is what it was."""

    def __init__(self, seed: Codes, proof: Codes) -> None:
        self.seconds = proof.size * FRAME / RATE
        self._seed, self._proof = signs(seed), signs(proof)

    def seed(self, pitch: float, tempo: float) -> Floats:
        where = np.rint(np.arange(0, len(self._seed) - 0.5, 1 / SEED_EVERY / tempo)).astype(np.int64)
        return np.asarray(self._seed[np.minimum(where, len(self._seed) - 1)], dtype=np.float32)

    def proof(self, pitch: float, tempo: float) -> Floats:
        return interpolated(self._proof, np.arange(0, len(self._proof) - 1, 1 / FINE / tempo))


def interpolated(values: Floats, where: NDArray[np.float64]) -> Floats:
    """Rows of `values` at fractional positions, in a straight line between neighbours."""
    low = np.minimum(where.astype(np.int64), values.shape[0] - 2)
    part = (where - low).astype(np.float32)[:, np.newaxis]
    return np.asarray(values[low] * (1 - part) + values[low + 1] * part, dtype=np.float32)
