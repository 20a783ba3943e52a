"""`onrecord bleep`: spans from anywhere, exact or refused; no output after an error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.audio.blocks import Span
from onrecord.cli.spans import BadSpans, read_spans
from onrecord.errors import OnrecordError
from tests.processes import onrecord
from tests.unit.audio.sounds import files_in, voice_like, write_media

WANTED = [Span(1_000, 1_500), Span(62_500, 63_250)]
TRANSCRIPT = {
    "segments": [
        {"start": 0, "end": 4, "text": "What damned pass",
         "words": [{"word": "What", "start": 0.5, "end": 0.9},
                   {"word": "damned", "start": 1.0, "end": 1.5, "mask": "profanity"},
                   {"word": "pass", "start": 1.7, "end": 2.2}]},
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "start,end\n1,1.5\n1:02.5,0:01:03.250\n",
        "\ufeffname;start;end\na;1,0;1,5\nb;1:02,5;63,25\n",
        "start_ms\tend_ms\n1000\t1500\n62500\t63250\n",
        "1,1.5\n62.5,63.25\n",
        "from,to\n\n1,1.5\n62.5,63.25\n",
        '[{"start": 1, "end": 1.5}, {"start": "1:02.5", "end": "1:03.25"}]',
        '{"spans": [{"start_ms": 1000, "end_ms": 1500}, {"start_ms": 62500, "end_ms": 63250}]}',
        "WEBVTT\n\n00:01.000 --> 00:01.500\n\n1\n00:01:02.500 --> 00:01:03.250 align:start\nwords\n",
        "1\n00:00:01,000 --> 00:00:01,500\nwords\n\n2\n00:01:02,500 --> 00:01:03,250\nwords\n",
    ],
)
def test_spans_in_any_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "spans"
    path.write_text(text)
    assert read_spans([str(path)]) == WANTED
    assert read_spans(["5-6", str(path), "0:07 - 0:08"]) == [Span(5_000, 6_000), *WANTED, Span(7_000, 8_000)]


def test_marked_words_of_a_transcript(tmp_path: Path) -> None:
    path = tmp_path / "call.json"
    path.write_text(json.dumps(TRANSCRIPT))
    assert read_spans([str(path)]) == [Span(1_000, 1_500)]
    vtt = tmp_path / "call.vtt"
    vtt.write_text(
        "WEBVTT\n\n00:01.000 --> 00:04.000\nFine.\n\n00:05.000 --> 00:08.000\nWhat {profanity|damned} pass\n"
    )
    assert read_spans([str(vtt)]) == [Span(5_000, 8_000)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("start,end\n", "no span"),
        ("start,end\n1,\n", "row 2: '' is no time"),
        ("start,end\n1,2\n3\n", "row 3: it has no start and end"),
        ("1,2\n3\n", "row 2: a start and an end"),
        ("start,end\n2,1\n", "row 2: from 2 to 1 is no stretch"),
        ("start,end\n1,1\n", "no stretch"),
        ("start,end\n-1,1\n", "'-1' is no time"),
        ("start,end\n1:75,1:80\n", "'1:75' is no time"),
        ("start_ms,end_ms\n0:01,0:02\n", "is no time"),
        ("[1, 2]", "entry 1: it has no start"),
        ('[{"start": true, "end": 2}]', "no time"),
        ('[{"start": NaN, "end": 2}]', "no time"),
        ('[{"start": 1, "end"', "not whole JSON"),
        ("[]", "no span"),
        ('{"segments": [{"start": 0, "end": 1, "text": "Fine"}]}', "no word of this transcript is masked"),
        ("WEBVTT\n\n00:01.000 -->\n", "line 3: the times"),
        ("WEBVTT\n\n00:01.000 --> 00:71.000\n", "line 3: '00:71.000' is no time"),
        ("WEBVTT\n\n00:05.000 --> 00:04.000\nback\n", "line 3: from 00:05.000 to 00:04.000"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\n{name|X} y\n\n00:09.000 --> 00:07.000\nback\n", "not sure"),
    ],
)
def test_what_is_no_span_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "spans"
    path.write_text(text)
    with pytest.raises(OnrecordError) as refused:
        read_spans(["1-2", str(path)])
    assert str(path) in str(refused.value)
    assert says in str(refused.value)


def test_bytes_and_missing_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "spans"
    path.write_bytes(b"\xff\xfe\x00\x01")
    for argument, says in (
        (str(path), "UTF-8"),
        ("1:02", "neither"),
        ("soon-later", "neither"),
        (str(tmp_path), "dir"),
    ):
        with pytest.raises(BadSpans, match=says):
            read_spans([argument])


@given(start=st.integers(0, 10**8), length=st.integers(1, 10**6), hours=st.booleans())
def test_every_time_is_read_as_written(start: int, length: int, hours: bool) -> None:
    def clock(at: int) -> str:
        minutes = at // 60_000 if not hours else at // 60_000 % 60
        text = f"{minutes:02}:{at // 1000 % 60:02}.{at % 1000:03}"
        return f"{at // 3_600_000}:{text}" if hours else text

    end = start + length
    if hours or end < 100 * 60_000:
        assert read_spans([f"{clock(start)}-{clock(end)}"]) == [Span(start, end)]
    assert read_spans([f"{start / 1000:.3f}-{end / 1000:.3f}"]) == [Span(start, end)]


def test_the_command(tmp_path: Path) -> None:
    audio = write_media(tmp_path / "call.wav", voice_like(4, 16_000), 16_000)
    out = tmp_path / "masked.flac"
    done = onrecord("bleep", audio, "1-1.5", "1.2-2", "-o", out, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["exact"], told["duration_ms"], told["masked"]) == (True, 4_000, [{"start_ms": 1_000, "end_ms": 2_000}])
    before = out.read_bytes()
    again = onrecord("bleep", audio, "3-3.5", "-o", out)
    assert (again.returncode, "--overwrite" in again.stderr, out.read_bytes()) == (2, True, before)
    done = onrecord("bleep", audio, "3-3.5", "-o", out, "--overwrite", "--silence")
    assert (done.returncode, "same to the bit" in done.stdout, out.read_bytes() != before) == (0, True, True)
    failed = onrecord("bleep", audio, "5-6", "-o", out, "--overwrite")
    assert (failed.returncode, "ends at 4000 ms" in failed.stderr) == (2, True)
    assert files_in(tmp_path) == ["call.wav"]


def test_the_command_refuses_in_words(tmp_path: Path) -> None:
    audio = write_media(tmp_path / "call.wav", voice_like(1, 16_000), 16_000)
    (tmp_path / "notes.wav").write_text("minutes of the meeting")
    for arguments, says in (
        ((audio, "0.1-0.2", "-o", audio), "original itself"),
        ((tmp_path / "notes.wav", "0.1-0.2", "-o", tmp_path / "b.wav"), "notes.wav: this is not an audio"),
    ):
        refused = onrecord("bleep", *arguments)
        assert refused.returncode == 2
        assert says in refused.stderr
        assert "Traceback" not in refused.stderr
    assert files_in(tmp_path) == ["call.wav", "notes.wav"]
