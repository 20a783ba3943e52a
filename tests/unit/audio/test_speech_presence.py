"""Speech is found where it is, and silence, hum, tones and noise are not taken for it. Voices are synthetic."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.audio.speech import synthesise
from onrecord.audio.speech_presence import speech_presence
from tests.unit.audio.sounds import write_media

RATE = 16_000
SECONDS = 20


def sound(kind: str) -> np.ndarray:
    rng = np.random.default_rng(3)
    at = np.arange(SECONDS * RATE) / RATE
    made = {
        "digital silence": np.zeros_like(at),
        "a noise floor": rng.standard_normal(at.size) * 0.0005,
        "hiss": rng.standard_normal(at.size) * 0.1,
        "mains hum": 0.3 * np.sin(2 * np.pi * 50 * at) + 0.1 * np.sin(2 * np.pi * 150 * at),
        "a dial tone": 0.3 * np.sin(2 * np.pi * 425 * at),
        "a fading tone": 0.5 * np.sin(2 * np.pi * 300 * at) * np.linspace(1, 0.01, at.size),
    }[kind]
    return made.astype(np.float32)[np.newaxis, :]


@pytest.mark.parametrize(
    "kind", ["digital silence", "a noise floor", "hiss", "mains hum", "a dial tone", "a fading tone"]
)
def test_what_is_no_speech(tmp_path: Path, kind: str) -> None:
    spans = speech_presence(write_media(tmp_path / "sound.wav", sound(kind), RATE))
    assert sum(span.end_ms - span.start_ms for span in spans) < 1000 * SECONDS * 0.05


@pytest.mark.parametrize(("voice", "noise"), [("en-gb+f2", 0.0), ("uk", 0.0), ("ru+m3", 0.003), ("en-us", 0.01)])
def test_speech_is_found_where_it_is(tmp_path: Path, voice: str, noise: float) -> None:
    text = {"uk": "Вода прийшла через міст о шостій.", "ru+m3": "Вода пришла через мост в шесть часов."}.get(
        voice, "The water came over the bridge at six and nobody told us anything."
    )
    speech = synthesise(text, voice=voice)
    pause = np.zeros((1, 5 * speech.sample_rate), dtype=np.float32)
    samples = np.concatenate([pause, speech.samples, pause], axis=1)
    samples += (np.random.default_rng(4).standard_normal(samples.shape) * noise).astype(np.float32)
    spans = speech_presence(write_media(tmp_path / "call.wav", samples, speech.sample_rate))
    said = 1000 * speech.samples.shape[1] / speech.sample_rate
    found = sum(span.end_ms - span.start_ms for span in spans)
    assert 0.6 * said < found < 1.4 * said
    assert 4500 < spans[0].start_ms < 5600
    assert spans[-1].end_ms < 5000 + said + 700


def test_a_sound_of_no_length_has_none(tmp_path: Path) -> None:
    assert speech_presence(write_media(tmp_path / "click.wav", np.ones((1, 800), dtype=np.float32), RATE)) == ()
