"""A mask acts at once: it does not wait until the draft is a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from onrecord.core.models import User
from onrecord.text.transcripts import Segment, Word
from onrecord.transcripts.draft_state import Work
from onrecord.transcripts.models import Transcript
from onrecord.transcripts.rows import Row, masked_ids
from onrecord.transcripts.segments import segments_from_json, segments_to_json
from onrecord.transcripts.versions import version_write


def mask_at_once(work: Work, rows: Sequence[Row], *, actor: User) -> bool:
    """Words of the newest versions that the rows mask are masked in a version now; nothing else of the draft is in it.

    A masked word that the version does not have stands for those of the version that it replaced.
    """
    made = False
    for language, latest in work.versions.items():
        wanted = _wanted_masks(work, rows, language)
        if not wanted:
            continue
        segments = tuple(_masked(segment, wanted) for segment in segments_from_json(latest.segments))
        if segments_to_json(segments) != latest.segments:
            version_write(
                Transcript.objects.get(pk=latest.transcript_id), segments, actor=actor, note="Masked at the desk",
                reviews=latest.reviews,
            )  # fmt: skip
            made = True
    return made


def _wanted_masks(work: Work, rows: Sequence[Row], language: str) -> dict[str, tuple[str, str]]:
    """Mask and reading by the id of a word in the newest version."""
    wanted: dict[str, tuple[str, str]] = {}
    if not any(name == language for row in rows for name, _ in masked_ids(row)):
        return wanted
    present = {
        word[0]
        for row in work.base.values()
        if (one := row["sides"].get(language)) is not None
        for word in one["words"]
    }
    for row in rows:
        kept = {word[0] for word in row["sides"][language]["words"]}
        base = work.base.get(row["id"])
        for name, word in masked_ids(row):
            if name != language:
                continue
            mask = (word[5], word[7] if len(word) > 7 else "")
            if word[0] in present:
                wanted[word[0]] = mask
            elif base is not None:
                replaced = [other for other in base["sides"][language]["words"] if other[0] not in kept]
                wanted.update({other[0]: mask for other in replaced if _overlap(other, word)})
    return wanted


def _overlap(a: list[Any], b: list[Any]) -> bool:
    if None in (a[2], a[3], b[2], b[3]):
        return True
    return bool(a[2] < b[3] and b[2] < a[3])


def _masked(segment: Segment, wanted: Mapping[str, tuple[str, str]]) -> Segment:
    def mask(word: Word) -> Word:
        if word.id not in wanted:
            return word
        kind, reads = wanted[word.id]
        return replace(word, mask=kind, reads=reads)

    return replace(segment, words=tuple(mask(word) for word in segment.words))
