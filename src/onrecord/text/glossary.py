"""Names and terms as a newsroom writes them: where a text writes them otherwise, and what it should read.

Words are compared by their dictionary forms (see `onrecord.text.searching`), so that a term is known in any case and
number. Beside the variants that somebody listed, a word that nobody knows and that differs from a term by a letter or
two is taken for a variant of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein
from simplemma import is_known

from onrecord.text.languages import base
from onrecord.text.searching import MORPHOLOGY, lemma, words_of

NEAR_LEAST, NEAR_TWO = 5, 9
"""Letters from which one letter may differ, and two."""
_GAP = re.compile(r"[\s\u00a0‐‑–-]*")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A term in one language: how it is written, and ways in which it is not to be."""

    id: int
    preferred: str
    variants: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A variant in a text, from `start` to `end`; `suggestion` is the preferred form, as it fits there.

    `near` tells that nobody listed it: it only looks like the term.
    """

    start: int
    end: int
    entry: Entry
    suggestion: str
    near: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    key: str
    stem: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a term; `literal` when it differs from the preferred one by capitals and signs alone."""

    entry: Entry
    text: str
    stems: tuple[str, ...]
    preferred: bool
    literal: bool = False


class Glossary:
    """The terms of one language, ready to be looked for."""

    def __init__(self, entries: Iterable[Entry], language: str) -> None:
        self.language = base(language)
        self._forms: dict[str, list[_Form]] = defaultdict(list)
        self._names: list[_Form] = []
        for entry in entries:
            own = self._form(entry, entry.preferred, preferred=True)
            for form in (own, *(self._form(entry, variant, own=own) for variant in entry.variants)):
                if form.stems:
                    self._forms[form.stems[0]].append(form)
            if own.stems:
                self._names.append(own)
        self._listed = {stem for forms in self._forms.values() for form in forms for stem in form.stems}
        self._near = lru_cache(maxsize=4096)(self._nearest)

    def __bool__(self) -> bool:
        return bool(self._names)

    @property
    def entries(self) -> list[Entry]:
        """The terms, in the order given."""
        return [form.entry for form in self._names]

    def variants_in(self, text: str) -> list[Found]:
        """Where the text writes a term in another way than the preferred one, in order."""
        tokens = self._tokens(text)
        found: list[Found] = []
        at = 0
        while at < len(tokens):
            form = self._form_at(tokens, at, text)
            if form is not None:
                span = text[tokens[at].start : tokens[at + len(form.stems) - 1].end]
                if not form.preferred:
                    end = tokens[at + len(form.stems) - 1].end
                    found.append(Found(tokens[at].start, end, form.entry, _fitted(span, form, self.language)))
                at += len(form.stems)
                continue
            near = self._near_at(tokens, at, text)
            if near is not None:
                found.append(near)
                at += len(self._tokens(near.entry.preferred))
                continue
            at += 1
        return found

    def entries_in(self, text: str) -> list[Entry]:
        """The terms that the text has, however they are written, each once."""
        tokens = self._tokens(text)
        entries: dict[int, Entry] = {}
        at = 0
        while at < len(tokens):
            form = self._form_at(tokens, at, text)
            if form is not None:
                entries.setdefault(form.entry.id, form.entry)
            at += len(form.stems) if form is not None else 1
        return list(entries.values())

    def _form(self, entry: Entry, text: str, *, own: _Form | None = None, preferred: bool = False) -> _Form:
        stems = tuple(token.stem for token in self._tokens(text))
        literal = own is not None and own.stems == stems
        return _Form(entry, text.strip(), stems, preferred, literal)

    def _tokens(self, text: str) -> list[_Token]:
        tokens = []
        for said in words_of(text):
            key = said.key
            if self.language == "en" and (tail := _POSSESSIVE.search(text[said.start : said.end])):
                key = key[: -sum(char.isalpha() for char in tail.group())] or key
            tokens.append(_Token(said.start, said.end, key, lemma(key, self.language)))
        return tokens

    def _form_at(self, tokens: Sequence[_Token], at: int, text: str) -> _Form | None:
        """The longest form that begins at a token; of several the literal one, then the preferred one."""
        best: _Form | None = None
        for form in self._forms.get(tokens[at].stem, ()):
            last = at + len(form.stems)
            if last > len(tokens) or tuple(token.stem for token in tokens[at:last]) != form.stems:
                continue
            if not _adjoin(tokens[at:last], text):
                continue
            if form.literal and _bare(text[tokens[at].start : tokens[last - 1].end]) != form.text:
                continue
            if best is None or _rank(form) > _rank(best):
                best = form
        return best

    def _near_at(self, tokens: Sequence[_Token], at: int, text: str) -> Found | None:
        """A term that the words at a token look like; only with a word that is in no dictionary and no term."""
        for form in self._near(tokens[at].key, tokens[at].stem):
            last = at + len(form.stems)
            if last > len(tokens) or not _adjoin(tokens[at:last], text):
                continue
            pairs = list(zip(tokens[at:last], form.stems, strict=True))
            if any(token.stem != stem and not self._is_near(token, stem) for token, stem in pairs):
                continue
            if all(token.stem == stem for token, stem in pairs):
                continue
            span = text[tokens[at].start : tokens[last - 1].end]
            if form.text[:1].isupper() and not span[:1].isupper():
                continue
            return Found(
                tokens[at].start, tokens[last - 1].end, form.entry, _fitted(span, form, self.language), near=True
            )
        return None

    def _nearest(self, key: str, stem: str) -> tuple[_Form, ...]:
        token = _Token(0, 0, key, stem)
        same = [form for form in self._names if len(form.stems) > 1 and form.stems[0] == stem]
        return (*same, *(form for form in self._names if self._is_near(token, form.stems[0])))

    def _is_near(self, token: _Token, stem: str) -> bool:
        length = min(len(token.stem), len(stem))
        if length < NEAR_LEAST or token.stem in self._listed or not token.key.isalpha():
            return False
        most = 2 if length >= NEAR_TWO else 1
        if Levenshtein.distance(token.stem, stem, score_cutoff=most) > most or token.stem == stem:
            return False
        return not (self.language in MORPHOLOGY and is_known(token.key, lang=self.language))


def missing_terms(
    original: str, translation: str, terms: Glossary, translations: Glossary
) -> list[tuple[Entry, Entry]]:
    """Terms of the original whose translation the translation does not have, as (term, its translation).

    Entries of both glossaries belong together by their id.
    """
    wanted = terms.entries_in(original)
    if not wanted:
        return []
    there = {entry.id for entry in translations.entries_in(translation)}
    there |= {found.entry.id for found in translations.variants_in(translation)}
    into = {entry.id: entry for entry in translations.entries}
    return [(term, into[term.id]) for term in wanted if term.id in into and term.id not in there]


def _rank(form: _Form) -> tuple[int, bool, bool]:
    return len(form.stems), form.literal, form.preferred


def _adjoin(tokens: Sequence[_Token], text: str) -> bool:
    return all(_GAP.fullmatch(text, a.end, b.start) is not None for a, b in pairwise(tokens))


def _bare(span: str) -> str:
    return _POSSESSIVE.sub("", span)


def _fitted(span: str, form: _Form, language: str) -> str:
    """The preferred form in place of `span`: with its capitals, its English ending, a case ending where it is sure."""
    preferred = form.entry.preferred
    bare = _bare(span) if language == "en" else span
    tail = span[len(bare) :]
    if language == "en" and bare.casefold() == f"{form.text.casefold()}s":
        tail = f"s{tail}"
    elif language in ("uk", "ru") and not form.preferred:
        preferred = _bent(bare, form.text, preferred)
    if bare.isupper() and len(bare) > 1 and not form.text.isupper():
        preferred = preferred.upper()
    elif bare[:1].isupper() and form.text[:1].islower() and preferred[:1].islower():
        preferred = preferred[:1].upper() + preferred[1:]
    return preferred + tail


def _bent(found: str, variant: str, preferred: str) -> str:
    """The preferred form with the ending of what was found, where the variant and it end alike."""
    same = 0
    while same < min(len(found), len(variant)) and found[same].casefold() == variant[same].casefold():
        same += 1
    ending = variant[same:]
    if same < 3 or not 0 < len(ending) <= 3 or len(found) - same > 3 or not preferred.endswith(ending):
        return preferred
    return preferred[: -len(ending)] + found[same:]
