"""Every subtitle format in and out, and files that are not as they should be."""

import json
from pathlib import Path

import pytest

from onrecord.errors import NotSubtitles
from onrecord.text.subtitles import (
    read_subtitles,
    readings,
    write_json,
    write_otranscribe,
    write_podcast,
    write_srt,
    write_text,
    write_ttml,
    write_vtt,
)
from onrecord.text.transcripts import Segment, Word

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"

VTT = """WEBVTT Kind: captions
Language: en

NOTE a remark

1
00:01.000 --> 00:03.000 align:start
<v.loud A woman>The water &amp; the <i>mud</i>
came at night.</v>

00:00:03.000 --> 00:00:06.000
<v A woman>Go!</v> <v A man>Where to now?</v>

00:00:06.000 --> 00:00:08.000
<00:00:06.000><c>To</c> <00:00:07.000><c>school</c>
"""


def read(text, name="file.vtt", **kwargs):
    return read_subtitles(text.encode() if isinstance(text, str) else text, name, **kwargs)


def rows(parsed):
    return [(s.start_ms, s.end_ms, s.speaker, s.text) for s in parsed.segments]


def test_webvtt_gives_voices_and_word_times():
    parsed = read(VTT)
    assert parsed.format == "webvtt"
    assert parsed.language == "en"
    assert rows(parsed) == [
        (1000, 3000, "A woman", "The water & the mud came at night."),
        (3000, 3666, "A woman", "Go!"),
        (3666, 6000, "A man", "Where to now?"),
        (6000, 8000, "", "To school"),
    ]
    assert [(w.start_ms, w.end_ms, w.exact) for w in parsed.segments[3].words] == [
        (6000, 7000, True),
        (7000, 8000, True),
    ]
    assert not any(w.exact for w in parsed.segments[0].words)
    assert parsed.warnings == ()


def test_srt_gives_speakers_by_prefix_but_not_first_words():
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nMARY: <b>Run.</b>\r\n\r\n"
        "2\r\n00:00:02,000 --> 00:00:03,500\r\n"
        "{\\an8}Remember: we left.\r\n\r\n3\r\n00:00:04,000 --> 00:00:05,000\r\nOld Man: No.\r\n"
    )
    parsed = read(text, "file.srt")
    assert parsed.format == "srt"
    assert rows(parsed) == [
        (1000, 2000, "MARY", "Run."),
        (2000, 3500, "", "Remember: we left."),
        (4000, 5000, "Old Man", "No."),
    ]


def test_srt_without_numbers_or_with_odd_times():
    parsed = read("00:00:01.5 --> 00:00:02\nOne\n\n00:61 -> 1\n\n00:00:03,000 --> 00:00:04,000\nTwo\n", "x.srt")
    assert [row[3] for row in rows(parsed)] == ["One", "Two"]


@pytest.mark.parametrize("kind", ["whisper", "whisperx", "whisper.cpp"])
def test_whisper_json(kind):
    words = [
        {"word": " Go", "start": 0.5, "end": 0.9},
        {"word": " home.", "start": 1.0, "end": 1.5},
    ]
    data = {
        "whisper": {
            "language": "en",
            "segments": [{"start": 0, "end": 2, "text": " Go home.", "words": words}],
        },
        "whisperx": [{"start": 0, "end": 2, "speaker": "S1", "words": [words[0], {"word": "home."}]}],
        "whisper.cpp": {"transcription": [{"offsets": {"from": 0, "to": 2000}, "text": " Go home."}]},
    }[kind]
    parsed = read(json.dumps(data), "x.json")
    assert parsed.format == "whisper"
    assert [(s.start_ms, s.end_ms, s.text) for s in parsed.segments] == [(0, 2000, "Go home.")]
    assert [w.exact for w in parsed.segments[0].words] == {
        "whisper": [True, True],
        "whisperx": [True, False],
        "whisper.cpp": [False, False],
    }[kind]


def test_whisperx_segment_with_two_speakers_becomes_two():
    data = {
        "segments": [
            {
                "start": 0,
                "end": 3,
                "speaker": "A",
                "words": [
                    {"word": "Yes", "start": 0, "end": 1, "speaker": "A"},
                    {"word": "no", "start": 2, "end": 3, "speaker": "B"},
                ],
            }
        ]
    }
    assert rows(read(json.dumps(data), "x.json")) == [(0, 1000, "A", "Yes"), (2000, 3000, "B", "no")]


def test_plain_text_gives_labels_and_spreads_time():
    text = "Woman: They took the boats.\nMan: When?\n\nWoman: Tuesday.\n"
    assert rows(read(text, "x.txt")) == [
        (0, 0, "Woman", "They took the boats."),
        (0, 0, "Man", "When?"),
        (0, 0, "Woman", "Tuesday."),
    ]
    spread = read(text, "x.txt", duration_ms=3500)
    assert [(s.start_ms, s.end_ms) for s in spread.segments] == [(0, 2041), (2041, 2625), (2625, 3500)]
    assert not any(w.exact for s in spread.segments for w in s.words)


def test_plain_text_without_labels_is_paragraphs():
    text = "They came at night.\nOne thing: water.\n\nThe rest is known.\n"
    assert [s.text for s in read(text, "x.txt").segments] == [
        "They came at night. One thing: water.",
        "The rest is known.",
    ]


def test_plain_text_with_times():
    assert rows(read("[0:05] Ann: Hi.\n[0:09] Bob: Yes.\n", "x.txt")) == [
        (5000, 9000, "Ann", "Hi."),
        (9000, 9000, "Bob", "Yes."),
    ]


def test_ttml_gives_agents_spans_and_frames():
    text = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="uk" ttp:frameRate="25">
<head><metadata><ttm:agent xml:id="a1"><ttm:name>A woman</ttm:name></ttm:agent></metadata></head>
<body><div>
<p begin="00:00:01:05" end="3s" ttm:agent="a1">The water<br/>rose</p>
<p begin="4s" dur="2s"><span begin="4s" end="5s">Go</span> <span begin="5s" end="6s">home</span></p>
<p>lost</p>
</div></body></tt>"""
    parsed = read(text, "x.ttml")
    assert rows(parsed) == [(1200, 3000, "A woman", "The water rose"), (4000, 6000, "", "Go home")]
    assert [w.exact for w in parsed.segments[1].words] == [True, True]
    assert parsed.language == "uk"
    assert parsed.warnings == ("cue 3 (line 8) has no time; it was left out.",)


def test_otranscribe():
    body = (
        '<p><span class="timestamp" data-timestamp="1.5">0:01</span>Ann: Good &amp; late.</p>'
        '<p><span class="timestamp" data-timestamp="4">0:04</span>Bob: Yes.</p>'
    )
    parsed = read(json.dumps({"text": body, "media": "a.mp3", "media-time": 9}), "x.otr", duration_ms=9000)
    assert parsed.format == "otranscribe"
    assert rows(parsed) == [(1500, 4000, "Ann", "Good & late."), (4000, 9000, "Bob", "Yes.")]


CYRILLIC = "1\n00:00:01,000 --> 00:00:04,000\nВода прийшла вночі, і ми поїхали до школи.\n"


@pytest.mark.parametrize(
    ("encoding", "warned"),
    [
        ("utf-8", False),
        ("utf-8-sig", False),
        ("utf-16", False),
        ("utf-16-le", True),
        *((name, True) for name in ("utf-16-be", "cp1251", "koi8_u", "iso8859_5", "mac_cyrillic")),
    ],
)
def test_encodings_are_recognised_and_guesses_reported(encoding, warned):
    parsed = read(CYRILLIC.encode(encoding), "x.srt")
    assert parsed.segments[0].text == "Вода прийшла вночі, і ми поїхали до школи."
    assert bool(parsed.warnings) == warned


def test_western_encoding_and_an_encoding_given():
    text = "1\n00:00:01,000 --> 00:00:04,000\nLa crue est arrivée après minuit, près de l’école.\n"
    parsed = read(text.encode("cp1252"), "x.srt")
    assert parsed.segments[0].text == "La crue est arrivée après minuit, près de l’école."
    assert "line 3" in parsed.warnings[0].lower()
    assert read(CYRILLIC.encode("koi8_u"), "x.srt", encoding="koi8_u").segments[0].text.startswith("Вода")


def test_odd_cues_are_kept_or_clamped_with_a_warning():
    text = """WEBVTT

00:01.000 --> 00:04.000
one

00:03.000 --> 00:05.000
two overlaps

00:06.000 --> 00:05.500
three backwards

00:07.000 --> 00:08.000

00:05.200 --> 00:05.400
five is late

00:09.000 --> 00:20.000
six runs over

00:30.000 --> 00:31.000
seven is outside
"""
    parsed = read(text, duration_ms=10_000)
    assert [(s.start_ms, s.end_ms, s.text.split()[0]) for s in parsed.segments] == [
        (1000, 4000, "one"),
        (3000, 5000, "two"),
        (5200, 5400, "five"),
        (6000, 6000, "three"),
        (9000, 10000, "six"),
        (10000, 10000, "seven"),
    ]
    told = "\n".join(parsed.warnings)
    for part in (
        "cue 2 (line 6) overlaps cue 1 (line 3)",
        "cue 3 (line 9) ends before",
        "cue 4 (line 12) is empty",
        "cue 5 (line 14) starts before",
        "cue 6 (line 17) runs past",
        "cue 7 (line 20) starts past",
    ):
        assert part in told


def test_warnings_are_capped():
    text = "WEBVTT\n\n" + "\n".join("00:01.000 --> 00:02.000\nsame\n" for _ in range(200))
    parsed = read(text)
    assert len(parsed.segments) == 200
    assert parsed.warnings[-1].startswith("… and 149 more")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "x.vtt", "empty"),
        (b"  \n\n ", "x.txt", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", "x.vtt", "binary"),
        (bytes(range(1, 32)) * 40 + b"\xff\x81\x8d", "x.txt", "binary"),
        (b"WEBVTT\n\nnothing here\n", "x.vtt", "no cue"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "x.vtt", "every cue is empty"),
        (b"Dear sir, hello.", "x.srt", "not SRT"),
        (b"Dear sir, hello.", "x.ttml", "not TTML"),
        (b"<!DOCTYPE html><html><body>no</body></html>", "x.txt", "web page"),
        (b'{"a": 1}', "x.json", "no list of segments"),
        (b'{"segments": [', "x.json", "not valid JSON"),
        (b'{"segments": []}', "x.json", "empty"),
        (b'{"segments": [{"text": "no times"}]}', "x.json", "no start"),
        (b"[" * 100_000, "x.json", "not valid JSON"),
        (b"<tt><body><p begin='1s'>oh</body></tt>", "x.ttml", "XML is broken"),
        (
            b"<?xml version='1.0'?><!DOCTYPE tt [<!ENTITY a 'aaaa'>]><tt>&a;</tt>",
            "x.ttml",
            "declares entities",
        ),
        (b"<tt><body/></tt>", "x.xml", "no paragraph"),
        ("Вода".encode("cp1251"), "x.txt", None),
    ],
)
def test_what_is_not_subtitles_is_refused_with_file_line_and_remedy(data, name, said):
    if said is None:
        assert read_subtitles(data, name).segments
        return
    with pytest.raises(NotSubtitles, match=said) as caught:
        read_subtitles(data, name)
    assert caught.value.fields["file"] == name
    assert isinstance(caught.value.fields["line"], int)
    assert str(caught.value.fields["remedy"]).endswith(".")


@pytest.mark.parametrize(("encoding", "said"), [("no-such", "not a known encoding"), ("utf-8", "is not utf-8")])
def test_a_wrong_encoding_given_is_refused(encoding, said):
    with pytest.raises(NotSubtitles, match=said):
        read(CYRILLIC.encode("cp1251"), "x.srt", encoding=encoding)


SAID = (
    Segment(
        "s1",
        0,
        2000,
        "A woman",
        (Word("s1w1", "Holy", 0, 900, True), Word("s1w2", "fuck,", 1000, 2000, True, "profanity")),
    ),
    Segment(
        "s2",
        2000,
        2000,
        "",
        (Word("s2w1", "a<b", 2000, 2000), Word("s2w2", "Koval", 2000, 2000, mask="name")),
    ),
)


WRITERS = {
    "x.vtt": write_vtt,
    "x.srt": write_srt,
    "x.txt": write_text,
    "x.ttml": write_ttml,
    "x.json": write_json,
    "x.otr": write_otranscribe,
}


@pytest.mark.parametrize("name", WRITERS)
def test_public_copies_are_masked_and_whole_ones_come_back_masked(name):
    public = WRITERS[name](SAID, public=True)
    assert "f**k," in public
    assert "[name]" in public
    assert "fuck" not in public
    assert "Koval" not in public
    again = read(WRITERS[name](SAID, public=False), name)
    masks = [(word.text, word.mask) for segment in again.segments for word in segment.words if word.mask]
    assert masks == [("fuck,", "profanity"), ("Koval", "name")]


@pytest.mark.parametrize("write", [write_vtt, write_srt])
def test_written_files_read_back(write):
    again = read(write(SAID, public=False), f"x.{write.__name__[-3:]}")
    assert [s.text for s in again.segments] == [s.text for s in SAID]
    assert [s.start_ms for s in again.segments] == [0, 2000]


def test_measured_word_times_survive_in_webvtt():
    again = read(write_vtt(SAID, public=False, word_times=True)).segments[0]
    assert [(w.text, w.start_ms) for w in again.words] == [("Holy", 0), ("fuck,", 1000)]


@pytest.mark.real
@pytest.mark.skipif(not SHARED.exists(), reason="the shared recordings are absent")
def test_real_captions_as_webvtt_and_ttml_agree():
    folder = SHARED / "recordings"
    vtt, ttml = (read((folder / f"shared-culture.en.{kind}").read_bytes(), f"a.{kind}") for kind in ("vtt", "ttml"))
    assert len(vtt.segments) == len(ttml.segments) == 56
    assert [(s.start_ms, s.end_ms) for s in vtt.segments] == [(s.start_ms, s.end_ms) for s in ttml.segments]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Мы не знали, куда идти. Это было в пятницу вечером — «ждите».", "cp1251"),
        ("Мы не знали, куда идти. Это было в пятницу вечером.", "koi8_r"),
        ("Мы не знали, куда идти. Это было в пятницу вечером.", "cp866"),
        ("ВОДА ПРИЙШЛА ВНОЧІ", "cp1251"),
        ("ВОДА ПРИЙШЛА ВНОЧІ", "koi8_u"),
        ("Жінка: Де ти?\nЧоловік: Їду.", "koi8_u"),
        ("La crue est arrivée après minuit, près de l’école.", "cp1252"),
    ],
)
def test_the_likeliest_encoding_is_offered_first_with_how_it_reads(text, encoding):
    data = ("Chapter one\n" + text + "\n").encode(encoding)
    offered = readings(data)
    assert offered[0].sample.split("\n") == text.split("\n") or text.startswith("Жінка")
    assert len(offered) > 4
    assert len({reading.sample for reading in offered}) == len(offered)
    assert text.split("\n")[-1] in read_subtitles(data, "x.txt").segments[-1].text or "Їду" in text


@pytest.mark.parametrize("data", ["Вода".encode(), "Вода".encode("utf-16"), b"plain", b"\x00\x01\xff"])
def test_nothing_is_asked_where_the_bytes_tell(data):
    assert readings(data) == ()


def test_a_podcasts_transcript():
    data = {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Ann", "startTime": 0.5, "endTime": 2.25, "body": "The water came."},
            {"startTime": 3, "body": "When?"},
        ],
    }
    parsed = read(json.dumps(data), "x.json")
    assert parsed.format == "podcast"
    assert rows(parsed) == [(500, 2250, "Ann", "The water came."), (3000, 3000, "", "When?")]
    assert json.loads(write_podcast(SAID))["segments"][0] == {
        "speaker": "A woman",
        "startTime": 0.0,
        "endTime": 2.0,
        "body": "Holy f**k,",
    }


def test_whisper_cpp_tokens_are_words():
    token = {"text": " Go", "offsets": {"from": 100, "to": 400}}
    data = {
        "result": {"language": "en"},
        "transcription": [
            {
                "offsets": {"from": 0, "to": 2000},
                "text": " Going home.",
                "tokens": [
                    {"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}},
                    token,
                    {"text": "ing", "offsets": {"from": 400, "to": 700}},
                    {"text": " home", "offsets": {"from": 900, "to": 1500}},
                    {"text": ".", "offsets": {"from": 1500, "to": 1600}},
                    {"text": "[_TT_100]", "offsets": {"from": 2000, "to": 2000}},
                ],
            }
        ],
    }
    parsed = read(json.dumps(data), "x.json")
    assert parsed.language == "en"
    assert [(w.text, w.start_ms, w.end_ms, w.exact) for w in parsed.segments[0].words] == [
        ("Going", 100, 700, True),
        ("home.", 900, 1600, True),
    ]


def test_masks_are_read_beside_braces_of_other_kinds():
    parsed = read("One {x} said {name|Olena Petrivna}, {and} {profanity|damn}!\n", "x.txt")
    assert [(w.text, w.mask) for w in parsed.segments[0].words] == [
        ("One", None),
        ("{x}", None),
        ("said", None),
        ("Olena", "name"),
        ("Petrivna,", "name"),
        ("{and}", None),
        ("damn!", "profanity"),
    ]


def test_brackets_are_marked_as_what_they_are():
    words = read("Yes [door slams] no [unclear] so [the bridge]\n", "x.txt").segments[0].words
    assert [w.kind for w in words] == [None, "sound", "sound", None, "unclear", None, *["clarification"] * 2]


BROKEN = {
    "cut.ttml": (
        "<tt><body><div>\n<p begin='1s' end='2s'>One</p>\n<p begin='2s' end='3s'>Two</p>\n<p begin='3s",
        "Line 4: the XML is broken",
        "the 2 cues before it were kept",
    ),
    "cut.json": (
        '{"segments": [\n{"start": 0, "end": 1, "text": "One"},\n{"start": 1, "end": 2, "text": "Two"},\n{"star',
        "Line 4: the JSON is broken",
        "the 2 segments before it were kept",
    ),
    "no-times.json": (
        '{"segments": [{"start": 0, "end": 1, "text": "One"}, {"text": "lost"}, '
        '{"start": 1, "end": 2, "text": "Two"}]}',
        "Segment 2 has no start or end",
        "left out",
    ),
    "odd.vtt": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nOne\n\n0x:99 --> 00:03.000\nlost\n\n00:03.000 --> 00:04.000\nTwo\n",
        "cue 2 (line 6) has a time that cannot be read",
        "left out",
    ),
    "odd.srt": (
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:99:99:99,000 --> 00:00:03,000\nlost\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nTwo\n",
        "cue 2 (line 6) has a time that cannot be read",
        "left out",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_of_a_broken_file_the_line_is_named_and_what_is_whole_is_kept(name):
    text, *said = BROKEN[name]
    parsed = read(text, name)
    assert [segment.text for segment in parsed.segments] == ["One", "Two"]
    assert all(part in parsed.warnings[0] for part in said), parsed.warnings
