"""The espeak-ng library, called directly: text in, samples with word and phoneme events out.

Initialised for retrieval in the caller's thread (`AUDIO_OUTPUT_SYNCHRONOUS`; the asynchronous mode with a
callback crashes). The library keeps the phase of its oscillators in static variables, over `espeak_Terminate`
too, so that the same text sounds a little different the second time. It is therefore loaded for each text and
unloaded after it, which costs 12 ms; where a system does not unload libraries only exact repetition is lost.
"""

from __future__ import annotations

import _ctypes  # dlclose is nowhere else
import ctypes
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import espeakng_loader  # type: ignore[import-untyped,unused-ignore]
import numpy as np
from numpy.typing import NDArray

from onrecord.errors import SpeechFailed

_SYNCHRONOUS = 2
_PHONEME_EVENTS = 1
_DO_NOT_EXIT = 0x8000
"""Without it the library ends the process when its data are not there."""
_UTF8 = 1
_POSITION_BY_CHARACTER = 1
_RATE, _PITCH, _PITCH_RANGE = 1, 3, 4
_EVENT_LIST_END, _EVENT_WORD, _EVENT_CLAUSE_END, _EVENT_PHONEME = 0, 1, 5, 7


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class WordEvent:
    """A word begins at `sample`; in the text it is `length` characters from `offset`."""

    sample: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class PhonemeEvent:
    """A phoneme begins at `sample`; `name` is espeak-ng's own for it, stress marks too. Pauses are named `_…`."""

    sample: int
    name: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """16-bit mono samples, where words and phonemes begin, and where clauses end (all in samples)."""

    samples: NDArray[np.int16]
    sample_rate: int
    words: tuple[WordEvent, ...]
    clause_ends: tuple[int, ...]
    phonemes: tuple[PhonemeEvent, ...]


class _Engine:
    """The library, freshly loaded, and what it hands out while it speaks."""

    def __init__(self) -> None:
        self._library: Any = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data = str(espeakng_loader.get_data_path()).encode()
        self.sample_rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DO_NOT_EXIT | _PHONEME_EVENTS))
        if self.sample_rate <= 0:
            # One reference left open would keep the library, and its oscillators' phase, for all later texts.
            _ctypes.dlclose(self._library._handle)
            raise SpeechFailed(voice="(any)", reason="espeak-ng's data could not be loaded")
        self._samples: list[NDArray[np.int16]] = []
        self._words: list[WordEvent] = []
        self._clause_ends: list[int] = []
        self._phonemes: list[PhonemeEvent] = []
        # Kept: ctypes frees a callback that nothing refers to, and the library goes on calling it.
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, voice: str, rate_wpm: int, pitch: int, pitch_range: int) -> Spoken:
        self._samples, self._words, self._clause_ends, self._phonemes = [], [], [], []
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SpeechFailed(voice=voice, reason="espeak-ng has no such voice")
        for parameter, value in ((_RATE, rate_wpm), (_PITCH, pitch), (_PITCH_RANGE, pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        data = text.encode()
        size = ctypes.c_size_t(len(data) + 1)
        status = self._library.espeak_Synth(data, size, 0, _POSITION_BY_CHARACTER, 0, _UTF8, None, None)
        if status != 0 or not self._samples:
            raise SpeechFailed(voice=voice, reason="espeak-ng gave no sound for it")
        return Spoken(
            np.concatenate(self._samples),
            self.sample_rate,
            tuple(self._words),
            tuple(self._clause_ends),
            tuple(self._phonemes),
        )

    def close(self) -> None:
        self._library.espeak_Terminate()
        _ctypes.dlclose(self._library._handle)

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if count > 0:
            self._samples.append(np.ctypeslib.as_array(samples, shape=(count,)).astype(np.int16))
        index = 0
        while (event := events[index]).type != _EVENT_LIST_END:
            # Words of no length are the engine's own markers (a change of intonation, an omitted quotation
            # mark).
            if event.type == _EVENT_WORD and event.length > 0:
                self._words.append(WordEvent(event.sample, event.text_position - 1, event.length))
            elif event.type == _EVENT_CLAUSE_END:
                self._clause_ends.append(event.sample)
            elif event.type == _EVENT_PHONEME:
                # Eight bytes without an end mark; a name that is cut within a letter is still one name.
                self._phonemes.append(PhonemeEvent(event.sample, bytes(event.id).decode(errors="replace")))
            index += 1
        return 0


_lock = threading.Lock()


def speak(text: str, *, voice: str, rate_wpm: int, pitch: int, pitch_range: int) -> Spoken:
    """What espeak-ng says, the same for the same arguments; from any thread, one speaks at a time.

    Raises SpeechFailed.
    """
    with _lock:
        engine = _Engine()
        try:
            return engine.speak(text, voice, rate_wpm, pitch, pitch_range)
        finally:
            engine.close()


def speak_each(texts: Iterable[str], *, voice: str, rate_wpm: int, pitch: int, pitch_range: int) -> Iterator[Spoken]:
    """What espeak-ng says of each text, from one loading of the library: for many texts.

    Nobody else speaks until the iterator is exhausted or closed. Raises SpeechFailed.
    """
    with _lock:
        engine = _Engine()
        try:
            for text in texts:
                yield engine.speak(text, voice, rate_wpm, pitch, pitch_range)
        finally:
            engine.close()
