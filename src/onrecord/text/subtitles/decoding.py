"""Bytes of a text file to text, with the encoding recognised."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from onrecord.text.subtitles.cues import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CYRILLIC = ("cp1251", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
WESTERN = ("cp1252", "cp1250", "cp437")
_SAMPLE = 200_000
_SHOWN = 300
_REMEDY = "Save the file as UTF-8, or name its encoding."
_COMMON = dict(zip("оаиеінтвсрлкдмупязьбгчхйжшюцщєїфґыэёъ", range(36, 0, -1), strict=False))
"""Letters of Ukrainian and Russian, common ones first: what they weigh when an encoding is guessed."""
_LETTER = re.compile(r"[^\W\d_]")
_ODD_CASE = re.compile(r"(?<=[^\W\d_])[А-ЯІЇЄҐЁA-Z](?=[а-яіїєґё])")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file reads in an encoding: the beginning of its lines that tell encodings apart."""

    encoding: str
    sample: str


def decode(
    data: bytes, filename: str, encoding: str | None = None, *, keep_line_ends: bool = False
) -> tuple[str, str, tuple[str, ...]]:
    """The text, the name of its encoding, and a warning if that had to be guessed.

    Line ends become a line feed unless they are to be kept.
    Raises NotSubtitles for an unknown `encoding`, for bytes that are not in it, and for a binary file.
    """
    text, used, warnings = _decoded(data, filename, encoding)
    return (text if keep_line_ends else _lines(text)), used, warnings


def readings(data: bytes) -> tuple[Reading, ...]:
    """How the file reads in each encoding it may be in, the likeliest first; none where the bytes tell it."""
    if any(data.startswith(mark) for mark, _ in _MARKS) or _wide(data) or b"\x00" in data:
        return ()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return ()
    telling = [line for line in re.split(rb"[\r\n]+", data[:_SAMPLE]) if re.search(rb"[\x80-\xff]", line)]
    sample = b"\n".join(telling)[:_SHOWN]
    found: dict[str, Reading] = {}
    for name in (*_ranked(data[:_SAMPLE], CYRILLIC), *WESTERN) if _is_cyrillic(data) else (*WESTERN, *CYRILLIC):
        text = sample.decode(name, errors="replace")
        found.setdefault(text, Reading(name, text))
    return tuple(found.values())


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
    name = _ranked(data[:_SAMPLE], CYRILLIC)[0] if _is_cyrillic(data) else WESTERN[0]
    text = data.decode(name, errors="replace")
    if sum(not (c.isprintable() or c.isspace()) for c in text[:_SAMPLE]) > len(text[:_SAMPLE]) // 50:
        raise refused(filename, line, "this is a binary file, not text", _ASK)
    return text, name, (f"Line {line} is not UTF-8; the file was read as {name}. Check the letters.",)


_ASK = "Give a file of WebVTT, SRT, TTML, Whisper JSON, oTranscribe, Word or plain text."


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


def _is_cyrillic(data: bytes) -> bool:
    """Letters mostly above 0x7F: of the encodings of one byte only those of Cyrillic texts are so."""
    sample = data[:_SAMPLE]
    return len(re.findall(rb"[\x80-\xff]", sample)) > len(re.findall(rb"[A-Za-z]", sample))


def _ranked(sample: bytes, encodings: tuple[str, ...]) -> list[str]:
    """The encodings by how much the text reads like a Slavic language in them.

    The encodings put the same letters in other places, so that in the wrong one rare letters are common and
    capitals stand within words.
    """
    scores = {}
    for name in encodings:
        text = sample.decode(name, errors="replace")
        letters = Counter(_LETTER.findall(text))
        total = max(1, sum(letters.values()))
        weight = sum(_COMMON.get(letter.lower(), -36) * count for letter, count in letters.items() if letter > "\x7f")
        capitals = sum(count for letter, count in letters.items() if letter > "\x7f" and letter.isupper())
        odd = len(_ODD_CASE.findall(text))
        marks = sum(not (c.isalnum() or c.isspace()) for c in text if c > "\x7f" and c not in "–—«»“”„’‘…№°")
        scores[name] = (weight - 60 * odd - 5 * capitals - 40 * marks) / total
    return sorted(encodings, key=lambda name: -scores[name])


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
