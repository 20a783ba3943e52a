"""A performance as transcript files: Whisper's JSON, with two keys more.

`"speaker"` on segments is WhisperX's; `"mask"` on words is ours, as no format for speech has one. A
translation has the segments' times and none for words, as the words of a translation are not spoken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from onrecord.demo.performance import Performance, PerformedTurn
from onrecord.text.masks import parse_marked

Json = dict[str, object]


def write_transcript(path: Path, performance: Performance, language: str) -> None:
    """What was said, every word with its time."""
    segments = []
    for number, turn in enumerate(performance.turns):
        words = [
            _word(word.text, word.mask, {"start": word.start_ms / 1000, "end": word.end_ms / 1000})
            for word in turn.words
        ]
        segments.append(_segment(number, turn, [word.text for word in turn.words], words))
    _write(path, segments, language)


def write_translation(path: Path, performance: Performance, language: str) -> None:
    """The English of every turn, under the turn's own times."""
    segments = []
    for number, turn in enumerate(performance.turns):
        if turn.turn.english is None:
            raise ValueError(f"turn {number} has no translation: {turn.turn.text}")
        marked = parse_marked(turn.turn.english)
        words = [_word(text, mask, {}) for text, mask in marked]
        segments.append(_segment(number, turn, [text for text, _ in marked], words))
    _write(path, segments, language)


def _segment(number: int, turn: PerformedTurn, texts: list[str], words: list[Json]) -> Json:
    return {
        "id": number,
        "start": turn.start_ms / 1000,
        "end": turn.end_ms / 1000,
        "text": " " + " ".join(texts),
        "speaker": turn.turn.speaker,
        "words": words,
    }


def _word(text: str, mask: str | None, times: Mapping[str, float]) -> Json:
    word: Json = {"word": " " + text, **times}
    if mask is not None:
        word["mask"] = mask
    return word


def _write(path: Path, segments: list[Json], language: str) -> None:
    whole = "".join(str(segment["text"]) for segment in segments)
    data = {"text": whole, "language": language, "segments": segments}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
