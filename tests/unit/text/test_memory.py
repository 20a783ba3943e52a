"""Which sentences are compared, how alike they are, and in what they differ. All words are invented."""

from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.memory import MOST_KEYS, Piece, best_first, likeness, pair_keys, pieces

SAID = "The water came over the bridge at six and nobody told us."
LIKE = "The water came over the road at six, and nobody told us."


def test_like_sentences_share_keys_and_others_do_not() -> None:
    first, second = set(pair_keys(SAID, "en>uk")), set(pair_keys(LIKE, "en>uk"))
    assert len(first & second) >= len(first) - 3
    assert not first & set(pair_keys("We are not leaving without the animals.", "en>uk"))
    assert not first & set(pair_keys(SAID, "en>ru"))


def test_case_and_punctuation_make_no_other_keys() -> None:
    assert pair_keys(SAID, "x") == pair_keys(SAID.upper().replace(".", "!"), "x")
    assert pair_keys("—", "x") == []
    assert len(pair_keys("Yes.", "x")) == 2


@given(st.text(max_size=400))
def test_there_are_few_keys_and_they_fit_the_table(text: str) -> None:
    keys = pair_keys(text, "en>uk")
    assert len(keys) <= MOST_KEYS
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert keys == pair_keys(text, "en>uk")


def test_likeness() -> None:
    assert likeness(SAID, SAID) == 1.0
    assert 0.99 < likeness(SAID, SAID.lower()) < 1.0
    assert 0.85 < likeness(SAID, LIKE) < 0.95
    assert likeness(SAID, "We are not leaving.") < 0.5
    assert likeness("…", "…") == 0.0


def test_differences_word_by_word() -> None:
    assert pieces("the water came over the bridge", "the water came over a road now") == [
        Piece("same", "the water came over"),
        Piece("out", "the bridge"),
        Piece("in", "a road now"),
    ]
    assert pieces("", "new") == [Piece("in", "new")]


def test_of_equally_like_ones_the_reviewed_is_first() -> None:
    assert best_first([(0.9, True), (1.0, False), (1.0, True), (0.7, True)], 3) == [2, 1, 0]
