"""Quotations in a text: what is printed between marks, by whom if the text names one, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from onrecord.text.attribution import INSERTED, attributed, is_attribution, leads_to_speech, signed
from onrecord.text.dialogue import spoken_lines
from onrecord.text.marks import Pair, first_sentence, pairs

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LETTER = re.compile(r"\w")
_LEAD = 40
_BELOW = 200


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text given: `length` characters from `offset`."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words presented as said by someone.

    `text` is the words inside the marks; parts split by an attribution or carried over paragraphs are joined
    by one space. `offset` and `length` reach from the first part to the last. `attributed_to` is a name as
    printed, None if the text names nobody. `unbalanced` says that one of its marks is missing; `before` are
    the few words of the text that lead up to it.
    """

    text: str
    offset: int
    length: int
    parts: tuple[Span, ...]
    attributed_to: str | None = None
    nested: tuple[Quotation, ...] = ()
    unbalanced: bool = False
    before: str = ""

    @classmethod
    def of(cls, text: str, attributed_to: str | None = None) -> Quotation:
        """A whole text as one quotation, for lines that are set without marks."""
        return cls(text, 0, len(text), (Span(0, len(text)),), attributed_to)


def find_quotations(text: str, *, language: str | None = None) -> tuple[Quotation, ...]:
    """The outermost quotations of a text in order; those inside them are their `nested`.

    Paragraphs are parted by blank lines. `language` is accepted for callers that know it; marks of all
    languages are always recognised.
    """
    found: list[Quotation] = []
    at = 0
    for line in spoken_lines(text):
        _find(found, text, at, line.start)
        parts = tuple(_trimmed(text, start, end) for start, end in line.parts)
        found.append(_from_parts(text, parts, line.named, (), False))
        at = line.end
    _find(found, text, at, len(text))
    return tuple(q for q in found if _LETTER.search(q.text))


def _find(found: list[Quotation], text: str, low: int, high: int) -> None:
    """Add the quotations between marks of text[low:high]."""
    for start, end in _paragraphs(text, low, high):
        carried = _carried(found, text, start)
        spans = pairs(text, start, end, carried)
        if carried and spans and not text[start : spans[0].start - 1].strip():
            first = _quotation(text, spans[0])
            found[-1] = _joined(found[-1], first, text)
            if spans[0].closed:
                name, _ = attributed("", text[spans[0].end + 1 : end])
                found[-1] = replace(found[-1], attributed_to=name or found[-1].attributed_to)
            spans = spans[1:]
            found.extend(_in_paragraph(text, start, end, spans, found.pop()))
        else:
            _cut(found, text)
            found.extend(_in_paragraph(text, start, end, spans, None))
    _cut(found, text)


def _paragraphs(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    start = low
    for match in _PARAGRAPH.finditer(text, low, high):
        yield start, match.start()
        start = match.end()
    yield start, high


def _in_paragraph(
    text: str, start: int, end: int, spans: tuple[Pair, ...], carried: Quotation | None
) -> list[Quotation]:
    """Quotations of one paragraph with attribution; those split by one are joined."""
    result: list[Quotation] = [carried] if carried else []
    marks_end = carried.offset + carried.length + 1 if carried else start
    for n, span in enumerate(spans):
        opening = span.start - 1 if span.opened else span.start
        closing = span.end + 1 if span.closed else span.end
        until = spans[n + 1].start - 1 if n + 1 < len(spans) else end
        between = text[marks_end:opening]
        quotation = _quotation(text, span)
        previous = result[-1] if result else None
        if previous and not previous.unbalanced and _goes_on(previous.text, between):
            joined = _joined(previous, quotation, text)
            name, told = attributed("", between)
            if not told:
                name, told = attributed("", text[closing:until])
            result[-1] = replace(joined, attributed_to=name or previous.attributed_to)
        else:
            if quotation.attributed_to is None:
                if n == 0 and not between.strip() and leads_to_speech(text[max(0, start - _BELOW) : start]):
                    between = text[max(0, start - _BELOW) : start].rstrip().rpartition("\n")[2]
                name, told = attributed(between, text[closing:until])
                if not told and until == end and not text[closing:end].strip():
                    name = signed(text[closing : closing + _BELOW])
                    told = name is not None
                if not told and previous and _only_attribution(between):
                    name = previous.attributed_to
                quotation = replace(quotation, attributed_to=name)
            result.append(quotation)
        marks_end = closing
    return result


def _goes_on(first: str, between: str) -> bool:
    """Whether what follows `between` is the same quotation, split by an attribution."""
    ended = first.rstrip().endswith((".", "!", "?", "…"))
    return bool(_LETTER.search(first)) and is_attribution(between, after_full_stop=ended)


def _only_attribution(between: str) -> bool:
    """`"…," said X. "…"`: the second goes on with the same speaker."""
    name, told = attributed("", between)
    brief = len(re.findall(r"\w+", between)) <= 14
    return (told and name is not None and brief) or not _LETTER.search(between)


def _quotation(text: str, span: Pair) -> Quotation:
    """One span with the attributions between dashes inside it taken out."""
    parts: list[Span] = []
    name: str | None = None
    at = span.start
    for match in INSERTED.finditer(text, span.start, span.end):
        parts.append(_trimmed(text, at, match.start() + 1))
        name = name or attributed("", match["who"])[0]
        at = match.end()
    parts.append(_trimmed(text, at, span.end))
    nested = tuple(_quotation(text, inner) for inner in span.nested)
    return _from_parts(text, tuple(parts), name, nested, not (span.opened and span.closed))


def _from_parts(
    text: str, parts: tuple[Span, ...], name: str | None, nested: tuple[Quotation, ...], unbalanced: bool
) -> Quotation:
    words = " ".join(text[part.offset : part.end] for part in parts)
    offset = parts[0].offset
    lead = text[max(0, offset - _LEAD) : max(0, offset - 1)].rpartition("\n")[2]
    before = re.split(r"[.!?;:]\s", lead)[-1]
    return Quotation(words, offset, parts[-1].end - offset, parts, name, nested, unbalanced, before)


def _joined(first: Quotation, second: Quotation, text: str) -> Quotation:
    return _from_parts(
        text,
        first.parts + second.parts,
        first.attributed_to or second.attributed_to,
        first.nested + second.nested,
        second.unbalanced,
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end - start)


def _carried(found: list[Quotation], text: str, start: int) -> str:
    """The mark with which this paragraph goes on with a quotation left open above, or nothing."""
    if not found or not found[-1].unbalanced or found[-1].offset == 0:
        return ""
    last = found[-1]
    mark = text[last.parts[-1].offset - 1] if last.parts[-1].offset else ""
    left_open = not text[last.offset + last.length : start].strip()
    stripped = text[start : start + 20].lstrip()
    return mark if left_open and mark and stripped.startswith(mark) else ""


def _cut(found: list[Quotation], text: str) -> None:
    """A quotation left open that no paragraph carries on ends with its first sentence."""
    if not found or not found[-1].unbalanced or len(found[-1].parts) > 1:
        return
    last = found[-1]
    end = first_sentence(text, last.offset, last.offset + last.length)
    nested = tuple(q for q in last.nested if q.offset + q.length <= end)
    span = _trimmed(text, last.offset, end)
    found[-1] = replace(last, text=text[span.offset : span.end], length=span.length, parts=(span,), nested=nested)
