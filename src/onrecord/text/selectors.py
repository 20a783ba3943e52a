"""Passages of a text kept as W3C Web Annotation selectors, and found again after the text has changed.

Exact words first, then the words around them and the old position to tell places apart, then a few edits.
A place that is not sure is no place: `find` gives None rather than the likeliest of several.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Indel, Levenshtein

from onrecord.errors import BadSelection

CONTEXT = 32
LONGEST = 10_000
LEAST_SCORE = 0.75
_LONGEST_FUZZY = 600
_LEAST_FUZZY = 12
_MOST_PLACES = 2_000
_MARGIN = 0.15
_EDITS = 0.2
_MOST_SEEDS = 200
_MOST_STARTS = 6
_EDGE_REACH = 24
_VISIBLE = re.compile(r"[^\s\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")


@dataclass(frozen=True, slots=True)
class Selection:
    """A TextQuoteSelector (exact, prefix, suffix) with a TextPositionSelector (start, end; -1 if unknown)."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = -1
    end: int = -1

    @classmethod
    def of_json(cls, selectors: object) -> Selection:
        """The selection in a list of W3C selectors, as a browser sends it. Raises BadSelection."""
        if not isinstance(selectors, Sequence) or isinstance(selectors, str | bytes):
            raise BadSelection(reason="it is not a list of selectors")
        by_type = {s.get("type"): s for s in selectors if isinstance(s, Mapping)}
        quote, position = by_type.get("TextQuoteSelector"), by_type.get("TextPositionSelector", {})
        if quote is None:
            raise BadSelection(reason="it has no TextQuoteSelector")
        texts = [quote.get(name, "") for name in ("exact", "prefix", "suffix")]
        numbers = [position.get(name, -1) for name in ("start", "end")]
        if not all(isinstance(text, str) for text in texts):
            raise BadSelection(reason="exact, prefix and suffix must be text")
        if not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
            raise BadSelection(reason="start and end must be whole numbers")
        selection = cls(texts[0], texts[1][-CONTEXT * 4 :], texts[2][: CONTEXT * 4], numbers[0], numbers[1])
        _check(selection)
        return selection

    def to_json(self) -> list[dict[str, object]]:
        """The two W3C selectors; the position is left out if it is unknown."""
        quote = {
            "type": "TextQuoteSelector",
            "exact": self.exact,
            "prefix": self.prefix,
            "suffix": self.suffix,
        }
        selectors: list[dict[str, object]] = [dict(quote)]
        if self.start >= 0:
            selectors.append({"type": "TextPositionSelector", "start": self.start, "end": self.end})
        return selectors


@dataclass(frozen=True, slots=True)
class Match:
    """Where a selection lies now: text[start:end], and how sure that is (LEAST_SCORE..1)."""

    start: int
    end: int
    score: float


def describe(text: str, start: int, end: int) -> Selection:
    """The selection of text[start:end] with CONTEXT characters around it. Raises BadSelection."""
    if not 0 <= start < end <= len(text):
        raise BadSelection(reason=f"{start}–{end} is not a passage of a text of {len(text)} characters")
    selection = Selection(text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start, end)
    _check(selection)
    return selection


def find(text: str, selection: Selection) -> Match | None:
    """Where the selected words are in a text that may have changed; None if they are gone or unsure.

    Raises BadSelection for words that are empty, invisible or longer than LONGEST.
    """
    _check(selection)
    places = _occurrences(text, selection)
    if places:
        return _surest(text, [(start, start + len(selection.exact), 1.0) for start in places], selection)
    loose = _spaced(text, selection)
    if loose:
        return _surest(text, [(start, end, 0.99) for start, end in loose], selection)
    return _edited(text, selection)


def _check(selection: Selection) -> None:
    if not _VISIBLE.search(selection.exact):
        raise BadSelection(reason="no words are selected")
    if len(selection.exact) > LONGEST:
        raise BadSelection(reason=f"more than {LONGEST} characters are selected")
    if selection.start > selection.end or min(selection.start, selection.end) < -1:
        raise BadSelection(reason="it ends before it starts")


def _occurrences(text: str, selection: Selection) -> list[int]:
    """Starts of the exact words, whole words only, those near the old position if there are very many."""
    found: list[int] = []
    at = text.find(selection.exact)
    while at >= 0 and len(found) <= _MOST_PLACES:
        found.append(at)
        at = text.find(selection.exact, at + 1)
    if len(found) > _MOST_PLACES:
        near = max(0, selection.start - CONTEXT)
        found = [
            near + m.start() for m in re.finditer(re.escape(selection.exact), text[near : near + LONGEST + 2 * CONTEXT])
        ][:_MOST_PLACES]
    return [start for start in found if _whole(text, start, start + len(selection.exact), selection)]


def _spaced(text: str, selection: Selection) -> list[tuple[int, int]]:
    """Places that differ only in white space, as a page and its source do."""
    wanted = " ".join(selection.exact.split())
    runs = [(match.start(), match.end()) for match in re.finditer(r"\S+", text)]
    joined = " ".join(text[a:b] for a, b in runs)
    starts = list(accumulate((b - a + 1 for a, b in runs), initial=0))
    found: list[tuple[int, int]] = []
    at = joined.find(wanted)
    while at >= 0 and len(found) < _MOST_PLACES:
        first = bisect_right(starts, at) - 1
        last = bisect_right(starts, at + len(wanted) - 1) - 1
        place = runs[first][0] + at - starts[first], runs[last][0] + at + len(wanted) - starts[last]
        if _whole(text, *place, selection):
            found.append(place)
        at = joined.find(wanted, at + 1)
    return found


def _whole(text: str, start: int, end: int, selection: Selection) -> bool:
    """False if the place cuts a word that the selection did not cut: "Linus" is not in "Linuses"."""
    exact = selection.exact
    cut_before = bool(selection.prefix) and selection.prefix[-1].isalnum() and exact[0].isalnum()
    cut_after = bool(selection.suffix) and selection.suffix[0].isalnum() and exact[-1].isalnum()
    before = start > 0 and text[start - 1].isalnum() and exact[0].isalnum()
    after = end < len(text) and text[end].isalnum() and exact[-1].isalnum()
    return (cut_before or not before) and (cut_after or not after)


def _surest(text: str, places: Sequence[tuple[int, int, float]], selection: Selection) -> Match | None:
    """The place whose surroundings agree, if it stands out from the next one."""
    scored = sorted(
        ((_score(text, start, end, quality, selection), start, end) for start, end, quality in places),
        reverse=True,
    )
    best, start, end = scored[0]
    if best < LEAST_SCORE:
        return None
    rivals = [place for place in scored[1:] if (best - place[0] < _MARGIN and place[1] >= end) or place[2] <= start]
    rivals = [place for place in rivals if best - place[0] < _MARGIN]
    if rivals:
        here = [place for place in (scored[0], *rivals) if place[1] == selection.start]
        whole = [place for place in here if _context(text, place[1], place[2], selection) in (None, 1.0)]
        if len(whole) != 1:
            return None
        best, start, end = whole[0]
    return Match(start, end, round(best, 4))


def _score(text: str, start: int, end: int, quality: float, selection: Selection) -> float:
    """Quality of the words, lessened by surroundings that disagree; unknown surroundings are not perfect."""
    context = _context(text, start, end, selection)
    if context is None:
        alone = 0.95 if len(selection.exact) >= _LEAST_FUZZY or start == selection.start else 0.8
        return quality * alone
    return quality * (0.6 + 0.4 * context)


def _context(text: str, start: int, end: int, selection: Selection) -> float | None:
    """How far the characters around a place agree with prefix and suffix (0..1); None if there are none."""
    prefix, suffix = selection.prefix[-CONTEXT:], selection.suffix[:CONTEXT]
    if not prefix.strip() and not suffix.strip():
        return None
    parts = []
    if prefix.strip():
        parts.append(_likeness(prefix, text[max(0, start - len(prefix)) : start]))
    if suffix.strip():
        parts.append(_likeness(suffix, text[end : end + len(suffix)]))
    return max(parts) * 0.5 + sum(parts) / len(parts) * 0.5


def _likeness(a: str, b: str) -> float:
    """0..1 with chance out of it: unrelated stretches of one language share half their letters."""
    return max(0.0, 2 * Indel.normalized_similarity(a, b) - 1)


def _edited(text: str, selection: Selection) -> Match | None:
    """The place that a few edits away has the words; long passages are found by their two ends."""
    exact = selection.exact
    if len(exact) < _LEAST_FUZZY:
        return None
    if len(exact) > _LONGEST_FUZZY:
        return _by_ends(text, selection)
    first = _nearest(text, exact, selection.start)
    if first is None:
        return None
    start, end, quality = first
    second = max(
        (p for p in (_nearest(text[:start], exact, start), _nearest(text[end:], exact, 0)) if p),
        key=lambda p: p[2],
        default=None,
    )
    score = _score(text, start, end, quality, selection)
    if second is not None and quality - second[2] < _MARGIN:
        context = _context(text, start, end, selection)
        if context is None or context < 0.8:
            return None
        shift = 0 if second[1] <= start else end
        if _score(text, second[0] + shift, second[1] + shift, second[2], selection) > score - _MARGIN:
            return None
    return Match(start, end, round(score, 4)) if score >= LEAST_SCORE else None


def _nearest(text: str, exact: str, expected: int) -> tuple[int, int, float] | None:
    """Start, end and likeness of the stretch most like the words, at word boundaries; None if none is."""
    best: tuple[int, int, float] | None = None
    for around in _seeded(text, exact, expected):
        low, high = max(0, around - len(exact) // 3), min(len(text), around + len(exact) + len(exact) // 3)
        codes = [c for c in Levenshtein.opcodes(exact, text[low:high]) if c.tag == "equal"]
        if not codes:
            continue
        for a in _edges(text, low + codes[0].dest_start):
            for b in _edges(text, low + codes[-1].dest_end):
                quality = Levenshtein.normalized_similarity(exact, text[a:b]) if a < b else 0.0
                if quality >= 1 - _EDITS and (best is None or quality > best[2]):
                    best = (a, b, quality)
    return best


def _seeded(text: str, exact: str, expected: int) -> list[int]:
    """Likely starts of the words: where most short pieces of them occur at the right distance."""
    size = max(4, len(exact) // 16)
    width = max(8, len(exact) // 6)
    votes: Counter[int] = Counter()
    for offset in range(0, len(exact) - size + 1, size):
        seed = exact[offset : offset + size]
        for begin in {0, max(0, expected + offset - LONGEST)}:
            at, hits = text.find(seed, begin), 0
            while at >= 0 and hits < _MOST_SEEDS:
                votes[(at - offset) // width] += 1
                hits += 1
                at = text.find(seed, at + 1)
    spread = Counter({place: votes[place] + votes[place + 1] for place in votes})
    return [place * width for place, _ in spread.most_common(_MOST_STARTS)]


def _edges(text: str, around: int) -> list[int]:
    """Starts and ends of words near an offset, the nearest first, at most a handful."""
    low, high = max(0, around - _EDGE_REACH), min(len(text), around + _EDGE_REACH)
    edges = [
        i for i in range(low, high + 1) if i in (0, len(text), around) or text[i - 1].isalnum() != text[i].isalnum()
    ]
    return sorted(edges, key=lambda i: abs(i - around))[:6]


def _by_ends(text: str, selection: Selection) -> Match | None:
    size = _LONGEST_FUZZY // 4
    head = find(text, Selection(selection.exact[:size], selection.prefix, selection.exact[size : size + CONTEXT]))
    tail = find(text, Selection(selection.exact[-size:], selection.exact[-size - CONTEXT : -size], selection.suffix))
    if head is None or tail is None or tail.end <= head.start:
        return None
    length = tail.end - head.start
    if abs(length - len(selection.exact)) > _EDITS * len(selection.exact):
        return None
    return Match(head.start, tail.end, min(head.score, tail.score))
