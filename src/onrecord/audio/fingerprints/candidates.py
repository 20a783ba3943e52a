"""Places worth a closer look: seeds that agree, and whose surroundings agree too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.lookup import FLIPS, MORE_FLIPS
from onrecord.audio.fingerprints.model import BITS, CENTRE, Codes, packed
from onrecord.audio.fingerprints.places import Places, Reader
from onrecord.audio.fingerprints.query import FINE, Query

HEARINGS = ((1.0, 1.0), (0.95, 0.93), (1.05, 1.07))
"""Pitch and tempo that a query is heard at; a seed bears several per cent of either."""
_AROUND = (-30, -24, -18, -12, -6, 0, 6, 12, 18, 24, 30)
_FIRST = (-6, 0, 6)
"""Frames from a seed's middle at which codes are compared: at first few, then two seconds' worth."""
_SHIFTS = (-1, 0, 1)
_FIRST_RIGHT, _LEAST_PROOF = 0.156, 0.28
"""What must be right beyond chance, in codes: of three, and of n in units of the root of n."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Frame `frame` of the query as heard at `pitch` and `tempo` is the index's `place`; `proof` says how alike."""

    pitch: float
    tempo: float
    frame: int
    place: int
    proof: float


def candidates(query: Query, reader: Reader, every: int) -> Iterator[Candidate]:
    """Candidates in falling order of proof, one for each diagonal; a seed is taken at every `every`-th frame."""
    soft, frames, hearings = [], [], []
    for number, (pitch, tempo) in enumerate(HEARINGS):
        values = query.seed(pitch, tempo)[::every]
        sounding = np.flatnonzero(values.any(axis=1))
        soft.append(values[sounding])
        frames.append(sounding * every)
        hearings.append(np.full(sounding.size, number))
    frame, hearing = np.concatenate(frames), np.concatenate(hearings)
    if not frame.size:
        return
    rows, places = reader.seeds(np.concatenate(soft), MORE_FLIPS if every == 1 else FLIPS)
    proof, shift = _proved(reader, query, hearing[rows], frame[rows], places)
    good = np.flatnonzero(proof > _LEAST_PROOF)
    good = good[np.argsort(-proof[good], kind="stable")]
    seen: set[tuple[int, int]] = set()
    for at in good:
        pitch, tempo = HEARINGS[hearing[rows[at]]]
        frame_at, place = int(frame[rows[at]]), int(places[at] + shift[at])
        # The same diagonal, whatever the hearing: where the query's start would be, to a quarter of a second.
        key = ((place - frame_at) // 8, frame_at // 128)
        if key in seen:
            continue
        seen |= {(key[0] + step, key[1]) for step in (-1, 0, 1)}
        yield Candidate(pitch, tempo, frame_at + CENTRE, place + CENTRE, float(proof[at]))


class _Heard:
    """Proof codes of all hearings in one array, with room around each."""

    ROOM, NOTHING = 64, 0x5555555555555555
    """Frames of room, and what stands for no sound: of any code, and of silence, half its bits are right."""

    def __init__(self, query: Query) -> None:
        codes = [packed(query.proof(pitch, tempo)[::FINE]) for pitch, tempo in HEARINGS]
        self._length = max(code.size for code in codes) + 2 * self.ROOM
        self._codes = np.full((len(codes), self._length), self.NOTHING, dtype=np.uint64)
        for row, code in zip(self._codes, codes, strict=True):
            row[self.ROOM : self.ROOM + code.size] = np.where(code == 0, np.uint64(self.NOTHING), code)

    def at(self, hearing: NDArray[np.int64], frame: NDArray[np.int64], around: int) -> Codes:
        """Codes `around` frames from the middle of seeds."""
        where = np.minimum(frame + CENTRE + around + self.ROOM, self._length - 1)
        return np.asarray(self._codes.ravel()[hearing * self._length + where], dtype=np.uint64)


def _proved(
    reader: Reader, query: Query, hearing: NDArray[np.int64], frame: NDArray[np.int64], places: Places
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """For each seed how alike its surroundings are, and the shift in frames at which they are most alike."""
    heard = _Heard(query)
    proof, shift = np.zeros(places.size), np.zeros(places.size, dtype=np.int64)
    right, _ = _compared(reader, heard, hearing, frame, places, _FIRST)
    likely = np.flatnonzero(right.max(axis=1) >= _FIRST_RIGHT)
    if likely.size:
        right, compared = _compared(reader, heard, hearing[likely], frame[likely], places[likely], _AROUND)
        best = right.argmax(axis=1)
        proof[likely] = right[np.arange(likely.size), best] / np.sqrt(np.maximum(compared, 1))
        shift[likely] = np.array(_SHIFTS)[best]
    return proof, shift


def _compared(
    reader: Reader,
    heard: _Heard,
    hearing: NDArray[np.int64],
    frame: NDArray[np.int64],
    places: Places,
    around: tuple[int, ...],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Codes' worth of bits more right than by chance, shape (places, shifts), and how many codes were compared."""
    wrong = np.zeros((len(_SHIFTS), places.size), dtype=np.uint16)
    compared = np.zeros(places.size, dtype=np.int64)
    for step in around:
        here = heard.at(hearing, frame, step)
        compared += here != _Heard.NOTHING
        for row, shift in zip(wrong, _SHIFTS, strict=True):
            row += np.bitwise_count(here ^ reader.proof(places + (CENTRE + step + shift)))
    return (len(around) / 2 - wrong.T / BITS), compared
