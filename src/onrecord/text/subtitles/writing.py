"""Segments out as WebVTT, SubRip, TTML, JSON and plain text, masked for the public or whole for the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from onrecord.text.masks import public_text
from onrecord.text.transcripts import Segment, Word


def write_vtt(segments: Sequence[Segment], *, public: bool, word_times: bool = False) -> str:
    """WebVTT with voice tags; with `word_times` (never in public copies) measured words carry a stamp."""
    blocks = ["WEBVTT"]
    for segment in segments:
        body = _stamped(segment) if word_times and not public else _escaped(_reading(segment, public))
        voice = f"<v {_escaped(' '.join(segment.speaker.split()))}>" if segment.speaker.strip() else ""
        blocks.append(f"{segment.id}\n{_span(segment, '.')}\n{voice}{body}")
    return "\n\n".join(blocks) + "\n"


def write_srt(segments: Sequence[Segment], *, public: bool) -> str:
    """SubRip; the speaker goes before the words as `Name: `."""
    blocks = [
        f"{number}\n{_span(segment, ',')}\n{_labelled(segment, public)}\n"
        for number, segment in enumerate(segments, start=1)
    ]
    return "\n".join(blocks)


def write_text(segments: Sequence[Segment], *, public: bool) -> str:
    """One paragraph per segment, the speaker before the words as `Name: `."""
    return "".join(f"{_labelled(segment, public)}\n\n" for segment in segments).removesuffix("\n")


def _reading(segment: Segment, public: bool) -> str:
    return public_text(segment.words) if public else segment.text


def _labelled(segment: Segment, public: bool) -> str:
    speaker = " ".join(segment.speaker.split())
    return f"{speaker}: {_reading(segment, public)}" if speaker else _reading(segment, public)


def _stamped(segment: Segment) -> str:
    parts = []
    for word in segment.words:
        inside = word.start_ms is not None and segment.start_ms < word.start_ms < segment.end_ms
        stamp = f"<{_clock(word.start_ms or 0, '.')}>" if word.exact and inside else ""
        parts.append(stamp + _escaped(word.text))
    return " ".join(parts)


def _span(segment: Segment, point: str) -> str:
    end = max(segment.end_ms, segment.start_ms + 1)
    return f"{_clock(segment.start_ms, point)} --> {_clock(end, point)}"


def _clock(at_ms: int, point: str) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_ttml(segments: Sequence[Segment], *, public: bool, language: str = "") -> str:
    """TTML 1 with a paragraph per segment and speakers as agents; measured words are spans, never in public copies."""
    names = list(dict.fromkeys(filter(None, (" ".join(segment.speaker.split()) for segment in segments))))
    agents = "".join(
        f'<ttm:agent xml:id="speaker{n}" type="other"><ttm:name type="full">{_escaped(name)}</ttm:name></ttm:agent>'
        for n, name in enumerate(names, start=1)
    )
    rows = []
    for segment in segments:
        speaker = " ".join(segment.speaker.split())
        agent = f' ttm:agent="speaker{names.index(speaker) + 1}"' if speaker else ""
        end = max(segment.end_ms, segment.start_ms + 1)
        times = f'begin="{_clock(segment.start_ms, ".")}" end="{_clock(end, ".")}"'
        body = _escaped(_reading(segment, True)) if public else " ".join(map(_spanned, segment.words))
        rows.append(f'<p xml:id="{segment.id}" {times}{agent}>{body}</p>\n')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="{_escaped(language)}">\n'
        f"<head><metadata>{agents}</metadata></head>\n<body><div>\n{''.join(rows)}</div></body>\n</tt>\n"
    )


def write_json(
    segments: Sequence[Segment],
    *,
    public: bool,
    language: str = "",
    scores: Mapping[str, float] | None = None,
    flags: Mapping[str, str] | None = None,
) -> str:
    """JSON as WhisperX writes it, times in seconds; `scores` (by id of word or segment, 0 to 1) and `flags` (by id
    of segment) are added where given. Public copies have no words, and masked text."""
    scores, flags = scores or {}, flags or {}
    rows: list[dict[str, object]] = []
    for segment in segments:
        row: dict[str, object] = {"id": segment.id, "start": segment.start_ms / 1000, "end": segment.end_ms / 1000}
        row["text"] = _reading(segment, public)
        if segment.speaker.strip():
            row["speaker"] = segment.speaker
        if segment.id in scores:
            row["score"] = scores[segment.id]
        if flags.get(segment.id):
            row["flag"] = flags[segment.id]
        if not public:
            row["words"] = [_word_row(word, scores) for word in segment.words]
        rows.append(row)
    return json.dumps({"language": language, "segments": rows}, ensure_ascii=False, indent=1) + "\n"


def _word_row(word: Word, scores: Mapping[str, float]) -> dict[str, object]:
    row: dict[str, object] = {"word": word.text}
    if word.start_ms is not None and word.end_ms is not None:
        row |= {"start": word.start_ms / 1000, "end": word.end_ms / 1000}
    if word.id in scores:
        row["score"] = scores[word.id]
    if word.mask:
        row["mask"] = word.mask
    return row


def _spanned(word: Word) -> str:
    if not word.exact or word.start_ms is None or word.end_ms is None:
        return _escaped(word.text)
    end = max(word.end_ms, word.start_ms + 1)
    return f'<span begin="{_clock(word.start_ms, ".")}" end="{_clock(end, ".")}">{_escaped(word.text)}</span>'
