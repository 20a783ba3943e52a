"""Word times and the identity of words over versions."""

from itertools import count

import pytest

from onrecord.text.transcripts import Segment, Word, carry_identity, estimate_word_times


def words(text, start=0, step=100, prefix="w"):
    return tuple(
        Word(f"{prefix}{i}", t, start + i * step, start + (i + 1) * step, exact=True)
        for i, t in enumerate(text.split())
    )


def ids():
    numbers = count(1)
    return lambda: f"n{next(numbers)}"


def segment(text, *, id="s1", start=0, speaker="a woman", prefix="w"):
    ws = words(text, start, prefix=prefix)
    return Segment(id, start, ws[-1].end_ms, speaker, ws)


def test_words_without_times_share_their_segment_by_characters():
    timed = estimate_word_times([Word("1", "a", None, None), Word("2", "bcd", None, None)], 0, 600)
    assert [(w.start_ms, w.end_ms, w.exact) for w in timed] == [(0, 200, False), (200, 600, False)]


def test_words_with_times_keep_them_and_bound_their_neighbours():
    known = Word("2", "b", 100, 200, exact=True)
    timed = estimate_word_times([Word("1", "a", None, None), known, Word("3", "c", None, None)], 0, 300)
    assert timed[1] is known
    assert [(w.start_ms, w.end_ms) for w in timed] == [(0, 100), (100, 200), (200, 300)]


def test_times_never_run_backwards():
    timed = estimate_word_times([Word("1", "a", 500, 900, True), Word("2", "b", None, None)], 0, 300)
    assert (timed[1].start_ms, timed[1].end_ms) == (900, 900)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the water rose fast", ["w0", "w1", "w2", "w3"]),
        ("The water, rose fast.", ["w0", "w1", "w2", "w3"]),
        ("the water fast", ["w0", "w1", "w3"]),
        ("the brown water rose fast", ["w0", "n1", "w1", "w2", "w3"]),
        ("the river rose fast", ["w0", "n1", "w2", "w3"]),
        ("", []),
    ],
)
def test_words_not_touched_keep_identity(text, expected):
    (new,) = carry_identity([segment("the water rose fast")], [("s1", 0, 400, "a woman", text)], new_id=ids())
    assert [w.id for w in new.words] == expected
    assert all(w.exact == w.id.startswith("w") for w in new.words)
    assert new.id == "s1"


def test_new_words_are_timed_between_their_neighbours():
    (new,) = carry_identity([segment("the water rose")], [("s1", 0, 300, "", "the river rose")], new_id=ids())
    assert [(w.start_ms, w.end_ms) for w in new.words] == [(0, 100), (100, 200), (200, 300)]


def test_a_split_and_a_merge_keep_words():
    old = [segment("one two three four"), segment("five six", id="s2", start=400, prefix="v")]
    new = carry_identity(
        old,
        [("s1", 0, 200, "a", "one two"), (None, 200, 600, "b", "three four five six")],
        new_id=ids(),
    )
    assert [[w.id for w in s.words] for s in new] == [["w0", "w1"], ["w2", "w3", "v0", "v1"]]
    assert new[1].id == "n1"


def test_masks_survive_plain_edits_and_follow_marked_ones():
    ws = (Word("1", "you", 0, 1), Word("2", "fool", 1, 2, mask="profanity"))
    old = [Segment("s", 0, 2, "", ws)]
    (plain,) = carry_identity(old, [("s", 0, 2, "", "hey you fool")], new_id=ids())
    assert [w.mask for w in plain.words] == [None, None, "profanity"]
    (marked,) = carry_identity(old, [("s", 0, 2, "", (("you", "name"), ("fool", None)))], new_id=ids())
    assert [w.mask for w in marked.words] == ["name", None]


def test_unchanged_segments_are_carried_whole_in_a_long_transcript():
    old = [segment("same words again", id=f"s{i}", start=i * 300, prefix=f"s{i}w") for i in range(50)]
    edits = [(s.id, s.start_ms, s.end_ms, s.speaker, s.text) for s in old]
    edits[7] = ("s7", 2100, 2400, "", "same new words again")
    new = carry_identity(old, edits, new_id=ids())
    assert [n.words for i, n in enumerate(new) if i != 7] == [o.words for i, o in enumerate(old) if i != 7]
    assert [w.id for w in new[7].words] == ["s7w0", "n1", "s7w1", "s7w2"]


def test_an_id_factory_that_repeats_itself_is_refused():
    with pytest.raises(ValueError, match="in use"):
        carry_identity([segment("a b")], [("s1", 0, 1, "", "a"), (None, 1, 2, "", "b")], new_id=lambda: "s1")
