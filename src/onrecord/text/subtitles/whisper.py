"""JSON of Whisper, whisper.cpp and WhisperX, and of oTranscribe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, refused
from onrecord.text.subtitles.plain import speaker_labels, split_label

_REMEDY = "Export the transcript again, or give it as WebVTT or SRT."


def read_json(text: str, filename: str) -> tuple[str, CueList]:
    """The format's name (`whisper` or `otranscribe`) and the cues. Raises NotSubtitles for other JSON."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise refused(filename, line, f"this is not valid JSON ({error})", _REMEDY) from error
    if isinstance(data, Mapping) and isinstance(data.get("text"), str) and "media-time" in data:
        return "otranscribe", read_otranscribe(data["text"])
    entries = data.get("segments", data.get("transcription")) if isinstance(data, Mapping) else data
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise refused(filename, 1, "this JSON has no list of segments", _REMEDY)
    language = data.get("language") if isinstance(data, Mapping) else ""
    cues: list[Cue] = []
    for entry in entries:
        cues.extend(_cues(entry, len(cues) + 1, filename))
    if not cues:
        raise refused(filename, 1, "the list of segments is empty", _REMEDY)
    return "whisper", CueList(tuple(cues), language if isinstance(language, str) else "")


def _cues(entry: Mapping[str, Any], number: int, filename: str) -> Iterator[Cue]:
    """The cues of one segment: several where its words have several speakers."""
    start, end = _bounds(entry)
    if start is None or end is None:
        raise refused(filename, 1, f"segment {number} has no start or end", _REMEDY)
    speaker = str(entry.get("speaker") or "")
    words = entry.get("words")
    if not isinstance(words, list) or not all(isinstance(w, Mapping) for w in words) or not words:
        yield Cue(number, 1, start, end, speaker, (TimedText(" ".join(str(entry.get("text", "")).split())),))
        return
    for name, group in groupby(words, key=lambda word: str(word.get("speaker") or speaker)):
        pieces = tuple(_piece(word) for word in group)
        times = [t for piece in pieces for t in (piece.start_ms, piece.end_ms) if t is not None]
        whole = len({str(word.get("speaker") or speaker) for word in words}) == 1
        low, high = (start, end) if whole or not times else (min(times), max(times))
        yield Cue(number, 1, low, high, name, pieces)


def _piece(word: Mapping[str, Any]) -> TimedText:
    text = " ".join(str(word.get("word", word.get("text", ""))).split())
    start, end = _bounds(word)
    mask = word.get("mask")  # ours: what must not be read or heard
    kind = mask if isinstance(mask, str) else None
    return TimedText(text, start, end, kind) if start is not None and end is not None else TimedText(text, mask=kind)


def _bounds(entry: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Start and end in ms; Whisper writes seconds, whisper.cpp `offsets` in ms."""
    offsets = entry.get("offsets")
    if isinstance(offsets, Mapping):
        return _ms(offsets.get("from"), 1), _ms(offsets.get("to"), 1)
    return _ms(entry.get("start"), 1000), _ms(entry.get("end"), 1000)


def _ms(value: object, scale: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value * scale < 2**40:
        return None
    return round(value * scale)


def read_otranscribe(markup: str) -> CueList:
    """Cues of an oTranscribe document: a time stamp or a paragraph starts one, `Name:` gives its speaker."""
    reader = _Stamps()
    reader.feed(markup)
    reader.close()
    passages = [(at, " ".join(body.split())) for at, body in reader.passages]
    passages = [(at, body) for at, body in passages if body]
    labels = speaker_labels([body for _, body in passages], sparing=False)
    cues: list[Cue] = []
    speaker = ""
    for n, (at, body) in enumerate(passages):
        end = passages[n + 1][0] if n + 1 < len(passages) else at
        label, words = split_label(body, labels)
        speaker = label or speaker
        cues.append(Cue(n + 1, 1, at, max(at, end), speaker, (TimedText(words),)))
    return CueList(tuple(cues))


class _Stamps(HTMLParser):
    """Collects (time in ms, text) passages from `<span class="timestamp" data-timestamp="12.3">`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[tuple[int, str]] = [(0, "")]
        self._in_stamp = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "span" and "timestamp" in (values.get("class") or ""):
            try:
                at = round(float(values.get("data-timestamp") or 0) * 1000)
            except (ValueError, OverflowError):
                at = self.passages[-1][0]
            self.passages.append((at, ""))
            self._in_stamp = True
        elif tag in ("p", "br", "div") and self.passages[-1][1].strip():
            self.passages.append((self.passages[-1][0], ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._in_stamp = False

    def handle_data(self, data: str) -> None:
        if not self._in_stamp:
            at, before = self.passages[-1]
            self.passages[-1] = (at, before + data)
