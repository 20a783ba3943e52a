"""A printed quotation laid over the words that were said, with what each declared edit stands for.

One dynamic programme over tokens (Needleman and Wunsch 1970, free ends on the record's side); a bracket takes
up a few words said, an ellipsis any number, and a long gap costs little more than a short one, so that a splice
shows as one gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from onrecord.text.normalise import Kind, Token, mask_fits, partial_fits

BRACKET_TAKES = 6
_FAR = 1e9
_JUMP = 3.2
_STEP = 0.004
_BRACKET = 0.12
_MASK = 0.05
_CHEAP_DROP = 0.3

Floats = NDArray[np.float64]


class Op(Enum):
    """How one printed token meets the words said."""

    SAME = "same"
    REPLACED = "replaced"
    ADDED = "added"
    DROPPED = "dropped"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Step:
    """Printed token `printed` (-1 for none) over said tokens said..said_end (exclusive, relative to the window)."""

    op: Op
    printed: int
    said: int
    said_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Steps in order; said tokens before the first and after the last are not part of the quotation."""

    cost: float
    steps: tuple[Step, ...]


def align(
    printed: Sequence[Token],
    keys: Sequence[int],
    window: Sequence[int],
    words: Sequence[str],
    cheap: Sequence[bool],
) -> Alignment:
    """The cheapest way from the window to the printed tokens.

    `keys` are the key numbers of the printed tokens, `window` those of the words said, `words` their keys as
    text; `cheap` marks said words that may be left out (fillers, false starts, sounds in parentheses).
    """
    n, m = len(printed), len(window)
    said = np.asarray(window, dtype=np.int64)
    drop = np.where(np.asarray(cheap, dtype=bool), _CHEAP_DROP, 1.0)
    steps = np.arange(m + 1) * _STEP
    sums = np.concatenate(([0.0], np.cumsum(drop)))
    table = np.empty((n + 1, m + 1))
    table[0] = 0.0
    for i, token in enumerate(printed):
        above = table[i]
        if token.kind is Kind.ELLIPSIS:
            table[i + 1] = np.minimum.accumulate(above - steps) + steps + _STEP
            continue
        if token.kind is Kind.BRACKET:
            row = above + _BRACKET
            for taken in range(1, BRACKET_TAKES + 1):
                if taken <= m:
                    row[taken:] = np.minimum(row[taken:], above[:-taken] + _BRACKET * (1.0 + 0.5 * taken))
        else:
            meets = _meets(token, keys[i], said, words)
            row = above + 1.0
            row[1:] = np.minimum(row[1:], above[:-1] + meets)
        if i < n - 1:
            row = np.minimum(row, np.minimum.accumulate(row - sums) + sums)
            row = np.minimum(row, np.minimum.accumulate(row - steps) + steps + _JUMP)
        table[i + 1] = row
    end = int(np.argmin(table[n] + steps * 1e-3))
    return Alignment(float(table[n][end]), tuple(_trace(printed, keys, said, words, drop, table, end)))


def _meets(token: Token, key: int, said: NDArray[np.int64], words: Sequence[str]) -> Floats:
    """Cost of this token standing for each word said."""
    if token.kind is Kind.MASK:
        full = not any(token.inner)
        return np.array([_MASK if full or mask_fits(token, word) else 1.0 for word in words])
    if token.kind is Kind.PARTIAL:
        return np.array([_MASK if partial_fits(token, word) else 1.0 for word in words])
    return np.where(said == key, 0.0, 1.0) if key > 0 else np.ones(len(said))


def _trace(
    printed: Sequence[Token],
    keys: Sequence[int],
    said: NDArray[np.int64],
    words: Sequence[str],
    drop: Floats,
    table: Floats,
    end: int,
) -> list[Step]:
    """Steps back from the end, words that meet preferred to words left out."""
    steps: list[Step] = []
    i, j = len(printed), end
    while i > 0:
        token, here = printed[i - 1], table[i][j]
        if token.kind is Kind.ELLIPSIS:
            above = table[i - 1][: j + 1] + (j - np.arange(j + 1)) * _STEP + _STEP
            k = j - int(np.argmin(above[::-1]))
            steps.append(Step(Op.DECLARED, i - 1, k, j))
            i, j = i - 1, k
            continue
        found = _step(token, keys[i - 1], i, j, here, said, words, table)
        if found is not None:
            steps.append(found)
            i, j = i - 1, found.said
            continue
        k = _left_out(i, j, here, drop, table)
        steps.extend(Step(Op.DROPPED, -1, at, at + 1) for at in range(j - 1, k - 1, -1))
        j = k
    steps.reverse()
    return steps


def _step(
    token: Token,
    key: int,
    i: int,
    j: int,
    here: float,
    said: NDArray[np.int64],
    words: Sequence[str],
    table: Floats,
) -> Step | None:
    above = table[i - 1]
    if token.kind is Kind.BRACKET:
        for taken in range(min(BRACKET_TAKES, j) + 1):
            cost = _BRACKET * (1.0 + 0.5 * taken) if taken else _BRACKET
            if abs(above[j - taken] + cost - here) < 1e-9:
                return Step(Op.DECLARED, i - 1, j - taken, j)
        return None
    if j > 0:
        cost = float(_meets(token, key, said[j - 1 : j], words[j - 1 : j])[0])
        if abs(above[j - 1] + cost - here) < 1e-9:
            op = Op.SAME if cost == 0 else Op.DECLARED if cost < 1 else Op.REPLACED
            return Step(op, i - 1, j - 1, j)
    if abs(above[j] + 1.0 - here) < 1e-9:
        return Step(Op.ADDED, i - 1, j, j)
    return None


def _left_out(i: int, j: int, here: float, drop: Floats, table: Floats) -> int:
    """How far back the words said before j were left out: one by one, or in one leap."""
    if j > 0 and abs(table[i][j - 1] + drop[j - 1] - here) < 1e-9:
        return j - 1
    leaps = table[i][:j] + (j - np.arange(j)) * _STEP + _JUMP
    return int(np.argmin(leaps))
