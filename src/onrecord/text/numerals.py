"""The words of numbers in English, Ukrainian and Russian, in all their cases."""

from __future__ import annotations

import re
from functools import lru_cache

_ENGLISH = {
    "zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ENGLISH_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
    "hundredth": 100, "thousandth": 1000, "millionth": 10**6,
}  # fmt: skip
_ENGLISH_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SLAVIC = (
    (r"нуль|ноль|нуля", 0), (r"од(ин|на|не|ного|ній|ному|ну|нієї|нією|ним)|один|одна|одно|одного|одной|одному|одну", 1),
    (r"дв(а|і|ох|ом|ома|е|ух|ум|умя)", 2), (r"тр(и|ьох|ьом|ьома|ех|ем|емя)", 3),
    (r"чотир(и|ьох|ьом|ма)|четыр(е|ех|ем|ьмя)", 4), (r"п'ят(ь|и|ьма|ьох|ьом)|пят(ь|и|ью)", 5),
    (r"ш(ість|ести|істьма|істьох|істьом)|шест(ь|и|ью)", 6), (r"с(ім|еми|ьома|імох|імома)|сем(ь|и|ью)", 7),
    (r"в(ісім|осьми|ісьмома|осьмома|ісьмох)|вос(емь|ьми|емью|ьмью)", 8),
    (r"дев'ят(ь|и|ьма|ьох)|девят(ь|и|ью)", 9), (r"десят(ь|и|ьма|ьох|ью)", 10),
    (r"одинадцят(ь|и|ьох|ьма)|одиннадцат(ь|и|ью)", 11), (r"дванадцят(ь|и|ьох|ьма)|двенадцат(ь|и|ью)", 12),
    (r"тринадцят(ь|и|ьох|ьма)|тринадцат(ь|и|ью)", 13), (r"чотирнадцят(ь|и|ьох|ьма)|четырнадцат(ь|и|ью)", 14),
    (r"п'ятнадцят(ь|и|ьох|ьма)|пятнадцат(ь|и|ью)", 15), (r"шістнадцят(ь|и|ьох|ьма)|шестнадцат(ь|и|ью)", 16),
    (r"сімнадцят(ь|и|ьох|ьма)|семнадцат(ь|и|ью)", 17), (r"вісімнадцят(ь|и|ьох|ьма)|восемнадцат(ь|и|ью)", 18),
    (r"дев'ятнадцят(ь|и|ьох|ьма)|девятнадцат(ь|и|ью)", 19), (r"двадцят(ь|и|ьох|ьма)|двадцат(ь|и|ью)", 20),
    (r"тридцят(ь|и|ьох|ьма)|тридцат(ь|и|ью)", 30), (r"сорок|сорока", 40),
    (r"п'ятдесят(и|ьох|ьма)?|пятьдесят|пятидесяти|пятьюдесятью", 50),
    (r"шістдесят(и|ьох|ьма)?|шестьдесят|шестидесяти", 60), (r"сімдесят(и|ьох|ьма)?|семьдесят|семидесяти", 70),
    (r"вісімдесят(и|ьох|ьма)?|восемьдесят|восьмидесяти", 80), (r"дев'яносто|дев'яноста|девяносто|девяноста", 90),
    (r"сто|ста", 100), (r"двісті|двохсот|двомстам|двести|двухсот|двумстам", 200),
    (r"триста|трьохсот|трьомстам|трехсот|тремстам", 300), (r"чотириста|чотирьохсот|четыреста|четырехсот", 400),
    (r"п'ятсот|п'ятисот|пятьсот|пятисот", 500), (r"шістсот|шестисот|шестьсот", 600),
    (r"сімсот|семисот|семьсот", 700), (r"вісімсот|восьмисот|восемьсот", 800),
    (r"дев'ятсот|дев'ятисот|девятьсот|девятисот", 900),
)  # fmt: skip
_SLAVIC_SCALES = (
    (r"тисяч(а|і|у|ам|ами|ах|ею)?|тысяч(а|и|у|е|ам|ами|ах|ей|ью)?|тис|тыс", 1000),
    (r"мільйон(а|и|ів|у|ам|ами|ах|ом)?|миллион(а|ы|ов|у|ам|ами|ах|ом)?|млн", 10**6),
    (r"мільярд(а|и|ів|у|ам|ами|ах|ом)?|миллиард(а|ы|ов|у|ам|ами|ах|ом)?|млрд", 10**9),
    (r"трильйон(а|и|ів|у)?|триллион(а|ы|ов|у)?|трлн", 10**12),
)
_ADJECTIVE = (
    "(?:ий|ій|а|я|е|є|ього|ого|ої|ьої|ьому|ому|у|ю|им|ім|ою|ьою|і|их|іх|ими|іми|ый|ой|ая|ое|ого|ому|ым|ую|ом|ые|ых|ыми"
    "|ья|ье|ьего|ьей|ьему|ью|ьим|ьем|ьи|ьих|ьими)"
)
_SLAVIC_ORDINALS = tuple(
    (f"(?:{stems}){_ADJECTIVE}", value)
    for stems, value in (
        ("перш|перв", 1), ("друг|втор", 2), ("трет", 3), ("четверт", 4), ("п'ят|пят", 5), ("шост|шест", 6),
        ("сьом|седьм", 7), ("восьм", 8), ("дев'ят|девят", 9), ("десят", 10), ("одинадцят|одиннадцат", 11),
        ("дванадцят|двенадцат", 12), ("тринадцят|тринадцат", 13), ("чотирнадцят|четырнадцат", 14),
        ("п'ятнадцят|пятнадцат", 15), ("шістнадцят|шестнадцат", 16), ("сімнадцят|семнадцат", 17),
        ("вісімнадцят|восемнадцат", 18), ("дев'ятнадцят|девятнадцат", 19), ("двадцят|двадцат", 20),
        ("тридцят|тридцат", 30), ("сороков", 40), ("п'ятдесят|пятидесят", 50), ("шістдесят|шестидесят", 60),
        ("сімдесят|семидесят", 70), ("вісімдесят|восьмидесят", 80), ("дев'яност|девяност", 90), ("сот", 100),
        ("двохсот|двухсот", 200), ("тисячн|тысячн", 1000), ("двохтисячн|двухтысячн", 2000),
    )
)  # fmt: skip
_UNITS = {
    "dollar": "$ dollar dollars долар долари долара доларів доларам доларами доллар доллара доллары долларов долларам",
    "euro": "€ euro euros євро евро",
    "pound": "£ pound pounds",
    "percent": "% percent cent процент процента проценты процентов процентам проценти процентів відсоток відсотка "
    "відсотки відсотків відсоткам",
    "hryvnia": "₴ грн гривня гривні гривень гривню гривнями",
    "ruble": "₽ руб рубль рубля рубли рублей рублями",
    "kilometre": "km kilometre kilometres kilometer kilometers км кілометр кілометра кілометри кілометрів километр "
    "километра километры километров",
    "kilogram": "kg kilogram kilograms kilo kilos кг кілограм кілограма кілограми кілограмів килограмм килограмма "
    "килограммы килограммов",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_SHORT_FORMS = "$ € £ % ₴ ₽ cent percent грн руб km kg км кг тис тыс млн млрд трлн"
SHORT_FORMS = frozenset(_SHORT_FORMS.split())
HALVES = frozenset(
    ["half", "пів", "половина", "половині", "половини", "половине", "половиной", "половины", "половиною"]
)
ONE_AND_A_HALF = frozenset(["півтора", "півтори", "полтора", "полторы", "полутора"])
WHOLES = frozenset(["цілих", "ціла", "цілі", "целых", "целая"])
TENTHS = {"десятих": 10, "десята": 10, "десятых": 10, "десятая": 10, "сотих": 100, "сота": 100, "сотых": 100}
JOINERS = frozenset(["and", "a", "point", "past", "to", "quarter", "minutes", "o'clock", "с", "з", "із", "на", "per"])
# Words of quantity that are not numbers, but say as much.
LOOSE = ONE_AND_A_HALF | HALVES


_Table = tuple[tuple[str, int], ...]


@lru_cache(maxsize=65536)
def cardinal(key: str) -> tuple[str, int] | None:
    """(`n` or `x` for a scale that multiplies, value) of a cardinal word."""
    if key in _ENGLISH:
        return "n", _ENGLISH[key]
    singular = key.removesuffix("s")
    if singular in _ENGLISH_SCALES:
        return "x", _ENGLISH_SCALES[singular]
    return _slavic(key, ((_SLAVIC, "n"), (_SLAVIC_SCALES, "x")))


@lru_cache(maxsize=65536)
def ordinal(key: str) -> tuple[str, int] | None:
    """(`n` or `x`, value) of an ordinal word: as a cardinal would count."""
    if key in _ENGLISH_ORDINALS:
        value = _ENGLISH_ORDINALS[key]
        return ("x" if value >= 100 else "n"), value
    found = _slavic(key, ((_SLAVIC_ORDINALS, "n"),))
    return ("x", found[1]) if found and found[1] == 1000 else found


def decade(key: str) -> int | None:
    """90 for "nineties"."""
    return _ENGLISH.get(key[:-3] + "y") if key.endswith("ies") else None


def _slavic(key: str, tables: tuple[tuple[_Table, str], ...]) -> tuple[str, int] | None:
    if key[:1] > "\u0400":
        for table, kind in tables:
            if (match := _one_of(table).fullmatch(key)) and match.lastgroup:
                return kind, table[int(match.lastgroup[1:])][1]
    return None


@lru_cache(maxsize=8)
def _one_of(table: _Table) -> re.Pattern[str]:
    """One pattern for all of a table, the earlier entry first; its group says which."""
    return re.compile("|".join(f"(?P<n{n}>{pattern})" for n, (pattern, _) in enumerate(table)))
