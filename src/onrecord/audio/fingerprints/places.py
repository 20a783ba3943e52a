"""What an index answers with, and what every store of fingerprints can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.codes import Fingerprint
from onrecord.audio.fingerprints.model import Codes
from onrecord.audio.fingerprints.spectrum import Floats

Places = NDArray[np.int64]
"""Frames of an index: a number for each frame of each recording, consecutive within one."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A recording in an index: its name, its first place and how many frames it has."""

    name: str
    first: int
    frames: int
    duration_ms: int


class Reader(Protocol):
    """An index as it was at one moment; what is added meanwhile does not disturb it."""

    def seeds(self, soft: Floats, flips: int) -> tuple[NDArray[np.int64], Places]:
        """Rows of the soft seed codes, shape (n, 64), and places where a seed like it begins, as pairs.

        `flips` bits of a key, the least certain ones, may differ.
        """

    def proof(self, places: Places) -> Codes:
        """Proof codes at places, one-dimensional; any code for a place that is in no recording."""

    def stretch(self, place: int) -> Stretch | None:
        """The recording that a place belongs to; None when it was removed."""


class Store(Protocol):
    """Fingerprints by name, searchable. What is added is durable when `add` returns, and found from then on."""

    def add(self, name: str, fingerprint: Fingerprint) -> None:
        """Keep a fingerprint under a name, in place of one that had it."""

    def remove(self, name: str) -> None:
        """Forget a name; it need not be there."""

    def names(self) -> list[str]:
        """Every name, sorted."""

    def reader(self) -> Reader:
        """The index as it is now."""

    def close(self) -> None:
        """Let go of files and connections."""
