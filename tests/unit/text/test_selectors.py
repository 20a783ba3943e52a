"""Selections described, and found again after edits; never in a wrong place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import BadSelection
from onrecord.text.selectors import LONGEST, Selection, describe, find

TEXT = (
    "The river rose at night. People left for the school on the hill. "
    "Nobody knew when the water would fall. In the morning the river rose again, "
    "and people left for the town. "
    "A man who appears to be her husband said that the boats were gone."
)


def chosen(text, words, nth=0):
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return describe(text, at, at + len(words))


def found(text, selection):
    match = find(text, selection)
    return match and text[match.start : match.end]


@pytest.mark.parametrize(("words", "nth"), [("river rose", 0), ("river rose", 1), ("people left", 0), (TEXT, 0)])
def test_unchanged_text_is_found_where_it_was(words, nth):
    selection = chosen(TEXT, words, nth)
    match = find(TEXT, selection)
    assert (match.start, match.end) == (selection.start, selection.end)
    assert match.score >= 0.95


def test_the_place_is_told_by_context_when_text_before_it_grows():
    selection = chosen(TEXT, "river rose", 1)
    longer = "A new first sentence about the river. " + TEXT
    assert find(longer, selection).start == longer.index("river rose again")


def test_white_space_may_differ():
    selection = chosen(TEXT, "People left for the school")
    text = TEXT.replace("left for the", "left\n  for the")
    assert found(text, selection) == "People left\n  for the school"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("water would fall", "waters would fall", "Nobody knew when the waters would fall"),
        ("Nobody knew", "No one knew", "No one knew when the water would fall"),
        ("knew when", "knew", "Nobody knew the water would fall"),
    ],
)
def test_a_few_edits_are_allowed(old, new, expected):
    selection = chosen(TEXT, "Nobody knew when the water would fall")
    assert found(TEXT.replace(old, new), selection) == expected


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        (
            "Something else altogether is printed on this page.",
            chosen(TEXT, "Nobody knew when the water would fall"),
        ),
        (TEXT.replace("river rose", "lake fell"), chosen(TEXT, "river rose")),
        ("chines were sold", Selection("Linus", "hello ", " there")),
        ("The Linuses left", Selection("Linus", "The ", " left")),
        ("one two one two", Selection("one")),
        ("the cat sat. the cat sat.", Selection("cat", "the ", " sat", 900, 903)),
        (
            "In quite other words the word fall stands here.",
            Selection("fall", "knew when the water would ", ". In the mo"),
        ),
        ("abc", Selection("a long passage that is not there at all", "", "")),
    ],
)
def test_unsure_is_none(text, selection):
    assert find(text, selection) is None


def test_two_equal_places_are_told_apart_by_position_only_if_nothing_moved():
    text = "the cat sat. the cat sat. the cat sat. the cat sat. the cat sat. the cat sat. the cat sat."
    selection = describe(text, 43, 46)
    assert find(text, selection).start == 43


def test_a_long_passage_is_found_by_its_ends():
    body = " ".join(f"Sentence number {i} tells of the flood in village {i * 7}." for i in range(80))
    text = "Before. " + body + " After."
    selection = describe(text, 8, 8 + len(body))
    changed = text.replace("Sentence number 40 tells", "Sentence forty tells us")
    match = find(changed, selection)
    assert changed[match.start : match.end] == changed[8 : -len(" After.")]


@pytest.mark.parametrize(
    "selection",
    [
        Selection(""),
        Selection("  \n"),
        Selection("\u200b\u200d\u2060"),
        Selection("a" * (LONGEST + 1)),
        Selection("a", start=5, end=2),
        Selection("a", start=-7, end=2),
    ],
)
def test_selections_that_cannot_be_are_refused(selection):
    with pytest.raises(BadSelection):
        find(TEXT, selection)


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4), (9, 4), (0, 10_000), (3, 4)])
def test_describing_nothing_is_refused(start, end):
    with pytest.raises(BadSelection):
        describe(TEXT, start, end)


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        [],
        [{"type": "TextPositionSelector", "start": 1, "end": 2}],
        [{"type": "TextQuoteSelector", "exact": 5}],
        [{"type": "TextQuoteSelector", "exact": ""}],
        [
            {"type": "TextQuoteSelector", "exact": "a"},
            {"type": "TextPositionSelector", "start": "x", "end": 2},
        ],
    ],
)
def test_selectors_from_a_browser_are_checked(data):
    with pytest.raises(BadSelection):
        Selection.of_json(data)


def test_selectors_round_trip():
    selection = chosen(TEXT, "river rose", 1)
    assert Selection.of_json(selection.to_json()) == selection
    assert len(Selection("a").to_json()) == 1


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("a" * 1_000_000, Selection("aaaa", "a" * 32, "a" * 32, 5000, 5004)),
        ("ab" * 500_000, Selection("ab" * 400 + "c")),
        ("\u200b" * 1_000_000, Selection("word and word and word")),
        ("word " * 200_000, Selection("word " * 1900 + "x")),
        (" " * 1_000_000, Selection("a b c d e f")),
    ],
)
def test_hostile_text_ends(text, selection):
    find(text, selection)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_described_is_found_where_it_is_or_not_at_all(data):
    text = data.draw(st.text(alphabet="ab c.é\n", min_size=1, max_size=120))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not text[start:end].strip():
        return
    match = find(text, describe(text, start, end))
    assert match is None or (match.start, match.end) == (start, end)
