"""Masks in text: the desk's markup, and what the public reads in place of a masked word.

Markup is `{kind|words}`, for example `{profanity|damn}` or `{name|Olena Petrivna}`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from onrecord.errors import BadMaskMarkup
from onrecord.text.transcripts import Word

KINDS = ("profanity", "name", "number", "address", "other")
_LABELS = {"name": "[name]", "number": "[number]", "address": "[address]", "other": "[masked]"}
_TOKEN = re.compile(r"[{}]|[^{}]+")
_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)


def parse_marked(text: str) -> tuple[tuple[str, str | None], ...]:
    """Words of the plain edit form with their mask kind; a mask may span several words.

    Punctuation that touches a mask from outside belongs to its word: `{name|Ada},` is ("Ada,", "name").
    Raises BadMaskMarkup for an unknown kind, an empty mask, a brace left open or closed twice.
    """
    words: list[tuple[str, str | None]] = []
    glue = False
    kind: str | None = None
    inside, opened = False, 0
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece == "{":
            if inside:
                raise _bad("a mask opens inside another one", text, match.start())
            inside, kind = True, None
            opened = match.start()
        elif piece == "}":
            if not inside:
                raise _bad("a brace closes that was not opened", text, match.start())
            if kind is None:
                raise _bad("the mask is empty", text, opened)
            inside, kind = False, None
        else:
            if inside:
                kind, piece = _kind_and_words(piece, opened, text)
            glue = _append(words, piece, kind, glue)
    if inside:
        raise _bad("the brace is not closed", text, opened)
    return tuple(words)


def to_marked(words: Sequence[Word]) -> str:
    """The words in the desk's markup; neighbours under one mask kind share one pair of braces."""
    parts = []
    for kind, group in groupby(words, key=lambda word: word.mask):
        texts = [word.text for word in group]
        if kind is None:
            parts.extend(texts)
            continue
        before = _split(texts[0])[0]
        texts[0] = texts[0][len(before) :]
        after = _split(texts[-1])[2]
        texts[-1] = texts[-1][: len(texts[-1]) - len(after)] if after else texts[-1]
        parts.append(f"{before}{{{kind}|{' '.join(texts)}}}{after}")
    return " ".join(parts)


def masked_text(word: Word) -> str:
    """What the public reads for one word: itself, `f*****g`, or a label such as `[name]`."""
    if word.mask is None:
        return word.text
    before, core, after = _split(word.text)
    if word.reads:
        return f"{before}{word.reads}{after}"
    if word.mask != "profanity":
        return f"{before}{_LABELS.get(word.mask, '[masked]')}{after}"
    return before + "-".join(_starred(part) for part in core.split("-")) + after


def public_text(words: Sequence[Word]) -> str:
    """The public reading of several words; neighbours under one label collapse to one bracket."""
    parts: list[str] = []
    for (kind, reads), group in groupby(words, key=lambda word: (word.mask, word.reads)):
        run = list(group)
        if kind is None or (kind == "profanity" and not reads):
            parts.extend(masked_text(word) for word in run)
        else:
            before, after = _split(run[0].text)[0], _split(run[-1].text)[2]
            parts.append(f"{before}{reads or _LABELS.get(kind, '[masked]')}{after}")
    return " ".join(parts)


def gives_away(reads: str, text: str) -> bool:
    """True if a reading chosen for a masked word contains the word itself."""
    core = _split(text)[1].casefold()
    return bool(core) and core in reads.casefold()


def _starred(core: str) -> str:
    """First letter, asterisks, last letter; one or two letters would give the word away and show none."""
    if len(core) <= 2:
        return "*" * len(core)
    return core[0] + "*" * (len(core) - 2) + core[-1]


def _split(text: str) -> tuple[str, str, str]:
    """Punctuation before, the word, punctuation after; a word without letters is all word."""
    match = _CORE.match(text)
    if match is None or not match.group(2):
        return "", text, ""
    return match.group(1), match.group(2), match.group(3)


def _kind_and_words(piece: str, opened: int, text: str) -> tuple[str, str]:
    kind, bar, rest = piece.partition("|")
    kind = kind.strip()
    if kind not in KINDS:
        raise _bad(f"{kind!r} is not a kind of mask (known: {', '.join(KINDS)})", text, opened)
    if not bar or not rest.strip():
        raise _bad("the mask is empty", text, opened)
    return kind, rest


def _append(words: list[tuple[str, str | None]], piece: str, kind: str | None, glue: bool) -> bool:
    """Add the words of one piece; True if the next piece continues its last word."""
    texts = piece.split()
    if texts and glue and words and not piece[0].isspace():
        last, last_kind = words.pop()
        texts[0] = last + texts[0]
        words.append((texts.pop(0), last_kind or kind))
    words.extend((text, kind) for text in texts)
    return not piece[-1].isspace()


def _bad(reason: str, text: str, at: int) -> BadMaskMarkup:
    return BadMaskMarkup(reason=reason, near=text[max(0, at - 10) : at + 30], at=at)
