"""Places worth a closer look: seeds that agree, and whose surroundings agree too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.model import CENTRE, Codes, packed
from onrecord.audio.fingerprints.places import Places, Reader
from onrecord.audio.fingerprints.query import FINE, Query

HEARINGS = ((1.0, 1.0), (0.95, 0.93), (1.05, 1.07))
"""Pitch and tempo that a query is heard at; a seed bears several per cent of either."""
_AROUND = 6 * np.arange(-5, 6)
_SHIFTS = (-1, 0, 1)
_FIRST = np.array([4, 5, 6])
"""Of `_AROUND`, what is compared first: 18 of the 64 bits' worth of a second."""
_FIRST_WRONG, _LEAST_PROOF = 0.448, 0.28


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
    rows, places = reader.seeds(np.concatenate(soft))
    codes = [packed(query.proof(pitch, tempo)[::FINE]) for pitch, tempo in HEARINGS]
    proof, shift = _proved(reader, codes, hearing[rows], frame[rows], places)
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


def _proved(
    reader: Reader, codes: list[Codes], hearing: NDArray[np.int64], frame: NDArray[np.int64], places: Places
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """For each seed how alike its surroundings are, and the shift in frames at which they are most alike."""
    proof, shift = np.zeros(places.size), np.zeros(places.size, dtype=np.int64)
    wrong, bits = _compared(reader, codes, hearing, frame, places, _AROUND[_FIRST])
    likely = np.flatnonzero((wrong <= _FIRST_WRONG * bits).any(axis=1))
    if likely.size:
        wrong, bits = _compared(reader, codes, hearing[likely], frame[likely], places[likely], _AROUND)
        right = (0.5 - wrong / np.maximum(bits, 1)) * np.sqrt(bits / 64)
        best = right.argmax(axis=1)
        proof[likely] = right[np.arange(likely.size), best]
        shift[likely] = np.array(_SHIFTS)[best]
    return proof, shift


def _compared(
    reader: Reader,
    codes: list[Codes],
    hearing: NDArray[np.int64],
    frame: NDArray[np.int64],
    places: Places,
    around: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wrong bits and bits compared, shape (places, shifts)."""
    # One array of all hearings; a frame outside of the query falls on a 0, which is no code.
    margin = 64
    length = max(code.size for code in codes) + 2 * margin
    padded = np.zeros((len(codes), length), dtype=np.uint64)
    for number, code in enumerate(codes):
        padded[number, margin : margin + code.size] = code
    at = frame[:, np.newaxis] + CENTRE + around + margin
    heard = padded[hearing[:, np.newaxis], np.minimum(at, length - 1)]
    first = places[:, np.newaxis] + CENTRE + around
    wrong, bits = np.zeros((places.size, len(_SHIFTS))), np.zeros((places.size, len(_SHIFTS)))
    for column, shift in enumerate(_SHIFTS):
        there = reader.proof(np.maximum(first + shift, 0))
        both = (heard != 0) & (there != 0)
        wrong[:, column] = np.where(both, np.bitwise_count(heard ^ there), 0).sum(axis=1)
        bits[:, column] = 64 * both.sum(axis=1)
    return wrong, bits
