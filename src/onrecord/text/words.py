"""Written words as numbers, and how a stretch of talk becomes tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from onrecord.text.normalise import keys_of_plain, word_keys
from onrecord.text.postings import Ints

GAP = 0


def numbered(texts: Sequence[str], first: int) -> tuple[Ints, dict[str, int]]:
    """The number of each text, from `first` in the order of their first coming, and each of them once."""
    table: defaultdict[str, int] = defaultdict(count(first).__next__)
    numbers = np.fromiter(map(table.__getitem__, texts), dtype=np.int32, count=len(texts))
    return numbers, dict(table)


@dataclass(frozen=True, slots=True)
class Forms:
    """For each written form, by its number: where its keys lie in `keys`, how many, and its part in an aside."""

    first: Ints
    count: Ints
    keys: Ints
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]


def forms_of(texts: Sequence[str]) -> tuple[Forms, dict[str, int]]:
    """The keys of written forms, and these numbered; forms count from 1: form 0 is the gap between transcripts."""
    plain = keys_of_plain(texts)
    careful = {number: word_keys(texts[number - 1]) for number, key in enumerate(plain, start=1) if not key}
    keys, at = [""], 0
    for number, found in careful.items():
        keys.extend(plain[at : number - 1])
        keys.extend(found)
        at = number
    keys.extend(plain[at:])
    sizes = np.ones(len(texts) + 1, dtype=np.int32)
    opens, closes = np.zeros(len(sizes), dtype=np.bool_), np.zeros(len(sizes), dtype=np.bool_)
    closes[GAP] = True
    for number, found in careful.items():
        text = texts[number - 1]
        sizes[number] = len(found)
        opens[number], closes[number] = text[:1] in ("(", "["), ")" in text or "]" in text
    numbers, vocabulary = numbered(keys, GAP)
    return Forms((np.cumsum(sizes) - sizes).astype(np.int32), sizes, numbers, opens, closes), vocabulary


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
