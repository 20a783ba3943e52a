"""JSON of Whisper, whisper.cpp, WhisperX and podcasts' transcripts; oTranscribe's lies in JSON too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, refused
from onrecord.text.subtitles.otranscribe import read_otranscribe

_REMEDY = "Export the transcript again, or give it as WebVTT or SRT."
_LIST = re.compile(r'"(?:segments|transcription)"\s{0,20}:\s{0,20}\[|\A\s{0,20}\[')
_GAP = re.compile(r"[\s,]*")
_CONTROL_TOKEN = re.compile(r"\s*(\[_[A-Z]+(_\d+)?_?\]|<\|.*\|>)\s*")
_MOST_MS = 2**40


def read_json(text: str, filename: str) -> tuple[str, CueList]:
    """The format's name (`whisper`, `podcast` or `otranscribe`) and the cues.

    Of a file that breaks off the whole segments are kept. Raises NotSubtitles for other JSON.
    """
    warnings: list[str] = []
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        data = _salvaged(text, filename, error, warnings)
    if isinstance(data, Mapping) and isinstance(data.get("text"), str) and "media-time" in data:
        return "otranscribe", read_otranscribe(data["text"], filename)
    entries = data.get("segments", data.get("transcription")) if isinstance(data, Mapping) else data
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise refused(filename, 1, "this JSON has no list of segments", _REMEDY)
    if not entries:
        raise refused(filename, 1, "the list of segments is empty", _REMEDY)
    cues: list[Cue] = []
    for number, entry in enumerate(entries, start=1):
        found = list(_cues(entry, number))
        if not found:
            warnings.append(f"Segment {number} has no start or end; it was left out.")
        cues.extend(found)
    if not cues:
        raise refused(filename, 1, "segment 1 has no start or end", _REMEDY)
    podcast = any("startTime" in entry for entry in entries)
    return "podcast" if podcast else "whisper", CueList(tuple(cues), _language(data), tuple(warnings))


def _language(data: object) -> str:
    """What the file says of its language; whisper.cpp puts it into `result`."""
    if not isinstance(data, Mapping):
        return ""
    result = data.get("result")
    language = data.get("language", result.get("language") if isinstance(result, Mapping) else "")
    return language if isinstance(language, str) else ""


def _salvaged(text: str, filename: str, error: Exception, warnings: list[str]) -> object:
    """The whole segments before the place where the JSON breaks. Raises NotSubtitles when there is none."""
    line = getattr(error, "lineno", 1)
    start = _LIST.search(text)
    entries: list[object] = []
    at = start.end() if start else len(text)
    decoder = json.JSONDecoder()
    while at < len(text):
        try:
            entry, at = decoder.raw_decode(text, _end_of_gap(text, at))
        except (ValueError, RecursionError):
            break
        entries.append(entry)
    if not any(isinstance(entry, Mapping) for entry in entries):
        raise refused(filename, line, f"this is not valid JSON ({_short(error)})", _REMEDY) from error
    kept = f"the {len(entries)} segments before it were kept"
    warnings.append(f"Line {line}: the JSON is broken ({_short(error)}); {kept}.")
    return entries


def _end_of_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _short(error: Exception) -> str:
    return str(error)[:120]


def _cues(entry: Mapping[str, Any], number: int) -> Iterator[Cue]:
    """The cues of one segment: several where its words have several speakers, none where it has no times."""
    start, end = _bounds(entry)
    if start is None or end is None:
        return
    speaker = _text(entry.get("speaker"))
    words = [word for word in entry["words"] if isinstance(word, Mapping)] if _is_list(entry, "words") else []
    if not words and _is_list(entry, "tokens"):
        pieces = tuple(_of_tokens([token for token in entry["tokens"] if isinstance(token, Mapping)]))
        if pieces:
            yield Cue(number, 1, start, end, speaker, pieces)
            return
    if not words:
        yield Cue(number, 1, start, end, speaker, (TimedText(_text(entry.get("text", entry.get("body")))),))
        return
    names = [_text(word.get("speaker")) or speaker for word in words]
    for name, group in groupby(zip(names, words, strict=True), key=lambda pair: pair[0]):
        pieces = tuple(_piece(word) for _, word in group)
        times = [t for piece in pieces for t in (piece.start_ms, piece.end_ms) if t is not None]
        low, high = (start, end) if len(set(names)) == 1 or not times else (min(times), max(times))
        yield Cue(number, 1, low, high, name, pieces)


def _is_list(entry: Mapping[str, Any], name: str) -> bool:
    return isinstance(entry.get(name), list) and bool(entry[name])


def _piece(word: Mapping[str, Any]) -> TimedText:
    """A word with its times; what we write ourselves beside them: mask, reads, kind, exact."""
    text = _text(word.get("word", word.get("text")))
    start, end = _bounds(word)
    mask, kind, reads = (
        value if isinstance(value := word.get(key), str) else None for key in ("mask", "kind", "reads")
    )
    exact = word.get("exact") is not False
    if start is None or end is None:
        return TimedText(text, mask=mask, kind=kind, reads=reads or "")
    return TimedText(text, start, end, mask, exact, kind, reads or "")


def _of_tokens(tokens: list[Mapping[str, Any]]) -> Iterator[TimedText]:
    """whisper.cpp's tokens as words: one that begins with a space begins a word."""
    text, start, end = "", None, None
    for token in tokens:
        piece = token.get("text")
        if not isinstance(piece, str) or _CONTROL_TOKEN.fullmatch(piece):
            continue
        first, last = _bounds(token)
        if text.strip() and piece[:1].isspace():
            yield TimedText(_text(text), start, end)
            text, start = "", None
        text, start, end = text + piece, first if start is None else start, last
    if text.strip():
        yield TimedText(_text(text), start, end)


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _bounds(entry: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Start and end in ms; Whisper and podcasts write seconds, whisper.cpp `offsets` in ms."""
    offsets = entry.get("offsets")
    if isinstance(offsets, Mapping):
        return _ms(offsets.get("from"), 1), _ms(offsets.get("to"), 1)
    if "startTime" in entry:
        return _ms(entry["startTime"], 1000), _ms(entry.get("endTime", entry["startTime"]), 1000)
    return _ms(entry.get("start"), 1000), _ms(entry.get("end"), 1000)


def _ms(value: object, scale: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_MS:
        return None
    return min(round(value * scale), _MOST_MS)
