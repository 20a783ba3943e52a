"""A script spoken: turns by their voices, one after the other, with the time of every word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.audio.blocks import Block, milliseconds_at
from onrecord.audio.effects import levelled
from onrecord.audio.speech import synthesise
from onrecord.demo.scripts import Turn
from onrecord.text.masks import parse_marked

SPEECH_DBFS = -21.0
_STEP_HZ = 50
"""Turns start at multiples of 20 ms, so that shifted word times stay exact in milliseconds."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How one speaker sounds: espeak-ng voice, words a minute, pitch and its range (0 to 100)."""

    name: str
    rate_wpm: int
    pitch: int
    pitch_range: int = 60
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True)
class PerformedWord:
    text: str
    mask: str | None
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class PerformedTurn:
    turn: Turn
    start_ms: int
    end_ms: int
    words: tuple[PerformedWord, ...]


@dataclass(frozen=True)
class Performance:
    """Dry sound, shape (1, samples), and the turns in order."""

    sound: Block
    sample_rate: int
    turns: tuple[PerformedTurn, ...]


def perform(script: Sequence[Turn], voices: Mapping[str, Voice], *, tail_ms: int = 900) -> Performance:
    """The script spoken; each turn begins its `pause_ms` after the one before has ended."""
    parts: list[Block] = []
    turns: list[PerformedTurn] = []
    position, sample_rate = 0, 0
    for turn in script:
        voice = voices[turn.speaker]
        marked = parse_marked(turn.text)
        speech = synthesise(
            " ".join(text for text, _ in marked),
            voice=voice.name,
            rate_wpm=voice.rate_wpm,
            pitch=voice.pitch,
            pitch_range=voice.pitch_range,
        )
        sample_rate = speech.sample_rate
        step = sample_rate // _STEP_HZ
        ended = speech.words[-1].end_ms * sample_rate // 1000
        sound = levelled(speech.samples[:, :ended], rms_dbfs=SPEECH_DBFS + voice.gain_db)
        pause = _up_to(position + turn.pause_ms * sample_rate // 1000, step) - position
        start_ms = milliseconds_at(position + pause, sample_rate)
        words = tuple(
            PerformedWord(text, mask, start_ms + word.start_ms, start_ms + word.end_ms)
            for (text, mask), word in zip(marked, speech.words, strict=True)
        )
        turns.append(PerformedTurn(turn, start_ms, words[-1].end_ms, words))
        parts += [np.zeros((1, pause), dtype=np.float32), sound]
        position += pause + sound.shape[1]
    parts.append(np.zeros((1, tail_ms * sample_rate // 1000), dtype=np.float32))
    return Performance(np.concatenate(parts, axis=1), sample_rate, tuple(turns))


def _up_to(samples: int, step: int) -> int:
    return -(-samples // step) * step
