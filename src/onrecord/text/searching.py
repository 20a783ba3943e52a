"""What a search compares: the words of a text as keys and lemmas, what somebody typed as a query, and where it was met.

A key is a word without case, apostrophes, stress marks and typographic variants. A lemma is the word's dictionary form
(simplemma) in English, Ukrainian and Russian; of a word that the dictionary does not have, names above all, the stem
that is left without its case ending. In scripts without spaces every sign is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from simplemma import is_known, lemmatize

from onrecord.text.languages import base
from onrecord.text.normalise import fold

MORPHOLOGY = ("en", "uk", "ru")
LONGEST_QUERY = 200
MOST_TERMS = 12
LONGEST_KEY = 48
SHORTEST_PREFIX = 3

_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "".join(chr(code) for code in range(0x300, 0x1E00) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
_LETTER = rf"(?:(?![{_SIGNS}])[^\W_])"
_WORD = re.compile(
    rf"(?P<masked>[^\s*]*\*+[^\s]*)|(?P<sign>[{_SIGNS}])"
    rf"|(?P<word>{_LETTER}(?:{_LETTER}|[{_MARKS}\u00ad]|['’ʼ`´‘](?={_LETTER}))*)"
)
_NOT_KEY = re.compile(rf"[^\w{_MARKS}]|_")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ENDINGS = re.compile(
    r"(?<=\w\w\w)(?:ами|ями|ові|еві|єві|ого|его|ому|ему|ими|ою|ею|єю|ої|ій|ий|ый|ая|яя|ую|юю|их|ых|ах|ях|ам|ям|ом|ем"
    r"|єм|ым|им|ів|їв|ов|ев|ей|ия|ии|ию|ья|ье|[аяоеёєуюиіыїйь])$"
)
_QUERY = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)(?:["“”„«»]|$)|(?P<word>[^\s"“”„«»]+))')


@dataclass(frozen=True, slots=True)
class Said:
    """One word of a text: its key, and where it stands there."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: keys that follow one another; `lemmas` are other forms of a single word."""

    keys: tuple[str, ...]
    lemmas: tuple[str, ...] = ()
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; `was_cut` tells that more was typed than is looked for."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    was_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted)


def words_of(text: str) -> Iterator[Said]:
    """The words of a text in order; a masked word (`f*****g`) is none."""
    for match in _WORD.finditer(text):
        if match.lastgroup != "masked" and (key := _key(match.group())):
            yield Said(key, match.start(), match.end())


def keys_of(text: str) -> list[str]:
    """The keys of a text in order."""
    return [said.key for said in words_of(text)]


@lru_cache(maxsize=1 << 16)
def lemma(key: str, language: str) -> str:
    """The dictionary form of a word, as a key; in a language without morphology here the key itself."""
    language = base(language)
    if language not in MORPHOLOGY or not key.isalpha():
        return key
    if not is_known(key, lang=language):
        return _ENDINGS.sub("", key) if language != "en" else key
    return _key(lemmatize(key, lang=language)) or key


def lemmas_of(keys: Sequence[str], language: str) -> list[str]:
    """The lemma of every key."""
    return [lemma(key, language) for key in keys]


def parse_query(text: str, language: str = "") -> Query:
    """What somebody typed: words in any form, "words in this order", -word to leave out, word* for what begins so.

    Whatever is typed gives a query. `language` says in which language words are bent; without it the script tells.
    """
    wanted: list[Term] = []
    unwanted: list[Term] = []
    was_cut = len(text) > LONGEST_QUERY
    text = text[:LONGEST_QUERY]
    for match in _QUERY.finditer(text):
        for term in _terms(match, language):
            if len(wanted) + len(unwanted) >= MOST_TERMS:
                return Query(tuple(wanted), tuple(unwanted), True)
            side = unwanted if match["minus"] else wanted
            if term not in side:
                side.append(term)
    return Query(tuple(wanted), tuple(unwanted), was_cut)


def matches(text: str, query: Query, language: str) -> list[tuple[int, int]]:
    """Where in the text stand words that were looked for: `[start, end)`, in order, without overlaps."""
    said = list(words_of(text))
    keys = [one.key for one in said]
    lemmas = lemmas_of(keys, language)
    hit = [False] * len(said)
    for term in query.wanted:
        size = len(term.keys)
        for at in range(len(said) - size + 1):
            if _meets(term, keys[at : at + size], lemmas[at]):
                hit[at : at + size] = [True] * size
    spans: list[tuple[int, int]] = []
    for number, (one, is_hit) in enumerate(zip(said, hit, strict=True)):
        if not is_hit:
            continue
        if spans and number and hit[number - 1] and text[spans[-1][1] : one.start].isspace():
            spans[-1] = (spans[-1][0], one.end)
        else:
            spans.append((one.start, one.end))
    return spans


def excerpt(text: str, spans: Sequence[tuple[int, int]], length: int = 280) -> tuple[int, int]:
    """The part of a text, `[start, end)`, that shows most of the spans in about `length` characters; whole words."""
    if len(text) <= length:
        return 0, len(text)
    best = max(
        (start for start, _ in spans),
        key=lambda at: (sum(at <= s < at + length * 3 // 4 for s, _ in spans), -at),
        default=0,
    )
    start = max(0, best - length // 4)
    if start:
        sentence = max(text.rfind(mark, start - length // 4, best) for mark in (". ", "! ", "? ", "\n", "… "))
        start = sentence + 1 if sentence >= 0 else text.rfind(" ", 0, start) + 1
    while start < len(text) and text[start].isspace():
        start += 1
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end


def _terms(match: re.Match[str], language: str) -> Iterator[Term]:
    if match["phrase"] is not None:
        if keys := keys_of(match["phrase"]):
            yield Term(tuple(keys)) if len(keys) > 1 else Term((keys[0],))
        return
    typed = match["word"].rstrip(".,;:!?…)")
    keys = keys_of(typed.rstrip("*"))
    is_prefix = typed.endswith("*") and bool(keys) and len(keys[-1]) >= SHORTEST_PREFIX
    if len(keys) == 1:
        found = () if is_prefix else tuple(dict.fromkeys(lemma(keys[0], one) for one in _languages(keys[0], language)))
        yield Term((keys[0],), found, is_prefix)
    elif keys:  # "Velna-Brod", or a run of signs: together or not at all
        yield Term(tuple(keys), (), is_prefix)


def _languages(key: str, language: str) -> tuple[str, ...]:
    if base(language) in MORPHOLOGY:
        return (base(language),)
    return ("uk", "ru") if _CYRILLIC.search(key) else ("en",)


def _meets(term: Term, keys: Sequence[str], lemma_here: str) -> bool:
    *before, last = term.keys
    if keys[:-1] != before:
        return False
    if keys[-1] == last or (term.is_prefix and keys[-1].startswith(last)):
        return True
    return bool(term.lemmas) and lemma_here in term.lemmas


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    return _NOT_KEY.sub("", fold(word))[:LONGEST_KEY]
