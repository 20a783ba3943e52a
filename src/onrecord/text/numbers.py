"""Numbers in words and in digits, compared by value (English, Ukrainian, Russian).

A stretch of keys is read as one numeral in every way that people read numbers aloud: "nineteen fifty-nine",
"two and a half million dollars", "half past five", "двадцять четвертого", "три с половиной процента".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

from onrecord.text.numerals import (
    HALVES,
    JOINERS,
    LOOSE,
    ONE_AND_A_HALF,
    SHORT_FORMS,
    TENTHS,
    UNITS,
    WHOLES,
    cardinal,
    decade,
    ordinal,
)

Atom = tuple[str, Decimal]
_DIGITS = re.compile(r"^(\d+(?:\.\d+)?)(st|nd|rd|th|s|m|k|bn|tn|-?[а-яіїєґ]{1,3})?$")
_CLOCK = re.compile(r"^(\d{1,2})[:.]([0-5]\d)$")
_LETTERS = {"k": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12}
_SIGNS = frozenset("$€£₴₽")
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Numeral:
    """`kind` is n(umber), o(rdinal), d(ecade), t(ime, in minutes) or ? for digits with a case ending.

    `ending` is that ending, or the last word of a numeral in words, or empty for bare digits.
    """

    kind: str
    value: Decimal
    unit: str
    ending: str


@lru_cache(maxsize=65536)
def is_number(key: str) -> bool:
    """True for a key that is a number or part of one, in digits or words; units, joiners and "oh" are not."""
    if key[:1].isdigit() or key in LOOSE:
        return True
    return key != "oh" and any(read(key) is not None for read in (cardinal, ordinal, decade))


def is_unit(key: str) -> bool:
    """True for a currency, a measure or percent in words or as a sign."""
    return key in UNITS or key == "percentage"


@lru_cache(maxsize=65536)
def is_number_part(key: str) -> bool:
    """True for a key that may stand inside a number: a number, its unit, or a joining word."""
    return is_number(key) or key == "oh" or key in UNITS or key in JOINERS or key in WHOLES or key in TENTHS


def same_number(said: Sequence[str], printed: Sequence[str], *, dated: bool = False) -> bool:
    """True if both are one number of the same value and unit, at least one of them in digits.

    `dated` says that a month or a year stands beside it, where bare digits may be an ordinal: "24 лютого".
    """
    if not any(key[:1].isdigit() for key in (*said, *printed)) or not _same_form(said[-1], printed[-1]):
        return False
    return any(_agree(a, b, dated) for a, b in product(numerals(tuple(said)), numerals(tuple(printed))))


@lru_cache(maxsize=16384)
def numerals(keys: tuple[str, ...]) -> frozenset[Numeral]:
    """All ways to read the keys, every one of them, as one number; empty if there is none."""
    bare, unit = _without_unit(keys)
    if not bare:
        return frozenset()
    found = [*_in_digits(bare, unit), *_money(keys)]
    atoms = [_atom(key) for key in bare]
    last = "" if bare[-1][:1].isdigit() else bare[-1]
    for kind, value in (*_in_words(bare, atoms), *_clock(bare, atoms)):
        found.append(Numeral(kind, value, unit, last))
    return frozenset(found)


def _agree(a: Numeral, b: Numeral, dated: bool) -> bool:
    if a.value != b.value or a.unit != b.unit:
        return False
    if "?" in (a.kind, b.kind):
        return not (a.ending and b.ending) or a.ending.endswith(b.ending) or b.ending.endswith(a.ending)
    if {a.kind, b.kind} == {"n", "o"}:
        return dated and not (a if a.kind == "n" else b).ending
    return a.kind == b.kind


def _same_form(said: str, printed: str) -> bool:
    """Words of measure at the end keep their form ("5 dollars", not "5 dollar"), unless one is an abbreviation."""
    if said == printed or said in SHORT_FORMS or printed in SHORT_FORMS:
        return True
    scales = [(found is not None and found[0] == "x") for found in (cardinal(said), cardinal(printed))]
    return not all(scales) and not (said in UNITS and printed in UNITS)


def _without_unit(keys: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    if keys[0] in _SIGNS:
        return keys[1:], UNITS[keys[0]]
    if keys[-2:] == ("per", "cent"):
        return keys[:-2], "percent"
    if keys[-1] in UNITS and keys[-1] not in _SIGNS and keys[-1] != "cent":
        return keys[:-1], UNITS[keys[-1]]
    return keys, ""


def _in_digits(keys: tuple[str, ...], unit: str) -> Iterator[Numeral]:
    if len(keys) == 1 and (match := _DIGITS.match(keys[0])):
        value, ending = Decimal(match[1]), match[2] or ""
        if ending in _LETTERS:
            if unit or ending != "m":
                yield Numeral("n", value * _LETTERS[ending], unit, "")
        elif ending in ("", "s", "st", "nd", "rd", "th"):
            yield Numeral({"": "n", "s": "d"}.get(ending, "o"), value, unit, "")
        else:
            yield Numeral("?", value, unit, ending.lstrip("-"))
    if len(keys) == 1 and (match := _CLOCK.match(keys[0])) and int(match[1]) <= 24:
        yield Numeral("t", Decimal(int(match[1]) * 60 + int(match[2])), unit, "")
    grouped = len(keys) > 1 and len(keys[0]) <= 3 and all(len(key) == 3 for key in keys[1:])
    if grouped and all(key.isdigit() for key in keys):
        yield Numeral("n", Decimal("".join(keys)), unit, "")


def _money(keys: tuple[str, ...]) -> Iterator[Numeral]:
    """ "Five dollars and fifty cents"."""
    if keys[-1] not in ("cents", "cent"):
        return
    at = next((n for n, key in enumerate(keys) if key in ("dollar", "dollars")), 0)
    whole = _cardinal([_atom(key) for key in keys[:at]])
    part = _cardinal([_atom(key) for key in keys[at + 1 : -1] if key != "and"])
    if at and whole is not None and part is not None and part < 100:
        yield Numeral("n", whole + part / 100, "dollar", keys[-1])


def _atom(key: str) -> Atom:
    """A number word or digits with their value; other words under their own name."""
    if re.fullmatch(r"\d+(?:\.\d+)?", key):
        return "D", Decimal(key)
    found = cardinal(key)
    return (found[0], Decimal(found[1])) if found else (key, Decimal(0))


def _in_words(keys: Sequence[str], atoms: Sequence[Atom]) -> Iterator[tuple[str, Decimal]]:
    value = _cardinal(atoms)
    if value is not None and (len(keys) > 1 or not keys[0].isdigit()):
        yield "n", value
    if last := ordinal(keys[-1]):
        counted = _cardinal([*atoms[:-1], (last[0], Decimal(last[1]))])
        if counted is not None:
            yield "o", counted
    yield from (("n", amount) for amount in _with_fraction(keys, atoms))
    yield from _read_out(keys, atoms)


def _cardinal(atoms: Sequence[Atom]) -> Decimal | None:
    """The value of a well-formed cardinal: "two hundred and sixty thousand"; None for anything else."""
    if not atoms:
        return None
    total, group, ceiling = Decimal(0), None, Decimal(10) ** 15
    digits = False
    for n, (kind, value) in enumerate(atoms):
        following = atoms[n + 1] if n + 1 < len(atoms) else ("", Decimal(0))
        if kind == "a":
            if n or following[0] != "x":
                return None
        elif kind == "and":
            if not n or atoms[n - 1][0] != "x" or following[0] != "n" or following[1] >= 100:
                return None
        elif kind == "D" and not n:
            group, digits = value, True
        elif kind == "n" and group is None:
            group = value
        elif kind == "n" and not digits and group is not None and _fits(group, value):
            group += value
        elif kind == "x" and value == 100 and (group is None or 0 < group < 100):
            group = Decimal(group or 1) * 100
        elif kind == "x" and 100 < value < ceiling and (group is not None or not total):
            total, group, ceiling = total + (1 if group is None else group) * value, None, value
            digits = False
        else:
            return None
    return total + (group or 0)


def _fits(group: Decimal, value: Decimal) -> bool:
    """Whether a word adds to those before it: "two hundred | six", "fifty | six", not "fifty | forty"."""
    if group >= 100 and group % 100 == 0:
        return 0 < value < 100
    return group % 100 >= 20 and group % 10 == 0 and 0 < value < 10


def _with_fraction(keys: Sequence[str], atoms: Sequence[Atom]) -> Iterator[Decimal]:
    """Decimals and halves, with a scale behind them."""
    end = len(keys)
    scale = Decimal(1)
    while end > 1 and atoms[end - 1][0] == "x" and atoms[end - 1][1] >= 1000:
        end -= 1
        scale *= atoms[end][1]
    head, rest = tuple(keys[:end]), list(atoms[:end])
    if "point" in head:
        at = head.index("point")
        whole = _cardinal(rest[:at]) if at else Decimal(0)
        places = [str(value) for kind, value in rest[at + 1 :] if kind == "n" and value < 10]
        if whole is not None and places and len(places) == end - at - 1:
            yield Decimal(f"{whole}.{''.join(places)}") * scale
        elif whole is not None and (part := _cardinal(rest[at + 1 :])) is not None and 10 <= part < 100:
            yield Decimal(f"{whole}.{part}") * scale
    for at, key in enumerate(head):
        if key in WHOLES and head[-1] in TENTHS:
            whole, part = _cardinal(rest[:at]), _cardinal(rest[at + 1 : -1])
            if whole is not None and part is not None:
                yield (whole + part / TENTHS[head[-1]]) * scale
    if head[-3:] == ("and", "a", "half") or (len(head) > 2 and head[-2] in ("с", "з", "із") and head[-1] in HALVES):
        whole = _cardinal(rest[: -3 if head[-1] == "half" else -2])
        if whole is not None:
            yield (whole + _HALF) * scale
    if head in (("half", "a"), ("half",), ("пів",)) and scale > 1:
        yield _HALF * scale
    if len(head) == 1 and head[0] in ONE_AND_A_HALF:
        yield Decimal("1.5") * scale


def _read_out(keys: Sequence[str], atoms: Sequence[Atom]) -> Iterator[tuple[str, Decimal]]:
    """Years, decades, and digits read one by one: "nineteen fifty-nine", "the nineties", "one oh five"."""
    last = decade(keys[-1])
    if last is not None:
        century = _cardinal(atoms[:-1]) if len(atoms) > 1 else Decimal(0)
        if century is not None and (not century or 10 <= century <= 99):
            yield "d", century * 100 + last
    if not all(kind == "n" for kind, _ in atoms) or len(atoms) < 2:
        return
    if len(atoms) >= 3 and all(value < 10 for _, value in atoms):
        yield "n", Decimal("".join(str(value) for _, value in atoms))
    for at in range(1, len(atoms)):
        first, second = _cardinal(atoms[:at]), _below_hundred(atoms[at:])
        if first is not None and second is not None and 1 <= first <= 99:
            yield "n", first * 100 + second


def _below_hundred(atoms: Sequence[Atom]) -> Decimal | None:
    """Two digits as they are read in years and times: "fifty-nine", "oh five"."""
    if len(atoms) == 2 and atoms[0][1] == 0 and atoms[1][1] < 10:
        return atoms[1][1]
    value = _cardinal(atoms)
    return value if value is not None and 10 <= value < 100 else None


def _clock(keys: Sequence[str], atoms: Sequence[Atom]) -> Iterator[tuple[str, Decimal]]:
    """Times of day in minutes: "five thirty", "half past five", "о п'ятій тридцять", "в половине шестого"."""
    hour = _hour(keys[-1])
    if len(keys) > 1:
        first = _hour(keys[0])
        minutes = _below_hundred(atoms[1:])
        if first is not None and minutes is not None and minutes < 60:
            yield "t", first * 60 + minutes
    if len(keys) == 2 and keys[1] == "o'clock" and (full := _hour(keys[0])) is not None:
        yield "t", full * 60
    if hour is not None and len(keys) > 1:
        lead = tuple(key for key in keys[:-1] if key not in ("a", "minutes"))
        if lead in (("половине",), ("половина",), ("половини",), ("половину",), ("пів", "на")):
            yield "t", (hour - 1) * 60 + 30
        if len(lead) > 1 and lead[-1] in ("past", "to"):
            part = {"half": Decimal(30), "quarter": Decimal(15)}.get(lead[0]) if len(lead) == 2 else None
            part = part or _cardinal([_atom(key) for key in lead[:-1]])
            if part is not None and part < 60 and not (lead[0] == "half" and lead[-1] == "to"):
                yield "t", hour * 60 + (part if lead[-1] == "past" else -part)


def _hour(key: str) -> Decimal | None:
    found = cardinal(key) or ordinal(key)
    value = Decimal(key) if key.isdigit() else Decimal(found[1]) if found and found[0] == "n" else None
    return value if value is not None and 1 <= value <= 24 else None
