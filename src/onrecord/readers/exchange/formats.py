"""What WordPress and Disqus write, as comments: WXR 1.x, and Disqus's XML."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import nh3

from onrecord.readers.cleaning import clean_line, clean_text
from onrecord.readers.exchange.records import CommentsUnreadable, Node, records

MAX_ID = 64
_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</(p|div|li|blockquote|h\d)>\s*", re.IGNORECASE)
_WXR = {("channel", "base_site_url"), ("item", "link"), ("item", "post_name"), ("item", "comment")}
_DISQUS = {("disqus", "thread"), ("disqus", "post")}


@dataclass(frozen=True)
class Found:
    """A comment of an export. `left_out` says why it is not for readers; the text is plain and clean."""

    source: str
    id: str
    parent: str
    address: str
    slug: str
    name: str
    text: str
    created_at: datetime
    is_approved: bool
    left_out: str = ""


def comments_read(path: Path) -> Iterator[Found]:
    """The comments of an export in the order of the file. Raises CommentsUnreadable."""
    with _opened(path) as stream:
        head = stream.read(4096)
    return _disqus(path) if b"<disqus" in head else _wordpress(path)


def plain(markup: str) -> str:
    """The text of a comment's HTML: paragraphs and breaks as lines, no tag, no entity."""
    lined = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", markup))
    return clean_text(re.sub(r"\n{3,}", "\n\n", html.unescape(nh3.clean(lined, tags=set()))))


def _wordpress(path: Path) -> Iterator[Found]:
    site, address, slug = "", "", ""
    for node in records(path, _WXR):
        text = "".join(node.texts).strip()
        if node.name == "base_site_url":
            site = urlsplit(text).hostname or text
        elif node.name == "link":  # the first thing that a story says of itself
            address, slug = text, ""
        elif node.name == "post_name":
            slug = text
        else:
            yield _of_wordpress(path, f"wordpress:{site}"[:200], address, slug, node)


def _of_wordpress(path: Path, source: str, address: str, slug: str, node: Node) -> Found:
    approved, kind = node.text("comment_approved"), node.text("comment_type")
    left_out = "pingback" if kind not in ("", "comment") else ""
    if approved not in ("0", "1"):
        left_out = "trash" if "trash" in approved else "spam"
    parent = node.text("comment_parent")
    return Found(
        source=source, id=node.text("comment_id")[:MAX_ID],
        parent="" if parent == "0" else parent[:MAX_ID], address=address, slug=slug,
        name=clean_line(html.unescape(node.text("comment_author"))), text=plain(node.text("comment_content")),
        created_at=_date(path, node.text("comment_date_gmt") or node.text("comment_date")),
        is_approved=approved == "1", left_out=left_out,
    )  # fmt: skip


def _disqus(path: Path) -> Iterator[Found]:
    threads: dict[str, str] = {}
    forum = ""
    for node in records(path, _DISQUS):
        if node.name == "thread":
            threads[node.attributes.get("id", "")] = node.text("link")
            forum = node.text("forum") or forum
            continue
        thread, parent, author = node.child("thread"), node.child("parent"), node.child("author")
        left_out = "trash" if node.text("isDeleted") == "true" else "spam" if node.text("isSpam") == "true" else ""
        yield Found(
            source=f"disqus:{forum}"[:200], id=node.attributes.get("id", "")[:MAX_ID],
            parent=parent.attributes.get("id", "")[:MAX_ID] if parent else "",
            address=threads.get(thread.attributes.get("id", "") if thread else "", ""), slug="",
            name=clean_line(html.unescape(author.text("name") if author else "")), text=plain(node.text("message")),
            created_at=_date(path, node.text("createdAt")), is_approved=True, left_out=left_out,
        )  # fmt: skip


def _date(path: Path, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise CommentsUnreadable(path=path, reason=f"{text[:40]!r} is no date of a comment") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CommentsUnreadable(path=path, reason=error.strerror or "it cannot be opened") from error
