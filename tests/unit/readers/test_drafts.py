"""Words changed in rich text: only those, and no tag broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.readers.drafts import Edit, likely_replacement, rich_edited, word_edits, words_find
from onrecord.readers.passages import Found
from onrecord.stories.passages import Passage, html_text


@pytest.mark.parametrize(
    ("html", "old", "new", "result"),
    [
        pytest.param("<p>on Monday.</p>", "Monday", "Tuesday", "<p>on Tuesday.</p>", id="one word"),
        pytest.param("<p>a <b>red</b> car</p>", "a red car", "a blue car", "<p>a <b>blue</b> car</p>", id="in bold"),
        pytest.param(
            "<p>a <b>red</b> car</p>",
            "red car",
            "blue lorry",
            "<p>a <b>blue</b> lorry</p>",
            id="over the edge",
        ),
        pytest.param(
            '<p>the <a linktype="page" id="3">first part</a>.</p>',
            "first",
            "second",
            '<p>the <a id="3" linktype="page">second part</a>.</p>',
            id="in a link",
        ),
        pytest.param("<p>Tom &amp; Ann</p>", "Ann", "Anna <b>", "<p>Tom &amp; Anna &lt;b&gt;</p>", id="escaped"),
        pytest.param("<p>one two</p>", "one two", "one and two", "<p>one and two</p>", id="a word put in"),
        pytest.param("<p>one very big</p>", "very big", "big", "<p>one big</p>", id="a word taken out"),
        pytest.param("<p>One.</p><p>Two.</p>", "Two", "Three", "<p>One.</p><p>Three.</p>", id="second paragraph"),
        pytest.param("<p>One.</p><p>Two.</p>", "One.\n\nTwo", "One. Two", None, id="over two paragraphs"),
        pytest.param("<p>a<b>b</b>c</p>", "abc", "xyz", None, id="a word half in bold"),
    ],
)
def test_rich_edited(html: str, old: str, new: str, result: str | None) -> None:
    start = html_text(html).index(old)
    assert rich_edited(html, word_edits(old, new, start)) == result


def test_word_edits_are_the_fewest() -> None:
    assert word_edits("left on Monday, not before", "left on Tuesday, not before", 10) == [Edit(18, 24, "Tuesday")]


PASSAGES = [Passage("a", "the bus and the car"), Passage("b", "a bus\n\nstop")]


@pytest.mark.parametrize(
    ("place", "old", "expected"),
    [
        pytest.param(
            Found(PASSAGES[0], 12, 19, 1.0),
            "the",
            ("a", 12, 15),
            id="once in the place, twice in the passage",
        ),
        pytest.param(Found(PASSAGES[0], 0, 7, 1.0), "car", ("a", 16, 19), id="elsewhere in the passage"),
        pytest.param(Found(PASSAGES[0], 0, 19, 1.0), "the", None, id="twice"),
        pytest.param(Found(PASSAGES[0], 0, 7, 1.0), "stop", None, id="in another passage"),
        pytest.param(None, "stop", ("b", 7, 11), id="no place: once in the story"),
        pytest.param(None, "bus", None, id="no place: twice in the story"),
        pytest.param(None, "bus stop", ("b", 2, 11), id="spaces and breaks are the same"),
        pytest.param(None, " ", None, id="no words"),
    ],
)
def test_words_find(place: Found | None, old: str, expected: tuple[str, int, int] | None) -> None:
    found = words_find(PASSAGES, place, old)
    assert (found and (found.passage.id, found.start, found.end)) == expected


def test_a_remark_is_not_taken_for_a_replacement() -> None:
    assert likely_replacement("left on Monday", "left on Tuesday") == "left on Tuesday"
    assert likely_replacement("left on Monday", "This is wrong, it was a day later") == "left on Monday"


@given(old=st.text("ab .,\n", max_size=30), new=st.text("ab .,<", max_size=30))
def test_edits_make_the_new_words(old: str, new: str) -> None:
    html = f"<p>x {old.replace(chr(10), ' ')} y</p>"
    text = html_text(html)
    result = rich_edited(html, word_edits(text[2:-2], new, 2))
    assert result is not None
    assert html_text(result) == f"x {new} y"
