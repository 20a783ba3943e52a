"""Quotations marked in a story's HTML: the words wrapped, a play link after the closing mark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bs4 import BeautifulSoup, NavigableString, Tag
from django.utils.safestring import SafeString, mark_safe

from onrecord.stories.passages import text_pieces

_CLOSING = re.compile(r"""[”“"»«’‘'›‹」』]?[.,;:!?…)]*""")


@dataclass(frozen=True)
class Mark:
    """A quotation in a passage: characters `offset` to `offset + length` of its plain text."""

    number: int
    offset: int
    length: int
    play_url: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    recording_id: str = ""
    label: str = ""
    continues: bool = False


def mark_quotations(html: str, marks: Sequence[Mark]) -> SafeString:
    """The rich text with each quotation in `<span class="quotation">` and its play link behind it.

    A quotation that runs over several text nodes (bold words in it, several paragraphs) gets one span for each; the
    first carries the id. Marks must not overlap; a mark outside the text is left out.
    """
    soup = BeautifulSoup(html, "html.parser")
    pieces = list(text_pieces(soup))
    position = 0
    for node, text in pieces:
        end = position + len(text)
        if node is not None:
            inside = [mark for mark in marks if mark.offset < end and mark.offset + mark.length > position]
            if inside:
                _split(soup, node, position, inside)
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
    link["data-recording"] = mark.recording_id
    link["data-start-ms"] = str(mark.start_ms)
    link["data-end-ms"] = str(mark.end_ms)
    link["data-quotation"] = str(mark.number)
    link["aria-label"] = mark.label
    return link


def _split(soup: BeautifulSoup, node: NavigableString, position: int, marks: Sequence[Mark]) -> None:
    text = str(node)
    new: list[Tag | NavigableString] = []
    done = 0
    add_text = partial(_append_text, new)
    for mark in sorted(marks, key=lambda mark: mark.offset):
        start = max(mark.offset - position, 0)
        end = min(mark.offset + mark.length - position, len(text))
        add_text(text[done:start])
        span = soup.new_tag("span")
        span["class"] = "quotation"
        span["data-quotation"] = str(mark.number)
        if mark.offset >= position and not mark.continues:
            span["id"] = f"quotation-{mark.number}"
        span.string = text[start:end]
        new.append(span)
        done = end
        if mark.play_url and mark.offset + mark.length <= position + len(text):
            closing = _CLOSING.match(text, end)
            done = closing.end() if closing else end
            add_text(text[end:done])
            new.append(play_link(soup, mark))
    add_text(text[done:])
    node.replace_with(*new)


def _append_text(new: list[Tag | NavigableString], text: str) -> None:
    if text:
        new.append(NavigableString(text))
