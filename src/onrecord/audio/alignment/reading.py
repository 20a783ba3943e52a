"""Written words as a synthesiser should read them, and what of them it cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# One character for one, so that positions stay: the typographic apostrophe splits a Ukrainian word, and marks
# are read out in some languages.
_FOR_READING = str.maketrans({"’": "'", "ʼ": "'", "…": ".", **dict.fromkeys('"“”„«»‹›‘‚()[]{}<>*_|\\/#^~=\n\t', " ")})
_SOUND = re.compile(r"^[<\[(].*[>\])]$|^[♪♫]+$")
_ENDS = re.compile(r"[.?!…;:][\"”»’')\]]*$")
_PAUSES = re.compile(r"[,–—-][\"”»’')\]]*$")
PHRASE_WORDS = 14
"""A phrase of more words ends at its next comma; one of twice as many ends anyway."""
PAGE = 3000
"""Characters given to the synthesiser at once."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text for the synthesiser and, for each of its words, the first and last character, and its number."""

    text: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[int, ...]


def pages(words: Sequence[str], phrases: Sequence[range]) -> list[Page]:
    """The words as texts of some thousand characters, each phrase a paragraph."""
    result: list[Page] = []
    text, spans, numbers = "", [], []  # type: str, list[tuple[int, int]], list[int]
    for phrase in phrases:
        if len(text) > PAGE:
            result.append(Page(text, tuple(spans), tuple(numbers)))
            text, spans, numbers = "", [], []
        for number in phrase:
            reading = "" if is_sound(words[number]) else words[number].translate(_FOR_READING)
            if not re.search(r"\w", reading):
                continue
            spans.append((len(text), len(text) + len(reading)))
            numbers.append(number)
            text += reading + " "
        text += "\n\n"
    if spans:
        result.append(Page(text, tuple(spans), tuple(numbers)))
    return result


def is_sound(word: str) -> bool:
    """True for a word that notes a sound, such as `<cough>`, `[laughter]`, `♪`; it is not spoken."""
    return bool(_SOUND.match(word))


def phrases_of(segments: Sequence[Sequence[str]]) -> list[range]:
    """Stretches of the words of all segments, counted through, between which a pause is likely."""
    result: list[range] = []
    first = 0
    for segment in segments:
        start = first
        for number, word in enumerate(segment, start=first):
            length = number + 1 - start
            rest = first + len(segment) - number - 1
            if rest and (
                (_ENDS.search(word) and length >= 2)
                or (_PAUSES.search(word) and length > PHRASE_WORDS and rest > 3)
                or (length >= 2 * PHRASE_WORDS and rest > 5)
            ):
                result.append(range(start, number + 1))
                start = number + 1
        first += len(segment)
        if first > start:
            result.append(range(start, first))
    return result
