"""What the templates print of a transcript and of a waveform."""

import re
from types import SimpleNamespace

import pytest

from onrecord.site.templatetags.reading_tags import direction, language_name, words
from onrecord.site.waveform import bars_path, marks
from onrecord.text.transcripts import Segment, Word


def segment(*rows: tuple[str, str | None]) -> Segment:
    said = tuple(
        Word(id=str(n), text=text, start_ms=n * 100, end_ms=n * 100 + 90, exact=True, mask=mask)
        for n, (text, mask) in enumerate(rows)
    )
    return Segment(id="s", start_ms=0, end_ms=1000, speaker="A woman", words=said)


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        pytest.param([("This", None), ("damned", "profanity"), ("rain.", None)], "This d****d rain.", id="profanity"),
        pytest.param(
            [("Ask", None), ("Olena", "name"), ("Petrivna,", "name")],
            "Ask name,",
            id="one bar for a full name",
        ),
        pytest.param(
            [("(Mill", "address"), ("Lane", "address"), ("7).", "address")],
            "(address).",
            id="marks stay outside",
        ),
        pytest.param([("<b>&", None)], "<b>&", id="markup in the words"),
    ],
)
def test_masked_words_are_bars_and_their_letters_are_nowhere(rows: list[tuple[str, str | None]], read: str) -> None:
    html = words(segment(*rows))
    text = re.sub(r"<[^>]+>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert text == read
    for word, mask in rows:
        assert mask is None or word.strip("(),.") not in html
        assert html.count('class="mask"') == (1 if any(mask for _, mask in rows) else 0)


def test_each_word_has_its_time() -> None:
    html = words(segment(("Come", None), ("home", None)))
    first, second = html.split(" <")
    assert first == '<span data-start-ms="0" data-end-ms="90">Come</span>'
    assert second == 'span data-start-ms="100" data-end-ms="190">home</span>'


def test_a_waveform_has_as_many_bars_as_asked_and_the_loudest_of_each_stretch() -> None:
    path = bars_path([10, 100, 0, 0], 2)
    assert path == "M250 2v96M750 49v1.9"
    assert bars_path([50] * 3, 10).count("M") == 3
    assert bars_path([], 10) == ""


def test_moments_stay_inside_the_waveform_and_are_marked_once() -> None:
    def moment(start: int | None, end: int | None) -> SimpleNamespace:
        return SimpleNamespace(start_ms=start, end_ms=end)

    found = marks([moment(0, 500), moment(0, 500), moment(9999, 10_000), moment(None, None)], 10_000)
    assert [(mark["x"], mark["width"]) for mark in found] == [("0", "50"), ("996", "4")]
    assert marks([moment(0, 500)], 0) == []


def test_languages() -> None:
    assert language_name("uk") == "Ukrainian"
    assert language_name("x-nowhere") == "x-nowhere"
    assert direction("ar") == "rtl"
