"""A translation locked segment to segment."""

from pathlib import Path

import pytest

from onrecord.text.subtitles import lock_translation, read_subtitles
from onrecord.text.transcripts import Segment, Word

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def seg(id, start, end, text, speaker=""):
    return Segment(id, start, end, speaker, tuple(Word(f"{id}w{i}", t, None, None) for i, t in enumerate(text.split())))


ORIGINAL = (seg("o1", 0, 1000, "a b", "A woman"), seg("o2", 1000, 3000, "c d"), seg("o3", 3000, 4000, "e"))


@pytest.mark.parametrize(
    ("translation", "expected", "warned"),
    [
        ([("t1", 0, 1000, "A"), ("t2", 1000, 3000, "B"), ("t3", 3000, 4000, "C")], ["A", "B", "C"], 0),
        ([("t1", 0, 900, "A"), ("t2", 1000, 2000, "B"), ("t3", 2000, 3100, "C")], ["A", "B C", ""], 1),
        ([("t1", 0, 4000, "A")], ["", "A", ""], 2),
        ([("t1", 0, 1000, "A"), ("t2", 1000, 3000, "B"), ("t9", 9000, 9500, "Z")], ["A", "B", "Z"], 1),
        ([], ["", "", ""], 3),
        ([("t1", 0, 0, "A"), ("t2", 0, 0, "B"), ("t3", 0, 0, "C")], ["A", "B", "C"], 0),
        ([("t1", 0, 0, "A a"), ("t2", 0, 0, "B b")], ["A a", "B b", ""], 2),
    ],
)
def test_pairs_by_time(translation, expected, warned):
    locked, warnings = lock_translation(ORIGINAL, [seg(*row) for row in translation])
    assert [s.text for s in locked] == expected
    assert [s.id for s in locked] == ["o1", "o2", "o3"]
    assert locked[0].speaker == "A woman"
    assert len(warnings) == warned
    for segment in locked:
        assert all(segment.start_ms <= w.start_ms <= w.end_ms <= segment.end_ms for w in segment.words)


def test_nothing_to_pair():
    assert lock_translation([], []) == ((), ())
    assert lock_translation([], [seg("t", 0, 1, "A")])[1]


@pytest.mark.real
@pytest.mark.skipif(not SHARED.exists(), reason="the shared recordings are absent")
def test_the_real_translation():
    read = [
        read_subtitles((SHARED / f"recordings/shared-culture.{code}.vtt").read_bytes(), "a.vtt").segments
        for code in ("en", "fr")
    ]
    locked, warnings = lock_translation(*read)
    assert len(locked) == 56
    assert warnings == ("Segment s17 has no translation.",)
    assert locked[24].text.startswith("Vous conservez les droits d’auteur")
