"""The text as espeak-ng speaks it: the phones of each word, how long they last, and how they sound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import HOP, SAMPLE_RATE, log_mel
from onrecord.audio.alignment.reading import Page
from onrecord.audio.convert import Resampler, as_float
from onrecord.audio.espeak import Spoken, speak_each

RATE_WPM = 165
PAUSE = "_"
_STRESS = re.compile(r"[',%=|]")
_VARIANTS = ("", "+f4", "+m3", "+f1")
_VOICES = {
    "en": ("en-us", "en-gb-x-rp+f4", "en-us+m3", "en-us+f1"),
    "en-gb": ("en-gb-x-rp", "en-us+f4", "en-gb-x-rp+m3", "en+f1"),
}
_ALIASES = {"en-us": "en", "en-uk": "en-gb"}


def voices_for(language: str) -> tuple[str, ...]:
    """The voices that speak a text, the one for its durations first."""
    tag = language.lower().replace("_", "-")
    tag = _ALIASES.get(tag, tag)
    return _VOICES.get(tag) or tuple(tag + variant for variant in _VARIANTS)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of a word: its name without stress, and its time in samples of the synthesised speech."""

    name: str
    start: int
    end: int
    word: int
    """Number of the word; -1 for a pause."""


def speech(pages: Sequence[Page], voice: str) -> Iterator[tuple[Page, Spoken, list[Phone]]]:
    """Each page as spoken, with its phones and pauses in order. Raises SpeechFailed."""
    texts = [page.text for page in pages]
    spoken = speak_each(texts, voice=voice, rate_wpm=RATE_WPM, pitch=50, pitch_range=50)
    for page, sound in zip(pages, spoken, strict=True):
        yield page, sound, phones_of(page, sound)


def phones_of(page: Page, spoken: Spoken) -> list[Phone]:
    """The phones of a page.

    Phoneme events come up to 40 ms after the word event of the word that they begin: the first phone of a word
    begins with the word. Words that the engine runs together ("of the") share its phones by their letters.
    """
    events = sorted(
        [(event.sample, 0, "", event.offset) for event in spoken.words]
        + [(event.sample, 1, event.name, 0) for event in spoken.phonemes],
        key=lambda event: event[:2],
    )
    starts = np.array([start for start, _ in page.spans])
    runs: list[tuple[int, int, list[tuple[int, str]]]] = []
    for sample, kind, name, offset in events:
        if kind == 0:
            at = int(np.searchsorted(starts, offset, side="right")) - 1
            if at >= 0 and (not runs or runs[-1][0] != at):
                runs.append((at, sample, []))
        elif runs:
            runs[-1][2].append((sample, name))
    phones: list[Phone] = []
    for index, (at, sample, found) in enumerate(runs):
        after = runs[index + 1] if index + 1 < len(runs) else (len(page.words), spoken.samples.size, [])
        phones.extend(_in_words(page, range(at, max(at + 1, after[0])), sample, found, after[1]))
    return phones


def _in_words(page: Page, run: range, start: int, found: Sequence[tuple[int, str]], end: int) -> Iterator[Phone]:
    """The phones found from `start` to `end`, dealt out to the words of a run."""
    times = [sample for sample, _ in found] + [end]
    named = [
        (_STRESS.sub("", name), times[n], times[n + 1]) for n, (_, name) in enumerate(found) if times[n + 1] > times[n]
    ]
    while named and named[0][0].startswith(PAUSE):
        del named[0]
    spoken = [n for n, (name, _, _) in enumerate(named) if name and not name.startswith(PAUSE)]
    if not spoken:
        return
    letters = np.cumsum([page.spans[at][1] - page.spans[at][0] for at in run])
    for n, (name, low, high) in enumerate(named):
        if n == 0:
            low = min(low, start)
        if name.startswith(PAUSE):
            yield Phone(PAUSE, low, high, -1)
        elif name:
            share = (spoken.index(n) + 0.5) / len(spoken) * letters[-1]
            yield Phone(name, low, high, page.words[run[int(np.searchsorted(letters, share))]])


def frames_of(spoken: Spoken) -> NDArray[np.float16]:
    """Log-mel frames of synthesised speech."""
    resampler = Resampler(spoken.sample_rate, SAMPLE_RATE, 1)
    sound = as_float(spoken.samples[np.newaxis, :])
    return log_mel([resampler.push(sound), resampler.flush()])


def frame_at(sample: int, sample_rate: int) -> int:
    """The frame in which a sample of speech at `sample_rate` lies, rounded."""
    return round(sample * SAMPLE_RATE / sample_rate / HOP)
