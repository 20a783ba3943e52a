"""Segments out as WebVTT, SubRip and plain text, masked for the public or whole for the desk."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.text.masks import public_text
from onrecord.text.transcripts import Segment


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
