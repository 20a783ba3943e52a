"""Any file in: what can be read is read, the rest is said."""

from __future__ import annotations

import resource
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from onrecord.audio.blocks import joined
from onrecord.audio.damage import DamageKind, DamageList
from onrecord.audio.decode import Decoder, decode, probe
from onrecord.audio.source import open_source
from onrecord.errors import (
    EmptyFile,
    NoAudioStream,
    NotAudio,
    OnrecordError,
    UnreadableFile,
    UnsupportedSound,
)
from tests.unit.audio.sounds import SHARED, similarity, voice_like, write_media

FORMATS = [
    ("a.wav", "pcm_s16le", 8_000),
    ("a.wav", "pcm_f32le", 192_000),
    ("a.wav", "pcm_u8", 11_025),
    ("a.flac", "flac", 96_000),
    ("a.mp3", "libmp3lame", 44_100),
    ("a.ogg", "libopus", 48_000),
    ("a.m4a", "aac", 44_100),
    ("a.mkv", "libopus", 48_000),
]


def read(path: Path, sample_rate: int, channels: int = 1) -> np.ndarray:
    return joined(list(decode(path, sample_rate=sample_rate, channels=channels)))


@pytest.mark.parametrize(("name", "codec", "rate"), FORMATS)
def test_reads_the_usual_formats_to_the_sample(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    sound = voice_like(2.5, rate)
    path = write_media(tmp_path / name, sound, rate, codec=codec)
    got = read(path, rate)
    assert got.dtype == np.float32
    assert abs(got.shape[1] - sound.shape[1]) <= (1024 if codec == "aac" else 0)
    assert similarity(got[:, : sound.shape[1]], sound[:, : got.shape[1]]) > (0.9 if rate < 96_000 else 0.99)
    facts = probe(path)
    assert abs(facts.duration_ms - 2_500) <= (24 if codec == "aac" else 0)
    assert (facts.sample_rate, facts.channels, facts.has_video, facts.streams) == (rate, 1, False, 1)
    assert facts.container == {"mkv": "matroska"}.get(path.suffix[1:], path.suffix[1:])


def test_decoding_does_not_depend_on_how_frames_are_gathered(tmp_path: Path) -> None:
    """The mix and the resampler run over the stream as over the whole."""
    sound = voice_like(5.3, 44_100, channels=2)
    path = write_media(tmp_path / "a.wav", sound, 44_100, codec="pcm_f32le")
    got = read(path, 48_000)
    whole = read(write_media(tmp_path / "m.wav", sound.mean(axis=0, keepdims=True), 44_100, codec="pcm_f32le"), 48_000)
    assert got.shape == whole.shape == (1, round(5.3 * 48_000))
    np.testing.assert_allclose(got, whole, atol=1e-5)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_a_click_stays_at_its_moment_at_any_rate(tmp_path: Path, rate: int) -> None:
    sound = np.zeros((1, rate * 2), dtype=np.float32)
    sound[0, rate] = 0.9
    got = read(write_media(tmp_path / "a.wav", sound, rate, codec="pcm_f32le"), 48_000)
    assert abs(int(np.abs(got).argmax()) - 48_000) <= 1
    assert got.shape[1] == 96_000


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_f32le"), ("a.m4a", "aac"), ("a.flac", "flac")])
def test_eight_channels_are_mixed_to_one_without_the_bass(tmp_path: Path, name: str, codec: str) -> None:
    sound = np.zeros((8, 48_000), dtype=np.float32)
    sound[2] = voice_like(1, 48_000)[0]
    sound[3] = 0.5
    got = read(write_media(tmp_path / name, sound, 48_000, codec=codec), 48_000)
    assert similarity(got[:, :47_000], sound[2:3, :47_000]) > (0.7 if codec == "aac" else 0.999)


def test_channels_can_be_kept_or_repeated(tmp_path: Path) -> None:
    sound = voice_like(0.5, 48_000, channels=2)
    path = write_media(tmp_path / "a.wav", sound, 48_000, codec="pcm_f32le")
    np.testing.assert_allclose(read(path, 48_000, channels=2), sound, atol=1e-6)
    six = read(path, 48_000, channels=6)
    assert six.shape == (6, 24_000)
    assert np.array_equal(six[0], six[5])


def test_samples_that_are_no_numbers_become_silence_and_are_told(tmp_path: Path) -> None:
    sound = voice_like(3, 48_000)
    sound[0, 48_000:52_800] = np.nan
    sound[0, 96_000] = np.inf
    sound[0, 96_100] = 1e30
    path = write_media(tmp_path / "a.wav", sound, 48_000, codec="pcm_f32le")
    with Decoder(path) as decoder:
        got = joined(list(decoder.blocks(sample_rate=44_100)))
        assert [(d.start_ms, d.end_ms) for d in decoder.damage if d.what is DamageKind.NOT_A_NUMBER] == [
            (1000, 1100),
            (2000, 2000),
        ]
    assert np.isfinite(got).all()
    assert np.abs(got).max() < 20


class TestDamaged:
    def test_cut_mp3_gives_what_is_there_and_says_that_the_end_is_missing(self, tmp_path: Path) -> None:
        path = write_media(tmp_path / "a.mp3", voice_like(20, 44_100), 44_100, codec="libmp3lame")
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 5])
        with Decoder(path) as decoder:
            got = joined(list(decoder.blocks(sample_rate=44_100)))
            assert 7 * 44_100 < got.shape[1] < 9 * 44_100
            assert [d.what for d in decoder.damage][-1] is DamageKind.CUT_SHORT
            assert decoder.damage[-1].end_ms == pytest.approx(20_000, abs=60)
            assert decoder.duration_ms == round(got.shape[1] / 44.1)

    @pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac")])
    def test_cut_wav_and_flac(self, tmp_path: Path, name: str, codec: str) -> None:
        path = write_media(tmp_path / name, voice_like(10, 48_000), 48_000, codec=codec)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with Decoder(path) as decoder:
            got = joined(list(decoder.blocks(sample_rate=48_000)))
            assert 4 * 48_000 < got.shape[1] < 6 * 48_000
            assert decoder.damage

    def test_cut_m4a_with_its_index_in_front(self, tmp_path: Path) -> None:
        path = write_media(
            tmp_path / "a.m4a", voice_like(10, 48_000), 48_000, codec="aac", options={"movflags": "faststart"}
        )
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with Decoder(path) as decoder:
            got = joined(list(decoder.blocks(sample_rate=48_000)))
            assert 3 * 48_000 < got.shape[1] < 7 * 48_000
            assert decoder.damage[-1].end_ms == pytest.approx(10_000, abs=60)

    def test_cut_m4a_without_its_index_says_what_is_wrong(self, tmp_path: Path) -> None:
        path = write_media(tmp_path / "a.m4a", voice_like(5, 48_000), 48_000, codec="aac")
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(UnreadableFile, match="incomplete"):
            probe(path)

    def test_overwritten_middle_of_an_opus_file_keeps_the_rest_in_its_place(self, tmp_path: Path) -> None:
        sound = np.zeros((1, 48_000 * 20), dtype=np.float32)
        sound[0, 48_000 * 15 : 48_000 * 15 + 4_800] = 0.8 * np.sin(np.arange(4_800) / 10)
        path = write_media(tmp_path / "a.ogg", sound + voice_like(20, 48_000) / 9, 48_000, codec="libopus")
        data = bytearray(path.read_bytes())
        third = len(data) // 3
        data[third : third + 3_000] = b"\0" * 3_000
        path.write_bytes(data)
        with Decoder(path) as decoder:
            got = joined(list(decoder.blocks(sample_rate=48_000)))
            assert decoder.damage
        loud = int(np.abs(got).argmax())
        assert abs(loud - 48_000 * 15 - 2_400) < 9_600

    @pytest.mark.parametrize(("jump_s", "filled"), [(2.0, True), (4_000.0, False), (-0.5, False)])
    def test_a_jump_of_the_clock_is_filled_with_silence_within_reason(
        self, tmp_path: Path, jump_s: float, filled: bool
    ) -> None:
        path = tmp_path / "a.mkv"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("pcm_s16le", rate=48_000, layout="mono")
            for second in range(4):
                frame = av.AudioFrame.from_ndarray(voice_like(1, 48_000), format="fltp", layout="mono")
                frame.sample_rate = 48_000
                frame.pts = round((second + (jump_s if second >= 2 else 0)) * 48_000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with Decoder(path) as decoder:
            got = joined(list(decoder.blocks(sample_rate=48_000)))
            gaps = [(d.start_ms, d.end_ms) for d in decoder.damage if d.what is DamageKind.MISSING]
        assert got.shape[1] == 48_000 * (6 if filled else 4)
        assert gaps == ([(2_000, 4_000)] if filled else [])
        if filled:
            assert not got[:, 2 * 48_000 : 4 * 48_000].any()

    def test_the_late_sound_of_a_video_stays_late(self, tmp_path: Path) -> None:
        path = write_media(tmp_path / "a.mkv", voice_like(2, 48_000), 48_000, codec="libopus", video=True, late_s=1.5)
        facts = probe(path)
        assert facts.has_video
        assert facts.streams == 2
        assert facts.duration_ms == pytest.approx(3_500, abs=30)
        with Decoder(path) as decoder:
            got = joined(list(decoder.blocks(sample_rate=48_000)))
            assert decoder.damage == ()
        assert not got[:, :70_000].any()
        assert got[:, 72_500:].any()


class TestRefused:
    def test_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mp3"
        path.touch()
        with pytest.raises(EmptyFile, match=r"a\.mp3: the file is empty"):
            probe(path)

    @pytest.mark.parametrize(
        "content", [b"Minutes of the meeting. " * 400, bytes(range(256)) * 40, b"x", b"\0" * 9_999]
    )
    def test_no_audio_whatever_its_name(self, tmp_path: Path, content: bytes) -> None:
        for name in ("a.mp3", "a.wav", "a.ogg", "a"):
            path = tmp_path / name
            path.write_bytes(content)
            with pytest.raises(NotAudio):
                probe(path)

    def test_header_without_sound(self, tmp_path: Path) -> None:
        path = write_media(tmp_path / "a.wav", voice_like(1, 48_000), 48_000)
        path.write_bytes(path.read_bytes()[:60])
        with pytest.raises((NotAudio, UnreadableFile)):
            probe(path)

    def test_video_without_sound(self, tmp_path: Path) -> None:
        with pytest.raises(NoAudioStream, match="only video"):
            probe(write_media(tmp_path / "a.mp4", None, 0, video=True))

    def test_missing_file_and_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile):
            probe(tmp_path / "none.mp3")
        with pytest.raises(UnreadableFile, match="not a file"):
            probe(tmp_path)

    def test_a_playlist_does_not_open_other_files(self, tmp_path: Path) -> None:
        inner = write_media(tmp_path / "in.mp3", voice_like(1, 48_000), 48_000, codec="libmp3lame")
        path = tmp_path / "a.m3u8"
        path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{inner}\n#EXT-X-ENDLIST\n")
        with pytest.raises(NotAudio):
            open_source(path)

    @pytest.mark.parametrize(("channels", "rate", "what"), [(40, 8_000, "channels"), (1, 200, "sample rate")])
    def test_out_of_bounds(self, tmp_path: Path, channels: int, rate: int, what: str) -> None:
        path = tmp_path / "a.wav"
        sound = b"\0\0" * channels * 2_000
        sizes = (16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
        head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", *sizes)
        path.write_bytes(head + struct.pack("<4sI", b"data", len(sound)) + sound)
        with pytest.raises(UnsupportedSound, match=what):
            probe(path)

    def test_too_many_streams(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mkv"
        with av.open(str(path), "w") as container:
            for _ in range(65):
                container.add_stream("pcm_s16le", rate=8_000, layout="mono")
            container.start_encoding()
            frame = av.AudioFrame.from_ndarray(voice_like(1, 8_000), format="fltp", layout="mono")
            frame.sample_rate = 8_000
            container.mux(container.streams.audio[0].encode(frame))
        with pytest.raises(UnsupportedSound, match="number of streams is 65, and the limit is 64"):
            probe(path)

    @pytest.mark.parametrize(("limit", "what"), [("MAX_HOURS", "length"), ("MAX_CHANNELS", "channels")])
    def test_a_file_that_decodes_to_more_than_it_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, what: str
    ) -> None:
        path = write_media(tmp_path / "a.wav", voice_like(2, 48_000), 48_000)
        monkeypatch.setattr(f"onrecord.audio.decode.{limit}", 0)
        with pytest.raises(UnsupportedSound, match=what):
            probe(path)

    def test_blocks_are_given_once(self, tmp_path: Path) -> None:
        path = write_media(tmp_path / "a.wav", voice_like(1, 48_000), 48_000)
        with Decoder(path) as decoder:
            assert list(decoder.blocks(sample_rate=48_000))
            with pytest.raises(ValueError, match="once"):
                decoder.blocks(sample_rate=48_000)


def test_damage_that_touches_is_one_entry_and_the_list_is_bounded() -> None:
    damage = DamageList()
    damage.add(1_000, 1_000, DamageKind.UNDECODABLE)
    damage.add(1_020, 1_500, DamageKind.MISSING)
    assert [(d.start_ms, d.end_ms, d.what) for d in damage] == [(1_000, 1_500, DamageKind.UNDECODABLE)]
    for at in range(5_000):
        damage.add(10_000 + at * 1_000, 10_000 + at * 1_000, DamageKind.NOT_A_NUMBER)
    assert len(damage) == 1_000
    assert list(damage)[-1].end_ms == 10_000 + 4_999 * 1_000


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    path = write_media(tmp_path / "a.flac", np.zeros((1, 8_000 * 3_600), dtype=np.float32), 8_000, codec="flac")
    blocks = decode(path, sample_rate=16_000)
    for _ in range(60):
        next(blocks)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(block.shape[1] for block in blocks) > 3_500 * 16_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000  # kilobytes


@pytest.mark.real
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are absent")
def test_real_recordings() -> None:
    facts = probe(SHARED / "recordings" / "shared-culture.mp3")
    assert (facts.duration_ms, facts.codec, facts.channels) == (204_007, "mp3", 2)
    facts = probe(SHARED / "recordings" / "jfk.flac")
    assert (facts.duration_ms, facts.codec) == (11_000, "flac")


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp3", "libmp3lame"),
        ("a.ogg", "libopus"),
        ("a.m4a", "aac"),
        ("a.wav", "pcm_s16le"),
        ("a.flac", "flac"),
    ],
)
def test_any_damage_ends_in_sound_or_a_clear_error(tmp_path: Path, name: str, codec: str) -> None:
    good = write_media(tmp_path / name, voice_like(1, 48_000), 48_000, codec=codec).read_bytes()
    rng = np.random.default_rng(7)
    path = tmp_path / f"b{name}"
    said: list[str] = []
    for _ in range(60):
        data = bytearray(good)
        for at in rng.integers(0, len(data), size=int(rng.integers(1, 30))):
            data[at] = int(rng.integers(256))
        path.write_bytes(data[: int(rng.integers(len(data) // 2, len(data)))])
        try:
            with Decoder(path) as decoder:
                for block in decoder.blocks(sample_rate=16_000):
                    assert np.isfinite(block).all()
        except OnrecordError as clear_error:
            said.append(str(clear_error))
    assert all(str(path) in message for message in said)
