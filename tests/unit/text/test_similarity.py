"""Which texts are about the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.text.similarity import MOST_TERMS, Corpus, terms

TEXTS = {
    "bridge": "The bridge over the river was closed when the water rose, and buses waited at the bridge.",
    "bus": "Buses could not cross the bridges; the rising waters of the river had closed them.",
    "budget": "The council voted on next year's budget and cut the money for libraries.",
    "library": "Two libraries will close because the council has no money in its budget.",
}


def test_lemmas_are_counted_not_forms() -> None:
    assert terms("Buses and a bus. The libraries, the library.", "en")["library"] == 2
    assert terms("Мости через міст і мостом", "uk") == {"міст": 3, "через": 1}


def test_the_most_alike_is_about_the_same() -> None:
    corpus = Corpus({key: terms(text, "en") for key, text in TEXTS.items()})
    assert [corpus.likest(key, 1)[0][0] for key in TEXTS] == ["bus", "bridge", "library", "budget"]


def test_scripts_without_spaces_are_compared_too() -> None:
    texts = {"a": "大桥因洪水关闭", "b": "洪水来了,大桥关闭", "c": "图书馆今年没有预算"}
    corpus = Corpus({key: terms(text, "zh") for key, text in texts.items()})
    assert corpus.likest("a", 1)[0][0] == "b"


@pytest.mark.parametrize("texts", [{"a": {}}, {"a": {}, "b": {"x": 1}}, {"a": {"x": 1}, "b": {"y": 1}}])
def test_texts_that_share_nothing_are_not_alike(texts: dict[str, dict[str, int]]) -> None:
    assert Corpus(texts).likest("a", 5) == []


def test_a_long_text_keeps_its_most_used_terms() -> None:
    found = terms(" ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)) + " flood flood", "en")
    assert len(found) == MOST_TERMS
    assert found["flood"] == 2


FEW = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 5), max_size=4)


@given(st.dictionaries(st.integers(0, 5), FEW, min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine, not a slow text
def test_likeness_is_mutual_and_between_0_and_1(texts: dict[int, dict[str, int]]) -> None:
    corpus = Corpus(texts)
    scores = {(one, other): score for one in corpus for other, score in corpus.likest(one, 99)}
    for (one, other), score in scores.items():
        assert 0 < score <= 1
        assert scores[other, one] == pytest.approx(score)
