"""The stories that `onrecord check` is given: files, folders, patterns, standard input."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from onrecord.errors import OnrecordError, UnreadableStory
from onrecord.text.markup import PlainText, read_story
from onrecord.text.record import Record
from onrecord.text.verdicts import Evidence, Finding, Verdict, blocks_publication, check_quotations

STORY_SUFFIXES = (".md", ".markdown", ".mdown", ".html", ".htm", ".xhtml", ".docx")
"""Names that only stories have; .txt may be a story or a transcript."""

STANDARD_INPUT = "-"
_READ_AS = "standard input.md"
_LINE_END = re.compile(r"\r\n|\n|\r")
_REMEDY = "Check the path."
_BORNE_OUT = (Verdict.VERBATIM, Verdict.EDITED)


@dataclass(frozen=True, slots=True)
class Checked:
    """One story with its findings, or with the error that kept it from being read."""

    path: str
    plain: PlainText
    findings: tuple[Finding, ...] = ()
    error: OnrecordError | None = None

    @property
    def blocking(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if blocks_publication(finding))

    def place(self, finding: Finding) -> tuple[int, int]:
        """Line and column, both from 1, of a quotation's first word in the file."""
        offset = self.plain.span(finding.quotation.offset, finding.quotation.offset)[0]
        ends = [match.end() for match in _LINE_END.finditer(self.plain.source, 0, offset)]
        return len(ends) + 1, offset - (ends[-1] if ends else 0) + 1


def story_paths(given: Sequence[str]) -> list[str]:
    """Every story once, in the order given: folders and patterns are opened up, `-` is standard input.

    A name that leads nowhere stays in the list; reading it will say so.
    """
    found: dict[object, str] = {}
    for name in given:
        for path in _opened(name):
            found.setdefault(path if path == STANDARD_INPUT else Path(path).resolve(), path)
    return list(found.values())


def check_story(path: str, record: Record, *, language: str | None, encoding: str | None, strict: bool) -> Checked:
    """The story with a finding for each quotation; a story that cannot be read carries its error."""
    try:
        plain = read_story(_bytes(path), _READ_AS if path == STANDARD_INPUT else path, encoding=encoding)
    except OnrecordError as error:
        return Checked(path, PlainText.of(""), error=error)
    return Checked(path, plain, check_quotations(plain.text, record, language=language, strict=strict))


def unreviewed_held(story: Checked, unreviewed: Callable[[Evidence], bool]) -> Checked:
    """The story in which words borne out only by a machine's translation that nobody reviewed do not pass."""

    def held(finding: Finding) -> Finding:
        place = finding.evidence
        if place is None or finding.verdict not in _BORNE_OUT or not unreviewed(place):
            return finding
        for other in finding.alternatives:
            if (other.speaker, other.text) == (place.speaker, place.text) and not unreviewed(other):
                rest = tuple(place if one is other else one for one in finding.alternatives)
                return replace(finding, evidence=other, alternatives=rest)
        return replace(finding, verdict=Verdict.UNREVIEWED)

    return replace(story, findings=tuple(map(held, story.findings)))


def _opened(name: str) -> Iterator[str]:
    path = Path(name)
    if name == STANDARD_INPUT:
        yield name
    elif path.is_dir():
        yield from _in_folder(path)
    elif has_magic(name) and not path.exists():
        yield from sorted(glob(name, recursive=True)) or [name]
    else:
        yield name


def _in_folder(folder: Path) -> Iterator[str]:
    """Stories in a folder and below it, hidden ones aside; the folder itself if there is none.

    Plain text in a folder is left alone: it may as well be a transcript.
    """
    inside = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in STORY_SUFFIXES)
    files = [str(p) for p in inside if p.is_file() and not any(x.startswith(".") for x in p.relative_to(folder).parts)]
    yield from files or [str(folder)]


def _bytes(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    if Path(path).is_dir():
        raise UnreadableStory(
            file=path,
            reason="no story was found in this folder",
            remedy="It is searched for Markdown, HTML and .docx; name plain text files one by one.",
        )
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UnreadableStory(file=path, reason=error.strerror or "cannot be read", remedy=_REMEDY) from error
