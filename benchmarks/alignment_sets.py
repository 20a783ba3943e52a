"""Speech whose words have exact times, made for benchmarks/alignment.py: synthetic voices, joined and spoilt.

Everything here is synthetic. Festival's voices (Debian: festival, festvox-us-slt-hts, festvox-ru) are used where they
are installed; the Russian one is cut from recordings of a speaker, the others are a diphone and a statistical voice. No
voice is one that the text is aligned against.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import SAMPLE_RATE
from onrecord.audio.convert import Resampler
from onrecord.audio.speech import synthesise

Sound = NDArray[np.float32]
OTHERS = {
    "en": ("en-gb-scotland+m7", "en-gb-x-gbclan+f1"),
    "ru": ("ru+m7", "ru+f1"),
    "uk": ("uk+m7", "uk+f1"),
}
FESTIVAL = {"en": ("voice_kal_diphone", "voice_cmu_us_slt_arctic_hts"), "ru": ("voice_msu_ru_nsh_clunits",)}


@dataclass(frozen=True)
class Sentence:
    """A sentence as spoken: its words, sound at SAMPLE_RATE, and starts in ms."""

    words: tuple[str, ...]
    sound: Sound
    starts_ms: tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A recording and the text to align it with; `starts_ms` is None for words that are not said."""

    name: str
    language: str
    sound: Sound
    segments: tuple[tuple[str, ...], ...]
    starts_ms: tuple[tuple[int | None, ...], ...]
    sample_rate: int = SAMPLE_RATE
    tags: frozenset[str] = field(default_factory=frozenset)


_SAYINGS = {
    "en": (
        "the night watch|our neighbour|a woman from the mill|the old ferry|nobody in the valley|the second engineer|"
        "my brother's family|the council of the lower town|every driver|the teacher",
        "had already closed|could not find|was still waiting for|never saw|brought back|would not open|asked twice"
        " about|left behind|was told to guard|remembers",
        "the blue gate by the river|the keys of the pumping station|a letter from the ministry|the last bus to the"
        " harbour|three boxes of candles|the road over the hill|what the radio had promised|the bridge at the brewery|"
        "any of the boats|the school on Garden Street",
        "before the water came|on Tuesday morning|without a word|for more than an hour|although it was dark|"
        "when the telephone rang|as far as anyone knows|after the second alarm|in spite of the rain"
        "|until we called again",
    ),
    "ru": (
        "ночной сторож|наш сосед|женщина с мельницы|старый паром|никто в долине|второй инженер|семья моего брата|"
        "совет нижнего города|каждый водитель|учительница",
        "долго искал|не хочет открывать|всё ещё помнит|видит из окна|спросил дважды про|бросает|должен охранять|"
        "обещает починить|не может найти|покажет нам",
        "синие ворота у реки|ключи от насосной станции|письмо из министерства|последний автобус в гавань|"
        "три коробки свечей|дорогу через холм|то, о чём говорило радио|мост возле пивоварни|любую из лодок|"
        "школу на Садовой улице",
        "пока не пришла вода|во вторник утром|не сказав ни слова|больше часа|хотя было темно|когда зазвонил телефон|"
        "насколько мы знаем|после второй тревоги|несмотря на дождь|пока мы снова не позвонили",
    ),
    "uk": (
        "нічний сторож|наш сусід|жінка з млина|старий пором|ніхто в долині|другий інженер|родина мого брата|"
        "рада нижнього міста|кожен водій|учителька",
        "довго шукав|не хоче відчиняти|все ще пам'ятає|бачить із вікна|двічі питав про|покидає|мусить стерегти|"
        "обіцяє полагодити|не може знайти|покаже нам",
        "сині ворота біля річки|ключі від насосної станції|лист із міністерства|останній автобус до гавані|"
        "три коробки свічок|дорогу через пагорб|те, що казали по радіо|міст коло броварні|будь-який із човнів|"
        "школу на Садовій вулиці",
        "поки не прийшла вода|у вівторок уранці|не сказавши ні слова|більше години|хоча було темно|"
        "коли задзвонив телефон|наскільки ми знаємо|після другої тривоги|попри дощ|поки ми знову не подзвонили",
    ),
}


def sentences(language: str, count: int, seed: int = 1) -> list[tuple[str, ...]]:
    """Invented sentences of 8 to 15 words, no two the same."""
    rng = random.Random(seed)
    parts = [part.split("|") for part in _SAYINGS[language]]
    found: dict[str, None] = {}
    while len(found) < count:
        chosen = [rng.choice(part) for part in parts]
        text = " ".join(chosen if rng.random() < 0.8 else chosen[:3])
        found[text[0].upper() + text[1:] + rng.choice("...?")] = None
    return [tuple(text.split()) for text in found]


def espeak(texts: Sequence[tuple[str, ...]], language: str, seed: int = 2) -> list[Sentence]:
    """Sentences by two other voices of espeak-ng in turn, at changing pace and pitch."""
    rng = random.Random(seed)
    result = []
    for n, words in enumerate(texts):
        voice = OTHERS[language][n // 2 % 2]
        made = synthesise(" ".join(words), voice=voice, rate_wpm=rng.randint(125, 195), pitch=rng.randint(25, 75))
        resampler = Resampler(made.sample_rate, SAMPLE_RATE, 1)
        sound = np.concatenate([resampler.push(made.samples), resampler.flush()], axis=1)[0]
        result.append(Sentence(words, sound, tuple(word.start_ms for word in made.words)))
    return result


def has_festival(voice: str) -> bool:
    """True where a voice of Festival is installed."""
    if not shutil.which("festival"):
        return False
    script = f'(if (member \'{voice.removeprefix("voice_")} (voice.list)) (format t "yes"))'
    done = subprocess.run(["festival", "--batch", script], capture_output=True, text=True, check=False)
    return "yes" in done.stdout


def festival(texts: Sequence[tuple[str, ...]], voice: str) -> list[Sentence]:
    """Sentences by a voice of Festival; those whose words it counts otherwise are left out."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"({voice})", _SAY]
        lines += [f'(say "{" ".join(words)}" "{folder}/{n}.wav")' for n, words in enumerate(texts)]
        (Path(folder) / "say.scm").write_text("\n".join(lines), encoding="utf-8")
        done = subprocess.run(
            ["festival", "--batch", f"{folder}/say.scm"], capture_output=True, text=True, check=True
        ).stdout
        result = []
        for n, (words, block) in enumerate(zip(texts, done.split("END\n"), strict=False)):
            starts = [line.split()[0] for line in block.splitlines() if line.strip()]
            times = [round(float(start) * 1000) for start in starts if start != "0"]
            if len(times) == len(words):
                result.append(Sentence(words, _read(Path(folder) / f"{n}.wav"), tuple(times)))
    return result


_SAY = """(define (say text file)
  (let ((utt (eval (list 'Utterance 'Text text))))
    (utt.synth utt)
    (utt.save.wave utt file 'riff)
    (mapcar (lambda (tok) (format t "%s %s\\n" (item.feat tok "daughter1.word_start") (item.name tok)))
            (utt.relation.items utt 'Token))
    (format t "END\\n")))"""


def _read(path: Path) -> Sound:
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        data = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    resampler = Resampler(rate, SAMPLE_RATE, 1)
    sound = (data / 32768).astype(np.float32)[np.newaxis, :]
    return np.concatenate([resampler.push(sound), resampler.flush()], axis=1)[0]


def spoken(
    name: str,
    language: str,
    said: Sequence[Sentence],
    *,
    unwritten: Sequence[int] = (),
    unspoken: Sequence[tuple[int, tuple[str, ...]]] = (),
    between: dict[int, Sound] | None = None,
    seed: int = 3,
) -> Case:
    """Sentences one after the other with pauses of 0.1 to 1.2 s.

    Those numbered in `unwritten` are said and not in the text; `unspoken` gives sentences that are only in the
    text, each before the sentence of a number; `between` other sound before a sentence.
    """
    rng = random.Random(seed)
    parts = [np.zeros(SAMPLE_RATE // 2, np.float32)]
    at = parts[0].size
    segments: list[tuple[str, ...]] = []
    starts: list[tuple[int | None, ...]] = []
    only_text: dict[int, list[tuple[str, ...]]] = {}
    for before, words in unspoken:
        only_text.setdefault(before, []).append(words)
    for n, sentence in enumerate(said):
        for words in only_text.get(n, ()):
            segments.append(words)
            starts.append((None,) * len(words))
        if between and n in between:
            parts.append(between[n])
            at += between[n].size
        level = np.float32(0.08 / max(1e-6, float(np.sqrt((sentence.sound**2).mean()))))
        if n not in unwritten:
            segments.append(sentence.words)
            starts.append(tuple(start + at * 1000 // SAMPLE_RATE for start in sentence.starts_ms))
        pause = np.zeros(round(rng.uniform(0.1, 1.2) * SAMPLE_RATE), np.float32)
        parts += [sentence.sound * level, pause]
        at += sentence.sound.size + pause.size
    return Case(name, language, np.concatenate(parts), tuple(segments), tuple(starts))


def telephone(case: Case) -> Case:
    """The case through a telephone: 300 to 3400 Hz at 8 kHz."""
    spectrum = np.fft.rfft(case.sound)
    hertz = np.fft.rfftfreq(case.sound.size, 1 / SAMPLE_RATE)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    narrow = np.fft.irfft(spectrum, case.sound.size).astype(np.float32)[::2]
    return replace(case, name=f"{case.name} phone", sound=narrow, sample_rate=SAMPLE_RATE // 2)


def with_noise(case: Case, decibels: float, seed: int = 4) -> Case:
    """The case with pink noise this far below the speech."""
    rng = np.random.default_rng(seed)
    size = case.sound.size
    hertz = np.maximum(np.fft.rfftfreq(size, 1 / case.sample_rate), 50)
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(size)) / np.sqrt(hertz), size)
    return _laid_over(case, noise, decibels, f"{case.name} + noise {decibels:g} dB")


def with_music(case: Case, decibels: float, seed: int = 5) -> Case:
    """The case with made music (chords of plucked strings) this far below the speech."""
    rng = np.random.default_rng(seed)
    size, rate = case.sound.size, case.sample_rate
    music = np.zeros(size + 3 * rate)
    for beat in range(0, size, rate // 3):
        for _ in range(2 if beat // (rate // 3) % 4 else 4):
            pitch = 110 * 2 ** (rng.choice([0, 3, 5, 7, 10, 12, 15, 19, 24]) / 12)
            time = np.arange(2 * rate) / rate
            tone = sum(np.sin(2 * np.pi * pitch * k * time) / k * np.exp(-time * (1 + k)) for k in range(1, 9))
            music[beat : beat + tone.size] += tone
    return _laid_over(case, music[:size], decibels, f"{case.name} + music {decibels:g} dB")


def _laid_over(case: Case, other: NDArray[np.floating], decibels: float, name: str) -> Case:
    speech = case.sound[np.abs(case.sound) > 1e-4]
    level = np.sqrt((speech.astype(np.float64) ** 2).mean() / (other**2).mean()) * 10 ** (-decibels / 20)
    return replace(case, name=name, sound=(case.sound + level * other).astype(np.float32))


def write(case: Case, folder: Path) -> tuple[Path, Path]:
    """The case as a WAV file, a text with a segment a line, and its times as JSON beside them."""
    stem = folder / case.name.replace(" ", "_").replace("+", "with")
    with wave.open(f"{stem}.wav", "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(case.sample_rate)
        peak = max(1.0, float(np.abs(case.sound).max()))
        file.writeframes((case.sound / peak * 32000).astype(np.int16).tobytes())
    Path(f"{stem}.txt").write_text("\n".join(" ".join(words) for words in case.segments) + "\n", encoding="utf-8")
    rows = [
        {"words": [{"word": word, "start_ms": start} for word, start in zip(words, starts, strict=True)]}
        for words, starts in zip(case.segments, case.starts_ms, strict=True)
    ]
    Path(f"{stem}.json").write_text(json.dumps({"language": case.language, "segments": rows}, ensure_ascii=False))
    return Path(f"{stem}.wav"), Path(f"{stem}.txt")


def cases() -> list[Callable[[], Case]]:
    """Every case, to be made one at a time."""
    made: list[Callable[[], Case]] = []
    for language in ("en", "ru", "uk"):
        made.append(lambda language=language: spoken(f"espeak {language}", language, _espeak(language)))
        made.append(lambda language=language: telephone(spoken(f"espeak {language}", language, _espeak(language))))
    for language, voices in FESTIVAL.items():
        for voice in filter(has_festival, voices):
            made += _festival_cases(language, voice)
    return made


def _espeak(language: str) -> list[Sentence]:
    return espeak(sentences(language, 50), language)


def _festival_cases(language: str, voice: str) -> list[Callable[[], Case]]:
    name = f"{voice.split('_')[-2]} {language}"
    texts = sentences(language, 60, seed=7)
    said = festival(texts, voice)
    extra = sentences(language, 70, seed=8)
    strange = espeak(sentences(language, 4, seed=9), language, seed=10)
    foreign = np.concatenate([one.sound for one in strange]) * np.float32(0.5)
    clean = spoken(name, language, said)
    return [
        lambda: clean,
        lambda: with_noise(telephone(clean), 10),
        lambda: with_music(clean, 5),
        lambda: with_noise(
            telephone(spoken(f"{name}, 5 in a row not in the text", language, said, unwritten=range(20, 25))), 10
        ),
        lambda: telephone(
            spoken(f"{name}, every 8th not in the text", language, said, unwritten=range(3, len(said), 8))
        ),
        lambda: telephone(
            spoken(f"{name}, 5 in a row not said", language, said, unspoken=[(20, extra[n]) for n in range(5)])
        ),
        lambda: spoken(
            f"{name}, 6 scattered not said", language, said, unspoken=[(5 + 8 * n, extra[n]) for n in range(6)]
        ),
        lambda: spoken(f"{name}, another speaker between", language, said, between={30: foreign}),
    ]
