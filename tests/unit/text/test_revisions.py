"""A readable difference between two states of a story; and masked words kept out of old ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.revisions import GAP, NEW, OLD, SAME, Run, hiding, passage_changes, without_words, word_diff


def shown(old: str, new: str, context: int = 8) -> str:
    signs = {SAME: "{}", OLD: "[-{}-]", NEW: "[+{}+]", GAP: "{}"}
    return "".join(signs[run.kind].format(run.text) for run in word_diff(old, new, context=context))


@pytest.mark.parametrize(
    ("old", "new", "diff"),
    [
        ("people are left in seven houses", "people are left in eight houses",
         "people are left in [-seven-][+eight+] houses"),
        ("The road is shut.", "The road is shut until Friday.", "The road is shut[+ until Friday+]."),
        ("one two three", "one two three", ""),
        ("the north gate", "the old south gate", "the [-north-][+old south+] gate"),
        ("他说没有船。", "他说有船。", "他说[-没-]有船。"),
    ],
)  # fmt: skip
def test_words_that_changed(old: str, new: str, diff: str) -> None:
    assert shown(old, new) == diff


def test_what_did_not_change_is_cut() -> None:
    old = " ".join(f"word{n}" for n in range(60))
    assert shown(old, old.replace("word30", "other"), context=2) == "…word28 word29 [-word30-][+other+] word31 word32…"


@given(st.lists(st.sampled_from(["a", "b", "c.", "d,", "ê", "字"]), max_size=12),
       st.lists(st.sampled_from(["a", "b", "c.", "d,", "ê", "字"]), max_size=12))  # fmt: skip
def test_both_texts_can_be_read_out_of_the_difference(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    runs = word_diff(before, after, context=1000)
    if before == after:
        assert runs == ()
    else:
        assert "".join(run.text for run in runs if run.kind != OLD) == after


def test_passages_added_dropped_rewritten_and_made_anew() -> None:
    old = [
        ("a", "The first."),
        ("b", "The second stays."),
        ("c", "The third goes."),
        ("d", "A long one that is made anew"),
    ]
    new = [("a", "The very first."), ("b", "The second stays."), ("e", "A long one that is made again"), ("f", "New.")]
    changes = {change.passage: change.runs for change in passage_changes(old, new)}
    assert list(changes) == ["a", "c", "e", "f"]
    assert changes["c"] == (Run(OLD, "The third goes."),)
    assert changes["f"] == (Run(NEW, "New."),)
    assert Run(OLD, "anew") in changes["e"]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("It was Olena Petrivna who called.", "It was [name] who called."),
        ("It was Olena’s mother.", "It was [name] mother."),
        ("I saw Petrivnu there.", "I saw [name] there."),
        ("Call 555-1234 now.", "Call [number] now."),
        ("The olive tree.", "The olive tree."),
        ("They call it the ford.", "They call it the ford."),
    ],
)
def test_masked_words_are_kept_out_in_any_form(text: str, result: str) -> None:
    masked = {"Olena": "[name]", "Petrivna": "[name]", "5551234,": "[number]", "the": "[name]"}
    assert without_words(text, hiding(masked, ["The words that are public now."])) == result
