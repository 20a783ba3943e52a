"""Which language a text is in, told by script, letters and the commonest words; unsure is an empty string."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.text.normalise import word_keys

_WORDS = {
    "en": "the and of to a in that is was it for on are with as i his they be at one have this from "
    "or had by not but what all were we when your can said there you do n't 's would my who "
    "will no if out so up an",
    "fr": "le la les de des du et à un une que qui dans est pour pas sur au avec ce il elle nous "
    "vous sont ne se par plus",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es "
    "an werden aus er hat",
    "es": "el la los las de y en que un una es por con no para su se del al lo como más pero sus le ha me sin sobre",
    "it": "il la di che e un una per non sono in con del della si da le i lo come ma gli al è ha più nel",
    "pl": "i w na z się do nie że to jest o jak ale po co tak za od przez jego być tym dla są ich czy już",
    "pt": "o a os as de e que em um uma para com não por mais como mas foi do da no na se ao ele das dos",
    "ro": "de și în la a cu că nu pe un o este care din mai pentru sunt au al ale ce dar fi",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er die om ook als maar bij",
    "tr": "ve bir bu da de için ile çok ne daha gibi o ama var ben sen biz mi değil",
    "uk": "і в не на що я та з у до це як він за ми а вони але й так від є все мене вже про або ще бо його нас вам",
    "ru": "и в не на что я с он как это а то все она так его но да ты к у же вы за бы по только ее мне было вот от",
}
_COMMON = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SCRIPTS = {
    "el": re.compile(r"[\u0370-\u03ff]"),
    "hy": re.compile(r"[\u0530-\u058f]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
}
_OTHER_LETTERS = re.compile("|".join(letters.pattern for letters in _SCRIPTS.values()))
_CYRILLIC_LANGUAGES = frozenset(["uk", "ru", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"])
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")


def is_common(key: str) -> bool:
    """True for one of the commonest words of a language."""
    return any(key in words for words in _COMMON.values())


def base(tag: str) -> str:
    """The language of a tag without region or script: `en-GB` → `en`."""
    return re.split(r"[-_]", tag.strip().casefold())[0] if tag else ""


def guess_language(text: str) -> str:
    """ISO 639 code of the language of a text, or an empty string where it cannot be told."""
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    if other := _other_script(text, latin + cyrillic):
        return other
    if cyrillic > latin:
        ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
        by_letters = "uk" if ukrainian > russian else "ru"
        if abs(ukrainian - russian) > 1:
            return by_letters
        return _by_words(text, ("uk", "ru")) or (by_letters if ukrainian != russian else "")
    return _by_words(text, [language for language in _COMMON if language not in ("uk", "ru")])


def _other_script(text: str, most: int) -> str:
    """The language with a script of its own that more than `most` letters are of."""
    if text.isascii() or not _OTHER_LETTERS.search(text):
        return ""
    return next((language for language, letters in _SCRIPTS.items() if len(letters.findall(text)) > most), "")


def script(text: str) -> str:
    """`cyrillic`, `latin`, a language that has its own script, or an empty string."""
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    if other := _other_script(text, latin + cyrillic):
        return other
    if not latin and not cyrillic:
        return ""
    return "cyrillic" if cyrillic > latin else "latin"


def _by_words(text: str, languages: Sequence[str]) -> str:
    keys = [key for word in text.split() for key in word_keys(word)]
    counts = sorted(((sum(key in _COMMON[code] for key in keys), code) for code in languages), reverse=True)
    (best, language), (second, _) = counts[0], counts[1]
    return language if best >= 2 and best >= 1.5 * second + 1 else ""


def script_of(language: str) -> str:
    if not language:
        return ""
    if language in _SCRIPTS:
        return language
    return "cyrillic" if language in _CYRILLIC_LANGUAGES else "latin"
