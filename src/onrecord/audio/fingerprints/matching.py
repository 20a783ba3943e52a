"""Which recordings of an index a file contains, which part of it is which part of which, how fast and how surely."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from onrecord.audio.fingerprints.alignment import Alignment, Line, milliseconds, moved, near, refined
from onrecord.audio.fingerprints.candidates import Candidate, candidates
from onrecord.audio.fingerprints.codes import SHORTEST_MS, Fingerprint, on_disk, sound
from onrecord.audio.fingerprints.parts import distinct, explains, joined
from onrecord.audio.fingerprints.places import Reader, Store
from onrecord.audio.fingerprints.query import CodeQuery, Query, SoundQuery
from onrecord.audio.fingerprints.spectrum import FRAME, RATE, Floats
from onrecord.errors import SoundTooShort

_WINDOW_S, _OVERLAP_S = 20, 6
_LOOKS, _MOST_LOOKS = 24, 400
"""Candidates looked at without finding anything more, and in all (a jingle may be in every recording)."""
_CLEAR, _FAINT, _REFINED = 7.0, 3.5, 3
"""z near a candidate at which it is refined at once; of the others the best so many are, unless they are faint."""
POSSIBLE, SURE = 9.0, 12.4
"""Scores from which a match is reported, and from which chance is out of the question."""
_LONG_S, _LARGE = 3.0, 0.6
"""A part this long, or this large a part of the query, is reported when it is possible; a shorter one must be sure."""
_DENSE_S = 8.0
"""Length up to which a query's seeds are taken at every frame, not at every third."""


@dataclass(frozen=True, slots=True)
class Match:
    """A part of the query that is a part of recording `name`, played at `speed` (1.03: 3 % faster).

    `score` is in standard deviations of chance; `sure` says that chance has no share in it.
    """

    name: str
    query_start_ms: int
    query_end_ms: int
    start_ms: int
    end_ms: int
    speed: float
    score: float
    sure: bool


def find(source: Path | BinaryIO | Fingerprint, store: Store, *, exclude: Collection[str] = ()) -> list[Match]:
    """Every part of the source that is part of a recording in the store, best first.

    Recordings named in `exclude` are passed over. A file is heard more finely than its Fingerprint, and at other
    pitches; so give the file where it is at hand. Raises the errors of `onrecord.audio.decode.Decoder` and
    SoundTooShort.
    """
    reader = store.reader()
    if isinstance(source, Fingerprint):
        return matches(code_queries(source), reader, exclude)
    with on_disk(source) as path:
        return matches(sound_queries(sound(path), path), reader, exclude)


def matches(queries: Iterable[tuple[Query, float]], reader: Reader, exclude: Collection[str] = ()) -> list[Match]:
    """Every part of the queries, each with the frame at which it begins, that is in an index, best first."""
    found: list[Alignment] = []
    for query, at in queries:
        found += [moved(one, at) for one in alignments(query, reader, exclude) if reported(one, query)]
    parts = [_match(part) for part in joined(distinct(found))]
    return sorted(parts, key=lambda match: -match.score)


def sound_queries(blocks: Iterable[Floats], name: object = "the sound") -> Iterator[tuple[Query, float]]:
    """Mono sound at 8 kHz as overlapping queries; up to 34 s are one. Raises SoundTooShort, which says `name`."""
    held, at = np.zeros(0, dtype=np.float32), 0
    size, step = _WINDOW_S * RATE, (_WINDOW_S - _OVERLAP_S) * RATE
    for block in blocks:
        held = np.concatenate([held, block])
        while held.size > size + step:
            yield SoundQuery(held[:size]), at / FRAME
            held, at = held[step:], at + step
    if at == 0 and held.size < SHORTEST_MS * RATE // 1000:
        raise SoundTooShort(path=name, seconds=f"{held.size / RATE:g}", least=SHORTEST_MS / 1000)
    yield SoundQuery(held), at / FRAME


def code_queries(made: Fingerprint) -> Iterator[tuple[Query, float]]:
    """A fingerprint as overlapping queries."""
    size, step = (seconds * RATE // FRAME // 2 * 2 for seconds in (_WINDOW_S, _WINDOW_S - _OVERLAP_S))
    at = 0
    while made.proof.size - at > size + step:
        yield CodeQuery(made.seed[at // 2 : (at + size) // 2], made.proof[at : at + size]), at
        at += step
    yield CodeQuery(made.seed[at // 2 :], made.proof[at:]), at


def alignments(query: Query, reader: Reader, exclude: Collection[str] = ()) -> list[Alignment]:
    """What the best candidates come to, each once, best first, however weak."""
    found: list[Alignment] = []
    waiting: list[tuple[float, Candidate, Line]] = []
    idle = looks = 0
    for candidate in candidates(query, reader, 1 if query.seconds < _DENSE_S else 3):
        stretch = reader.stretch(candidate.place)
        if stretch is None or stretch.name in exclude:
            continue
        frame, heard_at = candidate.place - stretch.first, candidate.frame / candidate.tempo
        if any(explains(known, stretch.first, frame, heard_at) for known in found):
            continue
        z, line = near(query, reader, candidate, stretch)
        better = refined(query, reader, candidate, stretch, line) if z >= _CLEAR else None
        if better is not None:
            found.append(better)
            idle = 0
        else:
            waiting.append((z, candidate, line))
            idle += 1
        looks += 1
        if idle >= _LOOKS or looks >= _MOST_LOOKS:
            break
    for z, candidate, line in sorted(waiting, key=lambda one: -one[0])[:_REFINED]:
        if z < _FAINT:
            break
        stretch = reader.stretch(candidate.place)
        better = refined(query, reader, candidate, stretch, line) if stretch is not None else None
        if better is not None:
            found.append(better)
    return distinct(found)


def reported(one: Alignment, query: Query) -> bool:
    """Whether an alignment is evidence enough; a short part must be sure, as speakers repeat their words."""
    seconds = (one.query_end - one.query_start) * FRAME / RATE
    return one.z >= (POSSIBLE if seconds >= min(_LONG_S, _LARGE * query.seconds) else SURE)


def _match(part: Alignment) -> Match:
    return Match(
        name=part.stretch.name,
        query_start_ms=max(0, milliseconds(part.query_start)),
        query_end_ms=milliseconds(part.query_end),
        start_ms=milliseconds(part.first),
        end_ms=milliseconds(part.end),
        speed=round(part.speed, 4),
        score=round(part.z, 2),
        sure=part.z >= SURE,
    )
