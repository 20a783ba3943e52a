"""Words brought to the form in which they are compared, and the declared edits marked in printed text.

A key is a word without case, outer punctuation and typographic variants; English contractions are cut
("don't" → do, n't) so that a bracket may stand for half of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′＇ʹ", "'"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_ACUTE = "\u0301"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212-"
_WORD = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*(?:[^\W\d_]{1,3}(?!\w)|[-\u2010\u2011][\u0430-\u0457\u0491]{1,3}(?!\w))?)"
    r"|(?P<initials>(?<![\w.])[^\W\d_](?:\.[^\W\d_])+\.?(?!\w))"
    r"|(?P<starred>[^\W\d_]+\*+[^\W\d_]*(?:\*+[^\W\d_]*)*)"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)(?P<cut>[\u2010\u2011-](?=[\s,.;:!?…\u2013\u2014)\]]|$))?"
    r"|(?P<clitic>'(?:s|re|ve|ll|d|m)\b)"
    r"|(?P<sign>[$€£₴₽%&№])"
)
_PLAIN_WORD = re.compile(r"([A-Za-z]+|[А-Яа-яЁёІіЇїЄєҐґ]+)[.,;:!?]*")
_PLAIN_LINE = re.compile(rf"^(?:{_PLAIN_WORD.pattern}|.*)$", re.MULTILINE)
"""Nine written words in ten; they need none of the care that `_WORD` takes."""
_CLITIC = re.compile(r"^([a-z]+)(n't|'(?:s|re|ve|ll|d|m))$")
KEY_RULES = (_WORD.pattern, _CLITIC.pattern)
"""What an index made by other rules is told by."""
_SIGNS = {"&": "and"}
_GLUED_UNIT = re.compile(r"^(\d[\d.,:]*)(am|pm|km|kg|cm|mm|mph|lbs?|км|кг|см|мм|грн|руб)$")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FIRST_DOTLESS = re.compile(r"(?<!\w)ı")
"""A capital I is either letter in Turkish: where a word begins, the two are alike."""
_FRACTION = re.compile(r"(\d?)([½¼¾])")
_ELLIPSIS = r"[\[(<]\s*(?:…|\.\s?\.\s?\.(?:\s?\.)?)\s*[\])>]|…|\.\s?\.\s?\.(?:\s?\.)?"
_PRINTED = re.compile(
    rf"(?P<ellipsis>{_ELLIPSIS})"
    r"|(?P<partial>[^\W\d_]+\[[^\W\d_']{1,12}\][^\W\d_]*|\[[^\W\d_]{1,12}\][^\W\d_]+)"
    r"|(?P<bracket>\[[^\[\]]{1,300}\])"
    r"|(?P<mask>[^\W\d_]+(?:\*+|[•#@]{2,}|_{2,}|-{2,})[^\W\d_]*(?:[*•]+[^\W\d_]*)*"
    r"|\*{3,}|(?<![\w'])[^\W\d_][\u2013\u2014]{1,3}(?![\w]))"
    r"|" + _WORD.pattern
)
_ANY_LENGTH = 3
_LONE_LETTERS = frozenset("iaoіявувзскоаийжбx")
_EXPLETIVE_WORDS = (
    "expletive expletives bleep bleeped curse swearword profanity obscenity redacted masked censored "
    "name number address deleted inaudible мат лайка нецензурно нецензурна брань ім'я имя номер "
    "адреса адрес"
)
_EXPLETIVES = frozenset(_EXPLETIVE_WORDS.split())


class Kind(Enum):
    """What a printed token is."""

    WORD = "word"
    ELLIPSIS = "ellipsis"
    BRACKET = "bracket"
    MASK = "mask"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Token:
    """One comparable piece of a printed text with its offsets there.

    `inner` holds the keys inside a bracket, or the parts in clear of a masked or half-bracketed word.
    """

    kind: Kind
    key: str
    start: int
    end: int
    inner: tuple[str, ...] = ()
    hidden: int = 0

    @property
    def stands_for_mask(self) -> bool:
        """True for `[expletive]`, `[name]` and the like."""
        return self.kind is Kind.BRACKET and any(word in _EXPLETIVES for word in self.inner)


def fold(text: str) -> str:
    """Text without case and typographic variants; its length may differ from the original's."""
    if text.isascii():
        return text.casefold()
    text = _FRACTION.sub(lambda match: (match[1] or "0") + _FRACTIONS[match[2]], text)
    decomposed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_APOSTROPHES)
    if _ACUTE in unicodedata.normalize("NFD", decomposed):
        decomposed = _without_stress(decomposed)
    return _FIRST_DOTLESS.sub("i", decomposed.casefold().replace("ё", "е").replace("i\u0307", "i"))


@lru_cache(maxsize=1 << 16)
def word_keys(text: str) -> tuple[str, ...]:
    """Keys of one written word as a transcript has it: "don't" → do, n't; "self-esteem" → self, esteem."""
    if plain := _PLAIN_WORD.fullmatch(text):
        return (plain[1].casefold().replace("ё", "е"),)
    return _word_keys(text)


def keys_of_plain(texts: Sequence[str]) -> list[str]:
    """For each word its one key, or an empty string where only `word_keys` can tell: all of them in one pass."""
    lines = "\n".join(texts)
    if lines.count("\n") >= max(1, len(texts)):
        return [""] * len(texts)
    plain = "\n".join(_PLAIN_LINE.findall(lines)) if texts else ""
    return plain.casefold().replace("ё", "е").split("\n")[: len(texts)]


def _word_keys(text: str) -> tuple[str, ...]:
    keys: list[str] = []
    for match in _WORD.finditer(fold(text)):
        keys.extend(_keys(match))
    return tuple(keys)


def printed_tokens(text: str) -> tuple[Token, ...]:
    """Tokens of a printed quotation with declared edits told apart; offsets are into `text` as given."""
    clean, places = _aligned(text)
    tokens: list[Token] = []
    for match in _PRINTED.finditer(clean):
        start, end = places[match.start()], places[match.end() - 1] + 1
        if match["ellipsis"]:
            tokens.append(Token(Kind.ELLIPSIS, "…", start, end))
        elif match["bracket"]:
            inner = tuple(key for word in match["bracket"].split() for key in word_keys(word))
            tokens.append(Token(Kind.BRACKET, match["bracket"], start, end, inner))
        elif match["partial"]:
            whole = re.sub(r"[\[\]]", "", match["partial"])
            shown = tuple(re.split(r"\[[^\]]*\]", match["partial"]))
            tokens.append(Token(Kind.PARTIAL, whole, start, end, shown))
        elif match["mask"] and not _is_cut_off(match["mask"]):
            shown = tuple(re.split(r"[^\w]+|_+", match["mask"]))
            tokens.append(Token(Kind.MASK, match["mask"], start, end, shown, _hidden(match["mask"])))
        elif match["mask"]:
            tokens.append(Token(Kind.WORD, match["mask"][0], start, start + 1))
        else:
            tokens.extend(_words(match, places))
    return tuple(tokens)


def mask_fits(token: Token, said: str) -> bool:
    """True if the letters that a masked word shows are those of `said`, and its length is near."""
    first, last = token.inner[0], token.inner[-1] if len(token.inner) > 1 else ""
    if "*" in said:
        begin, _, rest = said.partition("*")
        ending = rest.rpartition("*")[2]
        starts = begin.startswith(first) or first.startswith(begin)
        return starts and (ending.endswith(last) or last.endswith(ending))
    if not (said.startswith(first) and said.endswith(last)) or len(said) <= len(first) + len(last):
        return False
    at = len(first)
    for part in token.inner[1:-1]:
        at = said.find(part, at, len(said) - len(last))
        if at < 0:
            return False
        at += len(part)
    if token.hidden == 0 or (token.hidden == _ANY_LENGTH and not last):
        return True
    length = sum(len(part) for part in token.inner) + token.hidden
    return abs(len(said) - length) <= (0 if token.hidden == 1 else 1 if last else 4)


def partial_fits(token: Token, said: str) -> bool:
    """True if a word with letters in brackets differs from `said` only in those."""
    first, last = token.inner[0], token.inner[-1]
    if token.key == said:
        return True
    return len(first) + len(last) >= 2 and said.startswith(first) and said.endswith(last)


def _words(match: re.Match[str], places: list[int]) -> list[Token]:
    keys = _keys(match)
    start, end = places[match.start()], places[match.end() - 1] + 1
    if len(keys) == 1:
        return [Token(Kind.WORD, keys[0], start, end)]
    cut = places[match.end() - len(keys[1])]
    return [Token(Kind.WORD, keys[0], start, cut), Token(Kind.WORD, keys[1], cut, end)]


def _keys(match: re.Match[str]) -> tuple[str, ...]:
    if number := match["number"]:
        if glued := _GLUED_UNIT.match(number):
            return _number_key(glued[1]), glued[2]
        return (_number_key(number),)
    if match["initials"]:
        return (match["initials"].replace(".", ""),)
    if whole := match["clitic"] or match["starred"]:
        return (whole,)
    if sign := match["sign"]:
        return (_SIGNS.get(sign, sign),)
    word = match["word"]
    if match["cut"]:
        return (word + "-",)
    if clitic := _CLITIC.match(word):
        return clitic[1], clitic[2]
    return (word,)


def _number_key(number: str) -> str:
    """Digits without thousands separators; a decimal comma becomes a point."""
    if re.match(r"\d{1,3}(?:,\d{3})+(?![\d,])", number):
        return number.replace(",", "")
    return re.sub(r"[\u2010\u2011]", "-", number.replace(",", "."))


def _aligned(text: str) -> tuple[str, list[int]]:
    """Folded text and, for each of its characters, the offset in the original."""
    if text.isascii():
        return text.casefold(), list(range(len(text)))
    pieces: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        if plain := _plain_letter(char):
            pieces.append(plain)
            places.append(at)
            continue
        if char == _ACUTE and pieces and _is_cyrillic(pieces[-1]):
            continue
        folded = fold(char) if char not in _DASHES else char
        if char == "ı" and pieces and pieces[-1][-1:].isalnum():
            folded = char
        if char in _FRACTIONS and pieces and pieces[-1][-1:].isdigit():
            folded = _FRACTIONS[char]
        if unicodedata.combining(char) and pieces:
            joined = unicodedata.normalize("NFC", pieces[-1] + char)
            if len(joined) == len(pieces[-1]):
                pieces[-1] = joined
                continue
        pieces.append(folded)
        places.extend([at] * len(folded))
    return "".join(pieces), places


@lru_cache(maxsize=4096)
def _plain_letter(char: str) -> str:
    """What a character becomes whatever stands beside it, if that is one character; else an empty string."""
    special = char == "ı" or char in _FRACTIONS or unicodedata.combining(char) or len(fold(char)) != 1
    return "" if special else char if char in _DASHES else fold(char)


def _without_stress(text: str) -> str:
    """Cyrillic without stress marks; an acute that belongs to a letter of another script stays."""
    return re.sub(r"(?<=[\u0400-\u04ff])\u0301", "", text)


def _is_cyrillic(text: str) -> bool:
    return bool(text) and "\u0400" <= text[-1] <= "\u04ff"


def _is_cut_off(mask: str) -> bool:
    """`I—` breaks off; `f—` hides."""
    return len(mask) == 2 and mask[1] in _DASHES and mask[0] in _LONE_LETTERS and not mask[-1].isalpha()


def _hidden(mask: str) -> int:
    """How many letters the asterisks stand for; 0 if the mark does not tell."""
    return sum(char in "*•" for char in mask)
