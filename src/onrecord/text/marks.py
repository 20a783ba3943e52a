"""Quotation marks in one paragraph paired into spans: curly, straight, guillemets, low, corner, nested.

Straight and single marks are also apostrophes, feet and inches; which one a mark is, its neighbours tell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_MARK = re.compile("[\"'“”‟‘’‛‚„«»‹›「」『』]")
_CLOSERS = {
    '"': '"”“',
    "“": '”"',
    "”": "”",
    "„": '“”"„',
    "‟": "”",
    "'": "'",
    "‘": "’'",
    "‚": "‘’'",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
}
_SINGLE = frozenset("'‘‚’")
_OPENING_NEIGHBOURS = frozenset("([{—–-/\"'“‘„‚«‹「『¿¡…>*_")
_ELIDED = re.compile(r"(?:em|tis|twas|cause|til|till|bout|round|n|neath|cos|d|ere|\d0s|\d\d)\b", re.IGNORECASE)
_LOOK_AHEAD = 5000
_DEEPEST = 12
_SINGLE_MARK = re.compile("['‘’]")


@dataclass(frozen=True, slots=True)
class Pair:
    """Offsets of the words between two marks; `closed` and `opened` tell which marks are there."""

    mark: str
    start: int
    end: int
    opened: bool = True
    closed: bool = True
    nested: tuple[Pair, ...] = ()


@dataclass(slots=True)
class _Open:
    mark: str
    start: int
    nested: list[Pair] = field(default_factory=list)


def pairs(text: str, start: int, end: int, carried: str = "") -> tuple[Pair, ...]:
    """Outermost spans of text[start:end] in order; `carried` is the mark left open by the paragraph above.

    A span without its second mark ends with its sentence; one without its first starts with its sentence.
    A span left open by the last mark of the paragraph reaches its end and has `closed=False`: the caller sees
    whether the next paragraph carries it on, and if not cuts it with `first_sentence`.
    """
    found: list[Pair] = []
    stack: list[_Open] = []
    singles = (match.start() for match in _SINGLE_MARK.finditer(text, start, end))
    closing_singles = [at for at in singles if _shaped_to_close(text, at, end)]
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        if carried and not stack and not found and not text[start:at].strip() and mark == carried:
            stack.append(_Open(mark, at + 1))
        elif (depth := _closes(text, at, end, mark, stack)) is not None:
            closing = stack[depth]
            del stack[depth:]
            _add(found, stack, Pair(closing.mark, closing.start, at, nested=tuple(closing.nested)))
        elif len(stack) < _DEEPEST and _opens(text, at, start, end, mark, stack, closing_singles):
            if not stack or mark in _SINGLE or mark != stack[-1].mark or _may_nest(text, at, end, mark):
                stack.append(_Open(mark, at + 1))
                continue
            left = stack.pop()
            stop = min(first_sentence(text, left.start, at), at)
            kept = tuple(inner for inner in left.nested if inner.end < stop)
            _add(found, stack, Pair(left.mark, left.start, stop, closed=False, nested=kept))
            stack.append(_Open(mark, at + 1))
        elif not stack and mark in "”»」』›":
            found.append(_without_opening(text, max(start, found[-1].end + 1 if found else start), at, mark))
    while len(stack) > 1:
        inner = stack.pop()
        stack[-1].nested.extend(inner.nested)
    if stack:
        left = stack[0]
        found.append(Pair(left.mark, left.start, end, closed=False, nested=tuple(left.nested)))
    return tuple(found)


def first_sentence(text: str, start: int, end: int) -> int:
    """Where the first sentence of text[start:end] ends."""
    match = re.compile(r"[.!?…]+(?=\s|$)").search(text, start, end)
    return match.end() if match else end


def _add(found: list[Pair], stack: Sequence[_Open], pair: Pair) -> None:
    (stack[-1].nested if stack else found).append(pair)


def _closes(text: str, at: int, end: int, mark: str, stack: Sequence[_Open]) -> int | None:
    """Depth of the open span that this mark closes, or None."""
    if not stack or (mark in "'’\"" and not _shaped_to_close(text, at, end)):
        return None
    if mark in "'’" and stack[-1].mark in _SINGLE and not _ends_single(text, at, end, stack[-1].mark):
        return None
    if mark == '"' and text[at - 1].isdigit() and _is_inches(text, at, end, stack[-1].mark):
        return None
    for depth in range(len(stack) - 1, -1, -1):
        if mark in _CLOSERS[stack[depth].mark] and at >= stack[depth].start:
            if mark in _SINGLE and depth != len(stack) - 1:
                return None
            ambiguous = mark in '"“' and stack[depth].mark in '"“„'
            return depth if not ambiguous or _shaped_to_close(text, at, end) else None
    return None


def _opens(
    text: str, at: int, start: int, end: int, mark: str, stack: Sequence[_Open], closing_singles: Sequence[int]
) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    shaped = (before.isspace() or before in _OPENING_NEIGHBOURS) and not after.isspace()
    if mark in "'‘’":
        if mark == "’" or not shaped or not (after.isalnum() or after in '"“«[….—¿¡($€£*') or before.isalnum():
            return False
        if any(entry.mark in _SINGLE for entry in stack) or _ELIDED.match(text, at + 1, end):
            return False
        return any(_ends_single(text, i, end, mark) for i in _candidates(text, at, mark, closing_singles))
    if mark in '"”':
        return shaped and (mark == '"' or not stack)
    if mark == "»":
        return shaped and not stack and "«" not in text[start:at]
    if mark == "›":
        return shaped and not stack
    if mark in "“‟":
        return not after.isspace() or before.isspace()
    return mark in "„‚«‹「『"


def _candidates(text: str, at: int, mark: str, closing_singles: Sequence[int]) -> Iterator[int]:
    """Where a single mark opened here may close."""
    for n in range(bisect_left(closing_singles, at + 2), len(closing_singles)):
        place = closing_singles[n]
        if place >= at + _LOOK_AHEAD:
            return
        if text[place] in _CLOSERS[mark]:
            yield place


def _ends_single(text: str, at: int, end: int, opened: str) -> bool:
    """True unless the mark is more likely an apostrophe ("the workers' rights") before a real end."""
    if not _shaped_to_close(text, at, end):
        return False
    if text[at - 1] not in "sSxz" or not text[at + 1 : at + 2].isspace():
        return True
    limit = min(end, at + _LOOK_AHEAD)
    for i in range(at + 1, limit):
        if text[i] in _CLOSERS.get(opened, "’'") and _shaped_to_close(text, i, end):
            return False
        if text[i] in '"“”‘«»' or (text[i] in ".!?" and text[i + 1 : i + 2].isspace()):
            return True
    return True


def _shaped_to_close(text: str, at: int, end: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < end else " "
    return not before.isspace() and not after.isalnum()


def _is_inches(text: str, at: int, end: int, opened: str) -> bool:
    """True if after this mark another one closes before any opens: `"a 12" pipe," he said`."""
    limit = min(end, at + _LOOK_AHEAD)
    own = '"' if opened == '"' else _CLOSERS[opened].replace('"', "")
    following = min((n for c in own if (n := text.find(c, at + 1, limit)) >= 0), default=-1)
    reopened = text.find(opened, at + 1, limit) if opened != '"' else -1
    if following < 0 or not text[at + 1 : at + 2].isspace() or 0 <= reopened < following:
        return False
    return _shaped_to_close(text, following, end) and not text[following - 1].isspace()


def _may_nest(text: str, at: int, end: int, mark: str) -> bool:
    """True if enough closing marks follow for a span of the same marks inside this one."""
    rest = text[at : min(end, at + _LOOK_AHEAD)]
    if mark == '"':
        return False
    closing = sum(rest.count(c) for c in _CLOSERS[mark] if c != '"')
    return closing >= rest.count(mark) + 1


def _without_opening(text: str, start: int, at: int, mark: str) -> Pair:
    ends = [match.end() for match in re.finditer(r"[.!?…:]\s", text[start:at])]
    first = start + (ends[-1] if ends else 0)
    first += len(text[first:at]) - len(text[first:at].lstrip())
    return Pair(mark, first, at, opened=False)
