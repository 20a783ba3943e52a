"""Files made to do harm: they reach no other file and no address, and cost bounded memory and time."""

from __future__ import annotations

import os
import resource
import socket
import struct
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from onrecord.audio import web_copy
from onrecord.audio.blocks import Span
from onrecord.audio.decode import decode, probe
from onrecord.audio.isolation import isolated
from onrecord.audio.masked_copy import masked_copy
from onrecord.errors import AudioError, NotAudio, UnsupportedSound
from tests.unit.audio.fuzzing import failures
from tests.unit.audio.sounds import files_in, voice_like, write_media

CASES = int(os.environ.get("ONRECORD_FUZZ_CASES", "2500"))


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine and what was sent to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                heard.append(b"a connection")
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], heard
        stop.set()
        thread.join()


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-VERSION:3\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
    "hls with a key": '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n'
    "#EXTINF:1,\n{target}\n",
    "concat": "ffconcat version 1.0\nfile '{target}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="9">'
    "<BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "m3u": "#EXTM3U\n{target}\n",
    "asx": '<asx version="3.0"><entry><ref href="{target}"/></entry></asx>',
    "rtsp text": "[Reference]\nRef1={target}\n",
    "image sequence": "{target}%03d.png",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.m3u8", "a.ffconcat", "a.sdp", "a.mpd"])
def test_a_playlist_by_any_name_opens_nothing(
    tmp_path: Path, kind: str, name: str, listener: tuple[int, list[bytes]]
) -> None:
    port, heard = listener
    secret = write_media(tmp_path / "secret.wav", voice_like(1, 16_000), 16_000)
    path = tmp_path / name
    for target in (
        str(secret),
        f"file://{secret}",
        "secret.wav",
        f"http://127.0.0.1:{port}/a.mp3",
        f"tcp://127.0.0.1:{port}",
    ):
        path.write_text(PLAYLISTS[kind].format(target=target, port=port))
        with pytest.raises(NotAudio):
            probe(path)
    assert heard == []


@pytest.mark.parametrize(
    "name", ["12:30.wav", "http:call.wav", "concat:a|b.wav", "pipe:0.wav", "a,b%03d.wav", "-i.wav"]
)
def test_a_name_is_a_name_and_no_address(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_media(tmp_path / "a.wav", voice_like(1, 16_000), 16_000).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert probe(Path(name)).duration_ms == 1_000
    assert masked_copy(Path(name), tmp_path / f"out-{name}", [Span(1, 2)]).exact


def id3(frames: bytes) -> bytes:
    size = len(frames)
    return b"ID3\x03\x00\x00" + bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0)) + frames


def id3_frame(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">IH", len(content), 0) + content


def test_huge_tags_and_pictures_cost_little_and_go_nowhere(tmp_path: Path) -> None:
    sound = write_media(tmp_path / "a.mp3", voice_like(2, 16_000), 16_000, codec="libmp3lame").read_bytes()
    text = b"\x00" + b"name of the caller " * 500_000
    picture = b"\x00image/jpeg\x00\x03\x00" + b"\xff\xd8\xff\xe0" + bytes(20_000_000)
    path = tmp_path / "big.mp3"
    path.write_bytes(id3(id3_frame(b"TIT2", text) + id3_frame(b"APIC", picture)) + sound)
    facts = isolated(probe, path)
    assert facts.duration_ms == pytest.approx(2_000, abs=80)
    assert not facts.has_video
    isolated(web_copy, path, tmp_path / "web.mp3")
    masked_copy(path, tmp_path / "masked.wav", [Span(500, 600)])
    for made in ("web.mp3", "masked.wav"):
        data = (tmp_path / made).read_bytes()
        assert len(data) < 200_000
        assert b"caller" not in data
        assert b"\xff\xd8\xff\xe0" not in data


def test_tags_without_sound_are_not_audio(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(id3(id3_frame(b"APIC", b"\x00image/png\x00\x03\x00\x89PNG\r\n\x1a\n" + bytes(5_000))))
    with pytest.raises(AudioError):
        probe(path)


@pytest.mark.parametrize(("channels", "rate"), [(65_535, 48_000), (1, 4_000_000_000), (0, 48_000), (1, 0), (33, 8_000)])
def test_absurd_headers(tmp_path: Path, channels: int, rate: int) -> None:
    path = tmp_path / "a.wav"
    sizes = (16, 1, channels, rate, rate * channels * 2 % 2**32, channels * 2 % 2**16, 16)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", *sizes)
    path.write_bytes(head + struct.pack("<4sI", b"data", 0xFFFFFFFF) + bytes(200_000))
    with pytest.raises((NotAudio, UnsupportedSound)):
        probe(path)


def test_a_bomb_is_decoded_in_little_memory_and_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is what was decoded, not what was said."""
    sound = np.zeros((1, 8_000 * 3_600), dtype=np.float32)
    path = write_media(tmp_path / "a.flac", sound, 8_000, codec="flac")
    assert path.stat().st_size < 1_000_000
    monkeypatch.setattr("onrecord.audio.decode.MAX_HOURS", 0.5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnsupportedSound, match="length"):
        web_copy(path, tmp_path / "web.mp3")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kilobytes
    assert files_in(tmp_path) == ["a.flac"]


def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    good = write_media(tmp_path / "a.mp3", voice_like(1, 16_000), 16_000, codec="libmp3lame")
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(3_000))

    def some(count: int) -> None:
        for _ in range(count):
            sum(block.shape[1] for block in decode(good, sample_rate=16_000))
            with pytest.raises(AudioError):
                probe(bad)

    some(50)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    some(250)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4_000  # kilobytes


def test_a_file_that_is_not_there_to_be_read(tmp_path: Path) -> None:
    fifo = tmp_path / "a.wav"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path, Path("/dev/zero"), tmp_path / "none.wav"):
        with pytest.raises(AudioError, match=str(path)):
            probe(path)
    if os.getuid() != 0:
        closed = write_media(tmp_path / "closed.wav", voice_like(1, 16_000), 16_000)
        closed.chmod(0)
        with pytest.raises(AudioError, match="Permission"):
            probe(closed)


def test_chapters_and_many_tracks_do_not_come_along(tmp_path: Path) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=16_000, layout="mono") for _ in range(8)]
        chapter = {"id": 1, "start": 0, "end": 900, "time_base": Fraction(1, 1000), "metadata": {"title": "the caller"}}
        container.set_chapters([chapter])
        for number, stream in enumerate(streams):
            frame = av.AudioFrame.from_ndarray(voice_like(1, 16_000, seed=number), format="fltp", layout="mono")
            frame.sample_rate = 16_000
            container.mux(stream.encode(frame))
    masked_copy(path, tmp_path / "b.wav", [Span(100, 200)])
    assert b"caller" not in (tmp_path / "b.wav").read_bytes()
    assert (tmp_path / "b.wav").stat().st_size < 33_000


def test_thousands_of_damaged_files_end_in_sound_or_a_clear_error() -> None:
    """More with ONRECORD_FUZZ_CASES=100000; a failing case is named so that it can be made again (see fuzzing.py)."""
    assert list(failures(CASES, seed=20_240_504)) == []
