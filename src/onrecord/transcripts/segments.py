"""How segments lie in a transcript version: the pure core's dataclasses as JSON, and back.

`[{"id", "start_ms", "end_ms", "speaker", "words": [[id, text, start_ms, end_ms, exact, mask], …]}, …]`; a word
with a kind or a reading of its mask has two more places, `kind` and `reads`.
"""

from collections.abc import Sequence
from typing import Any

from onrecord.text.transcripts import Segment, Word


def segments_to_json(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    """Plain JSON values of the segments."""
    return [
        {
            "id": segment.id,
            "start_ms": segment.start_ms,
            "end_ms": segment.end_ms,
            "speaker": segment.speaker,
            "words": [word_to_json(word) for word in segment.words],
        }
        for segment in segments
    ]


def word_to_json(word: Word) -> list[Any]:
    """A word as a list; what most words have not is left out."""
    row: list[Any] = [word.id, word.text, word.start_ms, word.end_ms, word.exact, word.mask]
    return [*row, word.kind, word.reads] if word.kind or word.reads else row


def segments_from_json(rows: Sequence[dict[str, Any]]) -> tuple[Segment, ...]:
    """The segments of a stored version."""
    return tuple(
        Segment(
            id=row["id"],
            start_ms=row["start_ms"],
            end_ms=row["end_ms"],
            speaker=row["speaker"],
            words=tuple(Word(*word) for word in row["words"]),
        )
        for row in rows
    )
