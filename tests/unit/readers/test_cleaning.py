"""What readers type is made harmless, and stays what they typed."""

import pytest

from onrecord.readers.cleaning import clean_line, clean_quoted, clean_text, comment_html

LINK = '<a href="{0}" rel="nofollow ugc noopener">{0}</a>'


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  The bridge.\r\nIt fell.\r", "The bridge.\nIt fell.", id="line ends"),
        pytest.param("a\x00b\x1bc\x7fd", "abcd", id="control characters"),
        pytest.param("fl\u200bo\u2060od\ufeff", "flood", id="zero width"),
        pytest.param("\u202egnol\u202c", "gnol", id="text turned around"),
        pytest.param("\u3164\u2800 \u200d", "", id="a name of nothing"),
        pytest.param("می\u200cرود", "می\u200cرود", id="Persian keeps its joiner"),
        pytest.param("👩\u200d🚒", "👩\u200d🚒", id="an emoji keeps its joiner"),
        pytest.param("a \u200d\u200d b", "a  b", id="joiners that join nothing"),
        pytest.param("e\u0301", "é", id="composed"),
    ],
)
def test_clean_text(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_a_line_has_no_breaks() -> None:
    assert clean_line(" Mary \n  Ann\t Smith ") == "Mary Ann Smith"


def test_quoted_words_keep_spaces_and_soft_hyphens() -> None:
    assert clean_quoted(" even\u00ading\r\n\x00 ") == " even\u00ading\n "


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        pytest.param("One.\nTwo.\n\n  Three.", "<p>One.<br>Two.</p><p>Three.</p>", id="paragraphs"),
        pytest.param("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", id="a script"),
        pytest.param('<img src=x onerror="a()">', '<p>&lt;img src=x onerror="a()"&gt;</p>', id="an image"),
        pytest.param("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>", id="no markup at all"),
        pytest.param("See https://a.example/b.", f"<p>See {LINK.format('https://a.example/b')}.</p>", id="link"),
        pytest.param(
            "(https://a.example/c_(d))",
            f"<p>({LINK.format('https://a.example/c_(d)')})</p>",
            id="link in brackets",
        ),
        pytest.param(
            "https://a.example/?a=1&b=2",
            f"<p>{LINK.format('https://a.example/?a=1&amp;b=2')}</p>",
            id="link with query",
        ),
        pytest.param("javascript:alert(1)", "<p>javascript:alert(1)</p>", id="no other schemes"),
        pytest.param(
            'https://a.example/"onmouseover="a()',
            f'<p>{LINK.format("https://a.example/")}"onmouseover="a()</p>',
            id="no way out of the attribute",
        ),
        pytest.param("", "", id="nothing"),
    ],
)
def test_comment_html(typed: str, html: str) -> None:
    assert comment_html(typed) == html
