"""Words that may have to be masked: curses from a list, telephone numbers, number plates and e-mail addresses.

Suggestions only: nothing here masks anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from onrecord.text.languages import base
from onrecord.text.transcripts import Segment, bare

LANGUAGES = ("en", "uk", "ru")
_LETTERS = "ABCEHIKMOPTXАВСЕНІКМОРТХYУ"
_PATTERNS = (
    # Seven digits and more, in groups as people write them: +380 44 555 01 02, (555) 010-2030.
    ("number", "telephone number", re.compile(r"(?<![\w.,])\+?\(?\d(?:[ ().\-\u2011\u2013]{0,2}\d){6,14}(?![\w])")),
    # Ukrainian AA 1234 BB, Russian A 123 BC 77, British AB12 CDE, German B-AB 1234.
    (
        "number",
        "number plate",
        re.compile(rf"(?<!\w)[{_LETTERS}]{{2}} ?\d{{4}} ?[{_LETTERS}]{{2}}(?!\w)", re.IGNORECASE),
    ),
    (
        "number",
        "number plate",
        re.compile(rf"(?<!\w)[{_LETTERS}] ?\d{{3}} ?[{_LETTERS}]{{2}} ?\d{{2,3}}(?!\w)", re.IGNORECASE),
    ),
    ("number", "number plate", re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?[A-Z]{3}(?!\w)")),
    ("number", "number plate", re.compile(r"(?<!\w)[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}(?!\w)")),
    ("address", "e-mail address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
)


@dataclass(frozen=True)
class Suggestion:
    """Neighbouring words of a segment that may have to be masked: as what, and why."""

    segment_id: str
    word_ids: tuple[str, ...]
    text: str
    kind: str
    why: str


def mask_suggestions(segments: Sequence[Segment], language: str) -> Iterator[Suggestion]:
    """What to look at in a transcript, in order; words that are masked already are left out.

    Curses are looked for in the transcript's language and, since people mix them, in the other two as well; in
    words of another script none can be found.
    """
    curses = _curses(base(language))
    for segment in segments:
        taken: set[int] = set()
        for first, last, kind, why in _patterned(segment):
            span = range(first, last + 1)
            if taken.isdisjoint(span) and any(segment.words[n].mask is None for n in span):
                taken.update(span)
                yield _suggestion(segment, span, kind, why)
        for number, word in enumerate(segment.words):
            if number not in taken and word.mask is None and curses.fullmatch(bare(word.text).replace("’", "'")):
                yield _suggestion(segment, range(number, number + 1), "profanity", "curse")


def _suggestion(segment: Segment, span: range, kind: str, why: str) -> Suggestion:
    words = [segment.words[n] for n in span]
    return Suggestion(segment.id, tuple(word.id for word in words), " ".join(word.text for word in words), kind, why)


def _patterned(segment: Segment) -> Iterator[tuple[int, int, str, str]]:
    """First and last word of each match."""
    places: list[int] = []
    for number, word in enumerate(segment.words):
        places.extend([number] * (len(word.text) + 1))
    text = segment.text
    for kind, why, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield places[match.start()], places[match.end() - 1], kind, why


@cache
def _curses(language: str) -> re.Pattern[str]:
    known = json.loads(files("onrecord.text").joinpath("profanity.json").read_text("utf-8"))
    order = [language, *LANGUAGES] if language in LANGUAGES else list(LANGUAGES)
    entries = dict.fromkeys(entry for name in order for entry in known[name])
    return re.compile(
        "|".join(re.escape(entry.rstrip("*")) + (r"\w*" if entry.endswith("*") else "") for entry in entries)
    )
