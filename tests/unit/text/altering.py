"""Seeded makers of faithful and unfaithful quotations over any transcript, for tests and benchmarks.

Each maker takes the words of one or two segments and gives the printed text, or None where it does not apply.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from onrecord.text.lexicon import FILLERS, is_false_start, is_negation
from onrecord.text.normalise import word_keys
from onrecord.text.numbers import is_number
from onrecord.text.transcripts import Segment, Transcript
from tests.generators.quotations import cuts_number

ADVERBS = {
    "en": ["also", "clearly", "gladly", "truly", "maybe"],
    "uk": ["також", "справді"],
    "ru": ["также", "очень"],
}
NOT = {"en": "not", "uk": "не", "ru": "не"}
NUMBERS = {"en": ["six", "eleven", "forty", "million"], "uk": ["шість", "сорок"], "ru": ["шесть", "сорок"]}
NOUNS = {"en": ["citizens", "duty", "fine", "wish"], "uk": ["громада", "обов'язок"], "ru": ["община", "долг"]}
BRACKETS = {"en": ["the people", "in this country"], "uk": ["люди", "у країні"], "ru": ["люди", "в стране"]}


@dataclass(frozen=True)
class Case:
    """One quotation with what the check must find."""

    kind: str
    text: str
    speaker: str | None
    accept: tuple[str, ...]
    transcript: str | None
    start_ms: int = 0
    end_ms: int = 0
    grave: bool = False

    @property
    def faithful(self) -> bool:
        return "verbatim" in self.accept or "edited" in self.accept


def cases(transcripts: list[Transcript], language: str, count: int, seed: int) -> list[Case]:
    """About `count` cases of all kinds, the same for the same seed."""
    rng = random.Random(seed)
    usable = [
        (t, n)
        for t in transcripts
        for n, s in enumerate(t.segments)
        if 8 <= len(s.words) <= 45
        and sum(len(word_keys(w.text)) > 0 for w in s.words) >= 8
        and not any(w.mask for w in s.words)
    ]
    makers = [*FAITHFUL.items(), *UNFAITHFUL.items()]
    result: list[Case] = []
    for n in range(count * 2):
        transcript, number = rng.choice(usable)
        _, maker = makers[n % len(makers)]
        made = maker(rng, transcript, number, language)
        if made:
            result.append(made)
        if len(result) >= count:
            break
    return result


def _case(kind, text, segment, transcript, accept, *, speaker=None, grave=False, end=None):
    text = re.sub(r"[.,;:]+$", "", text.strip())
    return Case(
        kind,
        text,
        segment.speaker if speaker is None else speaker,
        accept,
        transcript.id,
        segment.start_ms,
        (end or segment).end_ms,
        grave,
    )


def _words(segment: Segment) -> list[str]:
    return [w.text for w in segment.words]


def _speech(word: str) -> bool:
    keys = word_keys(word)
    return bool(keys) and not any(k in FILLERS or is_false_start(k) for k in keys) and word[0] not in "([—–-"


def _key(word: str) -> tuple[str, ...]:
    return word_keys(word)


def _whole(rng, t, n, lang):
    return _case("whole", t.segments[n].text, t.segments[n], t, ("verbatim",))


def _clause(rng, t, n, lang):
    words = _words(t.segments[n])
    size = rng.randint(5, len(words) - 1)
    at = rng.randrange(len(words) - size + 1)
    if _after_negation(words, at) or cuts_number(words, at, at + size):
        return None
    if sum(bool(_key(w)) for w in words[at : at + size]) < 4:
        return None
    return _case("clause", " ".join(words[at : at + size]), t.segments[n], t, ("verbatim",))


def _after_negation(words, at):
    """A cut right after a sentence's opening negation is no faithful quotation."""
    return at > 0 and any(is_negation(k) for k in _key(words[at - 1]))


def _capital(rng, t, n, lang):
    at = rng.randint(1, 3)
    if _after_negation(_words(t.segments[n]), at) or cuts_number(_words(t.segments[n]), at):
        return None
    text = " ".join(_words(t.segments[n])[at:])
    return _case("capital", text[0].upper() + text[1:], t.segments[n], t, ("verbatim", "edited"))


def _typography(rng, t, n, lang):
    text = t.segments[n].text.replace("'", "’").replace(" - ", " — ").replace("—", " – ")
    if rng.random() < 0.5:
        text = text.replace(",", "", 1)
    return _case("typography", text, t.segments[n], t, ("verbatim", "edited"))


def _ellipsis(rng, t, n, lang):
    words = _words(t.segments[n])
    if len(words) < 12:
        return None
    gap = rng.randint(3, len(words) // 3)
    at = rng.randint(4, len(words) - gap - 4)
    if cuts_number(words, at, at + gap):
        return None
    mark = rng.choice([" … ", "… ", " [...] ", " ... ", " […] ", " . . . "])
    text = " ".join(words[:at]).rstrip(",.") + mark + " ".join(words[at + gap :])
    return _case("ellipsis", text, t.segments[n], t, ("edited",))


def _over_turns(rng, t, n, lang):
    """An ellipsis that leaves out another's short turn."""
    if n + 2 >= len(t.segments) or t.segments[n + 2].speaker != t.segments[n].speaker:
        return None
    if len(t.segments[n + 1].words) > 6 or len(t.segments[n + 2].words) < 4:
        return None
    text = f"{t.segments[n].text} … {t.segments[n + 2].text}"
    return _case("over-turns", text, t.segments[n], t, ("edited",), end=t.segments[n + 2])


def _borders(rng, t, n, lang):
    if n + 1 >= len(t.segments) or t.segments[n + 1].speaker != t.segments[n].speaker:
        return None
    words = _words(t.segments[n])[-6:] + _words(t.segments[n + 1])[:6]
    return _case("borders", " ".join(words), t.segments[n], t, ("verbatim",), end=t.segments[n + 1])


def _bracket_insert(rng, t, n, lang):
    words = _words(t.segments[n])
    words.insert(rng.randint(1, len(words) - 1), f"[{rng.choice(BRACKETS[lang])}]")
    return _case("bracket-insert", " ".join(words), t.segments[n], t, ("edited",))


def _bracket_replace(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [
        i
        for i, w in enumerate(words)
        if _speech(w) and len(_key(w)) == 1 and not is_negation(_key(w)[0]) and w.isalpha()
    ]
    if not places:
        return None
    i = rng.choice(places)
    words[i] = f"[{rng.choice(BRACKETS[lang])}]"
    return _case("bracket-replace", " ".join(words), t.segments[n], t, ("edited",))


def _mask(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [i for i, w in enumerate(words) if len(w) > 4 and w.isalpha()]
    if not places:
        return None
    i = rng.choice(places)
    words[i] = words[i][0] + "*" * (len(words[i]) - 2) + words[i][-1]
    return _case("mask", " ".join(words), t.segments[n], t, ("edited",))


def _tidied(rng, t, n, lang):
    words = _words(t.segments[n])
    kept = [w for w in words if not all(k in FILLERS or is_false_start(k) for k in _key(w)) or not _key(w)]
    return (
        None
        if len(kept) == len(words) or len(kept) < 5
        else _case("tidied", " ".join(kept), t.segments[n], t, ("edited",))
    )


def _drop(rng, t, n, lang):
    words = _words(t.segments[n])
    size = rng.randint(1, 3)
    places = [
        i
        for i in range(1, len(words) - size)
        if any(_key(w) for w in words[:i])
        and any(_key(w) for w in words[i + size :])
        and all(_speech(w) for w in words[i : i + size])
        and not _repeats(words, i, size)
    ]
    if not places:
        return None
    i = rng.choice(places)
    return _case("drop", " ".join(words[:i] + words[i + size :]), t.segments[n], t, ("altered",))


def _repeats(words, i, size):
    """True if leaving words out here may only undo a repetition."""
    keys = [k for w in words for k in (_key(w) or ("",))]
    near = {k for w in words[max(0, i - 5) : i] + words[i + size : i + size + 5] for k in _key(w)}
    return bool(keys) and any(k in near for w in words[i : i + size] for k in _key(w))


def _swap(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [i for i, w in enumerate(words) if w.isalpha() and len(w) > 3 and _speech(w)]
    choices = [w for w in NOUNS[lang] if w not in words]
    if not places or not choices:
        return None
    words[rng.choice(places)] = rng.choice(choices)
    return _case("swap", " ".join(words), t.segments[n], t, ("altered",))


def _inflect(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [i for i, w in enumerate(words) if w.isalpha() and len(w) > 3 and _speech(w)]
    if not places:
        return None
    i = rng.choice(places)
    words[i] = words[i][:-1] if words[i][-1] in "sиаі" else words[i] + ("s" if lang == "en" else "м")
    return _case("inflect", " ".join(words), t.segments[n], t, ("altered",))


def _add(rng, t, n, lang):
    words = _words(t.segments[n])
    words.insert(rng.randint(1, len(words) - 1), rng.choice(ADVERBS[lang]))
    return _case("add", " ".join(words), t.segments[n], t, ("altered",))


def _negate(rng, t, n, lang):
    words = _words(t.segments[n])
    words.insert(rng.randint(1, len(words) - 1), NOT[lang])
    return _case("negation-added", " ".join(words), t.segments[n], t, ("altered",), grave=True)


def _affirm(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [
        i for i, w in enumerate(words) if i and any(is_negation(k) for k in _key(w)) and not _repeats(words, i, 1)
    ]
    if not places:
        return None
    i = rng.choice(places)
    bare = re.sub(r"n['’]t\b", "", words[i])
    words[i : i + 1] = [bare] if bare != words[i] and bare.lower() not in ("ca", "wo") else []
    return _case("negation-dropped", " ".join(words), t.segments[n], t, ("altered",), grave=True)


def _number(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [i for i, w in enumerate(words) if any(is_number(k) for k in _key(w))]
    choices = [w for w in NUMBERS[lang] if w not in words]
    if not places:
        return None
    words[rng.choice(places)] = rng.choice(choices)
    return _case("number", " ".join(words), t.segments[n], t, ("altered",), grave=True)


def _moved(rng, t, n, lang):
    words = _words(t.segments[n])
    places = [i for i, w in enumerate(words) if _speech(w) and not _repeats(words, i, 1)]
    if not places:
        return None
    i = rng.choice(places)
    word = words.pop(i)
    j = rng.randrange(len(words))
    if abs(i - j) < 2:
        return None
    words.insert(j, word)
    return _case("moved", " ".join(words), t.segments[n], t, ("altered",))


def _misattributed(rng, t, n, lang):
    others = sorted({s.speaker for s in t.segments} - {t.segments[n].speaker})
    if not others:
        return None
    return _case("misattributed", t.segments[n].text, t.segments[n], t, ("misattributed",), speaker=rng.choice(others))


def _splice(rng, t, n, lang):
    m = n + rng.randint(3, 7)
    if m >= len(t.segments) or len(t.segments[m].words) < 5:
        return None
    text = f"{t.segments[n].text} {t.segments[m].text}"
    return _case("splice", text, t.segments[n], t, ("spliced", "altered"), end=t.segments[m])


def _cut(rng, t, n, lang):
    """The negation or a bare word behind a bracket that says the opposite."""
    words = _words(t.segments[n])
    i = rng.randint(1, len(words) - 1)
    words.insert(i, f"[{NOT[lang]}]")
    return _case("bracket-negates", " ".join(words), t.segments[n], t, ("altered",), grave=True)


FAITHFUL = {
    "whole": _whole,
    "clause": _clause,
    "capital": _capital,
    "typography": _typography,
    "ellipsis": _ellipsis,
    "over-turns": _over_turns,
    "borders": _borders,
    "bracket-insert": _bracket_insert,
    "bracket-replace": _bracket_replace,
    "mask": _mask,
    "tidied": _tidied,
}
UNFAITHFUL = {
    "drop": _drop,
    "swap": _swap,
    "inflect": _inflect,
    "add": _add,
    "negation-added": _negate,
    "negation-dropped": _affirm,
    "number": _number,
    "moved": _moved,
    "misattributed": _misattributed,
    "splice": _splice,
    "bracket-negates": _cut,
}
