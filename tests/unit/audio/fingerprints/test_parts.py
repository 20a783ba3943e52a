"""Several matches in one file: programmes, splices, repeats, queries longer than the recording."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.audio.fingerprints import LocalStore, Match
from onrecord.audio.fingerprints.spectrum import RATE
from onrecord.audio.fingerprints.training import music
from tests.unit.audio.fingerprints.conftest import VOICES
from tests.unit.audio.fingerprints.reposting import Sound, faster, found, made, speech


def _cut(number: int, start_s: float, end_s: float) -> Sound:
    return speech(number, 30, VOICES[number])[round(start_s * RATE) : round(end_s * RATE)]


def _anchor(seconds: float, seed: int) -> Sound:
    return speech(300 + seed, 30, "en-gb+m2", 30)[: round(seconds * RATE)]


def _in_order(matches: list[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: match.query_start_ms)


def test_a_programme_with_three_calls(library: LocalStore) -> None:
    calls = [(1, 2.0, 22.0, 1.0), (5, 8.0, 26.0, 1.03), (7, 5.0, 17.0, 1.0)]
    pieces: list[Sound] = []
    starts: list[float] = []
    for seed, (number, start_s, end_s, speed) in enumerate(calls):
        pieces.append(_anchor(14, seed))
        starts.append(sum(piece.size for piece in pieces) / RATE)
        pieces.append(faster(_cut(number, start_s, end_s), speed) if speed != 1 else _cut(number, start_s, end_s))
    programme = np.concatenate([*pieces, _anchor(20, 7)])
    parts = [match for match in _in_order(found(programme, library)) if match.sure]
    assert [match.name for match in parts] == ["speech-1", "speech-5", "speech-7"]
    for part, at, (_, start_s, end_s, speed) in zip(parts, starts, calls, strict=True):
        assert part.query_start_ms == pytest.approx(at * 1000, abs=700)
        assert part.start_ms == pytest.approx(start_s * 1000, abs=700)
        assert part.end_ms == pytest.approx(end_s * 1000, abs=700)
        assert part.speed == pytest.approx(speed, rel=0.003)
        assert part.start_ms - (part.query_start_ms - at * 1000) * speed == pytest.approx(start_s * 1000, abs=50)


def test_a_cut_shows_as_two_parts(library: LocalStore) -> None:
    spliced = np.concatenate([_cut(3, 2, 9), _cut(3, 15, 22), _cut(0, 4, 11)])
    parts = [match for match in _in_order(found(spliced, library)) if match.sure]
    assert [match.name for match in parts] == ["speech-3", "speech-3", "speech-0"]
    for part, at, start in zip(parts, (0, 7_000, 14_000), (2_000, 15_000, 4_000), strict=True):
        assert part.query_start_ms == pytest.approx(at, abs=800)
        assert part.start_ms - (part.query_start_ms - at) == pytest.approx(start, abs=50)


def test_what_continues_after_a_bleep_is_one_part(library: LocalStore) -> None:
    sound = _cut(2, 3, 23).copy()
    sound[8 * RATE : 10 * RATE] = 0.3 * np.sin(2 * np.pi * 1_000 * np.arange(2 * RATE) / RATE)
    (part,) = [match for match in found(sound, library) if match.sure]
    assert (part.query_start_ms, part.query_end_ms) == (pytest.approx(0, abs=300), pytest.approx(20_000, abs=300))


def test_a_long_part_is_one_part_at_an_exact_speed(tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = np.concatenate([speech(n, 30, VOICES[n]) for n in range(4)])
    store = LocalStore(tmp_path_factory.mktemp("long") / "index")
    store.add("interview", made(whole))
    (part,) = found(faster(whole[10 * RATE : 100 * RATE], 0.96), store)
    assert part.speed == pytest.approx(0.96, rel=0.0005)
    assert (part.start_ms, part.end_ms) == (pytest.approx(10_000, abs=200), pytest.approx(100_000, abs=300))


def test_a_query_longer_than_the_recording(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = LocalStore(tmp_path_factory.mktemp("short") / "index")
    store.add("statement", made(_cut(6, 5, 13)))
    (part,) = found(np.concatenate([_anchor(25, 1), _cut(6, 0, 30), _anchor(25, 2)]), store)
    assert part.query_start_ms == pytest.approx(30_000, abs=300)
    assert (part.start_ms, part.end_ms) == (pytest.approx(0, abs=300), pytest.approx(8_000, abs=300))


def test_a_true_repeat_is_reported_everywhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    jingle = music(6 * RATE, np.random.default_rng(77)) * 0.3
    store = LocalStore(tmp_path_factory.mktemp("jingle") / "index")
    for number in range(3):
        store.add(f"show {number}", made(np.concatenate([_cut(number, 0, 12), jingle, _cut(number, 12, 20)])))
    store.add("twice", made(np.concatenate([jingle, _cut(4, 0, 12), jingle])))
    matches = [match for match in found(jingle, store) if match.sure]
    assert sorted(match.name for match in matches) == ["show 0", "show 1", "show 2", "twice", "twice"]
    copies = [match for match in found(_cut(1, 2, 10), store) if match.sure]
    assert [match.name for match in copies] == ["show 1"]
