"""Transcript files that are meant to do harm, or are damaged anyhow: an answer in time, or a refusal that says why."""

import json
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import NotSubtitles
from onrecord.text.subtitles import read_subtitles

WHOLE = {
    "x.vtt": b"WEBVTT\n\n00:01.000 --> 00:03.000\n<v A woman>The <00:02.000>water\n\n00:03.000 --> 00:04.000\nGo\n",
    "x.srt": b"1\n00:00:01,000 --> 00:00:02,000\nMARY: Run.\n\n2\n00:00:02,000 --> 00:00:03,500\nNo.\n",
    "x.ttml": b"<tt><body><p begin='1s' end='2s'><span begin='1s' end='2s'>Oh</span></p>"
    b"<p begin='00:00:03:05' dur='1s'>no</p></body></tt>",
    "x.json": b'{"segments": [{"start": 0, "end": 1.5, "text": "Oh", "words": [{"word": "Oh", "start": 0}]}]}',
    "x.otr": json.dumps(
        {"text": '<p><span class="timestamp" data-timestamp="1.5">0:01</span>Ann: Oh</p>', "media-time": 9}
    ).encode(),
    "x.txt": b"[0:01] Ann: Oh\n\nBob: no {name|Ann}\n",
}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    body = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1)) if body else 0
        piece = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"9" * 400, b"<", b"-->", b"{", b"1e999", b"NaN", b"\n\n"])
        )
        body[at : at + data.draw(st.integers(0, 8))] = piece
    try:
        parsed = read_subtitles(bytes(body), name, duration_ms=10_000)
    except NotSubtitles:
        return
    for segment in parsed.segments:
        assert 0 <= segment.start_ms <= segment.end_ms <= 10_000
        assert all(0 < len(word.text) <= 200 for word in segment.words)


LONG = 2_000_000


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"x" * LONG, "x.txt"),
        (b"9" * LONG, "x.srt"),
        (b" " * LONG + b"x", "x.srt"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * (LONG // 30), "x.vtt"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<rt>" * (LONG // 40), "x.vtt"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<" * (LONG // 10), "x.vtt"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"{name|" * (LONG // 60), "x.vtt"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n" + b"{\\" * (LONG // 20), "x.srt"),
        (b'{"segments": ' + b"[" * 200_000, "x.json"),
        (b'{"segments": [{"start": ' + b"9" * 200_000 + b', "end": 2, "text": "x"}]}', "x.json"),
        (b'{"media-time": 1, "text": "' + b"<p>" * 200_000 + b'oh"}', "x.otr"),
        (b'{"media-time": 1, "text": "' + b"<" * 200_000 + b'oh"}', "x.otr"),
        (b"<tt><body>" + b"<div>" * 100_000 + b"<p begin='1s' end='2s'>Oh</p>", "x.ttml"),
        ("Ї".encode("cp1251") * 200_000 + b"\n", "x.txt"),
    ],
)
def test_no_file_keeps_the_server_busy(data, name):
    begun = monotonic()
    try:
        parsed = read_subtitles(data, name)
    except NotSubtitles:
        pass
    else:
        assert max(len(word.text) for segment in parsed.segments for word in segment.words) <= 200
    assert monotonic() - begun < 20  # what grows with the square of the length takes hours
