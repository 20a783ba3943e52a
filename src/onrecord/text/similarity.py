"""Which texts are about the same: term frequency times inverse document frequency over lemmas, and the cosine
(G. Salton, C. Buckley, "Term-weighting approaches in automatic text retrieval", 1988)."""

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from math import log, sqrt
from typing import Generic, TypeVar

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
        found: Counter[str] = Counter()
        for counts in texts.values():
            found.update(counts.keys())
        most = COMMON * len(texts) if len(texts) >= MANY else len(texts)
        # One is added on both sides, so that two texts alone can be alike; a term that all have still counts a little.
        self._rarity = {term: log((1 + len(texts)) / (1 + n)) + 0.1 for term, n in found.items() if n <= most}
        self._weights: dict[Key, dict[str, float]] = {}
        self._postings: defaultdict[str, list[tuple[Key, float]]] = defaultdict(list)
        for key, counts in texts.items():
            weights = self._weights[key] = self._weigh(counts)
            for term, weight in weights.items():
                self._postings[term].append((key, weight))

    def likest(self, key: Key, limit: int) -> list[tuple[Key, float]]:
        """The texts most like this one, best first, with their likeness above 0 up to 1."""
        scores: defaultdict[Key, float] = defaultdict(float)
        for term, weight in self._weights[key].items():
            for other, its in self._postings[term]:
                scores[other] += weight * its
        scores.pop(key, None)
        best = heapq.nsmallest(limit, scores.items(), key=lambda item: (-item[1], str(item[0])))
        return [(other, min(1.0, score)) for other, score in best if score > 0]

    def _weigh(self, counts: Mapping[str, int]) -> dict[str, float]:
        raw = {term: (1 + log(n)) * self._rarity[term] for term, n in counts.items() if term in self._rarity and n > 0}
        length = sqrt(sum(weight * weight for weight in raw.values()))
        return {term: weight / length for term, weight in raw.items()} if length else {}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._weights)


def _is_unspaced(key: str) -> bool:
    return bool(_UNSPACED.search(key))
