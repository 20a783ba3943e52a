"""What every store of fingerprints does, whatever it keeps them in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from onrecord.audio.fingerprints import Store
from onrecord.audio.fingerprints.spectrum import RATE
from onrecord.errors import IndexUnreadable
from tests.unit.audio.fingerprints.conftest import VOICES
from tests.unit.audio.fingerprints.reposting import Sound, faster, found, made, speech


def _recording(number: int) -> Sound:
    return speech(number, 30, VOICES[number])


def test_an_empty_store_knows_nothing(store: Store) -> None:
    assert store.names() == []
    assert found(_recording(0)[: 5 * RATE], store) == []
    store.remove("nothing")


def test_what_is_added_is_found_from_then_on(store: Store) -> None:
    for number in range(3):
        cut = _recording(number)[6 * RATE : 12 * RATE]
        assert found(cut, store) == []
        store.add(f"call {number}", made(_recording(number)))
        first = found(cut, store)[0]
        assert (first.name, first.sure) == (f"call {number}", True)
        assert first.start_ms - first.query_start_ms == pytest.approx(6_000, abs=40)
    assert store.names() == ["call 0", "call 1", "call 2"]


def test_what_is_removed_is_found_no_more(store: Store) -> None:
    for number in range(3):
        store.add(f"call {number}", made(_recording(number)))
    store.remove("call 1")
    assert store.names() == ["call 0", "call 2"]
    assert found(_recording(1)[: 8 * RATE], store) == []
    assert found(_recording(2)[: 8 * RATE], store)[0].name == "call 2"


def test_a_name_that_is_added_again_is_replaced(store: Store) -> None:
    store.add("call", made(_recording(0)))
    store.add("call", made(_recording(1)))
    assert store.names() == ["call"]
    assert found(_recording(0)[: 8 * RATE], store) == []
    assert found(_recording(1)[: 8 * RATE], store)[0].name == "call"


def test_a_query_speaks_of_what_was_there_when_it_began(store: Store) -> None:
    store.add("call 0", made(_recording(0)))
    reader = store.reader()
    store.add("call 1", made(_recording(1)))
    assert reader.stretch(int(reader.seeds(_seed(0), 7)[1][0])) is not None
    assert found(_recording(1)[: 8 * RATE], store)[0].name == "call 1"


def _seed(number: int) -> Sound:
    from onrecord.audio.fingerprints.query import SoundQuery

    return SoundQuery(_recording(number)[: 6 * RATE]).seed(1.0, 1.0)[::3]


def test_fingerprints_of_another_kind_are_refused(store: Store) -> None:
    with pytest.raises(IndexUnreadable, match="Make it again"):
        store.add("old", replace(made(_recording(0)), version=0))
    assert store.names() == []


def test_speed_and_place_are_the_same_in_every_store(store: Store) -> None:
    store.add("call", made(_recording(5)))
    first = found(faster(_recording(5)[10 * RATE : 20 * RATE], 1.06), store)[0]
    assert first.speed == pytest.approx(1.06, rel=0.003)
    assert first.start_ms - first.query_start_ms * 1.06 == pytest.approx(10_000, abs=50)
