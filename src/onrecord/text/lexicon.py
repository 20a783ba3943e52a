"""Words whose change weighs heavily, and sounds of speech that a style guide drops (keys of `normalise`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from onrecord.text.numbers import is_number, is_unit

_NEGATIONS = (
    "n't not no never nobody nothing none neither nor nowhere cannot without non nope nay не ні ніхто "
    "ніколи нічого ніщо нічим нічому ніде нікого нікому ніким нікуди ніяк ніякий ніяка ніяке ніякого ніякої ніяких "
    "немає нема без ані жоден жодного жодної жодна жодне жодному жодній жодним жодних жодні неможливо ни нет нету "
    "никто никогда ничего ничто ничем ничему нигде никого никому никем никуда никак никакой никакая никакое никакого "
    "никакие никаких нельзя невозможно ne pas jamais rien aucun aucune sans nicht kein "
    "keine keinen keiner keinem nie niemals niemand nichts ohne nikt nigdy nic bez żaden żadna geen niet nooit "
    "niemand "
    "niets zonder nunca nada nadie sin não nem sem mai niente nessuno nessuna senza değil yok"
)
_MODALS = (
    "may must can could should shall will would might ought 'll 'd need може можуть можемо можу можеш можете можна "
    "мусить мусять мусимо мушу мусиш мусите повинен повинна повинні повинно треба потрібно слід буде будуть будемо "
    "может могут можем могу можешь можете можно должен должна должны должно надо нужно следует будет будут будем"
)
_PERSONS = (
    "who whom whose i me my you your he him his she her we us our they them their "
    "хто кого кому я мене мені ти тебе тобі він його йому вона її їй ми нас нам ви вас вам вони їх їм "
    "кто меня мне ты тебя тебе он его ему она ее ей мы вы они их им"
)
_FILLERS = "uh um er ah erm hm hmm mm mmm uhm eh umm uhh euh hum е-е ем емм ммм хм еее э ээ эээ мм гм эм"
_BACKCHANNELS = "oh mm hm mhm hmm hm uh huh um right okay ok yeah yes sure угу ага так мгм гм да ясно"

_MONTHS = (
    r"january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:січ|берез|квіт|трав|черв|лип|серп|верес|жовт|груд)(?:ень|ня|ню|нем|ні)|лют(?:ий|ого|ому|им)"
    r"|листопад(?:а|у|ом|і)?|(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)(?:ь|я|ю|ем|е)"
    r"|(?:март|август)(?:а|у|ом|е)?|ма(?:й|я|е|ем)"
)
_DAYS = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|yesterday|tonight"
    r"|(?:понеділ|вівтор)(?:ок|ка|ку|ком)|серед(?:а|и|і|у|ою)|сред(?:а|ы|е|у|ой)|четвер(?:г|га|гу|гом|ге|зі)?"
    r"|п'ятниц(?:я|і|ю|ею)|пятниц(?:а|ы|е|у|ей)|субот(?:а|и|і|у|ою)|суббот(?:а|ы|е|у|ой)|неділ(?:я|і|ю|ею)"
    r"|(?:понедельник|вторник)(?:а|у|ом|е)?|воскресень(?:е|я|ю|ем)"
    r"|сьогодні|завтра|вчора|учора|післязавтра|позавчора|сегодня|вчера|послезавтра|позавчера"
)
_MONTH = re.compile(_MONTHS)
_DATE = re.compile(f"{_MONTHS}|{_DAYS}")
_YEAR = re.compile(
    r"рік|рок(?:у|и|ів|ах|ам|ом|ами)|році|год(?:а|у|ы|ом|е|ов|ах|ам)?|столітт(?:я|і|ю)|век(?:а|у|е|ов|ом)?|століть"
)
_GROUPS = {
    "quantity": "all every each some most many few several any both more less fewer lot lots enough всі усі "
    "всіх усіх "
    "кожен кожна кожного деякі деяких більшість багато мало більше менше все всех каждый каждая каждого некоторые "
    "некоторых большинство много больше меньше",
    "direction": "north south east west northern southern eastern western left right up down above below over under "
    "inside outside forward backward північ південь схід захід північний південний східний західний північ ліворуч "
    "праворуч вгору вниз север юг восток запад северный южный восточный западный влево вправо вверх вниз налево "
    "направо",
    "time": "before after until since while during always sometimes often rarely never ever earlier later до "
    "після перед "
    "завжди іноді часто рідко після после всегда иногда часто редко раньше позже раніше пізніше",
    "measure": "foot feet inch inches yard yards mile miles metre metres meter meters acre acres ton tons tonne "
    "tonnes "
    "pound pounds ounce ounces kilo kilos gram grams litre litres gallon gallons second seconds minute minutes hour "
    "hours day days week weeks month months year years century centuries година години годин хвилина хвилини хвилин "
    "день дні днів тиждень тижні тижнів місяць місяці місяців час часа часов минута минуты минут дня дней "
    "неделя недели "
    "недель месяц месяца месяцев метр метра метрів метров",
    "clock": "past to",
    "link": "and or but і й та або чи але и или но а",
}
NEGATIONS = frozenset(_NEGATIONS.split())
MODALS = frozenset(_MODALS.split())
PERSONS = frozenset(_PERSONS.split())
FILLERS = frozenset(_FILLERS.split())
BACKCHANNELS = frozenset(_BACKCHANNELS.split())
GROUPS = {name: frozenset(words.split()) for name, words in _GROUPS.items()}
_TURNING = re.compile(r"un|in|im|il|ir|dis|non|не|без|бес|ни|ні")


def is_negation(key: str) -> bool:
    """True for a word that turns a statement round."""
    return key in NEGATIONS


def is_false_start(key: str) -> bool:
    """True for a word broken off: "th-,"."""
    return key.endswith("-")


@lru_cache(maxsize=65536)
def is_date(key: str) -> bool:
    """True for a month, a day of the week, or a day told from today."""
    return _DATE.fullmatch(key) is not None


def is_month(key: str) -> bool:
    """True for the name of a month."""
    return _MONTH.fullmatch(key) is not None


def is_calendar(key: str) -> bool:
    """True for a month, or a word for year or century, beside which digits may be an ordinal."""
    return is_month(key) or _YEAR.fullmatch(key) is not None


def weight(key: str, *, name: bool) -> str:
    """Why a change of this word is grave, or an empty string."""
    if key in NEGATIONS:
        return "negation"
    if is_number(key) or is_unit(key):
        return "number"
    if is_date(key):
        return "date"
    if key in MODALS:
        return "modal"
    if key in PERSONS:
        return "person"
    return "name" if name else ""


def opposed(said: Iterable[str], printed: Iterable[str]) -> str:
    """The kind of word exchanged for another of its kind (more/less, north/south, and/or), or an empty string.

    `negation` if one word is the other with a prefix that turns it round ("happy", "unhappy").
    """
    spoken, shown = frozenset(said), frozenset(printed)
    for name, words in GROUPS.items():
        if (spoken - shown) & words and (shown - spoken) & words:
            return name
    for a in spoken:
        for b in shown:
            longer, shorter = (a, b) if len(a) > len(b) else (b, a)
            prefix = longer.removesuffix(shorter)
            if len(shorter) > 2 and prefix != longer and _TURNING.fullmatch(prefix):
                return "negation"
    return ""
