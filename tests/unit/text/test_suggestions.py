"""What may have to be masked is found, what is harmless is left, and brackets say what they are."""

import json
from importlib.resources import files

import pytest

from onrecord.text.brackets import KINDS, bracket_kinds
from onrecord.text.suggestions import mask_suggestions
from onrecord.text.transcripts import Segment, Word


def found(text: str, language: str = "en", masked: str = "") -> list[tuple[str, str]]:
    words = tuple(
        Word(f"w{n}", word, n, n + 1, mask="other" if word == masked else None) for n, word in enumerate(text.split())
    )
    return [(s.text, s.kind) for s in mask_suggestions([Segment("s", 0, 99, "", words)], language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Call +380 44 555 01 02 now", "en", [("+380 44 555 01 02", "number")]),
        ("call (555) 010-2030.", "en", [("(555) 010-2030.", "number")]),
        ("the plate is AA 1234 BB, white", "en", [("AA 1234 BB,", "number")]),
        ("номер АА1234ВВ", "uk", [("АА1234ВВ", "number")]),
        ("номер а 123 вс 77", "ru", [("а 123 вс 77", "number")]),
        ("a van, AB12 CDE", "en", [("AB12 CDE", "number")]),
        ("write to ada@example.org, please", "en", [("ada@example.org,", "address")]),
        ("You bloody Bastards!", "en", [("Bastards!", "profanity")]),
        ("the FUCKING water", "uk", [("FUCKING", "profanity")]),
        ("ну і херня, сука", "uk", [("херня,", "profanity"), ("сука", "profanity")]),
        ("какая сволочь", "ru", [("сволочь", "profanity")]),
        ("In 2024 some 1,250 people, 300 000 of them at 12:45", "en", []),
        ("a classic assessment of Scunthorpe, class, password", "en", []),
        ("застрахуй хутір, курва", "uk", [("курва", "profanity")]),
        ("", "en", []),
    ],
)
def test_suggestions(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, language) == expected


def test_what_is_masked_is_not_suggested_again() -> None:
    assert found("damn it", masked="damn") == []


def test_the_list_is_sorted_and_holds_each_word_once() -> None:
    lists = json.loads(files("onrecord.text").joinpath("profanity.json").read_text("utf-8"))
    for language in ("en", "uk", "ru"):
        assert len(lists[language]) == len(set(lists[language]))
        assert all(entry == entry.casefold() for entry in lists[language])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("he said [unclear] then", [None, None, "unclear", None]),
        ("[нерозбірливо: Олена?]", ["unclear", "unclear"]),
        ("[a door slams] he", ["sound", "sound", "sound", None]),
        ("he [the mayor], left", [None, "clarification", "clarification", None]),
        ("an [open bracket", [None, None, None]),
        ("no] bracket", [None, None]),
    ],
)
def test_kinds_of_brackets(text: str, kinds: list[str | None]) -> None:
    assert bracket_kinds(text.split()) == kinds


def test_a_kind_that_was_chosen_stays() -> None:
    assert bracket_kinds(["[the", "door]"], [None, "clarification"]) == ["clarification", "clarification"]
    assert bracket_kinds(["the", "door"], ["sound", "sound"]) == [None, None]
    assert set(KINDS) == {"unclear", "sound", "clarification"}
