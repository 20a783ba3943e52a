"""XML of any size read record by record. A document type is refused: nothing is expanded, nothing is fetched."""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, XMLParser

from onrecord.errors import OnrecordError

CHUNK = 64 * 1024
MAX_TEXT = 1_000_000
MAX_DEPTH = 50


class CommentsUnreadable(OnrecordError):
    code = "comments-unreadable"
    message = "{path}: {reason}. Nothing was taken in; mend the file and run the import again."


@dataclass
class Node:
    """An element with the names that stand in the file, but without their namespaces."""

    name: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    size: int = 0

    def child(self, name: str) -> "Node | None":
        return next((child for child in self.children if child.name == name), None)

    def text(self, name: str) -> str:
        """The text of a child, trimmed; empty where there is none."""
        child = self.child(name)
        return "".join(child.texts).strip() if child else ""


def records(path: Path, wanted: Collection[tuple[str, str]]) -> Iterator[Node]:
    """Elements wanted by parent's and own name, whole, one after the other. Raises CommentsUnreadable."""
    collector = _Collector(wanted)
    parser = XMLParser(target=collector)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                parser.feed(chunk)
                while collector.done:
                    yield collector.done.popleft()
        parser.close()
    except OSError as error:
        raise CommentsUnreadable(path=path, reason=error.strerror or "it cannot be opened") from error
    except (ParseError, _Refused, ValueError) as error:
        raise CommentsUnreadable(path=path, reason=f"it is no export in XML ({error})") from error
    yield from collector.done


class _Refused(Exception):
    pass


class _Collector:
    """What the parser calls."""

    def __init__(self, wanted: Collection[tuple[str, str]]) -> None:
        self.wanted = frozenset(wanted)
        self.names: list[str] = []
        self.open: list[Node] = []
        self.done: deque[Node] = deque()

    def doctype(self, *declared: Any) -> None:
        raise _Refused("it declares a document type, which exports do not")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        self.names.append(name)
        if len(self.names) > MAX_DEPTH:
            raise _Refused("its elements are nested too deep")
        if self.open or (tuple(self.names[-2:]) in self.wanted):
            node = Node(name, {_local(key): value for key, value in attributes.items()})
            if self.open:
                self.open[-1].children.append(node)
            self.open.append(node)

    def data(self, text: str) -> None:
        if self.open:
            self.open[0].size += len(text)
            if self.open[0].size > MAX_TEXT:
                raise _Refused("one of its records is larger than a comment can be")
            self.open[-1].texts.append(text)

    def end(self, tag: str) -> None:
        self.names.pop()
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.done.append(node)

    def close(self) -> None:
        pass


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
