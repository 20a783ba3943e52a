"""Segments out as WebVTT, SubRip, TTML, JSON, oTranscribe and plain text.

Public copies are masked. Whole copies are for work within the newsroom: a masked word stands in them as mask markup
(`{name|Ann}`), so that it comes back masked when the file is read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from onrecord.text.masks import public_text, to_marked
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


def write_text(segments: Sequence[Segment], *, public: bool, times: bool = False) -> str:
    """A paragraph per segment, the speaker before the words as `Name: `; with `times`, `[00:01:02.345]` before that."""
    rows = [_labelled(segment, public) for segment in segments]
    if times:
        stamps = [_clock(segment.start_ms, ".") for segment in segments]
        rows = [f"[{stamp}] {row}" for stamp, row in zip(stamps, rows, strict=True)]
    return "".join(f"{row}\n\n" for row in rows).removesuffix("\n")


def _reading(segment: Segment, public: bool) -> str:
    return reading(segment.words, public=public)


def reading(words: Sequence[Word], *, public: bool) -> str:
    """Words as a file has them: masked, or with their masks as markup."""
    return public_text(words) if public else to_marked([_without_braces(word) for word in words])


def _marked(word: Word) -> str:
    return to_marked([_without_braces(word)])


def _without_braces(word: Word) -> Word:
    """Braces in a masked word would break its markup."""
    return replace(word, text=word.text.translate(_ROUND)) if word.mask and re.search("[{}|]", word.text) else word


_ROUND = str.maketrans("{}|", "()/")


def _labelled(segment: Segment, public: bool) -> str:
    speaker = " ".join(segment.speaker.split())
    return f"{speaker}: {_reading(segment, public)}" if speaker else _reading(segment, public)


def _stamped(segment: Segment) -> str:
    parts = []
    for word in segment.words:
        inside = word.start_ms is not None and segment.start_ms < word.start_ms < segment.end_ms
        stamp = f"<{_clock(word.start_ms or 0, '.')}>" if word.exact and inside else ""
        parts.append(stamp + _escaped(_marked(word)))
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
            row["speaker"] = " ".join(segment.speaker.split())
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
        if not word.exact:
            row["exact"] = False
    if word.id in scores:
        row["score"] = scores[word.id]
    row |= {name: value for name in ("mask", "kind", "reads") if (value := getattr(word, name))}
    return row


def write_podcast(segments: Sequence[Segment]) -> str:
    """The transcript of a podcast (podcastindex, version 1.0.0), as its players read it: masked always."""
    rows: list[dict[str, object]] = []
    for segment in segments:
        speaker = " ".join(segment.speaker.split())
        row: dict[str, object] = {"speaker": speaker} if speaker else {}
        row |= {"startTime": segment.start_ms / 1000, "endTime": segment.end_ms / 1000}
        rows.append({**row, "body": _reading(segment, True)})
    return json.dumps({"version": "1.0.0", "segments": rows}, ensure_ascii=False, indent=1) + "\n"


def write_otranscribe(segments: Sequence[Segment], *, public: bool, media: str = "") -> str:
    """An oTranscribe document: a paragraph with a time stamp for each segment."""
    rows = []
    for segment in segments:
        at, shown = segment.start_ms / 1000, _clock(segment.start_ms, ".").rpartition(".")[0].removeprefix("00:")
        stamp = f'<span class="timestamp" contenteditable="false" data-timestamp="{at}">{shown}</span>'
        rows.append(f"<p>{stamp} {_escaped(_labelled(segment, public))}</p>")
    document = {"text": "".join(rows), "media": media, "media-source": "", "media-time": 0}
    return json.dumps(document, ensure_ascii=False) + "\n"


def _spanned(word: Word) -> str:
    if not word.exact or word.start_ms is None or word.end_ms is None:
        return _escaped(_marked(word))
    end = max(word.end_ms, word.start_ms + 1)
    return f'<span begin="{_clock(word.start_ms, ".")}" end="{_clock(end, ".")}">{_escaped(_marked(word))}</span>'
