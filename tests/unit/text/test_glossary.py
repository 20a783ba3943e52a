"""A glossary finds terms written otherwise, in any form, and says what they should read. All names are invented."""

import pytest

from onrecord.text.glossary import Entry, Glossary, missing_terms

EN = Glossary(
    [
        Entry(1, "Velnograd", ("Velnagrad", "Vel'nohrad")),
        Entry(8, "Marsh Guard", ("Swamp Guard", "marsh guard")),
        Entry(3, "health care", ("healthcare",)),
        Entry(4, "Tom Karrel", ("Tom Carrel",)),
    ],
    "en-GB",
)
UK = Glossary([Entry(1, "Велноград", ("Вельноград",)), Entry(2, "Лиманівка", ("Лиманка",)), Entry(5, "міст")], "uk")
RU = Glossary([Entry(6, "Лимановка", ("Лиманка",)), Entry(7, "беженец", ("переселенец",))], "ru")


@pytest.mark.parametrize(
    ("glossary", "text", "wanted"),
    [
        pytest.param(EN, "They left Velnagrad at six.", [("Velnagrad", "Velnograd", False)], id="listed"),
        pytest.param(EN, "They left Velnograd at six.", [], id="preferred"),
        pytest.param(EN, "Velnagrad’s bridge", [("Velnagrad’s", "Velnograd’s", False)], id="possessive"),
        pytest.param(EN, "VELNAGRAD IS CUT OFF", [("VELNAGRAD", "VELNOGRAD", False)], id="capitals"),
        pytest.param(EN, "the road to Velnogrod", [("Velnogrod", "Velnograd", True)], id="nobody listed it"),
        pytest.param(EN, "the Swamp Guards came", [("Swamp Guards", "Marsh Guards", False)], id="plural of two words"),
        pytest.param(EN, "the marsh guard came", [("marsh guard", "Marsh Guard", False)], id="capitals alone"),
        pytest.param(EN, "the Marsh Guard came", [], id="capitals as listed"),
        pytest.param(EN, "a swamp. Guard the door", [], id="over the end of a sentence"),
        pytest.param(EN, "Healthcare is free.", [("Healthcare", "Health care", False)], id="begins a sentence"),
        pytest.param(EN, "Tom Karral said so", [("Tom Karral", "Tom Karrel", True)], id="surname misspelt"),
        pytest.param(EN, "the barrel of Tom Carrel", [("Tom Carrel", "Tom Karrel", False)], id="a word that is known"),
        pytest.param(EN, "V*******d is masked", [], id="masked"),
        pytest.param(
            UK, "вони з Вельнограда", [("Вельнограда", "Велноград", False)], id="case ending that is not sure"
        ),
        pytest.param(UK, "вони з Лиманки", [("Лиманки", "Лиманівки", False)], id="case ending"),
        pytest.param(UK, "біля Лиманівки і Велнограда", [], id="preferred in other cases"),
        pytest.param(UK, "на мосту", [], id="a plain word in another case"),
        pytest.param(
            RU, "среди переселенцев", [("переселенцев", "беженцев", False)], id="a known word in another case"
        ),
        pytest.param(RU, "из Лиманки", [("Лиманки", "Лимановки", False)], id="russian ending"),
    ],
)
def test_variants(glossary: Glossary, text: str, wanted: list[tuple[str, str, bool]]) -> None:
    found = glossary.variants_in(text)
    assert [(text[one.start : one.end], one.suggestion, one.near) for one in found] == wanted


def test_a_word_that_is_a_term_of_its_own_is_no_variant_of_another() -> None:
    both = Glossary([Entry(1, "Velnograd"), Entry(2, "Velnogrod")], "en")
    assert not both.variants_in("From Velnograd to Velnogrod.")


def test_a_term_that_is_not_translated_as_listed_is_missing() -> None:
    missing = missing_terms("Вони покинули Велноград і Лиманівку", "They left Velnograd and Limanka", UK, EN)
    assert not missing  # the second term has no translation
    missing = missing_terms("Вони з Велнограда", "They are from Welnohradt", UK, EN)
    assert [(term.preferred, words.preferred) for term, words in missing] == [("Велноград", "Velnograd")]
    assert not missing_terms("Вони з Велнограда", "They are from Velnagrad", UK, EN)  # underlined instead


def test_nothing_in_an_empty_glossary() -> None:
    empty = Glossary([Entry(1, "…")], "en")
    assert not empty
    assert not empty.variants_in("Any words at all.")


def test_a_language_without_forms_compares_words_as_they_stand() -> None:
    glossary = Glossary([Entry(1, "Grad", ("Gorod",))], "pl")
    assert [found.suggestion for found in glossary.variants_in("Gorod, Gorodu")] == ["Grad"]
