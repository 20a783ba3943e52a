"""A passage of a story carried from one state of its text to the next, along the edits that were made between.

What is asked is not "where do these words occur" but "what became of these words": paragraphs that read the same
are the same wherever they now stand; the rest is compared word by word (longest common subsequence, Wagner and
Fischer 1974), and a word counts as kept only if every best comparison keeps it in the same place and words around
it are kept too. What is not sure is gone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from onrecord.text.marks import first_sentence

_TOKEN = re.compile(r"\w+|[^\w\s]")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+\s")
_SOLID_WORDS = 3
_SMALL_GAP = 3
_ALIKE = 0.6
_KEPT = 0.5
_SENTENCE_WORDS = 4
_MOST_TOKENS = 3_000
_NONE = -1

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of a passage; `changed` tells that its words are not those first selected."""

    passage: str
    start: int
    end: int
    changed: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Paragraph:
    passage: str
    start: int
    text: str


def carry(place: Place, states: Sequence[Mapping[str, str]]) -> Place | None:
    """Where a place of the first state lies in the last one; None if its words are gone or it is not sure.

    Each state maps the ids of a story's passages to their plain text, in reading order.
    """
    here: Place | None = place
    for old, new in itertools.pairwise(states):
        if here is None:
            return None
        here = _step(here, old, new)
    return here


def _step(place: Place, old: Mapping[str, str], new: Mapping[str, str]) -> Place | None:
    if not 0 <= place.start < place.end <= len(old.get(place.passage, "")):
        return None
    if new.get(place.passage) == old[place.passage]:
        return place
    before, after = _paragraphs(old), _paragraphs(new)
    images = _same(before, after)
    held = [n for n, p in enumerate(before) if _overlaps(p, place)]
    if len(held) == 1 and held[0] in images:
        image = after[images[held[0]]]
        shift = image.start - before[held[0]].start
        return Place(image.passage, place.start + shift, place.end + shift, place.changed)
    wanted = {images[n] for n in held if n in images}
    taken = frozenset(images.values()) - wanted
    left = [p for n, p in enumerate(before) if n not in images or n in held]
    right = [p for n, p in enumerate(after) if n not in taken]
    shared = {p.passage for p in left} & {p.passage for p in right} - {place.passage}
    return _by_words(
        place,
        (old[place.passage], new),
        _tokens(p for p in left if p.passage not in shared),
        _tokens(p for p in right if p.passage not in shared),
    ) or _by_sentence(place, before, after)


def _paragraphs(state: Mapping[str, str]) -> list[_Paragraph]:
    return [
        _Paragraph(passage, match.start(), match.group())
        for passage, text in state.items()
        for match in _PARAGRAPH.finditer(text)
    ]


def _overlaps(piece: _Paragraph, place: Place) -> bool:
    return piece.passage == place.passage and piece.start < place.end and piece.start + len(piece.text) > place.start


def _same(before: Sequence[_Paragraph], after: Sequence[_Paragraph]) -> dict[int, int]:
    """Paragraphs that read the same, old number to new: in their passage, then anywhere; never one of several."""
    images: dict[int, int] = {}
    keys: tuple[Callable[[_Paragraph], tuple[str, str]], ...] = (
        lambda p: (p.passage, p.text),
        lambda p: ("", p.text),
    )
    for key in keys:
        taken = frozenset(images.values())
        left = _numbers((n, key(p)) for n, p in enumerate(before) if n not in images)
        right = _numbers((n, key(p)) for n, p in enumerate(after) if n not in taken)
        for same, numbers in left.items():
            others = right.get(same, [])
            if len(numbers) == len(others) and (same[0] or len(numbers) == 1):
                images.update(zip(numbers, others, strict=True))
    return images


def _numbers(pairs: Iterable[tuple[int, tuple[str, str]]]) -> dict[tuple[str, str], list[int]]:
    result: dict[tuple[str, str], list[int]] = {}
    for number, key in pairs:
        result.setdefault(key, []).append(number)
    return result


def _tokens(paragraphs: Iterable[_Paragraph]) -> list[_Token]:
    return [
        _Token(match.group(), p.passage, p.start + match.start(), p.start + match.end())
        for p in paragraphs
        for match in _TOKEN.finditer(p.text)
    ]


def _by_words(
    place: Place, texts: tuple[str, Mapping[str, str]], left: Sequence[_Token], right: Sequence[_Token]
) -> Place | None:
    """The place by what became of each of its words, if at least half of them are there still."""
    chosen = [
        n for n, t in enumerate(left) if t.passage == place.passage and t.start < place.end and t.end > place.start
    ]
    if not chosen or not right or max(len(left), len(right)) > _MOST_TOKENS:
        return None
    images = _supported(_certain(left, right), left, right)
    followed = [_image(n, images, left, right) for n in chosen]
    there = [j for j in followed if j != _NONE]
    if not there or len(there) < _KEPT * len(chosen):
        return None
    first = followed[0] if followed[0] != _NONE else _beside(chosen[0] - 1, 1, images, there[0])
    last = followed[-1] if followed[-1] != _NONE else _beside(chosen[-1] + 1, -1, images, there[-1])
    if first > last or right[first].passage != right[last].passage or last - first > 2 * len(chosen) + _SOLID_WORDS:
        return None
    a, b = left[chosen[0]], left[chosen[-1]]
    start = right[first].start + (max(0, place.start - a.start) if right[first].text == a.text else 0)
    end = right[last].end - (max(0, b.end - place.end) if right[last].text == b.text else 0)
    words = texts[1][right[first].passage][start:end]
    same = words.split() == texts[0][place.start : place.end].split()
    return Place(right[first].passage, start, end, place.changed or not same)


def _certain(left: Sequence[_Token], right: Sequence[_Token]) -> Ints:
    """For each old token the new one beside which it stands in every longest common subsequence, or -1."""
    numbers: dict[str, int] = {}
    a = np.array([numbers.setdefault(token.text, len(numbers)) for token in left], dtype=np.int32)
    b = np.array([numbers.setdefault(token.text, len(numbers)) for token in right], dtype=np.int32)
    forward = _common_lengths(a, b)
    backward = _common_lengths(a[::-1], b[::-1])[::-1, ::-1]
    longest = forward[-1, -1]
    result = np.full(len(a), _NONE, dtype=np.int32)
    for i, token in enumerate(a):
        if (forward[i] + backward[i + 1]).max() == longest:  # one does without it
            continue
        equal = np.flatnonzero(b == token)
        on_path = equal[forward[i, equal] + 1 + backward[i + 1, equal + 1] == longest]
        if len(on_path) == 1:
            result[i] = on_path[0]
    return result


def _common_lengths(a: Ints, b: Ints) -> NDArray[np.int16]:
    """Lengths of the longest common subsequences of all prefixes, shape (len(a)+1, len(b)+1)."""
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=np.int16)
    for i, token in enumerate(a):
        row = table[i].copy()
        np.maximum(row[1:], table[i, :-1] + (b == token), out=row[1:])
        np.maximum.accumulate(row, out=table[i + 1])
    return table


def _supported(images: Ints, left: Sequence[_Token], right: Sequence[_Token]) -> Ints:
    """The images without chance meetings: "the" of a new sentence is not "the" of the one it took the place of.

    Kept are runs of some words, runs at the same end of both texts, and what lies between two kept runs
    with nothing but words exchanged one for one.
    """
    runs = _runs(images)
    ends = len(left) - 1, len(right) - 1
    aligned = bool(left) and left[0].passage == right[0].passage, left[-1].passage == right[-1].passage
    solid = []
    for a, b in runs:
        words = sum(left[n].text[0].isalnum() for n in range(a, b))
        at_end = (aligned[0] and a == images[a] == 0) or (aligned[1] and (b - 1, int(images[b - 1])) == ends)
        solid.append(words >= _SOLID_WORDS or (at_end and words > 0))
    result = np.full(len(images), _NONE, dtype=np.int32)
    for n, (a, b) in enumerate(runs):
        between = 0 < n < len(runs) - 1 and solid[n - 1] and solid[n + 1]
        if solid[n] or (
            between and all(_one_for_one(images, *pair) for pair in (runs[n - 1 : n + 1], runs[n : n + 2]))
        ):
            result[a:b] = images[a:b]
    return result


def _runs(images: Ints) -> list[tuple[int, int]]:
    """Stretches (first, one after the last) of old tokens whose images follow one another."""
    runs: list[tuple[int, int]] = []
    for i, j in enumerate(images.tolist()):
        if j == _NONE:
            continue
        if runs and runs[-1][1] == i and images[i - 1] == j - 1:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def _one_for_one(images: Ints, a: tuple[int, int], b: tuple[int, int]) -> bool:
    gap = b[0] - a[1]
    return gap <= _SMALL_GAP and int(images[b[0]] - images[a[1] - 1]) == gap + 1


def _image(n: int, images: Ints, left: Sequence[_Token], right: Sequence[_Token]) -> int:
    """The new token that an old one is: kept, or the one in its very place with a letter or two changed."""
    if images[n] != _NONE:
        return int(images[n])
    a = next((i for i in range(n - 1, -1, -1) if images[i] != _NONE), _NONE)
    b = next((i for i in range(n + 1, len(images)) if images[i] != _NONE), len(images))
    before = int(images[a]) if a != _NONE else _NONE
    after = int(images[b]) if b < len(images) else len(right)
    if after - before != b - a:
        return _NONE
    there = before + n - a
    old, new = left[n].text.casefold(), right[there].text.casefold()
    alike = Levenshtein.distance(old, new) <= 1 or Levenshtein.normalized_similarity(old, new) >= _ALIKE
    return there if alike else _NONE


def _beside(n: int, towards: int, images: Ints, otherwise: int) -> int:
    """The new token that follows (1) or precedes (-1) the image of old token `n`, where a changed edge is now."""
    return int(images[n]) + towards if 0 <= n < len(images) and images[n] != _NONE else otherwise


def _by_sentence(place: Place, before: Sequence[_Paragraph], after: Sequence[_Paragraph]) -> Place | None:
    """The place in a sentence that was moved whole: once in the old text, once in the new one."""
    home = next((p for p in before if _overlaps(p, place)), None)
    if home is None or place.end > home.start + len(home.text):
        return None
    at = place.start - home.start
    start = max((m.end() for m in _SENTENCE_END.finditer(home.text, 0, at)), default=0)
    end = first_sentence(home.text, max(at + 1, place.end - home.start - 1), len(home.text))
    sentence = home.text[start:end]
    if len(_TOKEN.findall(sentence)) <= _SENTENCE_WORDS or sum(p.text.count(sentence) for p in before) != 1:
        return None
    there = [p for p in after if sentence in p.text]
    if len(there) != 1 or there[0].text.count(sentence) != 1:
        return None
    shift = there[0].start + there[0].text.index(sentence) - home.start - start
    return Place(there[0].passage, place.start + shift, place.end + shift, place.changed)
