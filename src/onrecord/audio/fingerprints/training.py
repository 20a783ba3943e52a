"""Train the projections on synthetic speech: python -m onrecord.audio.fingerprints.training [OUT]

Which linear views of a patch of sound survive what happens to reposts? Each piece of synthetic speech is heard
clean and spoiled (noise, music, another voice, a room, a telephone, a little faster or higher), and the directions
are those in which both agree most, beside all that varies: the top of ½(Cxy + Cyx)w = λ(½(Cxx + Cyy) + εI)w. No
recording that will be searched is needed, and the same seed gives the same file. Takes two to three minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from onrecord.audio.convert import Resampler
from onrecord.audio.fingerprints.model import BITS, PROOF, SEED, Projection, centred
from onrecord.audio.fingerprints.spectrum import FRAME, QUERY_HOP, RATE, Bank, Floats, levels, power
from onrecord.audio.speech import synthesise

PIECES, PIECE_S = 900, 5.0
SPOILS_EACH = 4
_SPOILS = ("noise",) * 3 + ("voice",) * 4 + ("music",) * 3 + ("room",) * 4 + ("phone",)
_VOICES = ("en-us", "en-gb", "uk", "ru", "de", "fr", "es", "pl", "tr", "fa", "hi", "sw")
_VARIANTS = ("", "+m1", "+m3", "+m5", "+m7", "+f1", "+f4")
_ONSETS = (*"bdfghklmnprstvz", "st", "tr", "pl", "kr", "sh")
_VOWELS, _ENDS = (*"aeiou",), (*" nrsltm",)
_RIDGE = 0.01


def train(seed: int = 1) -> dict[str, Floats]:
    """Arrays of the projections, as `model.projections` reads them."""
    rng = np.random.default_rng(seed)
    pieces = [_piece(rng) for _ in range(PIECES)]
    pairs: dict[str, list[tuple[Floats, Floats]]] = {"seed": [], "proof": []}
    contrasts: dict[str, list[Floats]] = {"seed": [], "proof": []}
    for piece in pieces:
        clean = power(piece, QUERY_HOP)
        for _ in range(SPOILS_EACH):
            pitch = 2 ** (rng.uniform(-0.35, 0.35) / 12)
            tempo = 1 + rng.uniform(-0.025, 0.025)
            spoiled = power(spoil(piece, str(rng.choice(_SPOILS)), pieces, rng), QUERY_HOP)
            for name, bank in (("seed", SEED), ("proof", PROOF)):
                x, y, contrast = _pair(clean, spoiled, bank, pitch, tempo, rng)
                pairs[name].append((x, y))
                contrasts[name].append(contrast)
    result: dict[str, Floats] = {}
    for name, bank in (("seed", SEED), ("proof", PROOF)):
        found = _directions(pairs[name], bank, np.concatenate(contrasts[name]))
        # The two keys of a seed are equally good: the best bits go to them in turn.
        order = np.r_[0:BITS:2, 1:BITS:2] if name == "seed" else np.arange(BITS)
        result |= {f"{name}_weights": found.weights[:, order].astype(np.float16)}
        result |= {f"{name}_median": found.median[order], f"{name}_scale": found.scale[order]}
        result |= {f"{name}_contrast": np.array(found.contrast, dtype=np.float32)}
    return result


def _piece(rng: np.random.Generator) -> Floats:
    """Five seconds of invented syllables in a random voice, at 8 kHz."""
    sound = np.zeros(0, dtype=np.float32)
    while sound.size < PIECE_S * RATE:
        words = "".join(_word(rng) + str(rng.choice([" ", " ", " ", ", ", ". "])) for _ in range(12))
        speech = synthesise(
            words,
            voice=str(rng.choice(_VOICES)) + str(rng.choice(_VARIANTS)),
            rate_wpm=int(rng.integers(110, 230)),
            pitch=int(rng.integers(15, 90)),
            pitch_range=int(rng.integers(20, 90)),
        )
        sound = np.concatenate([sound, *_resampled(speech.samples, speech.sample_rate)])
    return sound[: int(PIECE_S * RATE)]


def _word(rng: np.random.Generator) -> str:
    return "".join(
        str(rng.choice(_ONSETS)) + str(rng.choice(_VOWELS)) + str(rng.choice(_ENDS)).strip()
        for _ in range(int(rng.integers(1, 4)))
    )


def _resampled(samples: Floats, rate: int) -> Iterator[Floats]:
    resampler = Resampler(rate, RATE, 1)
    yield resampler.push(samples)[0]
    yield resampler.flush()[0]


def spoil(piece: Floats, how: str, voices: list[Floats], rng: np.random.Generator) -> Floats:
    """The piece as a repost may sound: `how` is noise, voice, music, room or phone; another of `voices` talks over."""
    size = piece.size
    if how == "noise":
        return mixed(piece, pink(size, rng), float(rng.choice([0, 3, 6, 10])))
    if how == "voice":
        return mixed(piece, np.roll(voices[int(rng.integers(len(voices)))], int(rng.integers(size))), 0)
    if how == "music":
        return mixed(piece, music(size, rng), 0)
    if how == "room":
        tail = rng.standard_normal(RATE // 2) * np.exp(-np.arange(RATE // 2) / (0.12 * RATE))
        tail[0] = np.sqrt((tail[1:] ** 2).sum()) * 10 ** (-18 / 20)
        early = int(0.04 * RATE)
        return np.convolve(piece, tail)[early : early + size].astype(np.float32)
    spectrum = np.fft.rfft(piece)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    band = 1 / (1 + (300 / np.maximum(hertz, 1)) ** 8) / (1 + (hertz / 3_400) ** 8)
    return mixed(np.fft.irfft(spectrum * band, size).astype(np.float32), pink(size, rng), 20)


def mixed(sound: Floats, other: Floats, snr_db: float) -> Floats:
    """Both at once, the first `snr_db` dB the louder."""
    gain = np.sqrt((sound**2).mean() / ((other**2).mean() + 1e-12)) * 10 ** (-snr_db / 20)
    return np.asarray(sound + gain * other, dtype=np.float32)


def pink(size: int, rng: np.random.Generator) -> Floats:
    """Noise with as much power in each octave."""
    spectrum = np.fft.rfft(rng.standard_normal(size))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    return np.fft.irfft(spectrum, size).astype(np.float32)


def music(size: int, rng: np.random.Generator) -> Floats:
    """Chords of decaying harmonic tones, with a beat of noise."""
    time = np.arange(size) / RATE
    sound = np.zeros(size)
    beat = rng.uniform(0.2, 0.5)
    for at in np.arange(-beat, size / RATE, beat):
        live = time >= at
        age = time[live] - at
        for _ in range(int(rng.integers(1, 4))):
            tone = 110 * 2 ** (int(rng.integers(0, 36)) / 12)
            for harmonic in range(1, 7):
                if tone * harmonic < 3_900:
                    phase = rng.uniform(0, 2 * np.pi)
                    swing = np.exp(-age * rng.uniform(1, 6)) / harmonic
                    sound[live] += swing * np.sin(2 * np.pi * tone * harmonic * age + phase)
        sound[live] += 0.5 * np.exp(-age * 30) * rng.standard_normal(age.size)
    return sound.astype(np.float32)


def _pair(
    clean: Floats, spoiled: Floats, bank: Bank, pitch: float, tempo: float, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Patches of the clean sound, of the spoiled one at the same places, and the contrast of the clean ones."""
    reach = bank.steps * FRAME // QUERY_HOP
    starts = rng.integers(0, clean.shape[0] - int(reach * 1.03) - 1, 12)
    steps = np.arange(bank.steps) * (FRAME / QUERY_HOP)
    one = levels(clean, bank.bands, hop=QUERY_HOP)
    other = levels(spoiled, bank.bands, hop=QUERY_HOP, pitch=pitch)
    middle = (steps[0] + steps[-1]) / 2
    x, contrast = centred(_at(one, starts[:, np.newaxis] + steps))
    y, _ = centred(_at(other, starts[:, np.newaxis] + middle + (steps - middle) * tempo))
    return x, y, contrast


def _at(values: Floats, where: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Floats:
    where = np.clip(where, 0, values.shape[0] - 1.001)
    low = where.astype(np.int64)
    part = (where - low)[..., np.newaxis].astype(np.float32)
    return np.asarray(values[low] * (1 - part) + values[low + 1] * part, dtype=np.float32)


def _directions(pairs: list[tuple[Floats, Floats]], bank: Bank, contrast: Floats) -> Projection:
    x = np.concatenate([one for one, _ in pairs]).astype(np.float64)
    y = np.concatenate([other for _, other in pairs]).astype(np.float64)
    cross = x.T @ y / len(x)
    within = (x.T @ x + y.T @ y) / (2 * len(x))
    size = within.shape[0]
    root = np.linalg.cholesky(within + _RIDGE * np.trace(within) / size * np.eye(size))
    inverse = np.linalg.inv(root)
    _, vectors = np.linalg.eigh(inverse @ (0.5 * (cross + cross.T)) @ inverse.T)
    weights = (inverse.T @ vectors[:, ::-1][:, :BITS]).astype(np.float32)
    # An eigenvector's sign is free; fixed, so that the file is the same wherever it is made.
    weights *= np.sign(weights[np.abs(weights).argmax(axis=0), np.arange(BITS)])
    projected = x.astype(np.float32) @ weights
    median = np.median(projected, axis=0).astype(np.float32)
    scale = np.abs(projected - median).mean(axis=0).astype(np.float32)
    return Projection(bank, weights, median, scale, float(np.median(contrast)))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("projections.npz")
    np.savez_compressed(target, allow_pickle=False, **train())
