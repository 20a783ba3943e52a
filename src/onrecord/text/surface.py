"""Differences that nobody hears: the case of the first letter, the punctuation between words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from onrecord.text.align import Op, Step
from onrecord.text.compare import Change, ChangeKind
from onrecord.text.lexicon import is_false_start
from onrecord.text.normalise import Kind, Token
from onrecord.text.quotations import Quotation
from onrecord.text.record import Record
from onrecord.text.transcripts import Word

_INITIALS = re.compile(r"(?:^|\W)\w(?:\.\w)+\.\W*$")


def surface_changes(
    quotation: Quotation, steps: Sequence[Step], printed: Sequence[Token], record: Record, base_token: int
) -> tuple[Change, ...]:
    """The case of the first letter and the punctuation between words, where they differ."""
    result: list[Change] = []
    same = [step for step in steps if step.op is Op.SAME]
    if same and same[0].printed == next((i for i, t in enumerate(printed) if t.kind is Kind.WORD), -1):
        token, word = printed[same[0].printed], record.word(base_token + same[0].said)
        shown, said = quotation.text[token.start], next((c for c in word.text if c.isalnum()), "")
        if shown != said and shown.casefold() == said.casefold():
            result.append(Change(ChangeKind.DECLARED, said, shown, False, "case of the first letter"))
    joints = _joints(quotation)
    first, end = (same[0].said, same[-1].said + 1) if same else (0, 0)
    words = [word for _, _, word in record.turns(base_token + first, base_token + end)]
    for a, b in pairwise(same):
        if b.printed != a.printed + 1 or b.said != a.said + 1:
            continue
        between = quotation.text[printed[a.printed].end : printed[b.printed].start]
        if any(printed[a.printed].end <= joint <= printed[b.printed].start for joint in joints):
            continue
        spoken = _between(record, base_token + a.said, *words[a.said - first : a.said - first + 2])
        if spoken is not None and _marks(between) != _marks(spoken):
            result.append(Change(ChangeKind.DECLARED, spoken.strip(), between.strip(), False, "punctuation"))
    return tuple(result)


def _between(record: Record, position: int, a: Word, b: Word) -> str | None:
    """What is written between two neighbouring tokens of words; None inside one word or after one broken off."""
    if a is b or is_false_start(record.keys[int(record.tokens[position])]):
        return None
    skipped = record.words_between(position, position + 1)
    tail = len(a.text) - len(a.text.rstrip("\"'”’»).,;:!?…—–-*]"))
    head = len(b.text) - len(b.text.lstrip("\"'“‘«„([—–-…*"))
    ending = a.text[len(a.text) - tail :] if tail else ""
    if ending.startswith(".") and _INITIALS.search(a.text):
        ending = ending[1:]
    return " ".join([ending, *skipped, b.text[:head]])


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def _marks(text: str) -> str:
    """Punctuation that is heard: without quotation marks and spaces, dashes alike."""
    return "".join(c for c in text.translate(_DASHES) if c in ",.;:!?-").replace("--", "-")


def _joints(quotation: Quotation) -> list[int]:
    """Offsets in the text where one part ends and the next begins."""
    result, at = [], 0
    for part in quotation.parts[:-1]:
        at += part.length
        result.append(at)
        at += 1
    return result
