"""What holds for every quotation: declared edits verify, undeclared ones never do, any text is read in linear time."""

import re
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onrecord.text.lexicon import FILLERS, NEGATIONS
from onrecord.text.markup import html_text, markdown_text
from onrecord.text.normalise import printed_tokens, word_keys
from onrecord.text.quotations import Quotation, find_quotations
from onrecord.text.record import Record
from onrecord.text.verdicts import Verdict, check_quotation
from tests.generators.quotations import read_transcripts

PASS = {Verdict.VERBATIM, Verdict.EDITED}
TEXTS = [transcript for language in ("en", "uk", "ru") for transcript in read_transcripts(language)]
RECORD = Record.build(TEXTS)
SEGMENTS = [segment for transcript in TEXTS for segment in transcript.segments if len(segment.words) >= 9]
WORDS = sorted({w.text.strip(".,?:;!").lower() for s in SEGMENTS for w in s.words} - {"—", ""})
TYPOGRAPHY = [("'", "’"), ("'", "ʼ"), (" ", "\u00a0"), ("ё", "е"), ("-", "\u2011"), (",", " —"), ("и", "и\u00ad")]


def keys(text):
    return [key for word in text.split() for key in word_keys(word)]


@st.composite
def edited(draw):
    """A segment with typographic variants, a bracket added and a word masked."""
    segment = draw(st.sampled_from(SEGMENTS))
    words = segment.text.split()
    places = [n for n, w in enumerate(words) if w.isalpha() and len(w) > 4 and not set(keys(w)) & NEGATIONS]
    if places and draw(st.booleans()):
        n = draw(st.sampled_from(places))
        words[n] = words[n][0] + "*" * (len(words[n]) - 2) + words[n][-1]
    if draw(st.booleans()):
        words.insert(draw(st.integers(1, len(words) - 1)), draw(st.sampled_from(["[sic]", "[1998]", "[у селі]"])))
    text = " ".join(words)
    for old, new in draw(st.lists(st.sampled_from(TYPOGRAPHY), max_size=3)):
        text = text.replace(old, new)
    return segment, text


@settings(max_examples=150, deadline=None)
@given(edited())
def test_declared_edits_always_verify(case):
    segment, text = case
    finding = check_quotation(Quotation.of(text, segment.speaker), RECORD)
    assert finding.verdict in PASS, finding


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEGMENTS), st.data())
def test_another_word_never_verifies(segment, data):
    """Replaced, added, dropped or exchanged with its neighbour: the words are not those that were said."""
    words = segment.text.split()
    at = data.draw(st.integers(1, len(words) - 2))
    kind = data.draw(st.sampled_from(["replaced", "added", "dropped", "exchanged"]))
    new = list(words)
    if kind == "replaced":
        new[at] = data.draw(st.sampled_from(WORDS))
    elif kind == "added":
        new.insert(at, data.draw(st.sampled_from(WORDS)))
    elif kind == "dropped":
        del new[at]
    else:
        new[at], new[at + 1] = new[at + 1], new[at]
    before, after = keys(" ".join(words)), keys(" ".join(new))
    touched = {*keys(words[at]), *keys(words[at + 1])}
    near = keys(" ".join(words[max(0, at - 4) : at] + words[at + 1 : at + 5]))
    assume(before != after and not touched & FILLERS and not any(key.endswith("-") for key in touched))
    assume(kind == "added" or not set(keys(words[at])) & set(near))
    finding = check_quotation(Quotation.of(" ".join(new), segment.speaker), RECORD)
    assert finding.verdict not in PASS, finding


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from([markdown_text, html_text]))
def test_any_text_is_read(text, read):
    plain = read(text)
    assert len(plain.starts) == len(plain.ends) == len(plain.text)
    for quotation in find_quotations(plain.text):
        at, length = plain.span(quotation.offset, quotation.offset + quotation.length)
        assert 0 <= at <= at + length <= len(text)
    for token in printed_tokens(text):
        assert 0 <= token.start < token.end <= len(text)


SOUPS = [
    '"',
    "“",
    "'a ",
    "«a »",
    '“a ‘b "c «',
    "'a' b's ",
    "> a\n\n",
    "— Так, — сказав він. — Ні, ",
    "said:\n\n“a” ",
    "[*_`",
]


def _operations(work, text):
    """How many calls reading takes: like time, but the same on every machine."""
    count = 0

    def counted(*_):
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        work(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("soup", SOUPS)
def test_time_grows_with_the_length_of_the_text(soup):
    def work(text):
        find_quotations(markdown_text(text).text)

    assert _operations(work, soup * 1600) <= 6 * _operations(work, soup * 400)


def test_marks_nested_without_end():
    text = "“a ‘b " * 3000
    assert find_quotations(text)
    assert not re.search(r"\S", text[len(text.rstrip()) :])
