"""Transcripts read lazily, for search, are those read at once."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import NotSubtitles
from onrecord.text.normalise import _word_keys, keys_of_plain, word_keys
from onrecord.text.record import Record, spoken_words
from onrecord.text.subtitles import read_subtitles, read_subtitles_lazily, write_srt, write_text, write_vtt
from onrecord.text.transcripts import Transcript
from tests.unit.text.passages import RECORD

SEGMENTS = RECORD[1].segments
WHISPER = {
    "language": "en",
    "segments": [
        {"start": 1, "end": 3, "speaker": "A", "words": [
            {"word": "The", "start": 1.0, "end": 1.2}, {"word": "flood", "mask": "name"},
            {"word": "rose", "speaker": "B"},
        ]},
        {"start": 3, "end": 4, "text": "It {profanity|damn} rose { again."},
    ],
}  # fmt: skip
TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div><p begin="1s" end="3s">The <span begin="2s">water'
    "</span> rose</p><p begin='0s' end='1s'>First</p></div></body></tt>"
)
FILES = {
    "a.vtt": write_vtt(SEGMENTS, public=False, word_times=True),
    "b.srt": write_srt(SEGMENTS, public=False),
    "c.txt": write_text(SEGMENTS, public=False),
    "d.json": json.dumps(WHISPER),
    "e.ttml": TTML,
    "f.otr": json.dumps(
        {"text": "<p><span class='timestamp' data-timestamp='1.5'>0:01</span>A: Yes</p>", "media-time": 1}
    ),
    "g.vtt": "WEBVTT\n\n00:05.000 --> 00:06.000\n<v Ann>Later {name|Bo}</v>\n\n"
    "00:01.000 --> 00:00.500\n&lt;b&gt; earlier\n",
}
PIECES = st.sampled_from(
    ["<v Ann>", "<v.loud A &amp; B>", "</v>", "<V Bo >", "<i>", "</i>", "<rt>x</rt>", "<00:00:01.500>", "&amp;",
     "{name|Bo}", "{", "}", "water", "rose,", " ", "\n", "<", ">", "[door]",
     "00:00:09.000 --> 00:00:02.000", "{\\an8}", "NAME: "]
)  # fmt: skip
BODIES = st.lists(st.lists(PIECES, max_size=6).map("".join), min_size=1, max_size=4)


def outcome(read, data, name):
    """What was read, or the fields of the refusal."""
    try:
        return read(data, name)
    except NotSubtitles as error:
        return error.fields


def agree(data, name):
    eager, lazy = (outcome(read, data, name) for read in (read_subtitles, read_subtitles_lazily))
    if isinstance(eager, dict) or isinstance(lazy, dict):
        assert eager == lazy
        return
    assert tuple(lazy.segments) == eager.segments
    assert (lazy.warnings, lazy.format, lazy.language, lazy.encoding) == (
        eager.warnings, eager.format, eager.language, eager.encoding
    )  # fmt: skip
    one, other = (Transcript(name, "", parsed.segments) for parsed in (lazy, eager))
    assert list(spoken_words(one)) == list(spoken_words(other))
    first, second = Record.build([one, one]), Record.build([other, other])
    assert first.tokens.tolist() == second.tokens.tolist()
    assert first.languages == second.languages
    assert [first.word(p) for p in range(len(first.tokens) // 2 - 1)] == [
        second.word(p) for p in range(len(second.tokens) // 2 - 1)
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_format(name):
    agree(FILES[name].encode(), name)


@settings(max_examples=150, deadline=None)
@given(BODIES, st.sampled_from(["a.vtt", "a.srt"]))
def test_odd_cues(bodies, name):
    head = "WEBVTT\n\n" if name.endswith("vtt") else ""
    cues = [f"{n}\n00:00:0{n}.000 --> 00:00:0{n}.900\n{body}\n\n" for n, body in enumerate(bodies, start=1)]
    agree((head + "".join(cues)).encode(), name)


ODD = "aAzЯяёЁіїґ'’-‑.,;:!?…()[]*&$½²ﬁßı01 \u0301\u00ad"


@settings(max_examples=400, deadline=None)
@given(st.lists(st.text(alphabet=ODD, max_size=8), max_size=5))
def test_plain_words_have_the_keys_that_care_would_give(texts):
    for text in texts:
        assert word_keys(text) == _word_keys(text)
    for text, key in zip(texts, keys_of_plain(texts), strict=True):
        assert not key or (key,) == _word_keys(text)
