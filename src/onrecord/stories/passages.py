"""A story as plain text: the passages a reader sees, each with the address of its block.

The plain text of rich text is defined here once; the gate counts in it and the page marks quotations by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup, NavigableString, Tag

if TYPE_CHECKING:
    from onrecord.stories.models import StoryPage

PARAGRAPH_TAGS = {"p", "li", "h2", "h3", "h4", "blockquote", "ul", "ol"}
JOINT = "\n\n"


@dataclass(frozen=True)
class Passage:
    """Plain text of one piece of a story. `speaker` None: running text; else all of it is that speaker's words."""

    id: str
    text: str
    speaker: str | None = None
    recording_id: str | None = None


def story_passages(page: "StoryPage") -> list[Passage]:
    """Every passage in which the story could quote somebody, in reading order."""
    passages = [Passage("headline", page.title), Passage("standfirst", page.standfirst)]
    for block in page.body:
        passages.extend(_block_passages(block.id, block.block_type, block.value))
    return [passage for passage in passages if passage.text.strip()]


def text_pieces(soup: Tag) -> Iterator[tuple[NavigableString | None, str]]:
    """The plain text of rich text, piece by piece: text nodes, and breaks (None) between paragraphs and at <br>."""
    pending = ""
    started = False
    for node in soup.descendants:
        if isinstance(node, Tag):
            if node.name in PARAGRAPH_TAGS and started:
                pending = JOINT
            elif node.name == "br":
                pending = pending or "\n"
        elif isinstance(node, NavigableString) and str(node):
            if not node.strip() and node.parent is soup:
                continue
            if pending:
                yield None, pending
                pending = ""
            started = True
            yield node, str(node)


def html_text(html: str) -> str:
    """The plain text of rich text; paragraphs are joined by an empty line."""
    return "".join(piece for _, piece in text_pieces(BeautifulSoup(html, "html.parser")))


def _block_passages(block_id: str, block_type: str, value: Any) -> Iterator[Passage]:
    match block_type:
        case "paragraph" | "note":
            yield Passage(block_id, html_text(value.source))
        case "heading":
            yield Passage(block_id, value)
        case "exchange":
            recording_id = str(value["recording"].pk) if value["recording"] else None
            for number, line in enumerate(value["lines"]):
                yield Passage(f"{block_id}/{number}", line["text"] or "", line["speaker"] or "", recording_id)
        case "pull_quote":
            yield Passage(block_id, value["text"] or "", value["speaker"] or "")
        case "recording" | "picture":
            yield Passage(block_id, value["caption"] or "")
