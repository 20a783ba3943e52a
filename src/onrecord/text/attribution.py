"""Who a sentence says spoke: "said X", "X said", "according to X", «…», — сказала X.

Only names count. A pronoun or a description ("the woman", "a neighbour") is not resolved: None.
"""

from __future__ import annotations

import re
from itertools import pairwise

_ENGLISH = (
    "said says saying told tells telling asked asks asking added adds adding wrote writes replied replies "
    "answered argued argues claimed claims stated states explained explains insisted insists warned warns "
    "recalled recalls noted notes continued continues concluded declared declares announced announces "
    "shouted cried whispered remarked observed put puts called calls calling described describes spoke "
    "speaks stressed admitted admits promised promises testified testifies acknowledged confirmed "
    "confirms denied denies complained commented suggested suggests responded responds thinks thought "
    "heard quipped joked vowed urged boasted lamented recounted countered conceded maintained pledged pleaded "
    "reported reports repeated repeats protested muttered murmured yelled screamed whispers say tell add ask reply "
    "answer explain write mused interjected objected"
)
_UKRAINIAN = (
    "сказав сказала сказали каже кажуть говорить говорив говорила заявив заявила заявляє повідомив "
    "повідомила повідомляє повідомили додав додала додає розповів розповіла розповідає зазначив зазначила "
    "зазначає наголосив наголосила відповів відповіла відповідає запитав запитала питає пояснив пояснила "
    "пояснює підкреслив підкреслила написав написала пише зауважив зауважила пригадує згадує згадала "
    "згадав вважає стверджує стверджував стверджувала визнав визнала попередив попередила кричала кричав "
    "поскаржився поскаржилася скаржиться підсумував підсумувала продовжив продовжила продовжує уточнив уточнила "
    "запевнив запевнила запевняє пообіцяв пообіцяла обіцяє закликав закликала підтвердив підтвердила "
    "прокоментував прокоментувала констатував констатувала наголошує підкреслює відзначив відзначила описав описала "
    "вигукнув вигукнула прошепотів прошепотіла крикнув крикнула пожартував пожартувала заперечив заперечила "
    "повторив повторила визнає переказав переказала говорять стверджують"
)
_RUSSIAN = (
    "сказал сказала сказали говорит говорил говорила заявил заявила заявляет сообщил сообщила сообщает "
    "сообщили добавил добавила добавляет рассказал рассказала рассказывает отметил отметила отмечает "
    "подчеркнул подчеркнула ответил ответила отвечает спросил спросила спрашивает пояснил пояснила "
    "объяснил объяснила объясняет написал написала пишет заметил заметила вспоминает вспомнил вспомнила "
    "считает утверждает признал признала предупредил предупредила кричала кричал пожаловался пожаловалась жалуется "
    "продолжил продолжила продолжает уточнил уточнила заверил заверила уверяет пообещал пообещала обещает призвал "
    "призвала подтвердил подтвердила прокомментировал прокомментировала констатировал констатировала подчеркивает "
    "подчёркивает воскликнул воскликнула прошептал прошептала крикнул крикнула пошутил пошутила возразил возразила "
    "повторил повторила заключил заключила признает признаёт описал описала спросили утверждал утверждала"
)
_OTHERS = (
    "sagte sagten sagt erklärte erklärt meinte berichtete dit déclare déclaré affirme affirmé explique expliqué "
    "raconte ajoute ajouté assure répond powiedział powiedziała mówi mówił mówiła dodał dodała stwierdził "
    "stwierdziła dijo afirmó explicó añadió declaró disse afirmou dedi söyledi"
)
_VERBS = "|".join(
    sorted({*_ENGLISH.split(), *_UKRAINIAN.split(), *_RUSSIAN.split(), *_OTHERS.split()}, key=lambda w: (-len(w), w))
)
VERB = rf"\b(?:{_VERBS})\b"

_UPPER = r"[A-Z\u00C0-\u00D6\u00D8-\u00DE\u0400-\u042F\u0490\u0100-\u024F]"
_TITLES = "Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Rev|Sen|Gov|Rep|Prof|Capt|Maj|Jr|Sr"
_CAPITAL = rf"(?:(?:{_TITLES}|{_UPPER})\.|{_UPPER}[\w’'ʼ-]*)"
_LINK = r"(?:of|de|del|der|den|di|da|van|von|al|el|bin|ibn|la|le)"
_SPACE = r"(?:[^\S\n]|\n(?!\s*\n))+"
_NAME = rf"{_CAPITAL}(?:{_SPACE}(?:(?:{_LINK}{_SPACE}){{0,2}}{_CAPITAL}|\d{{1,3}}\b))*"
_NAME_AT = re.compile(_NAME)
_ADVERB = (
    r"(?:\s*,?\s*(?:also|then|later|again|now|once|simply|repeatedly|quietly|\w+ly|"
    r"далі|тоді|потім|ще|також|также|затем|потом))"
)

_TO = (
    "to|of|about|for|by|with|from|at|in|on|that|as|and|or|but|when|while|after|before|he|she|they|it|we|i|you|who|"
    "his|her|their|our|my|"
    "від|про|для|до|та|і|й|або|з|із|у|в|на|за|він|вона|вони|що|як|коли|його|її|їх|от|о|об|для|до|и|или|с|со|к|он|она|они|"
    "что|как|когда|его|ее|её|их"
)
_ROLE = rf"(?:(?!(?:{_TO})\b|{VERB})[a-z\u00df-\u00ff\u0430-\u0457\u0491][\w’'ʼ-]*,?\s+){{0,5}}?"
_AFTER_VERB = re.compile(rf"^\W*(?:(?:a|avait|hat|ha)\s+)?{VERB}{_ADVERB}?,?\s+{_ROLE}({_NAME})")
_BEFORE_VERB = re.compile(
    rf"^\W*(?:(?:as|як|как)\s+)?({_NAME})((?:,\s[^,.;:!?\"“«]{{1,80}},)?{_ADVERB}?\s+(?:\w+\s+){{0,2}}?){VERB}"
)
_BY = (
    r"(?:[Aa]ccording to|[Ii]n the words of|[Зз]а словами|[Сс]ловами|[Нн]а думку|[Зз]і слів|[Зз]а твердженням|"
    r"[Пп]о словам|[Сс]о слов|[Пп]о мнению)"
)
_POSSESSION = "words?|view|opinion|account|telling|answer|reply|response|statement|version|phrase"
_POSSESSIVE = re.compile(rf"\b({_NAME})[’'](?:s)?\s+(?:own\s+)?(?:{_POSSESSION})\b")
_SIGNED = re.compile(rf"^[\s.,]*(?:[—–]|--)\s*({_NAME})(?:,[^.!?\n]{{1,80}})?\.?[^\S\n]*(?=\n|$)")
_LABEL = re.compile(rf"^[\s*_]*({_NAME}):\s*$")
_HEARER_VERB = re.compile(r"\b(?:told|tells?|telling|asked|asks?|asking)\b")
_OBLIQUE = re.compile(r"[а-яіїєґ](?:у|ю|ові|еві|єві)$")
_BY_WORDS = re.compile(rf"{_BY}\s")
_BY_WORDS_NAME = re.compile(rf"{_BY}\s+({_NAME})")
_AUXILIARY = re.compile(
    r"(?:\s+(?:is|was|has|had|have|been|be|can|could|may|heard|seen|quoted|as|then|also|later|again|who|would|will|"
    r"\w+ly|ще|тоді|потім|також|также|затем|потом|уже))*\s*$"
)
_APPOSITIVE = re.compile(rf"({_NAME}),\s[^,.;:!?\"“«]{{1,80}},\s*$")
_NOT_NAME_WORDS = (
    "il elle ils elles on je nous vous er sie es wir ich ihr ona oni ono él ella ellos ele ela eles o "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july "
    "august september october november december i you he she it we they the a an this that these "
    "those his her its our their my your one who what when where there here then and but or so if in "
    "on at as by for from to of with after before but yes no not nobody everyone someone anyone "
    "another some many most all both each every asked said officials police neighbours neighbors "
    "residents witnesses doctors soldiers rescuers people він вона воно вони я ми ти ви це цей ця той "
    "та ті тоді потім але і й а або якщо коли де там тут за на у в його її їх жінка чоловік сусіди "
    "поліція мешканці свідки он она оно они мы вы ты это этот эта тот но и или если когда где там тут "
    "по со с его ее их женщина мужчина соседи полиция жители свидетели как як"
)
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split())


def attributed(before: str, after: str) -> tuple[str | None, bool]:
    """The name that the words just before and after a quotation give it, and whether they speak of a speaker.

    `before` is the sentence up to the opening mark, `after` the rest of it behind the closing mark.
    (None, True) means a speaker who is not named (a pronoun, a description).
    """
    for name, told in (_from_after(after), _from_before(before)):
        if told:
            return name, True
    return None, False


def is_attribution(between: str, *, after_full_stop: bool = False) -> bool:
    """True if the words between two spans only say who spoke and go on: `Caller B said,`.

    `after_full_stop` says that the first span ended its sentence: a new sentence that leads up to another
    quotation (`Of the gates, the committee heard,`) is then none.
    """
    if after_full_stop and (lead := between.strip(" ,—–-")) and lead[0].isupper():
        before_verb = re.split(VERB, lead, maxsplit=1)[0]
        if lead.endswith(":") or "," in before_verb or len(before_verb.split()) > 4:
            return False
    if not re.search(r"[,—–:-]\s*$", between) or len(between) > 120 or len(_sentences(between)) > 1:
        return False
    words = re.findall(r"\w+", between)
    return len(words) <= 14 and bool(re.search(VERB, between) or _BY_WORDS.search(between))


_DASH = r"(?:[—–]|(?<=\s)-(?=\s))"
_WHO = (
    rf"(?P<who>{VERB}[^—–«»„“”\"]{{0,80}}?|[^\W\dA-ZА-ЯІЇЄҐ][^—–«»„“”\".!?]{{0,60}}?{VERB}[^—–«»„“”\"]{{0,40}}?"
    rf"|{_NAME}\s[^—–«»„“”\".!?]{{0,40}}?{VERB}[^—–«»„“”\"]{{0,40}}?)"
)
INSERTED = re.compile(rf"[,.!?…]\s*{_DASH}\s+{_WHO}[,.:]\s*{_DASH}\s+")
"""«Слова, — сказала вона, — слова»: an attribution set between dashes inside the marks."""

CLOSING = re.compile(rf"[,!?…]\s*{_DASH}\s+(?=\S){_WHO}(?:[.…:](?:\s|$)|$)")
"""— Слова, — сказала вона. The attribution that ends a line of dialogue."""


def signed(after: str) -> str | None:
    """The name set below a quotation after a dash."""
    match = _SIGNED.match(after[:200].lstrip(" \t\r\n.,").partition("\n")[0])
    return _checked(match[1]) if match else None


def leads_to_speech(before: str) -> bool:
    """True if the words end with a colon and say that somebody speaks: `Жінка відповіла:`."""
    return before.rstrip().endswith(":") and bool(re.search(VERB, _last_sentence(before.rstrip()[-300:])))


def _from_after(after: str) -> tuple[str | None, bool]:
    clause = _sentences(after[:300])[0][:200]
    if match := _AFTER_VERB.match(clause):
        return (None if _is_hearer(match[1]) else _checked(match[1])), True
    if name := signed(after):
        return name, True
    if match := _BEFORE_VERB.match(clause):
        return _checked(match[1]), True
    if match := _BY_WORDS_NAME.match(clause.lstrip(" ,—–-")):
        return _checked(match[1]), True
    verb = re.search(VERB, clause)
    named = verb is not None and len(re.findall(r"\w+", clause[: verb.start()])) <= 6
    return None, named and bool(re.match(r"^[\s,—–-]*", clause))


def _from_before(before: str) -> tuple[str | None, bool]:
    clause = _last_sentence(before[-300:])
    verbs = list(re.finditer(VERB, clause))
    for verb in reversed(verbs):
        behind = re.match(rf"\s+({_NAME})\W*$", clause[verb.end() :])
        if behind and not _HEARER_VERB.match(verb.group()) and not _is_hearer(behind[1]):
            return _checked(behind[1]), True
        lead = _AUXILIARY.sub("", clause[: verb.start()])
        if lead.split() and re.search(r"\b(?:was|were|been)\s*$", clause[: verb.start()]):
            return None, True
        if match := _APPOSITIVE.search(lead):
            return _checked(match[1]), True
        name = _name_at_end(lead)
        if name:
            return _checked(name), True
        if lead.split() and not re.search(VERB + r"\W*$", lead):
            break
    if match := _BY_WORDS_NAME.search(clause) or _POSSESSIVE.search(clause):
        return _checked(match[1]), True
    if (match := _LABEL.match(before)) and len(match[1].split()) > 1:
        return _checked(match[1]), True
    return None, bool(verbs) or bool(_BY_WORDS.search(clause))


def _is_hearer(name: str) -> bool:
    """True for a name in a case of the one spoken to: "сказала Івану Гнатюку"."""
    return all(map(_OBLIQUE.search, name.split()))


def _name_at_end(text: str) -> str | None:
    """The name that the text ends with, unless the words before it make it part of a description."""
    for match in _NAME_AT.finditer(text):
        if not text[match.end() :].strip():
            before = re.findall(r"\w+", text[: match.start()][-40:])
            return None if before and before[-1].casefold() in _TO_DESCRIPTION else match.group()
    return None


def _checked(name: str) -> str | None:
    """The name without days and function words that a sentence starts with; None if no name is left."""
    words = name.split()
    while words and words[0].casefold().strip(".") in _NOT_NAMES:
        words = words[1:]
    return re.sub(r"(?:[’']s|\.)$", "", " ".join(words)) or None


def _last_sentence(text: str) -> str:
    return _sentences(text)[-1]


def _sentences(text: str) -> list[str]:
    """The text cut after ends of sentences; the full stop of a title or an initial is none."""
    cuts = [0]
    for match in _STOP.finditer(text):
        if not _ABBREVIATED.search(text, 0, match.start() + 1):
            cuts.append(match.end())
    return [text[a:b] for a, b in pairwise([*cuts, len(text)])]


_STOP = re.compile(r"[.!?;…][”\"»’]?(?:\s+|$)|\n\s*\n")
_ABBREVIATED = re.compile(rf"\b(?:{_TITLES}|{_UPPER})\.$")
_TO_DESCRIPTION_WORDS = (
    "of with to by from about for himself herself themselves itself named called nicknamed like than "
    "and or від про для до та і й або от о для до и или"
)
_TO_DESCRIPTION = frozenset(_TO_DESCRIPTION_WORDS.split())
