"""A translation keeps to its transcript's segments when those are edited."""

from collections.abc import Sequence
from dataclasses import replace

from onrecord.text.transcripts import Segment


def follow(original: Sequence[Segment], translation: Sequence[Segment]) -> tuple[Segment, ...]:
    """One translated segment per segment of the original, with its id, times and speaker.

    Words stay with the segment that had them; those of a segment that is gone go to the one that now
    lies over most of its time.
    """
    words = {segment.id: list(segment.words) for segment in translation}
    present = {segment.id for segment in original}
    for segment in translation:
        if segment.id not in present and segment.words and original:
            heir = max(original, key=lambda candidate: _shared_ms(candidate, segment))
            words.setdefault(heir.id, []).extend(segment.words)
    return tuple(
        replace(
            segment,
            words=tuple(sorted(words.get(segment.id, []), key=lambda word: word.start_ms or segment.start_ms)),
        )
        for segment in original
    )


def _shared_ms(a: Segment, b: Segment) -> int:
    return min(a.end_ms, b.end_ms) - max(a.start_ms, b.start_ms)
