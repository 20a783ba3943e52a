"""Synthetic speech whose words have exact times: for the demo, for tests, for alignment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.audio.blocks import Block, milliseconds_at
from onrecord.audio.convert import as_float
from onrecord.audio.espeak import Spoken, speak
from onrecord.errors import SpeechFailed

RATES_WPM = (80, 450)
TAIL_MS = 15
"""A word is given this much after its last audible sample."""
_AUDIBLE = 10 ** (-45 / 20)

# What is written and what espeak-ng reads well, one character for one, so that positions stay: the
# typographic apostrophe splits a Ukrainian word, and quotation marks are read out in some languages.
_FOR_READING = str.maketrans({"’": "'", "ʼ": "'", **dict.fromkeys('"“”„«»‹›‘‚()[]*', " "), "…": ".", "\n": " "})
_WORD = re.compile(r"\S*\w\S*")
_ALIASES = {"en-gb": "en"}
"""espeak-ng calls British English `en`, and does not find it by its own language tag."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as written, punctuation too, and when it sounds; `text_offset` and `length` in characters."""

    text: str
    start_ms: int
    end_ms: int
    text_offset: int
    length: int


@dataclass(frozen=True)
class Speech:
    """Mono sound, shape (1, samples), and its words in order."""

    samples: Block
    sample_rate: int
    words: tuple[SpokenWord, ...]


def synthesise(text: str, *, voice: str, rate_wpm: int = 165, pitch: int = 50, pitch_range: int = 50) -> Speech:
    """The text as espeak-ng speaks it: the same samples for the same arguments, whatever was spoken before
    (but for the variants with breath in them, f2, f3 and f5, whose noise the engine does not repeat).

    `voice` is a language with an optional variant ("ru", "uk+f2", "en-gb", "en-us+f4"); `rate_wpm` 80 to 450
    words a minute; `pitch` and `pitch_range` 0 to 100. A word ends where its sound does, at the latest where
    the next begins. Words that the engine runs together ("of the") share their time by their letters. Raises
    SpeechFailed.
    """
    if not _WORD.search(text):
        raise SpeechFailed(voice=voice, reason="there are no words in it")
    if not RATES_WPM[0] <= rate_wpm <= RATES_WPM[1]:
        raise SpeechFailed(voice=voice, reason=f"{rate_wpm} words a minute is not within {RATES_WPM}")
    language, plus, variant = voice.partition("+")
    name = _ALIASES.get(language.lower(), language) + plus + variant
    reading = text.translate(_FOR_READING)
    spoken = speak(reading, voice=name, rate_wpm=rate_wpm, pitch=pitch, pitch_range=pitch_range)
    samples = as_float(spoken.samples[np.newaxis, :])
    return Speech(samples, spoken.sample_rate, _timed(text, spoken, samples))


def _timed(text: str, spoken: Spoken, samples: Block) -> tuple[SpokenWord, ...]:
    written = list(_WORD.finditer(text))
    starts = _starts(written, spoken)
    stops = sorted({*spoken.clause_ends, *starts, samples.shape[1]})
    loud = np.flatnonzero(np.abs(samples[0]) > _AUDIBLE * float(np.abs(samples).max()))
    tail = spoken.sample_rate * TAIL_MS // 1000
    words = []
    for match, start in zip(written, starts, strict=True):
        limit = next(stop for stop in stops if stop > start or stop == samples.shape[1])
        sounding = loud[np.searchsorted(loud, start) : np.searchsorted(loud, limit)]
        end = min(limit, int(sounding[-1]) + tail) if sounding.size else limit
        start_ms, end_ms = (milliseconds_at(at, spoken.sample_rate) for at in (start, end))
        words.append(SpokenWord(match.group(), start_ms, end_ms, match.start(), len(match.group())))
    return tuple(words)


def _starts(written: Sequence[re.Match[str]], spoken: Spoken) -> list[int]:
    """Where written words begin, in samples: at their first event, else by sharing with the word before."""
    found: list[int | None] = []
    for match in written:
        inside = [event.sample for event in spoken.words if match.start() <= event.offset < match.end()]
        found.append(min(inside) if inside else None)
    starts: list[int] = []
    index = 0
    while index < len(written):
        run = index + 1
        while run < len(written) and found[run] is None:
            run += 1
        begin = found[index] or 0
        next_words = [at for at in found[run:] if at is not None][:1]
        end = min([*next_words, *(at for at in spoken.clause_ends if at > begin)], default=spoken.samples.size)
        lengths = np.array([len(match.group()) for match in written[index:run]], dtype=np.float64)
        shares = np.concatenate([[0.0], np.cumsum(lengths)[:-1]]) / lengths.sum()
        starts.extend(round(begin + share * (end - begin)) for share in shares)
        index = run
    return starts
