"""English dates as they are said and as they are printed: "the nineteenth of November", "19 November", "November 19th".

Other languages here say a date in the order in which they print it, so that reading its number is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from onrecord.text.numbers import is_number, numerals

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT = {month[:3]: month for month in _MONTHS} | {"sept": "september"}
_DAYS = range(1, 32)
_LONGEST = 3
"""Keys that a day is looked for in: two in words ("thirty", "first"), and one to see that no longer number is meant."""

Day = tuple[int, str]


def _month_named(key: str) -> str:
    """The month that the key names in English, whole or short; else empty."""
    return key if key in _MONTHS else _SHORT.get(key, "")


def dates(keys: Sequence[str]) -> dict[Day, list[tuple[int, int]]]:
    """Where the keys name a day of a month: stretches by the day that they name, with and without "the"."""
    found: defaultdict[Day, list[tuple[int, int]]] = defaultdict(list)
    for at, key in enumerate(keys):
        month = _month_named(key)
        if not month:
            continue
        end = at - 1 if at and keys[at - 1] == "of" else at
        for first in range(max(0, end - _LONGEST), end):
            if days := _days(keys, first, end):
                if not first or not is_number(keys[first - 1]):  # else it is the end of another number
                    _add(found, keys, days, month, first, at + 1)
                break
        start = at + 2 if keys[at + 1 : at + 2] == ["the"] else at + 1
        for last in range(min(len(keys), start + _LONGEST), start, -1):
            if days := _days(keys, start, last):
                _add(found, keys, days, month, at, last)
                break
    return dict(found)


def _add(
    found: defaultdict[Day, list[tuple[int, int]]], keys: Sequence[str], days: set[int], month: str, low: int, high: int
) -> None:
    for day in days:
        found[day, month].append((low, high))
        if low and keys[low - 1] == "the":
            found[day, month].append((low - 1, high))


def _days(keys: Sequence[str], first: int, last: int) -> set[int]:
    """Days of a month that these keys may be, every one of them."""
    read = numerals(tuple(keys[first:last]))
    return {int(n.value) for n in read if n.kind in "no" and not n.unit and n.value in _DAYS}
