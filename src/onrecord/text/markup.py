"""The words of a story file as plain text, with the way back to the file as given.

Markdown is not parsed by a Markdown library because those keep no offsets inside a paragraph; what can be
quoted needs only its marks taken out. Paragraphs are parted by a blank line in the result.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from operator import itemgetter
from pathlib import PurePath
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from onrecord.errors import NotSubtitles, UnreadableStory
from onrecord.text.subtitles.decoding import decode

LARGEST_DOCX = 100_000_000


@dataclass(frozen=True, slots=True)
class PlainText:
    """Text without markup; for each of its characters where it starts and ends in `source`.

    `warnings` tell what had to be guessed to read the file.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    source: str = ""
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> PlainText:
        """A text that is its own source."""
        return cls(text, range(len(text)), range(1, len(text) + 1), text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offset and length in the source of text[start:end]."""
        if start >= end:
            return (self.starts[start] if start < len(self.starts) else 0), 0
        return self.starts[start], self.ends[end - 1] - self.starts[start]


def read_story(data: bytes, filename: str, *, encoding: str | None = None) -> PlainText:
    """The text of a Markdown, HTML, .docx or plain text file, told by its name. Raises UnreadableStory.

    Offsets are characters of the decoded file with its line ends as given; in .docx, of its text.
    `encoding` is that of a text file; by default it is recognised.
    """
    suffix = PurePath(filename).suffix.lower()
    if suffix == ".docx" or data[:4] == b"PK\x03\x04":
        return docx_text(data, filename)
    for start, kind in _OTHER_FORMATS.items():
        if data.startswith(start):
            raise UnreadableStory(file=filename, reason=f"this is {kind}", remedy=_AS)
    try:
        source, _, warnings = decode(data, filename, encoding, keep_line_ends=True)
    except NotSubtitles as error:
        raise UnreadableStory(file=filename, reason=str(error.fields["reason"]), remedy=_AS) from error
    if suffix in (".html", ".htm", ".xhtml") or re.match(r"\s*<(!doctype html|html)\b", source, re.IGNORECASE):
        plain = html_text(source)
    elif suffix in (".md", ".markdown", ".mdown"):
        plain = markdown_text(source)
    else:
        plain = PlainText.of(source)
    return replace(plain, source=source, warnings=warnings)


_AS = "Give the story as Markdown, HTML, plain text or .docx."
_OTHER_FORMATS = {b"%PDF": "a PDF", b"{\\rtf": "RTF", b"\xd0\xcf\x11\xe0": "an old .doc document"}


Character = tuple[str, int, int]
_BLOCK_QUOTE = re.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_OWN_MARKS = re.compile("[\"“”„«»‹›「」『』]|^['‘’‚—–]|^- ", re.MULTILINE)
_MARKS_IN_CODE = re.compile("[\"'“”„«»‹›‘’「」『』]")
_SIGNATURE = re.compile(r"\n\s*(?:[—–]|--)[^\n]+\s*\Z")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?\n---[ \t]*\r?(?:\n|\Z)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*\r?$|\Z)", re.DOTALL | re.MULTILINE)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*\S+[^\n]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINE_START = re.compile(
    r"^(?:[ \t]{0,3}>[ \t]?)+|^[ \t]{0,3}#{1,6}[ \t]+|^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+", re.MULTILINE
)
_RULE = re.compile(r"^[ \t]{0,3}(?:=+|(?:[-*_][ \t]*){3,})\r?$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_LINK = re.compile(r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\](\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\]\n]*\])")
_CODE = re.compile(r"(?<!`)(`{1,3})([^`\n]{1,500})\1(?!`)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>|<https?://[^>\s]+>")
_STARS = re.compile(
    r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]{1,400}(?:\n(?!\s*\n)[^*\n]{1,400}){0,5})(?<=[^\s\\])\1(?![\w*])"
)
_LINES = re.compile(
    r"(?<![\w\\])(_{1,3})(?=[^\s_])([^\n]{1,300}?(?:\n(?!\s*\n)[^\n]{1,300}?){0,3}?)(?<=[^\s\\])\1(?!\w)"
)
_STRUCK = re.compile(r"~~(?=\S)([^~\n]+)(?<=\S)~~")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\\(?=\r?\n)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def markdown_text(source: str) -> PlainText:
    """Markdown without its marks; code blocks, front matter, images and comments are left out."""
    out = bytearray(len(source))
    for pattern in (_FRONT_MATTER, _FENCE, _DEFINITION, _COMMENT, _RULE, _IMAGE):
        for match in pattern.finditer(source):
            _drop(out, match.start(), match.end())
    breaks = set()
    for match in _LINE_START.finditer(source):
        if not out[match.start()]:
            _drop(out, match.start(), match.end())
            if ">" not in match.group():
                breaks.add(match.start())
                ends = source.find("\n", match.end())
                if "#" in match.group() and ends >= 0:
                    breaks.add(ends)
    for match in _LINK.finditer(source):
        _drop(out, match.start(), match.start() + 1)
        _drop(out, match.end(1), match.end())
    for pattern, groups in ((_CODE, 2), (_STARS, 2), (_LINES, 2), (_STRUCK, 1)):
        for match in pattern.finditer(source):
            if not any(out[match.start() : match.start(groups)]):
                _drop(out, match.start(), match.start(groups))
                _drop(out, match.end(groups), match.end())
                if pattern is _CODE:
                    for mark in _MARKS_IN_CODE.finditer(source, match.start(2), match.end(2)):
                        _drop(out, mark.start(), mark.end())
    for pattern in (_TAG, _ESCAPE):
        for match in pattern.finditer(source):
            _drop(out, match.start(), match.end())
    found = list(_kept(source, out, breaks))
    result: list[Character] = []
    done = 0
    for match in _BLOCK_QUOTE.finditer(source):
        low, high = (bisect_left(found, at, key=itemgetter(1)) for at in match.span())
        result.extend(found[done:low])
        result.extend(_with_marks(found[low:high]))
        done = high
    return _collected([*result, *found[done:]])


def _with_marks(block: list[Character], body: int | None = None) -> list[Character]:
    """The characters of a block quote with quotation marks of no length around it, unless it has its own.

    What is quoted ends before `body`, or before a last line that begins with a dash and names who spoke.
    """
    text = "".join(char for char, _, _ in block)
    signature = _SIGNATURE.search(text)
    end = body if body is not None else signature.start() if signature else len(text)
    words = text[:end].strip()
    if not re.search(r"\w", words) or _OWN_MARKS.search(words) or words.startswith("[!"):
        return block
    starts = {m.end() for m in _BLANK.finditer(text, 0, len(text[:end].rstrip()))} | {len(text) - len(text.lstrip())}
    stop = len(text[:end].rstrip())
    result: list[Character] = []
    for n, (char, start, after) in enumerate(block):
        if n in starts:
            result.append(("“", start, start))
        result.append((char, start, after))
        if n + 1 == stop:
            result.append(("”", after, after))
    return result


def _drop(out: bytearray, start: int, end: int) -> None:
    out[start:end] = b"\x01" * (end - start)


def _kept(source: str, out: bytearray, breaks: set[int]) -> Iterator[tuple[str, int, int]]:
    entities = {match.start(): match.end() for match in _ENTITY.finditer(source)}
    at = 0
    while at < len(source):
        if at in breaks:
            yield "\n", at, at
        end = entities.get(at, at + 1) if not out[at] else at + 1
        if not out[at]:
            for char in unescape(source[at:end]):
                yield char, at, end
        at = end


_BLOCK_TAGS = (
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot "
    "th thead title tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_CODE_TAGS = frozenset(["code", "pre", "kbd", "samp"])
_UNSEEN = frozenset(["script", "style", "template", "noscript", "svg", "textarea", "select", "iframe"])


def html_text(source: str) -> PlainText:
    """The words of an HTML page or fragment; scripts and styles are left out, `<q>` becomes marks."""
    reader = _Page(source)
    reader.feed(source)
    reader.close()
    return _collected(reader.found)


class _Page(HTMLParser):
    """Collects characters with their offsets while the page passes."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Character] = []
        self._source = source
        self._lines = [0, *(match.end() for match in re.finditer("\n", source))]
        self._unseen = 0
        self._code = 0
        self._quotes: list[tuple[int, int | None]] = []

    def _close_quote(self) -> None:
        start, body = self._quotes.pop()
        if not self._quotes:
            self.found[start:] = _with_marks(self.found[start:], body - start if body is not None else None)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in _CODE_TAGS
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS or tag == "cite":
            in_quote = bool(self._quotes)
            if tag in _BLOCKS or in_quote:
                self._part()
            if tag in ("cite", "footer") and in_quote and self._quotes[-1][1] is None:
                self._quotes[-1] = (self._quotes[-1][0], len(self.found))
                self._mark("—")
                self._mark(" ")
            if tag == "blockquote":
                self._quotes.append((len(self.found), None))
        elif tag == "br":
            self._mark("\n")
        elif tag == "q":
            self._mark("“")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._code = max(0, self._code - (tag in _CODE_TAGS))
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            if tag == "blockquote" and self._quotes:
                self._close_quote()
            self._part()
        elif tag == "q":
            self._mark("”")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        at = self._at()
        for n, char in enumerate(data):
            if self._code and _MARKS_IN_CODE.match(char):
                continue
            blank = char.isspace() and char != "\u00a0"
            if not blank:
                self.found.append((char, at + n, at + n + 1))
            elif self.found and not self.found[-1][0].isspace():
                self.found.append((" ", at + n, at + n + 1))

    def handle_entityref(self, name: str) -> None:
        self._character(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._character(f"&#{name}")

    def _character(self, reference: str) -> None:
        if self._unseen:
            return
        at = self._at()
        end = at + len(reference)
        closed = self._source[end : end + 1] == ";"
        self.found.extend((char, at, end + closed) for char in unescape(reference + ";"))

    def _mark(self, char: str) -> None:
        if not self._unseen:
            at = self._at()
            self.found.append((char, at, at))

    def _part(self) -> None:
        if self.found and not self._unseen and self.found[-1][0] != "\n":
            self._mark("\n")
            self._mark("\n")


def docx_text(data: bytes, filename: str) -> PlainText:
    """The paragraphs of a .docx document; deleted text is left out. Raises UnreadableStory."""
    remedy = "Save the story again as .docx, or give it as Markdown, HTML or plain text."
    try:
        with ZipFile(BytesIO(data)) as archive:
            info = archive.getinfo("word/document.xml")
            if info.file_size > LARGEST_DOCX:
                raise UnreadableStory(file=filename, reason="the document is too large", remedy=remedy)
            body = archive.read(info)
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableStory(file=filename, reason="this is not a .docx document", remedy=remedy) from error
    reader = _Document()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableStory(file=filename, reason="its XML is broken", remedy=remedy) from error
    text = "".join(reader.parts).strip("\n")
    return PlainText.of(text)


class _Document:
    """Collects the runs of a WordprocessingML body."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._in_text = False

    def start(self, name: str, _: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self._in_text = tag == "t"
        if tag == "tab":
            self.parts.append("\t")
        elif tag in ("br", "cr"):
            self.parts.append("\n")
        elif tag == "noBreakHyphen":
            self.parts.append("-")

    def end(self, name: str) -> None:
        self._in_text = False
        if name.rpartition(" ")[2] == "p":
            self.parts.append("\n\n")

    def data(self, text: str) -> None:
        if self._in_text:
            self.parts.append(text)

    def entity(self, *_: object) -> None:
        raise ValueError("entity declared")


def _collected(characters: Iterable[tuple[str, int, int]]) -> PlainText:
    found = list(characters)
    return PlainText("".join(c for c, _, _ in found), [a for _, a, _ in found], [b for _, _, b in found])
