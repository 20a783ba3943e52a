"""Numbers in words and in digits, compared by value (English, Ukrainian, Russian)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

_ENGLISH = {
    "zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SLAVIC = (
    (r"нуль|ноль|нуля", 0), (r"од(ин|на|не|ного|ній|ному|ну)|один|одна|одно|одного|одной|одному|одну", 1),
    (r"дв(а|і|ох|ом|ома|е|ух|ум|умя)", 2), (r"тр(и|ьох|ьом|ьома|ех|ем|емя)", 3),
    (r"чотир(и|ьох|ьом|ма)|четыр(е|ех|ем|ьмя)", 4), (r"п'ят(ь|и|ьма|ьох)|пят(ь|и|ью)", 5),
    (r"ш(ість|ести|істьма|істьох)|шест(ь|и|ью)", 6), (r"с(ім|еми|ьома|імох)|сем(ь|и|ью)", 7),
    (r"в(ісім|осьми|ісьмома)|вос(емь|ьми|емью)", 8), (r"дев'ят(ь|и|ьма|ьох)|девят(ь|и|ью)", 9),
    (r"десят(ь|и|ьма|ьох|ью)", 10), (r"одинадцят(ь|и|ьох)|одиннадцат(ь|и|ью)", 11),
    (r"дванадцят(ь|и|ьох)|двенадцат(ь|и|ью)", 12), (r"тринадцят(ь|и|ьох)|тринадцат(ь|и|ью)", 13),
    (r"чотирнадцят(ь|и|ьох)|четырнадцат(ь|и|ью)", 14), (r"п'ятнадцят(ь|и|ьох)|пятнадцат(ь|и|ью)", 15),
    (r"шістнадцят(ь|и|ьох)|шестнадцат(ь|и|ью)", 16), (r"сімнадцят(ь|и|ьох)|семнадцат(ь|и|ью)", 17),
    (r"вісімнадцят(ь|и|ьох)|восемнадцат(ь|и|ью)", 18), (r"дев'ятнадцят(ь|и|ьох)|девятнадцат(ь|и|ью)", 19),
    (r"двадцят(ь|и|ьох)|двадцат(ь|и|ью)", 20), (r"тридцят(ь|и|ьох)|тридцат(ь|и|ью)", 30),
    (r"сорок|сорока", 40), (r"п'ятдесят|п'ятдесяти|пятьдесят|пятидесяти", 50),
    (r"шістдесят|шістдесяти|шестьдесят|шестидесяти", 60), (r"сімдесят|сімдесяти|семьдесят|семидесяти", 70),
    (r"вісімдесят|вісімдесяти|восемьдесят|восьмидесяти", 80),
    (r"дев'яносто|дев'яноста|девяносто|девяноста", 90),
    (r"сто|ста", 100), (r"двісті|двохсот|двести|двухсот", 200), (r"триста|трьохсот|трехсот", 300),
    (r"чотириста|чотирьохсот|четыреста|четырехсот", 400), (r"п'ятсот|п'ятисот|пятьсот|пятисот", 500),
    (r"шістсот|шестисот|шестьсот", 600), (r"сімсот|семисот|семьсот", 700),
    (r"вісімсот|восьмисот|восемьсот", 800), (r"дев'ятсот|дев'ятисот|девятьсот|девятисот", 900),
)  # fmt: skip
_SLAVIC_SCALES = (
    (r"тисяч(а|і|у|ам|ами|ах|ею)?|тысяч(а|и|у|ам|ами|ах|ей)?|тис|тыс", 1000),
    (r"мільйон(а|и|ів|у|ам)?|миллион(а|ы|ов|у|ам)?|млн", 10**6),
    (r"мільярд(а|и|ів|у|ам)?|миллиард(а|ы|ов|у|ам)?|млрд", 10**9),
)
_UNITS = {
    "$": "dollar", "dollar": "dollar", "dollars": "dollar", "долар": "dollar", "доларів": "dollar",
    "долари": "dollar", "долара": "dollar", "доллар": "dollar", "долларов": "dollar", "доллара": "dollar",
    "€": "euro", "euro": "euro", "euros": "euro", "євро": "euro", "евро": "euro",
    "£": "pound", "pound": "pound", "pounds": "pound",
    "%": "percent", "percent": "percent", "per": "percent", "cent": "percent", "відсотків": "percent",
    "відсотка": "percent", "відсотки": "percent", "відсоток": "percent", "процентов": "percent",
    "процента": "percent", "процент": "percent", "проценти": "percent", "процентів": "percent",
    "₴": "hryvnia", "грн": "hryvnia", "гривень": "hryvnia", "гривні": "hryvnia", "гривня": "hryvnia",
    "₽": "ruble", "руб": "ruble", "рублей": "ruble", "рубля": "ruble", "рубль": "ruble",
}  # fmt: skip
_JOINERS = frozenset(["and", "a", "№", "-"])
_DIGITS = re.compile(r"^(\d+(?:\.\d+)?)(st|nd|rd|th|s)?$")

Number = tuple[str, Decimal]


@lru_cache(maxsize=65536)
def is_number(key: str) -> bool:
    """True for a key that is a number or part of one, in digits or words; units and joiners are not."""
    return key[:1].isdigit() or _value(key) is not None


def is_unit(key: str) -> bool:
    """True for a currency or percent in words or as a sign."""
    return key in _UNITS


def is_number_part(key: str) -> bool:
    """True for a key that may stand inside a number: a number, its unit, or a joining word."""
    return is_number(key) or key in _UNITS or key in _JOINERS


def same_number(said: Sequence[str], printed: Sequence[str]) -> bool:
    """True if both are wholly numbers of one value and one unit, at least one of them in digits."""
    if not any(key[:1].isdigit() for key in (*said, *printed)):
        return False
    if not (any(map(is_number, said)) and any(map(is_number, printed))):
        return False
    if not all(map(is_number_part, (*said, *printed))):
        return False
    return _units(said) == _units(printed) and bool(readings(said) & readings(printed))


def readings(keys: Sequence[str]) -> frozenset[tuple[Number, ...]]:
    """All ways to read the keys as numbers: one after another, as a year, as digits read out."""
    sequence = _sequence([key for key in keys if key not in _UNITS])
    if not sequence:
        return frozenset()
    result = {sequence}
    kinds = {kind for kind, _ in sequence}
    last = sequence[-1][0]
    if kinds <= {"n", last} and len(sequence) > 1 and all(v == v.to_integral_value() for _, v in sequence):
        values = [int(v) for _, v in sequence]
        if 10 <= values[0] <= 99 and all(v < 100 for v in values):
            if len(values) == 2 and values[1] >= 10:
                result.add(((last, Decimal(values[0] * 100 + values[1])),))
            if len(values) == 3 and values[1] == 0 and values[2] < 10:
                result.add(((last, Decimal(values[0] * 100 + values[2])),))
        joined = "".join(map(str, values))
        if 3 <= len(values) <= 30 and all(v < 10 for v in values):
            result.add(((last, Decimal(joined)),))
    return frozenset(result)


def _units(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(_UNITS[key] for key in keys if key in _UNITS)


@lru_cache(maxsize=65536)
def _value(key: str) -> tuple[str, int] | None:
    """(`n`umber, `o`rdinal, `d`ecade or `x` scale, value) of one word."""
    if key in _ENGLISH:
        return "n", _ENGLISH[key]
    if key in _ORDINALS:
        return "o", _ORDINALS[key]
    singular = key.removesuffix("s")
    if singular in _SCALES:
        return "x", _SCALES[singular]
    if key.endswith("ies") and key[:-3] + "y" in _ENGLISH:
        return "d", _ENGLISH[key[:-3] + "y"]
    if key[:1] > "\u0400":
        for table, kind in ((_SLAVIC, "n"), (_SLAVIC_SCALES, "x")):
            for pattern, value in table:
                if re.fullmatch(pattern, key):
                    return kind, value
    return None


def _sequence(keys: Sequence[str]) -> tuple[Number, ...]:
    """Greedy reading: words add up while each is smaller than what came before, scales multiply."""
    result: list[Number] = []
    total, current, last, kind = Decimal(0), Decimal(0), Decimal(10) ** 15, "n"
    begun = False

    def flush() -> None:
        nonlocal total, current, last, kind, begun
        if begun:
            result.append((kind, total + current))
        total, current, last, kind, begun = Decimal(0), Decimal(0), Decimal(10) ** 15, "n", False

    for key in keys:
        if match := _DIGITS.match(key):
            flush()
            current, begun, last = Decimal(match[1]), True, Decimal(0)
            kind = {"s": "d", None: "n"}.get(match[2], "o")
            continue
        value = _value(key)
        if value is None:
            if key not in _JOINERS:
                flush()
            continue
        word_kind, amount = value
        if word_kind == "x" or (word_kind == "o" and amount >= 100):
            base = current if begun and current else Decimal(1)
            if amount == 100:
                current = base * 100
                last = Decimal(100)
            else:
                total, current = total + base * amount, Decimal(0)
                last = Decimal(amount)
            begun = True
        else:
            fits = begun and kind == "n" and (last >= 100 or (20 <= last < 100 and 0 < amount < 10))
            if not (fits and amount < last):
                flush()
            current += amount
            last, begun = Decimal(amount), True
        if word_kind in "od":
            kind = word_kind
    flush()
    return tuple(result)
