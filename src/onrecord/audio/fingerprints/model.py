"""The two trained codes: a long patch to find places by, a short one to prove them.

The projections come from `onrecord.audio.fingerprints.training`; they are data of this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.spectrum import Bank, Floats
from onrecord.errors import IndexUnreadable

Codes = NDArray[np.uint64]

ALGORITHM, VERSION = "onrecord-speech-bits", 1
BITS = 64
SEED, PROOF = Bank(bands=16, steps=32), Bank(bands=24, steps=8)
"""A second, which tolerates much; a quarter of a second, which tells much apart."""
CENTRE = (SEED.steps - PROOF.steps) // 2
"""Frames from the start of a seed patch to the start of the proof patch in its middle."""
_FILE = "projections.npz"
CONSTANTS = "8000 Hz, frames of 256, seeds 16x32 every 2, proofs 24x8, projections 1"
"""What codes depend on; stored with every index."""
_QUIET = 0.25
"""A patch with less contrast than this part of the usual is silence or a tone, and says nothing."""


@dataclass(frozen=True)
class Projection:
    """Weights of shape (steps * bands, 64) on a centred patch of unit RMS, best direction first."""

    bank: Bank
    weights: Floats
    median: Floats
    scale: Floats
    contrast: float

    def values(self, levels: Floats, *, stride: int = 1, every: int = 1) -> Floats:
        """Soft bits of the patches in `levels`, shape (patches, 64): sign is the bit, size how sure it is.

        Frames of a patch lie `stride` apart; a patch begins at every `every`-th frame. Rows of silence are zero.
        """
        span = (self.bank.steps - 1) * stride + 1
        if levels.shape[0] < span:
            return np.zeros((0, BITS), dtype=np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(levels, span, axis=0)[::every, :, ::stride]
        patches, contrast = centred(windows.transpose(0, 2, 1))
        soft = (patches @ self.weights - self.median) / self.scale
        soft[contrast < _QUIET * self.contrast] = 0
        return np.asarray(np.clip(soft, -2, 2), dtype=np.float32)


def centred(patches: Floats) -> tuple[Floats, Floats]:
    """Patches (n, steps, bands) without the mean of each band and each frame, at unit RMS, flat; and their RMS."""
    plain = patches - patches.mean(axis=1, keepdims=True)
    plain -= plain.mean(axis=2, keepdims=True)
    flat = plain.reshape(plain.shape[0], -1)
    contrast = np.sqrt(np.einsum("ij,ij->i", flat, flat) / flat.shape[1])
    flat /= np.maximum(contrast, np.float32(1e-6))[:, np.newaxis]
    return flat, contrast


def packed(values: Floats) -> Codes:
    """Soft bits as 64-bit codes, the first bit on top; 0, which is no code, for silence."""
    bits = np.packbits(values > 0, axis=1, bitorder="big")
    codes: Codes = bits.view(">u8")[:, 0].astype(np.uint64)
    return codes


def signs(codes: Codes) -> Floats:
    """Bits as -1 and +1, shape (codes, 64); zeros for silence."""
    octets = codes.astype(">u8").view(np.uint8).reshape(-1, 8)
    bits = np.unpackbits(octets, axis=1, bitorder="big").astype(np.float32)
    bits *= 2
    bits -= 1
    bits[codes == 0] = 0
    return bits


def same_kind(path: object, algorithm: object, version: object, constants: object) -> None:
    """Raise IndexUnreadable, about `path`, for codes that do not compare with those made here."""
    if (algorithm, version, constants) != (ALGORITHM, VERSION, CONSTANTS):
        raise IndexUnreadable(
            path=path,
            reason=f"it was made by {algorithm} {version} ({constants})",
            remedy="Make it again with `onrecord fingerprint`.",
        )


@lru_cache(maxsize=1)
def projections() -> tuple[Projection, Projection]:
    """The trained projections for SEED and for PROOF."""
    data = np.load(BytesIO((files(__package__) / _FILE).read_bytes()))
    seed, proof = (
        Projection(
            bank,
            data[f"{name}_weights"].astype(np.float32),
            data[f"{name}_median"],
            data[f"{name}_scale"],
            float(data[f"{name}_contrast"]),
        )
        for name, bank in (("seed", SEED), ("proof", PROOF))
    )
    return seed, proof
