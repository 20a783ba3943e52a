"""The words of a story file, and the way back to the file."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from onrecord.errors import UnreadableStory
from onrecord.text.markup import html_text, markdown_text, read_story
from onrecord.text.quotations import find_quotations


def quotes(plain, source):
    result = []
    for quotation in find_quotations(plain.text):
        at, length = plain.span(quotation.offset, quotation.offset + quotation.length)
        result.append((quotation.text, source[at : at + length]))
    return result


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('He said "we *left* at **night**".', [("we left at night", "we *left* at **night")]),
        ("# “We left”\nShe said “no”.", [("We left", "We left"), ("no", "no")]),
        ("> “We left,\n> at night.”", [("We left,\nat night.", "We left,\n> at night.")]),
        ("> “One.\n>\n> “Two.”", [("One. Two.", "One.\n>\n> “Two.")]),
        (
            "She said “the f*****g boat and s**t”.",
            [("the f*****g boat and s**t", "the f*****g boat and s**t")],
        ),
        (
            "“see [the map](http://x.org/a_b) now”",
            [("see the map now", "see [the map](http://x.org/a_b) now")],
        ),
        ("“[They] left [the town] […] early”", [("[They] left [the town] […] early",) * 2]),
        ("“a ![alt “x”](i.png) b”", [("a  b", "a ![alt “x”](i.png) b")]),
        ("```\n“code”\n```\n“text”", [("text", "text")]),
        ("---\ntitle: “front”\n---\n“text”", [("text", "text")]),
        (
            "“a &amp; b” <b>x</b> “c &ldquo;d&rdquo;”",
            [("a & b", "a &amp; b"), ("c “d”", "c &ldquo;d&rdquo;")],
        ),
        ("- “one”\n- “two”", [("one", "one"), ("two", "two")]),
        (
            "“snake_case_word and __bold__ `c`”",
            [("snake_case_word and bold c", "snake_case_word and __bold__ `c")],
        ),
        (r"“5 \* 4 \[sic\]”", [("5 * 4 [sic]", r"5 \* 4 \[sic\]")]),
        ("“a ~~b~~ c” <!-- “hidden” -->", [("a b c", "a ~~b~~ c")]),
        ("“one”\r\n\r\n“two”", [("one", "one"), ("two", "two")]),
    ],
)
def test_markdown(source, expected):
    assert quotes(markdown_text(source), source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<p>“we <em>left</em>\n  at&nbsp;night”</p>",
            [("we left at\u00a0night", "we <em>left</em>\n  at&nbsp;night")],
        ),
        ("<p>&#8220;one&rdquo;</p><p>“two”</p>", [("one", "one"), ("two", "two")]),
        ("<h1>“Head</h1><p>“text”</p>", [("Head text", "Head</h1><p>“text")]),
        ("<p>“open<p>no mark “text”", [("open", "open"), ("text", "text")]),
        ("<q>we left</q>", [("we left", "we left")]),
        ("<script>var a = '“x”';</script><style>p:before{content:'“'}</style>“text”", [("text", "text")]),
        ("<p>“one<br>two”<br/>“three”", [("one\ntwo", "one<br>two"), ("three", "three")]),
        ('<img alt="“no”"><a title="“no”">“yes”</a>', [("yes", "yes")]),
    ],
)
def test_html(source, expected):
    assert quotes(html_text(source), source) == expected


def docx(body):
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"{body}</w:body></w:document>",
        )
    return data.getvalue()


def test_docx_joins_runs_and_leaves_out_what_was_deleted():
    body = (
        "<w:p><w:r><w:t>He said “we </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>left”.</w:t></w:r></w:ins></w:p><w:p><w:r><w:t>Next.</w:t></w:r></w:p>"
    )
    plain = read_story(docx(body), "a.docx")
    assert plain.text == "He said “we left”.\n\nNext."
    assert plain.span(3, 7) == (3, 4)


def test_files_are_told_by_name_and_encoding_guessed():
    assert read_story(b"a *b*", "x.md").text == "a b"
    assert read_story(b"a *b*", "x.txt").text == "a *b*"
    assert read_story(b"<p>a</p>", "x.html").text.strip() == "a"
    assert read_story(b"<!doctype html><p>a</p>", "x").text.strip() == "a"
    assert read_story("Вона сказала: «ні».".encode("cp1251"), "x.txt").text == "Вона сказала: «ні»."


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"PK\x03\x04nonsense", "a.docx", "not a .docx"),
        (b"not a zip", "a.docx", "not a .docx"),
        (docx("<w:p>"), "a.docx", "XML is broken"),
        (b"\x89PNG\x00\x00\x01\x00\x02", "a.md", "binary"),
    ],
)
def test_files_that_are_no_stories(data, name, said):
    with pytest.raises(UnreadableStory, match=said):
        read_story(data, name)


def test_docx_with_entities_or_too_large(monkeypatch):
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    with pytest.raises(UnreadableStory, match="XML is broken"):
        read_story(data.getvalue(), "a.docx")
    monkeypatch.setattr("onrecord.text.markup.LARGEST_DOCX", 10)
    with pytest.raises(UnreadableStory, match="too large"):
        read_story(docx("<w:p/>"), "a.docx")


@pytest.mark.parametrize(
    "source", ["*" * 20_000, "[" * 20_000, "_a " * 10_000, "<" * 20_000, "`" * 20_000, "> " * 9000]
)
def test_hostile_markdown_ends(source):
    markdown_text(source)
    html_text(source)
