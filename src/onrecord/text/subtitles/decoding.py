"""Bytes of a text file to text, with the encoding recognised."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from onrecord.text.subtitles.cues import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["cp1251", "koi8_r", "koi8_u", "cp866", "cp1252", "latin_1"]
_SAMPLE = 200_000
_REMEDY = "Save the file as UTF-8, or name its encoding."


def decode(
    data: bytes, filename: str, encoding: str | None = None, *, keep_line_ends: bool = False
) -> tuple[str, str, tuple[str, ...]]:
    """The text, the name of its encoding, and a warning if that had to be guessed.

    Line ends become a line feed unless they are to be kept.
    Raises NotSubtitles for an unknown `encoding`, for bytes that are not in it, and for a binary file.
    """
    text, used, warnings = _decoded(data, filename, encoding)
    return (text if keep_line_ends else _lines(text)), used, warnings


def _decoded(data: bytes, filename: str, encoding: str | None) -> tuple[str, str, tuple[str, ...]]:
    if encoding is not None:
        return _strict(data, filename, encoding), encoding, ()
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, filename, name), name, ()
    wide = _wide(data)
    if wide:
        text = _strict(data, filename, wide)
        return text, wide, (f"The file has no byte order mark; it was read as {wide}.",)
    if b"\x00" in data:
        raise refused(filename, data[: data.index(b"\x00")].count(b"\n") + 1, "this is a binary file, not text", _ASK)
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    name = _guess(data)
    text = data.decode(name, errors="replace")
    if sum(not (c.isprintable() or c.isspace()) for c in text[:_SAMPLE]) > len(text[:_SAMPLE]) // 50:
        raise refused(filename, line, "this is a binary file, not text", _ASK)
    return text, name, (f"Line {line} is not UTF-8; the file was read as {name}. Check the letters.",)


_ASK = "Give a file of WebVTT, SRT, TTML, Whisper JSON, oTranscribe or plain text."


def _strict(data: bytes, filename: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise refused(filename, 1, f"{encoding!r} is not a known encoding", _REMEDY) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refused(filename, line, f"byte {error.start} is not {encoding}", _REMEDY) from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: white space and markup put a zero in every other byte."""
    head = data[:2000]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) // 20 or min(even, odd) > 0:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess(data: bytes) -> str:
    """The likeliest of the 8-bit encodings; letters mostly above 0x7F can only be Cyrillic."""
    sample = data[:_SAMPLE]
    letters, high = len(re.findall(rb"[A-Za-z]", sample)), len(re.findall(rb"[\x80-\xff]", sample))
    cyrillic = high > letters
    candidates = _CANDIDATES[:4] if cyrillic else _CANDIDATES[4:]
    best = from_bytes(sample, cp_isolation=candidates).best()
    return best.encoding if best is not None and best.encoding in candidates else candidates[0]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
