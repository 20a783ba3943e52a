"""A masked copy: the words gone, the rest the same to the bit, and nothing of the source beside the sound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from onrecord.audio.blocks import Span, joined
from onrecord.audio.convert import as_float
from onrecord.audio.decode import Decoder, decode
from onrecord.audio.masked_copy import masked_copy
from onrecord.errors import AudioError, EncodeFailed, MaskFailed
from tests.unit.audio.sounds import files_in, similarity, voice_like, write_media

RATE = 16_000
SPAN = Span(2_000, 2_500)
OUTSIDE = (slice(0, 1_915 * 16), slice(2_585 * 16, None))
"""Samples that a mask of SPAN leaves alone, with its guard of 80 ms and its fade of 5."""

CODECS = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_s64le", "pcm_f32le", "pcm_f64le"]


def numbers(path: Path) -> NDArray[Any]:
    with Decoder(path) as decoder:
        return np.concatenate(list(decoder.samples()), axis=1)


def raw(path: Path) -> NDArray[Any]:
    """What a player decodes, whatever our own decoder does."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("suffix", [".wav", ".aiff", ".flac"])
def test_every_number_format_is_kept_to_the_bit(tmp_path: Path, codec: str, suffix: str) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(4, RATE, channels=2), RATE, codec=codec)
    made = masked_copy(source, tmp_path / f"b{suffix}", [SPAN])
    before, after = numbers(source), numbers(tmp_path / f"b{suffix}")
    assert before.shape == after.shape == (2, 4 * RATE)
    whole = codec != "pcm_s64le" if suffix != ".flac" else codec in ("pcm_u8", "pcm_s16le", "pcm_s24le")
    assert made.exact == whole
    assert made.exact == (made.note == "")
    if made.exact:
        assert before.dtype == after.dtype or (codec, suffix) == ("pcm_u8", ".flac")
    for part in OUTSIDE:
        difference = np.abs(as_float(before[:, part]) - as_float(after[:, part])).max()
        assert difference <= (0 if made.exact else 2.0**-23)
        if made.exact and before.dtype == after.dtype:
            assert np.array_equal(before[:, part], after[:, part])
    inside = slice(1_920 * 16, 2_580 * 16)
    assert abs(similarity(as_float(before[:, inside]), as_float(after[:, inside]))) < 0.03


@pytest.mark.parametrize(
    ("channels", "rate", "layout"),
    [
        (1, 8_000, None),
        (6, 48_000, None),
        (8, 96_000, None),
        (24, 8_000, "22.2"),
        (3, 192_000, "2.1"),
        (1, 11_025, None),
    ],
)
def test_channels_and_rates_are_kept(tmp_path: Path, channels: int, rate: int, layout: str | None) -> None:
    sound = voice_like(1, rate, channels=channels)
    source = write_media(tmp_path / "a.wav", sound, rate, codec="pcm_s24le", layout=layout)
    made = masked_copy(source, tmp_path / "b.wav", [Span(400, 500)])
    assert (made.channels, made.sample_rate, made.duration_ms, made.codec) == (channels, rate, 1_000, "pcm_s24le")
    before, after = numbers(source), numbers(tmp_path / "b.wav")
    assert before.shape == after.shape == (channels, rate)
    assert np.array_equal(before[:, : rate * 3 // 10], after[:, : rate * 3 // 10])
    assert not np.array_equal(before[:, rate * 45 // 100], after[:, rate * 45 // 100])


@pytest.mark.parametrize(("name", "codec", "rate"), [
    ("a.mp3", "libmp3lame", 44_100), ("a.m4a", "aac", 44_100), ("a.ogg", "libopus", 48_000), ("a.flac", "flac", 48_000),
])  # fmt: skip
def test_any_source_becomes_a_wav_of_what_a_player_decodes(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    source = write_media(tmp_path / name, voice_like(4, rate), rate, codec=codec)
    assert masked_copy(source, tmp_path / "b.wav", [SPAN]).exact
    before, after = raw(source), raw(tmp_path / "b.wav")
    end = rate * 19 // 10
    assert np.array_equal(before[:, :end], after[:, :end])
    assert before.shape == after.shape
    assert np.array_equal(before[:, rate * 26 // 10 :], after[:, rate * 26 // 10 :])


def with_another_word(tmp_path: Path, name: str) -> tuple[Path, Path]:
    """Two recordings that differ in the word alone, guard band included."""
    one = voice_like(4, RATE)
    other = one.copy()
    other[:, 1_920 * 16 : 2_580 * 16] = voice_like(0.66, RATE, seed=8) * 4
    return (
        write_media(tmp_path / f"one-{name}", one, RATE, codec="pcm_s16le"),
        write_media(tmp_path / f"other-{name}", other, RATE, codec="pcm_s16le"),
    )


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".aiff", ".mp3", ".opus", ".ogg"])
@pytest.mark.parametrize("tone_hz", [1_000.0, 0.0])
def test_no_byte_of_the_copy_depends_on_what_was_said(tmp_path: Path, suffix: str, tone_hz: float) -> None:
    """Nothing can leak from a word, by pre-echo, overlap or bit reservoir, whose exchange changes no byte."""
    one, other = with_another_word(tmp_path, "a.wav")
    masked_copy(one, tmp_path / f"1{suffix}", [SPAN], tone_hz=tone_hz)
    masked_copy(other, tmp_path / f"2{suffix}", [SPAN], tone_hz=tone_hz)
    assert (tmp_path / f"1{suffix}").read_bytes() == (tmp_path / f"2{suffix}").read_bytes()


def test_a_lossy_copy_says_that_it_was_coded_anew(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.mp3", voice_like(4, 44_100, channels=2), 44_100, codec="libmp3lame")
    for suffix, codec, rate in ((".mp3", "mp3", 44_100), (".opus", "opus", 48_000)):
        made = masked_copy(source, tmp_path / f"b{suffix}", [SPAN])
        assert (made.exact, made.codec, made.sample_rate, made.channels) == (False, codec, rate, 2)
        assert "coded anew" in made.note
        before = joined(list(decode(source, sample_rate=RATE)))
        after = joined(list(decode(tmp_path / f"b{suffix}", sample_rate=RATE)))
        assert before.shape == after.shape
        inside = slice(1_920 * 16, 2_580 * 16)
        assert abs(similarity(before[:, inside], after[:, inside])) < 0.03
        for part in OUTSIDE:
            assert similarity(before[:, part], after[:, part]) > 0.9


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".aiff", ".mp3", ".opus"])
def test_nothing_of_the_source_stands_beside_the_sound(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "a.mkv"
    tags = {"title": "Name of the caller", "comment": "phone 0123", "creation_time": "2024-05-04T09:00:00Z"}
    write_media(source, voice_like(4, 48_000), 48_000, codec="libopus", video=True, metadata=tags)
    out = tmp_path / f"b{suffix}"
    out.write_bytes(b"the words that were here before " * 100_000)
    masked_copy(source, out, [SPAN])
    data = out.read_bytes()
    for word in (b"Name of", b"phone", b"2024", b"Lavf6", b"Lavc", b"TSSE", b"ISFT", b"words that"):
        assert word not in data, word
    with av.open(str(out)) as container:
        assert len(container.streams) == 1
        assert (container.metadata, container.chapters()) == ({}, [])
        assert {name.lower() for name in container.streams[0].metadata} == set()


def test_in_the_word_there_is_the_tone_alone(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(4, RATE), RATE)
    masked_copy(source, tmp_path / "tone.wav", [SPAN])
    masked_copy(source, tmp_path / "still.wav", [SPAN], tone_hz=0)
    inside = slice(1_920 * 16, 2_580 * 16)
    assert not numbers(tmp_path / "still.wav")[:, inside].any()
    tone = as_float(numbers(tmp_path / "tone.wav"))[0, inside]
    spectrum = np.abs(np.fft.rfft(tone * np.hanning(tone.size))) ** 2
    peak = int(spectrum.argmax())
    assert peak * RATE / tone.size == pytest.approx(1_000, abs=3)
    assert spectrum.sum() - spectrum[peak - 3 : peak + 4].sum() < spectrum.sum() * 1e-6


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([Span(500, 500)], "no stretch of time"),
        ([Span(900, 500)], "no stretch of time"),
        ([Span(-500, 500)], "no stretch of time"),
        ([Span(500, 900), Span(4_000, 4_100)], "starts at 4000 ms, but the sound ends at 4000 ms"),
    ],
)
def test_on_an_error_there_is_no_copy(tmp_path: Path, spans: list[Span], reason: str) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(4, RATE), RATE)
    with pytest.raises(MaskFailed, match=reason):
        masked_copy(source, tmp_path / "b.wav", spans)
    assert files_in(tmp_path) == ["a.wav"]


def test_the_original_is_never_written_to(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(4, RATE), RATE)
    (tmp_path / "link.wav").symlink_to(source)
    (tmp_path / "hard.wav").hardlink_to(source)
    before = source.read_bytes()
    for name in ("a.wav", "link.wav", "hard.wav"):
        with pytest.raises(MaskFailed, match="original itself"):
            masked_copy(source, tmp_path / name, [SPAN])
    assert source.read_bytes() == before


def test_formats_that_cannot_hold_the_sound_say_so(tmp_path: Path) -> None:
    source = write_media(tmp_path / "a.wav", voice_like(1, RATE, channels=24), RATE, layout="22.2")
    with pytest.raises(MaskFailed, match="FLAC holds 8 channels"):
        masked_copy(source, tmp_path / "b.flac", [Span(1, 2)])
    with pytest.raises(MaskFailed, match=r"b\.m4a ends in none of \.wav"):
        masked_copy(source, tmp_path / "b.m4a", [Span(1, 2)])
    with pytest.raises(EncodeFailed, match="No such file"):
        masked_copy(source, tmp_path / "none" / "b.wav", [Span(1, 2)])
    made = masked_copy(source, tmp_path / "b.mp3", [Span(1, 2)])
    assert made.channels == 1


def test_a_file_that_changes_its_format_on_the_way_makes_no_copy(tmp_path: Path) -> None:
    one = write_media(tmp_path / "1.flac", voice_like(1, RATE), RATE, codec="flac").read_bytes()
    two = write_media(tmp_path / "2.flac", voice_like(1, RATE, channels=2), RATE, codec="flac").read_bytes()
    both = tmp_path / "both.flac"
    both.write_bytes(one + two[two.index(b"\xff\xf8") :])
    with pytest.raises(AudioError, match="sample formats"):
        masked_copy(both, tmp_path / "b.wav", [Span(100, 200)])
    assert not (tmp_path / "b.wav").exists()
    assert masked_copy(both, tmp_path / "b.mp3", [Span(100, 200)]).duration_ms == pytest.approx(2_000, abs=20)


def test_what_is_no_number_stays_outside_and_goes_inside(tmp_path: Path) -> None:
    sound = voice_like(4, RATE)
    sound[0, [100, 2_200 * 16]] = np.nan
    source = write_media(tmp_path / "a.wav", sound, RATE, codec="pcm_f32le")
    masked_copy(source, tmp_path / "b.wav", [SPAN])
    after = numbers(tmp_path / "b.wav")
    assert np.flatnonzero(np.isnan(after[0])).tolist() == [100]


def test_a_gap_in_the_file_is_silence_in_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_u8", rate=48_000, layout="mono")
        for second in (0, 1, 4):
            frame = av.AudioFrame.from_ndarray(np.full((1, 48_000), 200, dtype=np.uint8), format="u8", layout="mono")
            frame.sample_rate = 48_000
            frame.pts = second * 48_000
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    made = masked_copy(path, tmp_path / "b.wav", [Span(4_300, 4_400)])
    assert made.duration_ms == 5_000
    assert [(damage.start_ms, damage.end_ms) for damage in made.damage] == [(2_000, 4_000)]
    after = numbers(tmp_path / "b.wav")[0]
    assert (after[2 * 48_000 : 4 * 48_000] == 128).all()
    assert (after[: 2 * 48_000] == 200).all()


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    def most_memory(minutes: int) -> int:
        sound = np.zeros((1, 8_000 * 60 * minutes), dtype=np.float32)
        source = write_media(tmp_path / f"{minutes}.flac", sound, 8_000, codec="flac")
        spans = [Span(at * 1_000, at * 1_000 + 400) for at in range(0, 60 * minutes, 5)]
        script = (
            "import resource, sys; from pathlib import Path; from onrecord.audio.blocks import Span;"
            "from onrecord.audio.masked_copy import masked_copy;"
            "masked_copy(Path(sys.argv[1]), Path(sys.argv[2]), eval(sys.argv[3]));"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        arguments = [sys.executable, "-c", script, source, tmp_path / "out.wav", repr(spans)]
        return int(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)

    assert most_memory(60) - most_memory(2) < 8_000  # kilobytes
