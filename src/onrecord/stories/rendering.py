"""Quotations marked in a story's HTML: the words wrapped, a play link after the closing mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag
from django.utils.safestring import SafeString, mark_safe

from onrecord.stories.passages import text_pieces
from onrecord.text.direction import direction

CLOSING_MARKS = "”»“’‘」』›\"'"
PUNCTUATION = ".,;:!?…)،؛؟。，、！？："  # stays with the quotation: the sign comes after it


@dataclass(frozen=True)
class Mark:
    """A quotation in a passage; `parts` are (offset, length) in its plain text of what stands inside the marks.

    `key` names it in addresses; `language` is given where it is not the story's.
    """

    number: int
    parts: tuple[tuple[int, int], ...]
    play_url: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    recording_id: str = ""
    label: str = ""
    key: str = ""
    language: str = ""


def mark_quotations(html: str, marks: Sequence[Mark]) -> SafeString:
    """The rich text with each quotation in `<span class="quotation">` and its play link behind the closing mark.

    A quotation in several parts or text nodes (an attribution in it, bold words, several paragraphs) gets one span
    for each; the first carries the id. Marks must not overlap; a mark outside the text is left out.
    """
    soup = BeautifulSoup(html, "html.parser")
    pieces = list(text_pieces(soup))
    text = "".join(piece for _, piece in pieces)
    inserts = _inserts(text, marks)
    position = 0
    for node, piece in pieces:
        end = position + len(piece)
        if node is not None:
            here = [insert for insert in inserts if insert.start < end and insert.end > position]
            if here:
                _split(soup, node, position, here)
        position = end
    return mark_safe(str(soup))


def marked_text(text: str, marks: Sequence[Mark]) -> SafeString:
    """Plain text as HTML, marked the same way."""
    soup = BeautifulSoup("", "html.parser")
    soup.append(NavigableString(text))
    return mark_quotations(str(soup), marks)


def play_link(soup: BeautifulSoup, mark: Mark) -> Tag:
    """`<a class="play">`: without scripts it plays the sound from there; a script makes a button of it."""
    link = soup.new_tag("a", href=mark.play_url)
    link["class"] = "play"
    if mark.key:
        link["id"] = f"q-{mark.key}"
    link["data-recording"] = mark.recording_id
    link["data-start-ms"] = str(mark.start_ms)
    link["data-end-ms"] = str(mark.end_ms)
    link["data-quotation"] = str(mark.number)
    link["aria-label"] = mark.label
    return link


@dataclass(frozen=True)
class _Insert:
    """Characters `start` to `end` to be wrapped; or, with `link`, a place (`end`) after which the play link goes."""

    start: int
    end: int
    mark: Mark
    first: bool = False
    link: bool = False


def _inserts(text: str, marks: Sequence[Mark]) -> list[_Insert]:
    found = []
    for mark in marks:
        for number, (offset, length) in enumerate(mark.parts):
            found.append(_Insert(offset, offset + length, mark, first=number == 0))
        if mark.play_url and mark.parts:
            after = sum(mark.parts[-1])
            while after < len(text) and text[after] in CLOSING_MARKS:
                after += 1
            while after < len(text) and text[after] in PUNCTUATION:
                after += 1
            found.append(_Insert(after - 1, after, mark, link=True))
    return sorted(found, key=lambda insert: (insert.start, insert.link))


def _split(soup: BeautifulSoup, node: NavigableString, position: int, inserts: Sequence[_Insert]) -> None:
    text = str(node)
    new: list[Tag | NavigableString] = []
    done = 0
    for insert in inserts:
        start = max(insert.start - position, done)
        end = min(insert.end - position, len(text))
        if insert.link:
            if insert.end - position <= len(text):
                _append_text(new, text[done:end])
                new.append(play_link(soup, insert.mark))
                done = max(done, end)
            continue
        _append_text(new, text[done:start])
        span = soup.new_tag("span")
        span["class"] = "quotation"
        span["data-quotation"] = str(insert.mark.number)
        if insert.mark.language:
            span["lang"] = insert.mark.language
            span["dir"] = direction(insert.mark.language)
        if insert.first and insert.start >= position:
            span["id"] = f"quotation-{insert.mark.number}"
        span.string = text[start:end]
        new.append(span)
        done = end
    _append_text(new, text[done:])
    node.replace_with(*new)


def _append_text(new: list[Tag | NavigableString], text: str) -> None:
    if text:
        new.append(NavigableString(text))
