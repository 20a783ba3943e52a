"""Which recordings an index holds and where their transcripts lie: a log of what was put in and taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """One transcript and its stretch (first, how many) of each stream. `told` is its language or what was guessed."""

    id: str
    language: str
    told: str
    translation: bool
    speakers: Sequence[str]
    tokens: tuple[int, int]
    words: tuple[int, int]
    rows: tuple[int, int]
    times: tuple[int, int]
    more: tuple[int, int]

    def moved(self, at: Mapping[str, int]) -> Place:
        """The same transcript whose stretch of each stream begins elsewhere."""
        stretches: dict[str, Any] = {name: (first, getattr(self, name)[1]) for name, first in at.items()}
        return replace(self, **stretches)


@dataclass(slots=True)
class Catalogue:
    """All transcripts in order, those that count no more among them, and the recordings with their stamps."""

    places: list[Place] = field(default_factory=list)
    live: list[bool] = field(default_factory=list)
    stamps: dict[str, str] = field(default_factory=dict)
    members: dict[str, range] = field(default_factory=dict)

    def replay(self, lines: Iterable[bytes]) -> None:
        """Take in what the log says."""
        for line in lines:
            entry = json.loads(line)
            self.remove(entry["group"])
            if entry.get("places") is None:
                continue
            places = [Place(**{**p, **{k: tuple(p[k]) for k in _STRETCHES}}) for p in entry["places"]]
            self.put(entry["group"], entry["stamp"], places)

    def put(self, group: str, stamp: str, places: Sequence[Place]) -> None:
        """A recording's transcripts, which lie behind all others."""
        self.stamps[group] = stamp
        self.members[group] = range(len(self.places), len(self.places) + len(places))
        self.places.extend(places)
        self.live.extend([True] * len(places))

    def remove(self, group: str) -> list[Place]:
        """Take a recording out; what counts no more is returned."""
        self.stamps.pop(group, None)
        gone = self.members.pop(group, range(0))
        for number in gone:
            self.live[number] = False
        return [self.places[number] for number in gone]

    def speakers(self) -> Iterator[str]:
        """Everybody who is named as a speaker in what counts."""
        for place, counts in zip(self.places, self.live, strict=True):
            if counts:
                yield from filter(None, place.speakers)


_STRETCHES = ("tokens", "words", "rows", "times", "more")


def line_for(group: str, stamp: str, places: Sequence[Place] | None) -> bytes:
    """A line of the log; without places it takes the recording out."""
    entry: dict[str, object] = {"group": group}
    if places is not None:
        entry.update(stamp=stamp, places=[asdict(place) for place in places])
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
