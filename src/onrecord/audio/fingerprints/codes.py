"""A recording's fingerprint: two codes of 64 bits, made while the sound streams by."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from onrecord.audio.decode import decode
from onrecord.audio.fingerprints.model import ALGORITHM, CONSTANTS, PROOF, SEED, VERSION, Codes, packed, projections
from onrecord.audio.fingerprints.spectrum import FRAME, INDEX_HOP, RATE, Floats, levels, power
from onrecord.errors import SoundTooShort

_BODY, _BEFORE, _AFTER = 1024, 34, 66
"""Frames worked on at a time, and what they need around them: running means, windows, the length of a patch."""
SEED_EVERY = 2
"""Frames from one seed code to the next."""
SHORTEST_MS = 1_100


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """A recording's codes: `proof` one every 32 ms (an even number of them), `seed` one every 64 ms; 0 is silence.

    `constants` say what the codes were made with; only codes with the same algorithm, version and constants compare.
    """

    duration_ms: int
    proof: Codes
    seed: Codes
    algorithm: str = ALGORITHM
    version: int = VERSION
    constants: str = CONSTANTS


def fingerprint(source: Path | BinaryIO) -> Fingerprint:
    """The fingerprint of a file of any length; memory does not grow with it (but for 0.9 MB an hour of codes).

    Raises the errors of `onrecord.audio.decode.Decoder` and SoundTooShort.
    """
    with on_disk(source) as path:
        return fingerprint_of(sound(path), path)


def fingerprint_of(blocks: Iterable[Floats], name: object = "the sound") -> Fingerprint:
    """The fingerprint of mono sound at 8 kHz that comes in pieces; `name` is for the error SoundTooShort."""
    proof: list[Codes] = []
    seed: list[Codes] = []
    held, start, done, total = np.zeros(0, dtype=np.float32), 0, 0, 0
    for block in blocks:
        total += block.size
        held = np.concatenate([held, block])
        while held.size >= (done + _BODY + _AFTER - start) * FRAME:
            end = done + _BODY
            new = _coded(held[: (end + _AFTER - start) * FRAME], start, done, end)
            proof.append(new[0])
            seed.append(new[1])
            done = end
            held, start = held[max(0, done - _BEFORE - start) * FRAME :], max(start, done - _BEFORE)
    duration_ms = round(1000 * total / RATE)
    if duration_ms < SHORTEST_MS:
        raise SoundTooShort(path=name, seconds=f"{duration_ms / 1000:g}", least=SHORTEST_MS / 1000)
    frames = total // FRAME + 1
    new = _coded(held, start, done, frames + frames % 2)
    return Fingerprint(duration_ms, np.concatenate([*proof, new[0]]), np.concatenate([*seed, new[1]]))


def sound(path: Path) -> Iterator[Floats]:
    """A file's sound, mono at 8 kHz, in one-dimensional pieces."""
    for block in decode(path, sample_rate=RATE):
        yield block[0]


@contextmanager
def on_disk(source: Path | BinaryIO) -> Iterator[Path]:
    """The source as a file, copied to a temporary one where it is an open file."""
    if isinstance(source, Path):
        yield source
        return
    with tempfile.NamedTemporaryFile(prefix="onrecord-") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)


def _coded(samples: Floats, start: int, first: int, end: int) -> tuple[Codes, Codes]:
    """Codes of frames `first` up to `end` from samples that begin at frame `start`; 0 where a patch does not fit."""
    spectra = power(samples, INDEX_HOP)[:: FRAME // INDEX_HOP]
    result = []
    for projection, every in zip(projections(), (SEED_EVERY, 1), strict=True):
        level = levels(spectra, projection.bank.bands, hop=FRAME)[first - start :]
        codes = packed(projection.values(level, every=every))
        size = (end - first) // every
        result.append(np.pad(codes[:size], (0, max(0, size - codes.size))))
    return result[1], result[0]


assert PROOF.steps < SEED.steps <= _AFTER
