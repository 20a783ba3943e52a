"""What the newest transcripts of recordings say, read once for all that a page shows of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from onrecord.archive.models import Recording
from onrecord.core.reads import covered, is_shared, shared
from onrecord.text.masks import public_text
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.reviews import is_unreviewed_machine
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import latest_versions

_MASK = 5  # place of the mask's kind in a stored word, see transcripts.segments


@dataclass(frozen=True)
class Reviewed:
    """How far a transcript or translation has been reviewed, in lines."""

    language: str
    is_translation: bool
    made_by: str
    lines: int
    reviewed: int
    machine: int


@dataclass
class Words:
    """The newest transcript of one recording with its translations, as stored."""

    language: str
    original: TranscriptVersion | None = None
    translations: dict[str, TranscriptVersion] = field(default_factory=dict)

    @property
    def versions(self) -> list[TranscriptVersion]:
        return [*([self.original] if self.original else ()), *self.translations.values()]

    def between(self, first: str, last: str) -> tuple[str, dict[str, str]]:
        """What readers may read of the segments from `first` to `last`, in the original and by language."""
        if self.original is None or not first:
            return "", {}
        ids = [row["id"] for row in self.original.segments]
        if first not in ids or last not in ids:
            return "", {}
        wanted = ids[ids.index(first) : ids.index(last) + 1]
        return _public(self.original, wanted), {tag: _public(row, wanted) for tag, row in self.translations.items()}

    def language_of(self, version_id: int | None) -> str:
        """The language of the transcript that words were bound to, as far as it is still the newest version's."""
        known = {version.pk: version.transcript.language for version in self.versions}
        return known.get(version_id or 0, "")

    @property
    def masks(self) -> list[tuple[str, int]]:
        """How many stretches of the original are masked, by kind."""
        counted: Counter[str] = Counter()
        for row in self.original.segments if self.original else ():
            for kind, _ in groupby(row["words"], key=lambda word: word[_MASK] if len(word) > _MASK else None):
                if kind:
                    counted[kind] += 1
        return sorted(counted.items())

    @property
    def reviewed(self) -> list[Reviewed]:
        """Who made each text and how much of it was looked over line by line."""
        return [_reviewed(version) for version in self.versions]


def words_of(recordings: Iterable[Recording]) -> dict[str, Words]:
    """The newest transcripts of these recordings, by recording, in one query."""
    recordings = list(recordings)
    found = {str(recording.pk): Words(recording.language) for recording in recordings}
    for version in newest_texts(recording.pk for recording in recordings):
        words = found[str(version.transcript.recording_id)]
        if version.transcript.language == words.language:
            words.original = version
        else:
            words.translations[version.transcript.language] = version
    for words in found.values():
        words.translations = dict(sorted(words.translations.items()))
    return found


def newest_texts(recordings: Iterable[UUID]) -> list[TranscriptVersion]:
    """The newest transcripts and translations of these recordings; within a bake each recording's are read once."""
    wanted = list(recordings)
    if not wanted:
        return []
    unread = [pk for pk in wanted if not is_shared(f"texts:{pk}")]
    with covered(*(f"recording:{pk}" for pk in unread)):
        rows = latest_versions(Recording.objects.filter(pk__in=unread)) if unread else []
    return [
        version
        for pk in wanted
        for version in shared(
            f"texts:{pk}",
            lambda pk=pk: [row for row in rows if row.transcript.recording_id == pk],  # type: ignore[misc]
            f"recording:{pk}",
        )
    ]


def is_masked(word: Sequence[Any]) -> bool:
    """Whether a stored word has a mask."""
    return len(word) > _MASK and word[_MASK] is not None


def _public(version: TranscriptVersion, wanted: list[str]) -> str:
    rows = {row["id"]: row for row in version.segments if row["id"] in wanted}
    chosen: list[dict[str, Any]] = [rows[one] for one in wanted if one in rows]
    return " ".join(public_text(segment.words) for segment in segments_from_json(chosen))


def _reviewed(version: TranscriptVersion) -> Reviewed:
    states = Counter(version.reviews.get(row["id"], ["draft"])[0] for row in version.segments if row["words"])
    return Reviewed(
        language=version.transcript.language,
        is_translation=version.transcript.is_translation,
        made_by=version.transcript.made_by,
        lines=states.total(),
        reviewed=states["reviewed"],
        machine=sum(is_unreviewed_machine(row, version.reviews) for row in version.segments),
    )
