"""Which texts are about the same: term frequency times inverse document frequency over lemmas, and the cosine
(G. Salton, C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988)."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

import numpy as np

from onrecord.text.searching import keys_of, lemma

SHORTEST = 3
MOST_TERMS = 160
COMMON = 0.25  # a term in more than this share of many texts says nothing of what they are about
MANY = 40
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")

Key = TypeVar("Key", bound=Hashable)


def terms(text: str, language: str) -> dict[str, int]:
    """The lemmas of a text with the number of their uses, at most 160: the most used, the longer of equals.

    Scripts without spaces are cut into pairs of signs.
    """
    counted: Counter[str] = Counter()
    for key in keys_of(text):
        if _is_unspaced(key):
            counted.update(key[at : at + 2] for at in range(max(1, len(key) - 1)))
        elif len(key) >= SHORTEST and not key.isdigit():
            counted[lemma(key, language)] += 1
    chosen = sorted(counted, key=lambda term: (-counted[term], -len(term), term))[:MOST_TERMS]
    return {term: counted[term] for term in sorted(chosen)}


class Corpus(Generic[Key]):
    """Texts by key, each as its terms, ready to be compared."""

    def __init__(self, texts: Mapping[Key, Mapping[str, int]]) -> None:
        self._keys = list(texts)
        self._row = {key: row for row, key in enumerate(self._keys)}
        numbers: dict[str, int] = {}
        counts = list(texts.values())
        sizes = np.fromiter((len(one) for one in counts), np.int64, len(counts))
        total = int(sizes.sum())
        self._terms = np.fromiter(
            (numbers.setdefault(term, len(numbers)) for one in counts for term in one), np.int64, total
        )
        uses = np.fromiter((n for one in counts for n in one.values()), np.float64, total)
        rows = np.repeat(np.arange(len(counts)), sizes)
        found = np.bincount(self._terms, minlength=len(numbers))
        most = COMMON * len(counts) if len(counts) >= MANY else len(counts)
        # One is added on both sides, so that two texts alone can be alike; a term that all have still counts a little.
        rarity = np.where(found <= most, np.log((1 + len(counts)) / (1 + found)) + 0.1, 0.0)
        weights = (1 + np.log(np.maximum(uses, 1))) * rarity[self._terms]
        lengths = np.sqrt(np.bincount(rows, weights * weights, minlength=len(counts)))
        self._weights = weights / np.where(lengths > 0, lengths, 1)[rows]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        by_term = np.argsort(self._terms, kind="stable")
        self._rows_by_term = rows[by_term]
        self._weights_by_term = self._weights[by_term]
        self._term_starts = np.concatenate([[0], np.cumsum(found)])

    def likest(self, key: Key, limit: int) -> list[tuple[Key, float]]:
        """The texts most like this one, best first, with their likeness above 0 up to 1."""
        row = self._row[key]
        scores = np.zeros(len(self._keys))
        for at in range(self._starts[row], self._starts[row + 1]):
            if self._weights[at]:
                term = self._terms[at]
                there = slice(self._term_starts[term], self._term_starts[term + 1])
                scores[self._rows_by_term[there]] += self._weights_by_term[there] * self._weights[at]
        scores[row] = 0
        best = [int(other) for other in np.argsort(-scores, kind="stable")[:limit] if scores[other] > 0]
        return [(self._keys[other], min(1.0, float(scores[other]))) for other in best]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)


def _is_unspaced(key: str) -> bool:
    return bool(_UNSPACED.search(key))
