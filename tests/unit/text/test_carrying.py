"""Selections carried along edits: kept where their words are, gone where they are gone, never in another place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.text.carrying import Place, carry

FIRST = "The river rose at night. People left for the school on the hill, and nobody knew when the water would fall."
SECOND = "In the morning the river rose again. People left for the town before the road was closed."
OLD = {"a": FIRST, "b": SECOND}


def chosen(state, passage, words, nth=0):
    at = -1
    for _ in range(nth + 1):
        at = state[passage].index(words, at + 1)
    return Place(passage, at, at + len(words))


def words_at(state, place):
    return place and state[place.passage][place.start : place.end]


def edited(passage, old, new):
    assert old in OLD[passage]
    return {**OLD, passage: OLD[passage].replace(old, new)}


KEPT = [
    ("another passage edited", "river rose", edited("b", "morning", "evening"), "a", "river rose", False),
    ("text before it", "river rose", edited("a", "The river", "Late on Sunday the river"), "a", "river rose", False),
    ("text after it", "People left", edited("a", "nobody", "almost nobody"), "a", "People left", False),
    ("a letter changed", "school", edited("a", "school", "schooll"), "a", "schooll", True),
    ("a short word changed", "on", edited("a", "on the hill", "in the hill"), "a", "in", True),
    ("a word put in", "People left for the school", edited("a", "left for", "left early for"), "a",
     "People left early for the school", True),
    ("its last word exchanged", "left for the school", edited("a", "school", "church"), "a", "left for the church",
     True),
    ("passages in another order", "river rose", {"b": SECOND, "a": FIRST}, "a", "river rose", False),
    ("a passage pasted under another id", "river rose", {"b": SECOND, "c": FIRST}, "c", "river rose", False),
    ("a passage split in two", "nobody knew", {"a": FIRST[:24], "n": FIRST[25:], "b": SECOND}, "n", "nobody knew",
     False),
    ("a sentence moved", "People left for the school", {"a": FIRST[:24], "b": f"{SECOND} {FIRST[25:]}"}, "b",
     "People left for the school", False),
]  # fmt: skip


@pytest.mark.parametrize(("words", "new", "passage", "now", "changed"), [k[1:] for k in KEPT], ids=[k[0] for k in KEPT])
def test_a_selection_stays_on_its_words(words, new, passage, now, changed):
    place = carry(chosen(OLD, "a", words), [OLD, new])
    assert place is not None
    assert (place.passage, words_at(new, place), place.changed) == (passage, now, changed)


GONE = [
    ("deleted", "river", edited("a", "The river rose", "It rose")),
    ("replaced by other words", "school", edited("a", "school", "old mill")),
    ("replaced with its sentence", "the", edited("a", FIRST[25:], "No one was in the valley.")),
    ("its passage deleted", "river rose", {"b": SECOND}),
    ("everything replaced", "People left", {"a": "Nothing of this stands.", "b": "Nor of this."}),
]


@pytest.mark.parametrize(("words", "new"), [g[1:] for g in GONE], ids=[g[0] for g in GONE])
def test_words_that_are_gone_are_said_to_be_gone(words, new):
    assert carry(chosen(OLD, "a", words), [OLD, new]) is None


def test_one_of_two_same_words_deleted_is_not_guessed():
    old = {"a": "It was very very cold that night, she said to us."}
    new = {"a": "It was very cold that night, she said to us."}
    assert carry(chosen(old, "a", "very", nth=0), [old, new]) is None
    assert carry(chosen(old, "a", "very", nth=1), [old, new]) is None


def test_states_are_followed_one_after_the_other():
    states = [OLD, edited("a", "The river", "That night the river"), {"b": SECOND}]
    states.insert(2, {**states[1], "a": states[1]["a"].replace("school", "schools")})
    assert words_at(states[2], carry(chosen(OLD, "a", "school"), states[:3])) == "schools"
    assert carry(chosen(OLD, "a", "school"), states) is None


def test_a_place_outside_the_text_is_nowhere():
    assert carry(Place("z", 0, 3), [OLD, edited("a", "night", "noon")]) is None
    assert carry(Place("a", 5, 9_000), [OLD, edited("a", "night", "noon")]) is None


@settings(deadline=None)
@given(data=st.data())
def test_words_beside_an_edit_never_move_to_other_words(data):
    tokens = FIRST.split()
    at = data.draw(st.integers(0, len(tokens) - 1))
    count = data.draw(st.integers(0, 3))
    new_words = data.draw(st.lists(st.sampled_from(["the", "river", "left", "mill", "boats"]), max_size=4))
    edited_tokens = [*tokens[:at], *new_words, *tokens[at + count :]]
    new = {"a": " ".join(edited_tokens), "b": SECOND}
    first = data.draw(st.integers(0, len(tokens) - 1))
    start = len(" ".join(tokens[:first])) + (first > 0)
    word = tokens[first].strip(".,")
    place = carry(Place("a", start, start + len(word)), [OLD, new])
    if place is not None and not place.changed:
        assert words_at(new, place) == word
