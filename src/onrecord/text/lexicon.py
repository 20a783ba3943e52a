"""Words whose change weighs heavily, and sounds of speech that a style guide drops (keys of `normalise`)."""

from __future__ import annotations

from onrecord.text.numbers import is_number, is_unit

_NEGATIONS = (
    "n't not no never nobody nothing none neither nor nowhere cannot without non nope nay не ні ніхто "
    "ніколи нічого ніщо ніде нікого нікому немає нема без ані жоден жодного жодної жодна ни нет никто "
    "никогда ничего ничто нигде никого никому нельзя ne pas jamais rien aucun aucune sans ni nicht kein "
    "keine keinen nie niemand nichts ohne nie nikt nigdy bez"
)
_MODALS = (
    "may must can could should shall will would might ought may 'll 'd need може можуть можемо "
    "мусить мусять мусимо повинен повинна повинні повинно треба потрібно слід буде будуть может "
    "могут можем должен должна должны должно надо нужно следует будет будут"
)
_DATES = (
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday today tomorrow yesterday tonight січня лютого березня "
    "квітня травня червня липня серпня вересня жовтня листопада грудня понеділок вівторок середа середу "
    "четвер п'ятниця п'ятницю субота суботу неділя неділю сьогодні завтра вчора января февраля марта "
    "апреля мая июня июля августа сентября октября ноября декабря понедельник вторник среда среду четверг "
    "пятница пятницу суббота субботу воскресенье сегодня завтра вчера"
)
_PERSONS = (
    "who whom whose i me my you your he him his she her we us our they them their "
    "хто кого кому я мене мені ти тебе тобі він його йому вона її їй ми нас нам ви вас вам вони їх їм "
    "кто меня мне ты тебя тебе он его ему она ее ей мы вы они их им"
)
_FILLERS = "uh um er ah erm hm hmm mm mmm mhm uhm eh umm uhh euh hum е-е ее ем емм ммм хм е еее э ээ эээ мм гм эм"

NEGATIONS = frozenset(_NEGATIONS.split())
MODALS = frozenset(_MODALS.split())
DATES = frozenset(_DATES.split())
PERSONS = frozenset(_PERSONS.split())
FILLERS = frozenset(_FILLERS.split()) - {"ее", "е"}


def is_negation(key: str) -> bool:
    """True for a word that turns a statement round."""
    return key in NEGATIONS


def is_false_start(key: str) -> bool:
    """True for a word broken off: "th-,"."""
    return key.endswith("-")


def weight(key: str, *, name: bool) -> str:
    """Why a change of this word is grave, or an empty string."""
    if key in NEGATIONS:
        return "negation"
    if is_number(key) or is_unit(key):
        return "number"
    if key in DATES:
        return "date"
    if key in MODALS:
        return "modal"
    if key in PERSONS:
        return "person"
    return "name" if name else ""
