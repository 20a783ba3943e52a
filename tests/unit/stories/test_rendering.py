"""Quotations marked in HTML: the words wrapped, the link behind the closing mark, nothing else changed."""

import pytest

from onrecord.stories.passages import html_text
from onrecord.stories.rendering import Mark, mark_quotations, marked_text


def mark(text: str, *quoted: str, number: int = 1, play: bool = True) -> Mark:
    return Mark(
        number, tuple((text.index(part), len(part)) for part in quoted),
        play_url="/a.mp3#t=1,2" if play else "", start_ms=1000, end_ms=2000, recording_id="r", label="Play",
    )  # fmt: skip


SPAN = '<span class="quotation" data-quotation="1" id="quotation-1">'
LINK = (
    '<a aria-label="Play" class="play" data-end-ms="2000" data-quotation="1" data-recording="r" data-start-ms="1000" '
    'href="/a.mp3#t=1,2"></a>'
)


def same(html: str) -> str:
    """HTML with attributes in one order."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        tag.attrs = dict(sorted(tag.attrs.items()))
    return str(soup)


@pytest.mark.parametrize(
    ("html", "quoted", "expected"),
    [
        (
            "<p>She said: “We left.” Then silence.</p>",
            ["We left."],
            f"<p>She said: “{SPAN}We left.</span>”{LINK} Then silence.</p>",
        ),
        ("<p>«Ні», — сказала вона.</p>", ["Ні"], f"<p>«{SPAN}Ні</span>»,{LINK} — сказала вона.</p>"),
        (
            "<p>“We left,” she said, “at six.”</p>",
            ["We left,", "at six."],
            f"<p>“{SPAN}We left,</span>” she said, “"
            f'<span class="quotation" data-quotation="1">at six.</span>”{LINK}</p>',
        ),
        (
            "<p>“We <b>never</b> left.”</p>",
            ["We never left."],
            f'<p>“{SPAN}We </span><b><span class="quotation" data-quotation="1">never</span></b>'
            f'<span class="quotation" data-quotation="1"> left.</span>”{LINK}</p>',
        ),
        ("<p>It was “two men”.</p>", ["two men"], f"<p>It was “{SPAN}two men</span>”.{LINK}</p>"),
        ("<p><i>“We left”</i>: he.</p>", ["We left"], f"<p><i>“{SPAN}We left</span>”</i>:{LINK} he.</p>"),
        ("<p>قالت «لن نغادر»، ثم صمتت.</p>", ["لن نغادر"], f"<p>قالت «{SPAN}لن نغادر</span>»،{LINK} ثم صمتت.</p>"),
        ("<p>“<b>We left.”</b></p>", ["We left."], f"<p>“<b>{SPAN}We left.</span>”{LINK}</b></p>"),
    ],
)
def test_marks(html: str, quoted: list[str], expected: str) -> None:
    assert same(mark_quotations(html, [mark(html_text(html), *quoted)])) == same(expected)


def test_a_quotation_over_two_paragraphs() -> None:
    html = "<p>“One.</p><p>“Two.”</p>"
    text = html_text(html)
    assert text == "“One.\n\n“Two.”"
    found = mark_quotations(html, [mark(text, "One.", "Two.")])
    assert found.count('class="quotation"') == 2
    assert found.count('id="quotation-1"') == 1
    assert found.endswith("”" + found[found.index("<a") : found.index("</a>")] + "</a></p>")


def test_the_text_is_not_changed() -> None:
    html = "<p>A &amp; B said “no &lt; yes” and <i>“never”</i>.</p><p>Second.</p>"
    text = html_text(html)
    marks = [mark(text, "no < yes"), mark(text, "never", number=2)]
    assert html_text(mark_quotations(html, marks)) == text


def test_a_mark_outside_the_text_is_left_out() -> None:
    assert mark_quotations("<p>Short.</p>", [Mark(1, ((500, 3),), play_url="/x")]) == "<p>Short.</p>"


def test_without_sound_there_is_no_link() -> None:
    assert "<a" not in mark_quotations("<p>“No.”</p>", [mark("“No.”", "No.", play=False)])


def test_plain_text_is_escaped() -> None:
    assert marked_text("<script>“x”</script>", []) == "&lt;script&gt;“x”&lt;/script&gt;"
