"""Speech set as dialogue, without marks: a line that begins with a dash ("— Слова, — сказав він. — Ещё слова.").

A dash also begins the items of a list and the name below a quotation. A line is speech if an attribution stands
in it, if the words before it lead up to speech with a colon, or if it stands next to a line that is speech.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.text.attribution import CLOSING, INSERTED, attributed, leads_to_speech, signed

_LINE = re.compile(r"^[^\S\n]*(?P<dash>[—–-])[^\S\n]+(?P<words>\S[^\n]*)", re.MULTILINE)
_SENTENCE = re.compile(r"[^\W\d_a-zа-яіїєґ].*[.!?…]\W*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line of dialogue: start and end of the line, spans of the words spoken, and who is named."""

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    named: str | None


def spoken_lines(text: str) -> tuple[SpokenLine, ...]:
    """The lines of dialogue in a text, in order."""
    lines = list(_LINE.finditer(text))
    plain = [match["dash"] != "-" and _SENTENCE.match(match["words"]) and not signed(match.group()) for match in lines]
    found = [_with_attribution(text, match) for match in lines]
    for n, match in enumerate(lines):
        if found[n] is None and plain[n] and leads_to_speech(text[max(0, match.start() - 300) : match.start()]):
            found[n] = _whole(match)
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        for n in order:
            near = n - 1 if order.step > 0 else n + 1
            between = text[min(lines[n].end(), lines[near].end()) : max(lines[n].start(), lines[near].start())]
            if found[n] is None and plain[n] and found[near] is not None and not between.strip():
                found[n] = _whole(lines[n])
    return tuple(line for line in found if line is not None)


def _whole(match: re.Match[str]) -> SpokenLine:
    return SpokenLine(match.start(), match.end(), ((match.start("words"), match.end("words")),), None)


def _with_attribution(text: str, match: re.Match[str]) -> SpokenLine | None:
    """The line with the attributions taken out, or None if it has none."""
    at, end = match.span("words")
    parts: list[tuple[int, int]] = []
    named: str | None = None
    for inserted in INSERTED.finditer(text, at, end):
        parts.append((at, inserted.start() + 1))
        named = named or attributed("", inserted["who"])[0]
        at = inserted.end()
    closing = CLOSING.search(text, at, end)
    if closing:
        parts.append((at, closing.start() + 1))
        named = named or attributed("", closing["who"])[0]
    elif parts:
        parts.append((at, end))
    return SpokenLine(match.start(), match.end(), tuple(parts), named) if parts else None
