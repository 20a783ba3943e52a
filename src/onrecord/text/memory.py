"""What was translated before: which sentences are worth comparing, how alike two are, in what they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel, Levenshtein

from onrecord.text.searching import keys_of

MOST_KEYS = 16
_BORDER = "\x00"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are the same (`same`), only in what was translated before (`out`), or only in what is now (`in`)."""

    op: str
    text: str


def pair_keys(text: str, languages: str) -> list[int]:
    """Numbers for pairs of words that follow one another, borders included; at most MOST_KEYS.

    Of a long text those with the lowest numbers are taken, so that long texts which share most words share most keys.
    `languages` keeps pairs of languages apart.
    """
    words = keys_of(text)
    if not words:
        return []
    pairs = {f"{languages}\x01{a}\x01{b}" for a, b in pairwise([_BORDER, *words, _BORDER])}
    return sorted(map(_number, pairs))[:MOST_KEYS]


def likeness(a: str, b: str) -> float:
    """How much of two texts is the same, 0..1: words without case and punctuation, letter by letter."""
    first, second = " ".join(keys_of(a)), " ".join(keys_of(b))
    if not first or not second:
        return 0.0
    share = Levenshtein.normalized_similarity(first, second)
    return share if share < 1 or a == b else 0.999


def pieces(before: str, now: str) -> list[Piece]:
    """What differs, word by word."""
    was, words = before.split(), now.split()
    result: list[Piece] = []
    lost: list[str] = []
    added: list[str] = []

    def settle() -> None:
        result.extend(Piece(op, " ".join(part)) for op, part in (("out", lost), ("in", added)) if part)
        lost.clear()
        added.clear()

    for code in Indel.opcodes(was, words):
        if code.tag == "equal":
            settle()
            result.append(Piece("same", " ".join(words[code.dest_start : code.dest_end])))
        else:
            lost.extend(was[code.src_start : code.src_end])
            added.extend(words[code.dest_start : code.dest_end])
    settle()
    return result


def best_first(candidates: Sequence[tuple[float, bool]], most: int) -> list[int]:
    """Which of the candidates (likeness, reviewed) to offer: the likest, of equally like ones the reviewed."""
    order = sorted(range(len(candidates)), key=lambda n: (-round(candidates[n][0], 2), not candidates[n][1], n))
    return order[:most]


def _number(pair: str) -> int:
    return int.from_bytes(hashlib.blake2b(pair.encode(), digest_size=8).digest(), "big", signed=True)
