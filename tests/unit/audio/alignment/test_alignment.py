"""Words to moments: exact times of synthetic speech, what is missing, what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from onrecord.audio.alignment import Flag, align
from onrecord.errors import AlignmentStopped, NotAudio, NothingToAlign, SpeechFailed
from onrecord.text.subtitles import read_subtitles
from tests.unit.audio.alignment.speaking import RATE, errors_ms, spoken, written

STRANGE = [
    tuple(text.split())
    for text in (
        "Three generals quarrelled loudly beneath Vesuvius while judges photographed giraffes.",
        "Quick brown foxes rarely jump across exhausted photographers in Paris.",
        "Mathematics makes marvellous mornings much more manageable for mice.",
        "Please deliver eighteen yellow umbrellas to Apartment Nine immediately.",
    )
]


def noisy(sound: np.ndarray, decibels: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    level = np.sqrt((sound[np.abs(sound) > 1e-4] ** 2).mean()) * 10 ** (-decibels / 20)
    return (sound + level * rng.standard_normal(sound.size)).astype(np.float32)


@pytest.mark.parametrize("language", ["en", "uk", "ru", "pl"])
def test_words_are_found_where_they_are_said(language: str, tmp_path: Path) -> None:
    said = spoken(language)
    found = align(written(tmp_path / "a.wav", said.sound), said.segments, language=language)
    errors = errors_ms(found, said.starts_ms)
    assert np.median(errors) <= 20
    assert np.quantile(errors, 0.9) <= 60
    assert errors.max() <= 300
    assert [segment.flag for segment in found.segments] == [Flag.NONE] * len(said.segments)
    assert abs(found.duration_ms - said.sound.size * 1000 // RATE) <= 10
    assert not found.unclaimed
    times = [t for segment in found.segments for word in segment.words for t in (word.start_ms, word.end_ms)]
    assert times == sorted(times)


def test_through_a_telephone_in_noise(tmp_path: Path) -> None:
    said = spoken("en")
    spectrum = np.fft.rfft(noisy(said.sound, 12))
    hertz = np.fft.rfftfreq(said.sound.size, 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    narrow = np.fft.irfft(spectrum, said.sound.size).astype(np.float32)[::2]
    found = align(written(tmp_path / "a.wav", narrow, RATE // 2), said.segments, language="en")
    errors = errors_ms(found, said.starts_ms)
    assert np.quantile(errors, 0.9) <= 100
    assert errors.max() <= 500


def test_sentences_that_are_not_said_are_missing_and_move_nothing(tmp_path: Path) -> None:
    said = spoken("en")
    segments = (*said.segments[:3], STRANGE[0], STRANGE[1], *said.segments[3:])
    found = align(written(tmp_path / "a.wav", said.sound), segments, language="en")
    assert [n for n, segment in enumerate(found.segments) if segment.flag] == [3, 4]
    assert {found.segments[n].flag for n in (3, 4)} == {Flag.MISSING}
    assert all(word.confidence == 0 for n in (3, 4) for word in found.segments[n].words)
    found_said = [found.segments[n] for n in range(len(segments)) if n not in (3, 4)]
    errors = errors_ms(type(found)(tuple(found_said), found.duration_ms, ()), said.starts_ms)
    assert errors.max() <= 300


def test_speech_that_is_not_written_is_told_and_moves_nothing(tmp_path: Path) -> None:
    said = spoken("en")
    text = said.without(3, 4)
    found = align(written(tmp_path / "a.wav", said.sound), text.segments, language="en")
    assert errors_ms(found, text.starts_ms).max() <= 300
    (span,) = found.unclaimed
    assert abs(span.start_ms - said.starts_ms[3][0]) <= 400
    assert abs(span.end_ms - said.starts_ms[5][0]) <= 1_000
    assert found.segments[2].flag is Flag.GAP
    assert found.segments[3].flag is Flag.GAP


def test_text_of_another_recording_is_not_smeared_over_this_one(tmp_path: Path) -> None:
    found = align(written(tmp_path / "a.wav", spoken("ru").sound), STRANGE, language="en")
    assert all(segment.flag for segment in found.segments)
    assert max(segment.confidence for segment in found.segments) < 0.5


def test_a_noted_sound_takes_the_place_of_the_sound(tmp_path: Path) -> None:
    said = spoken("en")
    at = RATE * said.starts_ms[4][0] // 1000
    cough = np.random.default_rng(2).standard_normal(RATE) * np.hanning(RATE) * 0.2
    sound = np.concatenate([said.sound[:at], cough.astype(np.float32), said.sound[at:]])
    segments = (*said.segments[:4], ("<cough>",), *said.segments[4:])
    found = align(written(tmp_path / "a.wav", sound), segments, language="en")
    noted = found.segments[4]
    assert said.starts_ms[4][0] - 500 <= noted.start_ms <= said.starts_ms[4][0] + 700
    assert not noted.flag
    late = tuple(tuple(start + 1000 for start in starts) for starts in said.starts_ms[4:])
    rest = type(found)(found.segments[5:], found.duration_ms, ())
    assert errors_ms(rest, late).max() <= 300


def test_words_that_nobody_can_read_out_lie_between_their_neighbours(tmp_path: Path) -> None:
    said = spoken("en")
    first = (*said.segments[0][:3], "–", "[…]", *said.segments[0][3:])
    found = align(written(tmp_path / "a.wav", said.sound), (first, *said.segments[1:]), language="en")
    words = found.segments[0].words
    assert words[2].end_ms <= words[3].start_ms <= words[4].end_ms <= words[5].start_ms


@pytest.mark.parametrize(
    ("sound", "text", "reason"),
    [
        (np.zeros(RATE, np.float32), "Hello there", "the recording is silent"),
        (np.ones(RATE // 10, np.float32), "Hello there", "shorter than 0.2 s"),
        (spoken("en").sound[:RATE], "", "no words that can be spoken"),
        (spoken("en").sound[:RATE], "… <cough> —", "no words that can be spoken"),
    ],
)
def test_what_cannot_be_aligned(sound: np.ndarray, text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(NothingToAlign, match=reason):
        align(written(tmp_path / "a.wav", sound), [text.split()], language="en")


def test_half_a_second_and_a_long_text_is_an_answer_with_flags(tmp_path: Path) -> None:
    said = spoken("en")
    found = align(written(tmp_path / "a.wav", said.sound[8_000:16_000]), said.segments, language="en")
    assert [segment.flag for segment in found.segments[1:]] == [Flag.MISSING] * (len(said.segments) - 1)
    assert all(segment.end_ms <= found.duration_ms for segment in found.segments)


def test_an_unknown_language_and_a_file_that_is_no_sound(tmp_path: Path) -> None:
    path = written(tmp_path / "a.wav", spoken("en").sound[:RATE])
    with pytest.raises(SpeechFailed, match="no such voice"):
        align(path, [["Hello"]], language="xx-none")
    (tmp_path / "b.wav").write_text("Hello")
    with pytest.raises(NotAudio):
        align(tmp_path / "b.wav", [["Hello"]], language="en")


def test_progress_goes_from_0_to_1_and_it_can_be_stopped(tmp_path: Path) -> None:
    said = spoken("pl")
    path = written(tmp_path / "a.wav", said.sound)
    shares: list[float] = []
    align(path, said.segments, language="pl", progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    with pytest.raises(AlignmentStopped):
        align(path, said.segments, language="pl", cancelled=lambda: len(shares) > 3)
    empty = align(path, [*said.segments, ()], language="pl")
    assert empty.segments[-1].words == ()


@pytest.mark.real
def test_captions_of_a_recording_that_is_music_and_silence_are_all_flagged(shared_data: Path) -> None:
    folder = shared_data / "recordings"
    cues = read_subtitles((folder / "shared-culture.en.vtt").read_bytes(), "captions.vtt").segments
    words = [[word.text for word in cue.words] for cue in cues]
    found = align(folder / "shared-culture.mp3", words, language="en")
    assert all(segment.flag for segment in found.segments)
    after_the_music = [s for s, cue in zip(found.segments, cues, strict=True) if cue.start_ms > 90_000]
    assert {segment.flag for segment in after_the_music} == {Flag.MISSING}


@pytest.mark.real
@pytest.mark.parametrize(("name", "half"), [("librivox", 60), ("cold-corpus-3", 347)])
def test_real_speech_within_half_of_what_aeneas_reaches(name: str, half: int, shared_data: Path) -> None:
    wanted = json.loads((shared_data / "align" / f"{name}.json").read_text())["segments"]
    segments = [[word["word"] for word in segment["words"]] for segment in wanted]
    found = align(shared_data / "align" / f"{name}.flac", segments, language="en")
    errors = errors_ms(found, [[word["start_ms"] for word in segment["words"]] for segment in wanted])
    assert np.quantile(errors, 0.9) <= half
    assert errors.max() <= 1000
