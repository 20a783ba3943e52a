"""A translation locked to the segments of its original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.text.subtitles.cues import capped
from onrecord.text.transcripts import Segment, Word, estimate_word_times

TranslatedSegment = Segment
"""Id, times and speaker of the original, words of the translation; no words where it has none."""


def lock_translation(
    original: Sequence[Segment], translation: Sequence[Segment]
) -> tuple[tuple[TranslatedSegment, ...], tuple[str, ...]]:
    """One translated segment per original segment, in its order, and warnings for what did not pair.

    Each translated cue goes whole to the segment it overlaps longest (the nearest one if it overlaps none).
    A translation without times is paired one to one if it has as many segments, else by share of its length.
    """
    if not original:
        return (), ("The original has no segments; nothing was paired.",) if translation else ()
    warnings: list[str] = []
    timed = _timed(original, translation, warnings)
    gathered: list[list[Word]] = [[] for _ in original]
    first = 0
    for cue in sorted(timed, key=lambda segment: segment.start_ms):
        while first + 1 < len(original) and original[first].end_ms <= cue.start_ms - _REACH_MS:
            first += 1
        at = max(
            range(first, min(len(original), first + _WINDOW)),
            key=lambda i: (_overlap(original[i], cue), -abs(original[i].start_ms - cue.start_ms), -i),
        )
        if _overlap(original[at], cue) <= 0 and cue.end_ms > cue.start_ms:
            warnings.append(f"Translation {cue.id} overlaps no segment; it was joined to {original[at].id}.")
        gathered[at].extend(cue.words)
    translated = []
    for segment, words in zip(original, gathered, strict=True):
        if segment.words and not words:
            warnings.append(f"Segment {segment.id} has no translation.")
        placed = [
            replace(
                word,
                id=f"{segment.id}t{n}",
                start_ms=_clamp(word.start_ms, segment),
                end_ms=_clamp(word.end_ms, segment),
            )
            for n, word in enumerate(words, start=1)
        ]
        translated.append(replace(segment, words=estimate_word_times(placed, segment.start_ms, segment.end_ms)))
    return tuple(translated), capped(warnings)


_REACH_MS = 10_000
_WINDOW = 64


def _timed(original: Sequence[Segment], translation: Sequence[Segment], warnings: list[str]) -> list[Segment]:
    if not translation or any(segment.end_ms > 0 for segment in translation):
        return list(translation)
    if len(translation) == len(original):
        return [
            replace(cue, start_ms=segment.start_ms, end_ms=segment.end_ms, words=_untimed(cue))
            for cue, segment in zip(translation, original, strict=True)
        ]
    warnings.append("The translation has no times; it was spread over the original by length. Check each segment.")
    low, high = original[0].start_ms, original[-1].end_ms
    total, passed, result = sum(len(s.text) + 1 for s in translation), 0, []
    for cue in translation:
        start = low + (high - low) * passed // total
        passed += len(cue.text) + 1
        end = low + (high - low) * passed // total
        result.append(replace(cue, start_ms=start, end_ms=end, words=_untimed(cue)))
    return result


def _untimed(cue: Segment) -> tuple[Word, ...]:
    return tuple(replace(word, start_ms=None, end_ms=None) for word in cue.words)


def _overlap(a: Segment, b: Segment) -> int:
    return min(a.end_ms, b.end_ms) - max(a.start_ms, b.start_ms)


def _clamp(at_ms: int | None, segment: Segment) -> int | None:
    return None if at_ms is None else min(max(at_ms, segment.start_ms), segment.end_ms)
