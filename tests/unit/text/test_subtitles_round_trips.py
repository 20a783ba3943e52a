"""What is written in a format and read again is what it was, as far as the format can carry it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.text.brackets import bracket_kinds
from onrecord.text.masks import KINDS
from onrecord.text.subtitles import (
    read_subtitles,
    write_json,
    write_otranscribe,
    write_podcast,
    write_srt,
    write_text,
    write_ttml,
    write_vtt,
)
from onrecord.text.subtitles.word_writing import WordHead, WordSide, write_docx
from onrecord.text.transcripts import Segment, Word

LETTERS = st.characters(categories=("L", "N"), codec="utf-8")
WORD = st.builds(
    lambda before, core, after: f"{before}{core}{after}",
    st.sampled_from(["", "«", "“", "(", "[", "—", "#"]),
    st.text(LETTERS, min_size=1, max_size=12),
    st.sampled_from(["", ",", ".", "?", "!", "…", "»", "”", ")", "]", "%", " -- ".strip()]),
)
ANY_WORD = WORD | st.sampled_from(["&", "<b>", "a<b>c", "-->", "&amp;", "{x}", "}", "WEBVTT", "1", "NOTE"])
SPEAKERS = ["", "A woman", "A man who appears to be her husband", "Жінка, здалеку: тихо", "Clerk <1> & co"]
LABELS = ["A woman", "Clerk", "Чоловік"]
"""What stands before a colon and is known for a speaker again, where it returns."""


@st.composite
def transcripts(draw, words=ANY_WORD, speakers=SPEAKERS, gaps=True, masks=True):
    """Segments in order that do not overlap; words with measured times, estimated ones, masks."""
    segments, at = [], 0
    for number in range(draw(st.integers(1, 6))):
        start = at + (draw(st.integers(0, 4000)) if gaps or not number else 0)
        texts = draw(st.lists(words, min_size=1, max_size=6))
        width = draw(st.integers(10, 3000))
        end = start + width * len(texts)
        made = []
        for n, text in enumerate(texts):
            exact = draw(st.booleans())
            low, high = start + width * n, start + width * (n + 1)
            mask = draw(st.sampled_from([None, None, *KINDS])) if masks and not set("{}|") & set(text) else None
            made.append(Word(f"s{number + 1}w{n + 1}", text, low, high, exact, mask))
        kinds = bracket_kinds(texts)
        made = [replace(word, kind=kind) for word, kind in zip(made, kinds, strict=True)]
        segments.append(Segment(f"s{number + 1}", start, end, draw(st.sampled_from(speakers)), tuple(made)))
        at = end
    return tuple(segments)


def again(written, name, **options):
    parsed = read_subtitles(written if isinstance(written, bytes) else written.encode(), name, **options)
    assert parsed.warnings == ()
    return parsed.segments


def words(segments):
    """Words, voices, masks and what brackets are."""
    return [(s.speaker, [(w.text, w.mask, w.kind) for w in s.words]) for s in segments]


def times(segments):
    return [(s.start_ms, s.end_ms) for s in segments]


@settings(max_examples=50, deadline=None)
@given(transcripts())
def test_json_carries_everything(segments):
    marked = tuple(replace(s, words=tuple(replace(w, reads="#" if w.mask else "") for w in s.words)) for s in segments)
    assert again(write_json(marked, public=False), "x.json") == marked


@settings(max_examples=50, deadline=None)
@given(transcripts())
def test_ttml_carries_words_voices_masks_and_measured_times(segments):
    found = again(write_ttml(segments, public=False), "x.ttml")
    assert (words(found), times(found)) == (words(segments), times(segments))
    measured = [[(w.start_ms, w.end_ms) for w in s.words if w.exact] for s in segments]
    assert [[(w.start_ms, w.end_ms) for w in s.words if w.exact] for s in found] == measured


@settings(max_examples=50, deadline=None)
@given(transcripts())
def test_webvtt_carries_words_voices_masks_and_when_words_start(segments):
    found = again(write_vtt(segments, public=False, word_times=True), "x.vtt")
    assert (words(found), times(found)) == (words(segments), times(segments))
    for before, after in zip(segments, found, strict=True):
        for word, same in zip(before.words, after.words, strict=True):
            assert not word.exact or word.start_ms == same.start_ms


@settings(max_examples=50, deadline=None)
@given(transcripts(words=WORD, speakers=["CLERK", "A WOMAN"]))
def test_srt_carries_words_labels_masks_and_times(segments):
    found = again(write_srt(segments, public=False), "x.srt")
    assert (words(found), times(found)) == (words(segments), times(segments))


@pytest.mark.parametrize(
    "write", [lambda s: write_text(s, public=False, times=True), lambda s: write_otranscribe(s, public=False)]
)
@settings(max_examples=50, deadline=None)
@given(segments=transcripts(words=WORD.map(lambda word: word.replace(":", "")), speakers=LABELS, gaps=False))
def test_text_and_otranscribe_carry_words_labels_masks_and_starts(write, segments):
    name = "x.otr" if "media" in write(segments) else "x.txt"
    found = again(write(segments), name, duration_ms=segments[-1].end_ms)
    assert (words(found), times(found)) == (words(segments), times(segments))


@settings(max_examples=50, deadline=None)
@given(transcripts(masks=False))
def test_a_podcasts_transcript_carries_words_voices_and_times(segments):
    found = again(write_podcast(segments), "x.json")
    assert (words(found), times(found)) == (words(segments), times(segments))


@settings(max_examples=30, deadline=None)
@given(transcripts(words=ANY_WORD.filter(lambda word: word != "<b>")))
def test_word_carries_both_languages_voices_masks_and_times(segments):
    other = tuple(replace(s, words=tuple(replace(w, text=f"x{w.text}") for w in s.words)) for s in segments)
    sides = (WordSide("uk", "Transcript", "a draft"), WordSide("en", "Translation", "a draft"))
    head = WordHead("A call", (("Publisher", "The Gazette"),), sides, "Time and speaker")
    written = write_docx(head, list(zip(segments, other, strict=True)), public=False)
    for language, wanted in (("uk", segments), ("en", other)):
        parsed = read_subtitles(written, "x.docx", language=language)
        assert (parsed.format, parsed.language, parsed.warnings) == ("word", language, ())
        assert [[w.text for w in s.words] for s in parsed.segments] == [[w.text for w in s.words] for s in wanted]
        assert [[w.mask for w in s.words] for s in parsed.segments] == [[w.mask for w in s.words] for s in wanted]
        assert [s.speaker for s in parsed.segments] == [s.speaker for s in wanted]
        assert times(parsed.segments) == times(wanted)
