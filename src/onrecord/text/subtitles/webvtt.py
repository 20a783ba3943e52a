"""WebVTT (W3C) read tolerantly.

webvtt-py and pysubs2 drop voice tags or inline times and stop at the first malformed cue; a newsroom's
files have all three, so the cues are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, clock_ms, plain, refused

_TIMING = re.compile(r"^\s*([\d:.,]+)\s*-->\s*([\d:.,]+)(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,200})?(?:\s([^<>\n]{0,400}))?>|</v>", re.IGNORECASE)
_ONE_VOICE = re.compile(r"(?:<v(?:\.[^\s<>]{0,200})?(?:\s([^<>&\n]{0,400}))?>)?([^<>&]*)(?:</v>\s*)?", re.IGNORECASE)
_STAMP = re.compile(r"<((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})>")
_RUBY = re.compile(r"<rt[^<>]{0,200}>[^<]{0,400}</rt>")
_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z-]{2,20})\s*$", re.MULTILINE)


def read_webvtt(text: str, filename: str) -> CueList:
    """The cues of a WebVTT file; one per voice where it has several. Raises NotSubtitles if there is none."""
    cues: list[Cue] = []
    warnings: list[str] = []
    header = text.split("\n\n", 1)[0]
    number = 0
    for line, block in _blocks(text):
        at = next((i for i, row in enumerate(block) if "-->" in row), None)
        if at is None:
            if line > 1 and not block[0].startswith(("NOTE", "STYLE", "REGION")):
                warnings.append(f"Line {line} has no time; it was left out.")
            continue
        number += 1
        match = _TIMING.match(block[at])
        start, end = (clock_ms(match[1]), clock_ms(match[2])) if match else (None, None)
        if start is None or end is None:
            warnings.append(f"cue {number} (line {line + at}) has a time that cannot be read; it was left out.")
            continue
        cues.extend(_voices("\n".join(block[at + 1 :]), number, line + at, start, end))
    if not cues:
        raise refused(filename, 1, "no cue with a time was found", "Check that the file is complete.")
    language = _LANGUAGE.search(header)
    return CueList(tuple(cues), language[1] if language else "", tuple(warnings))


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank ones with the number of their first line."""
    block: list[str] = []
    first = 1
    for number, row in enumerate([*text.split("\n"), ""], start=1):
        if row.strip():
            if not block:
                first = number
            block.append(row)
        elif block:
            yield first, block
            block = []


def _voices(markup: str, number: int, line: int, start: int, end: int) -> Iterator[Cue]:
    """One cue for each voice, its share of the time by characters unless stamps tell."""
    if simple := _ONE_VOICE.fullmatch(markup):  # nearly all cues are
        body = plain(simple[2])
        yield Cue(number, line, start, end, plain(simple[1] or "") if body else "", (TimedText(body),))
        return
    markup = _RUBY.sub("", markup)
    parts: list[tuple[str, str]] = []
    speaker, last = "", 0
    for match in _VOICE.finditer(markup):
        parts.append((speaker, markup[last : match.start()]))
        speaker, last = plain(match[1] or ""), match.end()
    parts.append((speaker, markup[last:]))
    spoken = [(name, body) for name, body in parts if plain(body)] or [("", "")]
    lengths = [len(plain(body)) + 1 for _, body in spoken]
    passed = 0
    for (name, body), length in zip(spoken, lengths, strict=True):
        low = start + (end - start) * passed // sum(lengths)
        passed += length
        high = start + (end - start) * passed // sum(lengths)
        yield Cue(number, line, low, high, name, tuple(_pieces(body, low, high)))


def _pieces(body: str, start: int, end: int) -> Iterator[TimedText]:
    """Text between inline time stamps; without stamps one piece without times."""
    parts = _STAMP.split(body)
    if len(parts) == 1:
        yield TimedText(plain(body))
        return
    stamps = [start, *(clock_ms(stamp) or start for stamp in parts[1::2]), end]
    for n, part in enumerate(parts[::2]):
        if plain(part):
            yield TimedText(plain(part), stamps[n], max(stamps[n], stamps[n + 1]))
