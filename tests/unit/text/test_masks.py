"""Masks: the desk's markup and the public reading."""

import pytest

from onrecord.errors import BadMaskMarkup
from onrecord.text.masks import masked_text, parse_marked, public_text, to_marked
from onrecord.text.transcripts import Word


def marked_words(markup):
    return [Word(str(i), t, 0, 1, mask=m) for i, (t, m) in enumerate(parse_marked(markup))]


@pytest.mark.parametrize(
    ("markup", "public"),
    [
        ("the {profanity|fucking} water", "the f*****g water"),
        ("oh {profanity|shit}!", "oh s**t!"),
        ("call {name|Olena Petrivna}, please", "call [name], please"),
        ("on {number|555 01 02}.", "on [number]."),
        ("at «{address|Sadova 5}»", "at «[address]»"),
        ("{other|secret} and {other|thing}", "[masked] and [masked]"),
        ("{profanity|damn fool}", "d**n f**l"),
        ("{profanity|no}", "**"),
        ("{profanity|mother-fucking}", "m****r-f*****g"),
        ("nothing here", "nothing here"),
        ("", ""),
    ],
)
def test_markup_reads_masked_in_public_and_round_trips(markup, public):
    words = marked_words(markup)
    assert public_text(words) == public
    assert parse_marked(to_marked(words)) == parse_marked(markup)


def test_neighbours_under_one_label_collapse():
    words = [
        Word("1", "Anna", 0, 1, mask="name"),
        Word("2", "Koval,", 1, 2, mask="name"),
        Word("3", "yes", 2, 3),
    ]
    assert public_text(words) == "[name], yes"
    assert to_marked(words) == "{name|Anna Koval}, yes"


def test_masked_text_of_a_word_of_punctuation_only():
    assert masked_text(Word("1", "—", 0, 1, mask="name")) == "[name]"


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("a {swear|word} b", "swear"),
        ("a {profanity|word b", "not closed"),
        ("a word} b", "not opened"),
        ("a {profanity|x {name|y}} b", "inside another"),
        ("a {} b", "empty"),
        ("a {name|} b", "empty"),
        ("a {name} b", "empty"),
    ],
)
def test_bad_markup_is_named(markup, said):
    with pytest.raises(BadMaskMarkup, match=said):
        parse_marked(markup)
