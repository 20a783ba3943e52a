"""Written words as numbers, and how a stretch of talk becomes tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.text.normalise import word_keys
from onrecord.text.postings import Ints

GAP = 0


class Numbered(dict[str, int]):
    """Texts numbered in the order of their first coming, the first `before`."""

    def __init__(self, before: int = 0, texts: Iterable[str] = ()) -> None:
        super().__init__((text, before + n) for n, text in enumerate(texts))
        self._next = before + len(self)
        self.new: list[str] = []

    def __missing__(self, text: str) -> int:
        number = self[text] = self._next
        self._next += 1
        self.new.append(text)
        return number


@dataclass(frozen=True, slots=True)
class Forms:
    """For each written form, by its number: where its keys lie in `keys`, how many, and its part in an aside."""

    first: Ints
    count: Ints
    keys: Ints
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]


def forms_of(texts: Sequence[str], key_number: Callable[[str], int]) -> Forms:
    """The keys of written forms, numbered from 1: form 0 is the gap between transcripts, of key 0.

    `key_number` gives the number of a key.
    """
    keys, count = [GAP], [1]
    for text in texts:
        found = word_keys(text)
        count.append(len(found))
        keys.extend(map(key_number, found))
    counts = np.array(count, dtype=np.int32)
    return Forms(
        (np.cumsum(counts) - counts).astype(np.int32),
        counts,
        np.array(keys, dtype=np.int32),
        np.array([False, *(text[:1] in ("(", "[") for text in texts)], dtype=np.bool_),
        np.array([True, *(")" in text or "]" in text for text in texts)], dtype=np.bool_),
    )


def tokens_of(words: Ints, forms: Forms) -> tuple[Ints, Ints]:
    """Tokens of words given by the numbers of their forms, and the first token of each word and of what follows."""
    counts = forms.count[words]
    ends = np.cumsum(counts, dtype=np.int64)
    starts = ends - counts
    total = int(ends[-1]) if len(ends) else 0
    places = np.repeat(forms.first[words] - starts, counts) + np.arange(total)
    return forms.keys[places], np.append(starts, total).astype(np.int32)


def silence_of(words: Ints, forms: Forms, segment_first_word: Ints, first_token: Ints) -> Ints:
    """Positions of tokens that are no speech: words in (parentheses) and [brackets], as far as their segment goes."""
    silent: list[int] = []
    opening = np.flatnonzero(forms.opens[words])
    homes = np.searchsorted(segment_first_word, opening.astype(segment_first_word.dtype), side="right")
    ends = np.append(segment_first_word, len(words))[homes]
    reached = 0
    for word, end in zip(opening.tolist(), ends.tolist(), strict=True):
        if word < reached:
            continue
        closing = np.flatnonzero(forms.closes[words[word:end]])
        reached = word + int(closing[0]) + 1 if len(closing) else end
        reached -= int(words[reached - 1] == GAP)
        silent.extend(range(int(first_token[word]), int(first_token[reached])))
    return np.array(silent, dtype=np.int32)
