"""Everything that was said, in one index: the newest words of every recording, on disk beside the newsroom's data.

The index is derived from the database and never the only copy: it can be deleted at any time and is built again. It
holds unmasked words, so it lies outside what is served.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db.models import Max

from onrecord.errors import RecordIndexUnreadable
from onrecord.text.index import RecordIndex
from onrecord.text.record import Record
from onrecord.text.transcripts import Transcript
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import as_text

FEW = 20
_AT_ONCE = 50
_ROUNDS = 20


@dataclass(frozen=True)
class IndexHealth:
    """What `index_mend` met: recordings with words, how many of them were missing or outdated, what was damaged."""

    recordings: int
    behind: int
    damage: str = ""


def index_update() -> int:
    """Bring the index up to the newest version of every transcript; gives how many recordings were behind.

    May run at any time and in several processes at once: each goes on until it sees nothing left to do, so the last
    one leaves the newest words. An index that cannot be read is built anew.
    """
    try:
        return _caught_up()
    except RecordIndexUnreadable:
        _discard()
        return _caught_up()


def index_mend() -> IndexHealth:
    """Read the whole index again, build it anew if it is damaged, and bring it up to date."""
    damage = ""
    try:
        _index().verify()
    except RecordIndexUnreadable as error:
        damage = str(error.fields["reason"])
        _discard()
    return IndexHealth(recordings=len(_stamps()), behind=index_update(), damage=damage)


def newsroom_record() -> Record:
    """The newest version of every transcript and translation; transcript ids are those of `as_text`."""
    index_update()
    return _index().record()


def newsroom_record_at_hand() -> Record | None:
    """The same for who cannot wait: None where more than a few recordings would have to be indexed first."""
    try:
        index = _index()
        outdated, gone = _behind(index, _stamps())
    except RecordIndexUnreadable:
        return None
    if len(outdated) + len(gone) > FEW:
        return None
    return newsroom_record() if outdated or gone else index.record()


def newsroom_transcripts() -> Iterator[Transcript]:
    """The newest version of every transcript and translation, one after the other."""
    for _, _, transcripts in _entries(_stamps()):
        yield from transcripts


def _caught_up() -> int:
    index = _index()
    total = 0
    for _ in range(_ROUNDS):
        wanted = _stamps()
        outdated, gone = _behind(index, wanted)
        if not outdated and not gone:
            break
        total += len(outdated) + len(gone)
        index.remove(*gone)
        for start in range(0, len(outdated), _AT_ONCE):  # others may write in between
            index.put_many(_entries({group: wanted[group] for group in outdated[start : start + _AT_ONCE]}))
    return total


def _index() -> RecordIndex:
    return _opened(Path(settings.INDEX_DIR))


@lru_cache(maxsize=8)
def _opened(folder: Path) -> RecordIndex:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return RecordIndex.open(folder, create=True)


def _discard() -> None:
    """Put the index away in one step, for whoever else is about to do the same, and delete it."""
    folder = Path(settings.INDEX_DIR)
    aside = folder.with_name(f".{folder.name}-{uuid4().hex[:8]}")
    _opened.cache_clear()
    try:
        folder.rename(aside)
    except FileNotFoundError:
        return
    shutil.rmtree(aside, ignore_errors=True)


def _stamps() -> dict[str, str]:
    """For each recording that has words, the primary keys of the newest versions of its transcripts."""
    rows = (
        TranscriptVersion.objects.filter(transcript__recording__filed_under=None)
        .order_by("transcript__recording_id", "transcript_id")
        .values_list("transcript__recording_id", "transcript_id")
        .annotate(newest=Max("pk"))
    )
    return {
        str(recording): " ".join(str(newest) for _, _, newest in versions)
        for recording, versions in groupby(rows, key=lambda row: row[0])
    }


def _behind(index: RecordIndex, wanted: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Recordings whose words are missing or outdated, and those that are no more."""
    held = index.groups()
    return [group for group in wanted if held.get(group) != wanted[group]], [g for g in held if g not in wanted]


def _entries(stamps: Mapping[str, str]) -> Iterator[tuple[str, str, list[Transcript]]]:
    for group, stamp in stamps.items():
        versions = TranscriptVersion.objects.filter(pk__in=stamp.split()).select_related("transcript").order_by("pk")
        yield group, stamp, [as_text(version) for version in versions]
