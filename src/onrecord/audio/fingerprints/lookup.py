"""Which keys to look under: a seed's own, and those that differ from it in its least certain bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.fingerprints.model import Codes, packed
from onrecord.audio.fingerprints.spectrum import Floats

FLIPS, MORE_FLIPS = 7, 9
"""Bits tried both ways, 128 or 512 keys a seed and table: the latter for short queries, which have few seeds."""
OTHER_WRONG = 11
"""Bits in which the other key of a seed may differ; by chance 16 of 32 do."""
CROWDED = 400
"""A bucket with more seeds than this says nothing: it is a sound that everybody makes."""

Words = NDArray[np.uint32]


def halves(codes: Codes, table: int) -> tuple[Words, Words]:
    """The key of a table, and the other one."""
    upper, lower = (codes >> np.uint64(32)).astype(np.uint32), codes.astype(np.uint32)
    return (lower, upper) if table else (upper, lower)


def keys_to_try(soft: Floats, table: int, bits: int, flips: int) -> Words:
    """Upper `bits` bits of a table's keys for soft seed codes, shape (n, 2 ** flips); the first column is as heard."""
    heard = halves(packed(soft), table)[0] >> np.uint32(32 - bits)
    sureness = np.abs(soft[:, 32 * table : 32 * table + bits])
    weakest = np.argpartition(sureness, flips, axis=1)[:, :flips]
    masks = np.uint32(1) << (bits - 1 - weakest).astype(np.uint32)
    subsets = ((np.arange(1 << flips)[:, np.newaxis] >> np.arange(flips)) & 1).astype(np.uint32)
    # The masks of a row are different bits, so that their sum is their union.
    return np.asarray(heard[:, np.newaxis] ^ (masks @ subsets.T), dtype=np.uint32)
