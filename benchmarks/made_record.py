"""A synthetic record of talk for benchmarks: nobody said any of it.

Words follow Zipf's law (rank-frequency as Mandelbrot 1953 has it), steep enough that English has about as many
different written words as real speeches and calls (7,500 in 44,000), and languages with cases half as many more. The
commonest are a language's real ones, the rest are made of syllables. Each word has followers of its own that it takes
nearly half the time, so that pairs of words come again as they do in talk. A recording is an hour: about 10,000
words, some speakers, segments of 6 to 24 words; half of the recordings are in English, a quarter each in Ukrainian
and Russian. One number gives one recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from onrecord.text.transcripts import Segment, Transcript, Word, estimate_word_times

RECORDING_WORDS = 10_000
_TYPES, _FOLLOWERS, _LONGEST = 60_000, 6, 24
_STEEPNESS = {"en": 1.18, "uk": 1.08, "ru": 1.08}
_LANGUAGES = ("en", "uk", "en", "ru")
_COMMON = {
    "en": "the and of to a in that is was it for on are with as I his they be at one have this from or had by not but "
    "what all were we when your can said there you don't it's would my who will no if out so up an he she her him "
    "about them then some could into time only its over think also back after use two how our first well way even "
    "new want because any these give most us can't didn't people year never water night house road",
    "uk": "і в не на що я та з у до це як він за ми а вони але й так від є все мене вже про або ще бо його нас вам "
    "вона ти мені було якщо тут там коли дуже тільки один два люди день ніч вода дорога будинок ніколи треба можна",
    "ru": "и в не на что я с он как это а то все она так его но да ты к у же вы за бы по только ее мне было вот от "
    "меня еще нет о из ему теперь когда даже ну вдруг ли если уже или быть был него до вас люди ночь вода дорога",
}
_SYLLABLES = {
    "en": "ba con der el fin gar hol is jun kel lor men nor pal ren sol tam ur ven wick est ing ly tion ard orn ule",
    "uk": "ба вер гор дин жит зем кол лів мир нос пол рів сол тра хом чис ють ник ова ість ені ого ими ще ця",
    "ru": "ба вер гор дин жит зем кол лов мир нос пол рыв сол тра хом чис ют ник ова ость ены ого ими ще ца",
}
_SPEAKERS = {
    "en": ["Ada Marlow", "Thomas Reed", "A woman", "The operator", "Governor Hale", "Ruth Enderby"],
    "uk": ["Жінка", "Чоловік", "Олена Марченко", "Диспетчер"],
    "ru": ["Женщина", "Мужчина", "Анна Веснина", "Диспетчер"],
}


@lru_cache(maxsize=3)
def _language(code: str) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Words by rank, their cumulated probability, and the followers of each."""
    rng = np.random.default_rng(sum(map(ord, code)))
    words = list(dict.fromkeys(_COMMON[code].split()))
    known, syllables = set(words), _SYLLABLES[code].split()
    while len(words) < _TYPES:
        size = 2 + min(3, int(rng.integers(0, 2 + len(words) // 8000)))
        word = "".join(syllables[k] for k in rng.integers(0, len(syllables), size))
        if word not in known:
            known.add(word)
            words.append(word)
    chances = np.cumsum((np.arange(_TYPES) + 2.7) ** -_STEEPNESS[code])
    chances /= chances[-1]
    return words, chances, np.searchsorted(chances, rng.random((_TYPES, _FOLLOWERS)))


def passages(code: str, count: int, rng: np.random.Generator) -> list[list[str]]:
    """Sentences of 6 to 24 written words."""
    words, chances, followers = _language(code)
    drawn = np.searchsorted(chances, rng.random((count, _LONGEST)))
    follow, which = rng.random((count, _LONGEST)) < 0.45, rng.integers(0, _FOLLOWERS, (count, _LONGEST))
    for n in range(1, _LONGEST):
        drawn[:, n] = np.where(follow[:, n], followers[drawn[:, n - 1], which[:, n]], drawn[:, n])
    lengths = rng.integers(6, _LONGEST + 1, count)
    commas = rng.random((count, _LONGEST)) < 0.07
    result = []
    for row, length, marks in zip(drawn.tolist(), lengths.tolist(), commas.tolist(), strict=True):
        texts = [words[n] + "," if mark else words[n] for n, mark in zip(row[:length], marks, strict=False)]
        texts[0] = texts[0].capitalize()
        texts[-1] = texts[-1].rstrip(",") + "."
        result.append(texts)
    return result


def recording(number: int, *, words: int = RECORDING_WORDS) -> Transcript:
    """One synthetic recording's transcript."""
    code = _LANGUAGES[number % len(_LANGUAGES)]
    rng = np.random.default_rng([7, number])
    speakers = [_SPEAKERS[code][k] for k in rng.choice(len(_SPEAKERS[code]), 3, replace=False)]
    segments: list[Segment] = []
    at = 0
    for n, texts in enumerate(passages(code, round(words / 15), rng), start=1):
        end = at + 350 * len(texts)
        said = [Word(f"s{n}w{k}", text, None, None) for k, text in enumerate(texts, start=1)]
        timed = estimate_word_times(said, at, end)
        segments.append(Segment(f"s{n}", at, end, speakers[int(rng.integers(0, 3))], timed))
        at = end + 200
    return Transcript(f"recording-{number}", code, tuple(segments))


def recordings(words: int) -> Iterator[Transcript]:
    """Recordings of about so many words in all."""
    for number in range(max(1, words // RECORDING_WORDS)):
        yield recording(number)


KINDS = ("exact", "ellipsis", "bracket", "altered", "dropped", "spliced", "unbound", "fragment")


def quotation(number: int, transcripts: int) -> tuple[str, str]:
    """(kind, text) of one quotation from recordings 0..transcripts (exclusive), or from none of them."""
    rng = np.random.default_rng([11, number])
    kind = KINDS[number % len(KINDS)]
    source = int(rng.integers(0, transcripts))
    code = _LANGUAGES[source % len(_LANGUAGES)]
    if kind == "unbound":
        return kind, " ".join(passages(code, 1, rng)[0])
    lines = [[word.text for word in segment.words] for segment in _recording(source).segments]
    at = int(rng.integers(0, len(lines) - 60))
    line = next(line for line in lines[at:] if len(line) >= 10)
    middle = len(line) // 2
    if kind == "ellipsis":
        line = [*line[: middle - 1], "…", *line[middle + 1 :]]
    elif kind == "bracket":
        line = [*line[:middle], "[the people]" if code == "en" else "[люди]", *line[middle + 1 :]]
    elif kind == "altered":
        line = [*line[:middle], passages(code, 1, rng)[0][2].strip(",."), *line[middle + 1 :]]
    elif kind == "dropped":
        line = [*line[:middle], *line[middle + 1 :]]
    elif kind == "spliced":
        line = [*line[:7], *next(other for other in lines[at + 20 :] if len(other) >= 10)[2:9]]
    elif kind == "fragment":
        line = line[middle : middle + 2]
    return kind, " ".join(line)


@lru_cache(maxsize=8)
def _recording(number: int) -> Transcript:
    return recording(number)
