"""A printed quotation laid over the words that were said, with what each declared edit stands for.

One dynamic programme over tokens (Needleman and Wunsch 1970, free ends on the record's side); a bracket takes
up a few words said, an ellipsis any number, and a long gap costs little more than a short one, so that a
splice shows as one gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from onrecord.text.calendar import dates
from onrecord.text.lexicon import FILLERS, is_calendar, is_false_start, is_month, is_negation
from onrecord.text.normalise import Kind, Token, mask_fits, partial_fits
from onrecord.text.numbers import is_number, is_number_part, numerals, same_number

BRACKET_TAKES = 6
_NOWHERE = -1
_ADD = 1.3
_REPLACE = 1.28
_NUMBER = 0.05
_OTHER_NUMBER = 1.4
_DROP = 0.8
_DROP_NEGATION = 0.45
_JUMP = 2.8
_STEP = 0.004
_BRACKET = 0.12
_MASK = 0.05
_CHEAP_DROP = 0.3

_LONGEST_NUMBER = 10

Floats = NDArray[np.float64]
Numbers = dict[int, list[tuple[int, int, int, float]]]


class Op(Enum):
    """How one printed token meets the words said."""

    SAME = "same"
    REPLACED = "replaced"
    ADDED = "added"
    DROPPED = "dropped"
    DECLARED = "declared"
    NUMBER = "number"


class Step(NamedTuple):
    """Printed token `printed` (-1 for none) over said tokens said..said_end (exclusive) of the window."""

    op: Op
    printed: int
    said: int
    said_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Steps in order; said tokens before the first and after the last are not part of the quotation."""

    cost: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Words said: the numbers of their keys, these as text, and which are not speech."""

    keys: Sequence[int]
    words: Sequence[str]
    silent: Sequence[bool]


def align(printed: Sequence[Token], keys: Sequence[int], windows: Sequence[Window]) -> list[Alignment]:
    """The cheapest way from each window to the printed tokens, whose key numbers are `keys`.

    All windows go through the table side by side: a column depends on none to its right, so what a shorter window
    is filled up with does not count.
    """
    n, sizes = len(printed), [len(window.keys) for window in windows]
    m = max(sizes)
    drops = [_drop_costs(window) for window in windows]
    steps: Floats = np.arange(m + 1, dtype=np.float64) * _STEP
    sums = np.zeros((len(windows), m + 1))
    for at, drop in enumerate(drops):
        np.cumsum(drop, out=sums[at, 1 : sizes[at] + 1])
    meets = _meetings(printed, keys, windows)
    shown = [token.key if token.kind is Kind.WORD else "" for token in printed]
    runs = _number_runs(shown)
    numbers = [_numbers(shown, runs, window.words) if runs else {} for window in windows]
    table = np.zeros((n + 1, len(windows), m + 1))
    room, met = np.empty((len(windows), m + 1)), np.empty((len(windows), m))
    for i, token in enumerate(printed):
        above, row = table[i], table[i + 1]
        if token.kind is Kind.ELLIPSIS:
            row[:] = np.minimum.accumulate(above - steps, axis=1) + steps + _STEP
            continue
        if token.kind is Kind.BRACKET:
            np.add(above, _BRACKET, out=row)
            for taken in range(1, min(BRACKET_TAKES, m) + 1):
                np.add(above[:, :-taken], _BRACKET * (1.0 + 0.5 * taken), out=met[:, taken - 1 :])
                np.minimum(row[:, taken:], met[:, taken - 1 :], out=row[:, taken:])
        else:
            np.add(above, _ADD, out=row)
            np.add(above[:, :-1], meets[i], out=met)
            np.minimum(row[:, 1:], met, out=row[:, 1:])
        for at, found in enumerate(numbers):
            for first, low, high, cost in found.get(i + 1, ()):
                row[at, high] = min(row[at, high], table[first, at, low] + cost)
        if i < n - 1:
            _leave_out(row, sums, 0.0, room)
            _leave_out(row, steps, _JUMP, room)
    return [
        _cheapest(printed, meets[:, at, :size].tolist(), drops[at], table[:, at, : size + 1], steps, numbers[at])
        for at, size in enumerate(sizes)
    ]


def _cheapest(
    printed: Sequence[Token],
    meets: Sequence[Sequence[float]],
    drop: Sequence[float],
    table: Floats,
    steps: Floats,
    numbers: Numbers,
) -> Alignment:
    end = int(np.argmin(table[-1] + steps[: table.shape[1]] * 1e-3))
    lines = table.tolist()
    return Alignment(lines[-1][end], tuple(_trace(printed, meets, drop, lines, end, numbers)))


def least_costs(printed: Sequence[Token], keys: Sequence[int], windows: Sequence[Sequence[int]]) -> list[float]:
    """No alignment with a window costs less: words that it has not in this order must be replaced or added."""
    counted = [
        key
        for key, token in zip(keys, printed, strict=True)
        if token.kind is Kind.WORD and not is_number_part(token.key)
    ]
    return [min(_REPLACE, _ADD) * (len(counted) - LCSseq.similarity(counted, window)) for window in windows]


def _leave_out(row: Floats, sums: Floats, once: float, room: Floats) -> None:
    """Improve a row by leaving out words said: each costs what `sums` grows by there, and all of them `once`."""
    np.subtract(row, sums, out=room)
    np.minimum.accumulate(room, axis=1, out=room)
    room += sums
    if once:
        room += once
    np.minimum(row, room, out=row)


def _drop_costs(window: Window) -> list[float]:
    """Cost of leaving each word out."""
    costs = list(map(_drop_cost, window.words))
    if any(window.silent):
        return [_CHEAP_DROP if silent else cost for silent, cost in zip(window.silent, costs, strict=True)]
    return costs


@lru_cache(maxsize=1 << 16)
def _drop_cost(word: str) -> float:
    """Low for a negation: that it was left out explains more than any other reading of the same words."""
    if word in FILLERS or is_false_start(word):
        return _CHEAP_DROP
    return _DROP_NEGATION if is_negation(word) else _DROP


def _meetings(printed: Sequence[Token], keys: Sequence[int], windows: Sequence[Window]) -> Floats:
    """Cost of each printed token standing for each word said, a row a window."""
    wanted = np.array([key if key > 0 else _NOWHERE for key in keys])
    width = max(len(window.keys) for window in windows)
    said = np.array([[*window.keys, *[0] * (width - len(window.keys))] for window in windows])
    meets: Floats = np.where(wanted[:, None, None] == said[None, :, :], 0.0, _REPLACE)
    for i, token in enumerate(printed):
        if token.kind in (Kind.MASK, Kind.PARTIAL):
            for at, window in enumerate(windows):
                meets[i, at, : len(window.words)] = [_masked(token, word) for word in window.words]
    return meets


def _masked(token: Token, word: str) -> float:
    """Cost of a word said standing under a mask, or being one with letters in brackets."""
    if token.kind is Kind.PARTIAL:
        return _MASK if partial_fits(token, word) else _REPLACE
    if word == token.key:
        return 0.0
    return _MASK if not any(token.inner) or mask_fits(token, word) else _REPLACE


def _trace(
    printed: Sequence[Token],
    meets: Sequence[Sequence[float]],
    drop: Sequence[float],
    table: Sequence[Sequence[float]],
    end: int,
    numbers: Numbers,
) -> list[Step]:
    """Steps back from the end, words that meet preferred to words left out."""
    steps: list[Step] = []
    i, j = len(printed), end
    while i > 0:
        token, here = printed[i - 1], table[i][j]
        if token.kind is Kind.ELLIPSIS:
            above = np.array(table[i - 1][: j + 1]) + (j - np.arange(j + 1)) * _STEP + _STEP
            k = j - int(np.argmin(above[::-1]))
            steps.append(Step(Op.DECLARED, i - 1, k, j))
            i, j = i - 1, k
            continue
        number = next((x for x in numbers.get(i, ()) if x[2] == j and _near(table[x[0]][x[1]] + x[3], here)), None)
        if number is not None:
            first, low, high, cost = number
            op = Op.NUMBER if cost == _NUMBER else Op.REPLACED
            steps.extend(Step(op, at, high, high) for at in range(i - 1, first, -1))
            steps.append(Step(op, first, low, high))
            i, j = first, low
            continue
        found = _step(token, meets[i - 1], i, j, here, table[i - 1])
        if found is not None:
            steps.append(found)
            i, j = i - 1, found.said
            continue
        k = _left_out(j, here, drop, table[i])
        steps.extend(Step(Op.DROPPED, -1, at, at + 1) for at in range(j - 1, k - 1, -1))
        j = k
    steps.reverse()
    return steps


def _numbers(shown: Sequence[str], shown_runs: Sequence[tuple[int, int]], words: Sequence[str]) -> Numbers:
    """Where a number may stand for one said: by end of its printed tokens: their start, its span said, the cost.

    One number written differently costs little, another number in its place as much as another word.
    """
    found: Numbers = {}
    spoken: dict[Decimal, list[tuple[int, int]]] = {}
    for low, high in _number_runs(words):
        for a, b in _spans(low, high):
            for value in {numeral.value for numeral in numerals(tuple(words[a:b]))}:
                spoken.setdefault(value, []).append((a, b))
    for low, high in shown_runs:
        for p, q in _spans(low, high):
            values = {numeral.value for numeral in numerals(tuple(shown[p:q]))}
            dated = (q < len(shown) and is_calendar(shown[q])) or (p > 0 and is_month(shown[p - 1]))
            for a, b in sorted({span for value in values for span in spoken.get(value, ())}):
                said = words[a:b]
                if _digits_differ(said, shown[p:q]) and same_number(said, shown[p:q], dated=dated):
                    found.setdefault(q, []).append((p, a, b, _NUMBER))
    printed_dates = dates(shown)
    told = dates(words) if printed_dates else {}
    for day, spans in printed_dates.items():
        for p, q in spans:
            for a, b in told.get(day, ()):
                if words[a:b] != shown[p:q] and any(key[:1].isdigit() for key in (*words[a:b], *shown[p:q])):
                    found.setdefault(q, []).append((p, a, b, _NUMBER))
    whole = [span for low, high in _number_runs(words) for span in _whole_numbers(words, low, high)]
    for low, high in shown_runs:
        for p, q in _whole_numbers(shown, low, high):
            for a, b in whole:
                if b - a > 1 or q - p > 1:
                    found.setdefault(q, []).append((p, a, b, _OTHER_NUMBER))
    return found


def _whole_numbers(keys: Sequence[str], low: int, high: int) -> Iterator[tuple[int, int]]:
    """The longest parts of a run that are one number each."""
    at = low
    while at < high:
        ends = range(min(high, at + _LONGEST_NUMBER), at, -1)
        end = next((end for end in ends if numerals(tuple(keys[at:end]))), at)
        if end > at:
            yield at, end
        at = max(end, at + 1)


def _digits_differ(said: Sequence[str], shown: Sequence[str]) -> bool:
    """True if the two differ in digits, not in words alone ("1 billion", "1 billions")."""
    first = next((n for n, (a, b) in enumerate(zip(said, shown, strict=False)) if a != b), min(len(said), len(shown)))
    rest = said[first:], shown[first:]
    while rest[0] and rest[1] and rest[0][-1] == rest[1][-1]:
        rest = rest[0][:-1], rest[1][:-1]
    return any(key[:1].isdigit() for side in rest for key in side)


def _number_runs(keys: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches of keys that may belong to a number and hold one."""
    runs: list[tuple[int, int]] = []
    first = 0
    for at in range(len(keys) + 1):
        if at == len(keys) or not is_number_part(keys[at]):
            if any(is_number(key) for key in keys[first:at]):
                runs.append((first, at))
            first = at + 1
    return runs


def _spans(low: int, high: int) -> Iterator[tuple[int, int]]:
    """Parts of a run that may be one number."""
    for a in range(low, high):
        for b in range(a + 1, min(high, a + _LONGEST_NUMBER) + 1):
            yield a, b


def _near(a: float, b: float) -> bool:
    return abs(a - b) < 1e-9


def _step(token: Token, meets: Sequence[float], i: int, j: int, here: float, above: Sequence[float]) -> Step | None:
    if token.kind is Kind.BRACKET:
        for taken in range(min(BRACKET_TAKES, j) + 1):
            cost = _BRACKET * (1.0 + 0.5 * taken) if taken else _BRACKET
            if abs(above[j - taken] + cost - here) < 1e-9:
                return Step(Op.DECLARED, i - 1, j - taken, j)
        return None
    if j > 0:
        cost = meets[j - 1]
        if abs(above[j - 1] + cost - here) < 1e-9:
            op = Op.SAME if cost == 0 else Op.DECLARED if cost < 1 else Op.REPLACED
            return Step(op, i - 1, j - 1, j)
    if abs(above[j] + _ADD - here) < 1e-9:
        return Step(Op.ADDED, i - 1, j, j)
    return None


def _left_out(j: int, here: float, drop: Sequence[float], row: Sequence[float]) -> int:
    """How far back the words said before j were left out: one by one, or in one leap."""
    if j > 0 and abs(row[j - 1] + drop[j - 1] - here) < 1e-9:
        return j - 1
    return min(range(j), key=lambda k: row[k] + (j - k) * _STEP + _JUMP)
