"""Words changed in a story in memory, in the place they stand in, without touching anything around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from rapidfuzz import fuzz
from rapidfuzz.distance import Opcodes
from rapidfuzz.distance.Levenshtein import opcodes
from wagtail.rich_text import RichText

from onrecord.readers.passages import Found, block_of
from onrecord.stories.models import StoryPage
from onrecord.stories.passages import Passage, text_pieces

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
LIKELY = 60
PAGE_FIELDS = {"headline": "title", "standfirst": "standfirst"}


@dataclass(frozen=True)
class Edit:
    """Characters `start` to `end` of a plain text become `new`."""

    start: int
    end: int
    new: str


def words_find(passages: Sequence[Passage], place: Found | None, old_words: str) -> Found | None:
    """The one place where these words stand: inside `place` if it has them once, else in its passage.

    Without a place, in the whole story. Spaces and line breaks count as the same. None: nowhere, or several.
    """
    pattern = re.compile(r"\s+".join(map(re.escape, old_words.split())))
    if not old_words.strip():
        return None
    if place is not None:
        inside = [m for m in pattern.finditer(place.passage.text) if place.start <= m.start() and m.end() <= place.end]
        passages = [place.passage]
    else:
        inside = []
    found = [(place.passage, m) for m in inside if place is not None] or [
        (passage, m) for passage in passages for m in pattern.finditer(passage.text)
    ]
    if len(found) != 1:
        return None
    passage, match = found[0]
    return Found(passage, match.start(), match.end(), 1.0)


def words_replace(page: StoryPage, place: Found, new_words: str) -> bool:
    """Put `new_words` in the place of what stands there, in `page` in memory; False: it must be done by hand.

    By hand: when a change would reach over two paragraphs or over the edge of bold, italic or a link, or when
    the field could not take the result.
    """
    edits = word_edits(place.words, re.sub(r"\s*\n\s*", " ", new_words).strip(), place.start)
    if place.passage.id in PAGE_FIELDS:
        return _field_write(page, PAGE_FIELDS[place.passage.id], _plain_edited(place.passage.text, edits))
    for index, block in enumerate(page.body):
        if block.id == block_of(place.passage.id):
            return _block_write(page, index, place.passage, edits)
    return False


def word_edits(old: str, new: str, offset: int = 0) -> list[Edit]:
    """The fewest changes of words, spaces and marks that make `new` of `old`, in order."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    places = [offset]
    for token in before:
        places.append(places[-1] + len(token))
    changes: Opcodes = opcodes(before, after)
    edits: list[Edit] = []
    for op in changes:
        if op.tag == "equal":
            continue
        edit = Edit(places[op.src_start], places[op.src_end], "".join(after[op.dest_start : op.dest_end]))
        if edits and edits[-1].end == edit.start:
            edit = Edit(edits[-1].start, edit.end, edits.pop().new + edit.new)
        edits.append(edit)
    return edits


def likely_replacement(old: str, suggestion: str) -> str:
    """What the new words start from: the suggestion if it reads like the old words mended, else those."""
    close = fuzz.ratio(old.casefold(), suggestion.casefold()) >= LIKELY
    return suggestion if close and "\n" not in suggestion else old


def rich_edited(html: str, edits: Sequence[Edit]) -> str | None:
    """The rich text with the edits made in its text nodes; None when one does not lie in a single node."""
    soup = BeautifulSoup(html, "html.parser")
    nodes, position = [], 0
    for node, text in text_pieces(soup):
        if node is not None:
            nodes.append((node, position, position + len(text)))
        position += len(text)
    homes: dict[int, list[Edit]] = {}
    for edit in edits:
        home = next((i for i, (_, start, end) in enumerate(nodes) if start <= edit.start and edit.end <= end), None)
        if home is None:
            return None
        homes.setdefault(home, []).append(edit)
    for home, inside in homes.items():
        node, start, _ = nodes[home]
        shifted = [Edit(edit.start - start, edit.end - start, edit.new) for edit in inside]
        node.replace_with(_plain_edited(str(node), shifted))
    return str(soup)


def _plain_edited(text: str, edits: Sequence[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


def _field_write(page: StoryPage, name: str, value: str) -> bool:
    try:
        setattr(page, name, page._meta.get_field(name).clean(value, page))
    except ValidationError:
        return False
    return True


def _block_write(page: StoryPage, index: int, passage: Passage, edits: Sequence[Edit]) -> bool:
    block = page.body[index]
    children = getattr(block.block, "child_blocks", {})
    try:
        match block.block_type:
            case "paragraph" | "note":
                html = rich_edited(block.value.source, edits)
                if html is None:
                    return False
                page.body[index] = (block.block_type, block.block.clean(RichText(html)), block.id)
            case "heading":
                text = block.block.clean(_plain_edited(passage.text, edits))
                page.body[index] = (block.block_type, text, block.id)
            case "exchange":
                line = block.value["lines"][int(passage.id.partition("/")[2])]
                line["text"] = line.block.child_blocks["text"].clean(_plain_edited(passage.text, edits))
            case "pull_quote":
                block.value["text"] = children["text"].clean(_plain_edited(passage.text, edits))
            case _:
                block.value["caption"] = children["caption"].clean(_plain_edited(passage.text, edits))
    except ValidationError:
        return False
    return True
