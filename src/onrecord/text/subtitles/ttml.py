"""TTML and its kin (EBU-TT, DFXP, IMSC): paragraphs with begin, end or dur, and agents as speakers.

Read with expat directly: it gives the line of each element and lets entity declarations be refused.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, clock_ms, refused

_OFFSET = re.compile(r"^(\d{1,12}(?:\.\d{1,12})?)(h|m|s|ms|f|t)$")
_FRAMES = re.compile(r"^(\d{1,4}):(\d{2}):(\d{2}):(\d{2,6})(?:\.\d{1,12})?$")
_REMEDY = "Export the file again as TTML, WebVTT or SRT."


def read_ttml(text: str, filename: str) -> CueList:
    """The cues of a TTML document. Raises NotSubtitles for broken XML or a document without timed text."""
    reader = _Reader()
    body = re.sub(r"^\s*<\?xml[^>]*\?>", lambda m: "\n" * m.group().count("\n"), text, count=1)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attrs: reader.start(name, attrs, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(body.encode("utf-8"), True)
    except expat.ExpatError as error:
        what = f"the XML is broken ({expat.ErrorString(error.code)})"
        if not reader.cues:
            raise refused(filename, error.lineno, what, _REMEDY) from error
        reader.warnings.append(f"Line {error.lineno}: {what}; the {len(reader.cues)} cues before it were kept.")
    except _EntityError as error:
        raise refused(filename, parser.CurrentLineNumber, "the XML declares entities", _REMEDY) from error
    if not reader.cues:
        raise refused(filename, 1, "no paragraph with a time was found", _REMEDY)
    cues = tuple(
        Cue(c.number, c.line, c.start_ms, c.end_ms, reader.agents.get(c.speaker, ""), c.pieces) for c in reader.cues
    )
    return CueList(cues, reader.language, tuple(reader.warnings))


class _EntityError(Exception):
    """Ends the reading of a document that declares entities."""


class _Reader:
    """State while the document passes: one open paragraph, its pieces and where its spans start."""

    def __init__(self) -> None:
        self.cues: list[Cue] = []
        self.agents: dict[str, str] = {}
        self.warnings: list[str] = []
        self.language = ""
        self._rate, self._ticks = 30.0, 1.0
        self._number = 0
        self._open: tuple[int, int, int, str] | None = None
        self._spans: list[tuple[int, int] | None] = []
        self._pieces: list[TimedText] = []
        self._agent: str | None = None

    def entity(self, *_: object) -> None:
        raise _EntityError

    def start(self, name: str, attrs: dict[str, str], line: int) -> None:
        tag = name.rpartition(" ")[2]
        values = {key.rpartition(" ")[2]: value for key, value in attrs.items()}
        if tag == "tt":
            self.language = values.get("lang", "")
            self._rate = _number(values.get("frameRate"), 30.0)
            self._ticks = _number(values.get("tickRate"), 1.0)
        elif tag == "agent":
            self._agent = values.get("id", "")
        elif tag == "p":
            self._number += 1
            times = self._times(values, 0)
            if times is None:
                self.warnings.append(f"cue {self._number} (line {line}) has no time; it was left out.")
            self._open = (line, *times, values.get("agent", "")) if times else None
            self._pieces = []
        elif tag == "span":
            parent = self._open[1] if self._open else 0
            self._spans.append(self._times(values, 0 if "begin" not in values else parent) if self._open else None)
        elif tag == "br":
            self._pieces.append(TimedText(" "))

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "agent":
            self._agent = None
        elif tag == "span" and self._spans:
            self._spans.pop()
        elif tag == "p" and self._open:
            line, start, end, agent = self._open
            self.cues.append(Cue(self._number, line, start, end, agent, tuple(_joined(self._pieces))))
            self._open = None

    def text(self, data: str) -> None:
        if self._agent is not None and data.strip():
            self.agents[self._agent] = f"{self.agents.get(self._agent, '')} {data.strip()}".strip()
        elif self._open:
            times = next((span for span in reversed(self._spans) if span), None)
            self._pieces.append(TimedText(data, *times) if times else TimedText(data))

    def _times(self, values: dict[str, str], parent_start: int) -> tuple[int, int] | None:
        """Start and end in ms; a span may count from its paragraph, which shows as being before it."""
        begin = self._ms(values.get("begin"))
        if begin is None:
            return None
        end = self._ms(values.get("end"))
        duration = self._ms(values.get("dur"))
        shift = parent_start if begin < parent_start else 0
        last = end if end is not None else begin + (duration or 0)
        return begin + shift, last + shift

    def _ms(self, value: str | None) -> int | None:
        if value is None:
            return None
        value = value.strip()
        if match := _OFFSET.match(value):
            scale = {
                "h": 3_600_000,
                "m": 60_000,
                "s": 1000,
                "ms": 1,
                "f": 1000 / self._rate,
                "t": 1000 / self._ticks,
            }
            return round(float(match[1]) * scale[match[2]])
        if match := _FRAMES.match(value):
            whole = clock_ms(":".join(match.groups()[:3])) or 0
            return whole + round(int(match[4]) * 1000 / self._rate)
        return clock_ms(value)


def _joined(pieces: list[TimedText]) -> list[TimedText]:
    """Neighbouring text under the same times as one piece: a parser may cut it anywhere."""
    result: list[TimedText] = []
    for piece in pieces:
        if result and (piece.start_ms, piece.end_ms) == (result[-1].start_ms, result[-1].end_ms):
            result[-1] = TimedText(result[-1].text + piece.text, piece.start_ms, piece.end_ms)
        else:
            result.append(piece)
    return [piece for piece in result if piece.text.strip()]


def _number(value: str | None, default: float) -> float:
    try:
        number = float(value) if value else default
    except ValueError:
        return default
    return number if number > 0 else default
