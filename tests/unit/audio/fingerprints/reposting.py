"""Synthetic speech, and what happens to it on its way to a repost; everything with a seed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.convert import Resampler
from onrecord.audio.fingerprints.codes import Fingerprint, fingerprint_of
from onrecord.audio.fingerprints.matching import Match, matches, sound_queries
from onrecord.audio.fingerprints.places import Store
from onrecord.audio.fingerprints.spectrum import RATE
from onrecord.audio.fingerprints.training import mixed, music, pink, spoil
from onrecord.audio.speech import synthesise

Sound = NDArray[np.float32]
_WORDS = (
    "river bridge morning water people buses school animals harbour winter letter mountain window engine market story "
    "village captain garden thunder silver yellow seven eleven Tuesday never always before because nobody carried "
    "waited promised opened answered travelled believed remembered followed understood "
)


@lru_cache(maxsize=32)
def speech(seed: int, seconds: float = 30.0, voice: str = "en-us+m3", pitch: int = 45) -> Sound:
    """Random words in a synthetic voice, mono at 8 kHz."""
    rng = np.random.default_rng(seed)
    text = " ".join(
        str(word) + str(rng.choice(["", "", "", ",", "."])) for word in rng.choice(_WORDS.split(), int(3 * seconds))
    )
    spoken = synthesise(text, voice=voice, pitch=pitch, rate_wpm=int(rng.integers(150, 185)))
    return resampled(spoken.samples[0], spoken.sample_rate, RATE)[: round(seconds * RATE)]


def resampled(sound: Sound, source: int, target: int) -> Sound:
    """The sound at another rate: played at the old one it is `source / target` times as fast."""
    resampler = Resampler(source, target, 1)
    return np.concatenate([resampler.push(sound[np.newaxis, :]), resampler.flush()], axis=1)[0]


def faster(sound: Sound, speed: float) -> Sound:
    """Played faster, and higher by it."""
    return resampled(sound, round(RATE * speed), RATE)


def stretched(sound: Sound, tempo: float) -> Sound:
    """Faster at the same pitch, by overlapping pieces of 30 ms that are set where they agree (WSOLA)."""
    size, hop, slack = 480, 240, 80
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    length = int(sound.size / tempo)
    result, at = np.zeros(length + 2 * size, dtype=np.float32), 0
    padded = np.pad(sound, (slack, 2 * size + slack))
    for put in range(0, length, hop):
        wanted = round(put * tempo) + slack
        if put:
            ahead = padded[at + hop : at + hop + size]
            near = np.lib.stride_tricks.sliding_window_view(padded[wanted - slack : wanted + slack + size], size)
            wanted += int((near @ ahead).argmax()) - slack
        at = min(wanted, padded.size - size - hop)
        result[put : put + size] += window * padded[at : at + size]
    return result[:length]


def reposted(sound: Sound, change: str, seed: int = 5) -> tuple[Sound, float]:
    """The sound after a change, and how much faster it is."""
    rng = np.random.default_rng(seed)
    if change == "clean":
        return sound, 1.0
    if change.startswith("speed"):
        speed = 1 + float(change[5:]) / 100
        return faster(sound, speed), speed
    if change.startswith("tempo"):
        tempo = 1 + float(change[5:]) / 100
        return stretched(sound, tempo), tempo
    if change == "noise 0 dB":
        return mixed(sound, pink(sound.size, rng), 0), 1.0
    if change == "music 0 dB":
        return mixed(sound, music(sound.size, rng), 0), 1.0
    if change == "voice 0 dB":
        return mixed(sound, speech(999, 30, "en-gb+f4", 70)[: sound.size], 0), 1.0
    return spoil(sound, change, [sound], rng), 1.0


def made(sound: Sound) -> Fingerprint:
    """The fingerprint of a sound."""
    return fingerprint_of([sound])


def found(sound: Sound, store: Store) -> list[Match]:
    """What a store knows of a sound."""
    return matches(sound_queries([sound]), store.reader())
