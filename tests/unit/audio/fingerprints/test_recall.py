"""Reposts of synthetic speech are found, where they are, at the speed they have; other sound is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.audio.fingerprints import LocalStore, find, fingerprint
from onrecord.audio.fingerprints.spectrum import RATE
from onrecord.audio.fingerprints.training import music, pink
from tests.unit.audio.fingerprints.conftest import VOICES
from tests.unit.audio.fingerprints.reposting import Sound, faster, found, made, reposted, speech
from tests.unit.audio.sounds import write_media

CHANGES = [
    "clean",
    "phone",
    "noise 0 dB",
    "music 0 dB",
    "voice 0 dB",
    "room",
    "speed +10",
    "speed -10",
    "speed +2",
    "speed -5",
    "tempo +10",
    "tempo -5",
]


@pytest.mark.parametrize("change", CHANGES)
def test_six_seconds_are_found_after(change: str, library: LocalStore) -> None:
    for number, start_s in ((0, 3.0), (3, 11.3), (6, 20.7)):
        cut = speech(number, 30, VOICES[number])[round(start_s * RATE) : round((start_s + 6) * RATE)]
        sound, speed = reposted(cut, change.replace(" +", "+").replace(" -", "-"))
        first = found(sound, library)[0]
        assert first.name == f"speech-{number}"
        assert first.start_ms - first.query_start_ms * speed == pytest.approx(start_s * 1000, abs=50)
        assert first.speed == pytest.approx(speed, rel=0.006)
        assert first.sure


@pytest.mark.parametrize("speed", [0.9, 0.97, 1.0, 1.04, 1.1])
def test_speed_is_measured_to_three_tenths_of_a_per_cent(speed: float, library: LocalStore) -> None:
    for number, seconds in ((2, 15), (4, 5)):
        first = found(faster(speech(number, 30, VOICES[number])[5 * RATE : (5 + seconds) * RATE], speed), library)[0]
        assert first.speed == pytest.approx(speed, rel=0.003)


def _negatives() -> list[tuple[str, Sound]]:
    rng = np.random.default_rng(8)
    time = np.arange(8 * RATE) / RATE
    cases = [
        ("silence", np.zeros(8 * RATE)),
        ("a tone", np.sin(2 * np.pi * 1_000 * time)),
        ("a constant", np.full(8 * RATE, 0.7)),
        ("clicks", (np.arange(8 * RATE) % 4_000 == 0) * 0.9),
        ("white noise", rng.standard_normal(8 * RATE)),
        ("pink noise", pink(8 * RATE, rng)),
        ("music", music(8 * RATE, rng)),
        ("a siren", np.sin(2 * np.pi * (900 * time + 40 * np.sin(2 * np.pi * 2 * time)))),
    ]
    return [(name, np.asarray(sound, dtype=np.float32)) for name, sound in cases]


@pytest.mark.parametrize(("name", "sound"), _negatives())
def test_other_sound_is_not_found(name: str, sound: Sound, library: LocalStore) -> None:
    assert found(sound, library) == []


def test_the_same_voice_with_other_words_is_not_found(library: LocalStore) -> None:
    for number in range(4):
        other = speech(100 + number, 30, "en-us+f4" if number % 2 else "en-gb+m7", 60)
        assert found(other, library) == []


def test_a_fingerprint_finds_what_its_sound_finds(library: LocalStore) -> None:
    cut = speech(4, 30, VOICES[4])[4 * RATE : 16 * RATE]
    for sound in (cut, faster(cut, 1.05)):
        by_sound, by_codes = found(sound, library)[0], find(made(sound), library)[0]
        assert by_codes.name == by_sound.name
        assert by_codes.start_ms == pytest.approx(by_sound.start_ms, abs=60)
        assert by_codes.speed == pytest.approx(by_sound.speed, rel=0.004)


def test_excluded_recordings_are_passed_over(library: LocalStore) -> None:
    cut = speech(4, 30, VOICES[4])[: 8 * RATE]
    assert found(cut, library)
    assert find(made(cut), library, exclude={"speech-4"}) == []


def test_the_fingerprint_does_not_depend_on_how_the_sound_is_cut(tmp_path: Path) -> None:
    from onrecord.audio.fingerprints.codes import fingerprint_of

    sound = np.concatenate([speech(n, 30, VOICES[n]) for n in (0, 1, 2)])
    whole = made(sound)
    for size in (1_001, 65_536):
        pieces = fingerprint_of([sound[at : at + size] for at in range(0, sound.size, size)])
        assert np.array_equal(pieces.proof, whole.proof)
        assert np.array_equal(pieces.seed, whole.seed)
    assert whole.duration_ms == 90_000
    assert whole.proof.size == 2 * whole.seed.size


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (11_025, 1), (44_100, 2), (48_000, 8), (192_000, 2)])
def test_any_rate_and_number_of_channels(rate: int, channels: int, tmp_path: Path, library: LocalStore) -> None:
    from tests.unit.audio.fingerprints.reposting import resampled

    cut = resampled(speech(1, 30, VOICES[1])[2 * RATE : 10 * RATE], RATE, rate)
    path = write_media(tmp_path / "sound.wav", np.repeat(cut[np.newaxis, :], channels, axis=0), rate)
    first = find(path, library)[0]
    assert (first.name, first.sure) == ("speech-1", True)
    assert first.start_ms - first.query_start_ms == pytest.approx(2_000, abs=50)


def test_a_constant_and_samples_that_are_no_numbers_do_no_harm(tmp_path: Path, library: LocalStore) -> None:
    cut = speech(1, 30, VOICES[1])[2 * RATE : 12 * RATE].copy() * 0.2 + 0.5
    cut[RATE : RATE + 50] = np.nan
    path = write_media(tmp_path / "sound.wav", cut[np.newaxis, :], RATE, codec="pcm_f32le")
    assert find(path, library)[0].name == "speech-1"
    with path.open("rb") as file:
        assert find(file, library)[0].name == "speech-1"
        file.seek(0)
        assert fingerprint(file).duration_ms == 10_000


@pytest.mark.real
def test_real_speech_is_found_and_other_speech_is_not(shared_data: Path, tmp_path: Path) -> None:
    from onrecord.audio.fingerprints.codes import sound as sound_of

    store = LocalStore(tmp_path / "index")
    folder = shared_data / "reposts"
    recordings = sorted((folder / "index").iterdir())[::3]
    store.add_all([(path.stem, fingerprint(path)) for path in recordings])
    for path in recordings:
        whole = np.concatenate(list(sound_of(path)))
        sound, speed = reposted(whole[10 * RATE : 16 * RATE], "speed+5")
        first = found(sound, store)[0]
        assert first.name == path.stem
        assert first.speed == pytest.approx(speed, rel=0.006)
    for path in sorted((folder / "negative").iterdir()):
        assert find(path, store) == []
