"""Languages as people and files name them: uk, ukr, en-GB, Ukrainian."""

from __future__ import annotations

import re

from onrecord.errors import OnrecordError

_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
    "el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
    "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
    "mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
    "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
    "yo za zh zu"
)
_ISO_639_1 = frozenset(_TWO_LETTERS.split())
_NONE = frozenset(["und", "mul", "zxx", "mis"])
_AFTER_NAME = re.compile(r"\.([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,4})*$")


class UnknownLanguage(OnrecordError):
    code = "unknown-language"
    message = "--lang {given}: not a language. Give its ISO 639 code, for example en, uk or ru."


def asked_language(given: str) -> str | None:
    """The code of a language asked for, None if none was. Raises UnknownLanguage."""
    if not given:
        return None
    code = language_code(given)
    if not code:
        raise UnknownLanguage(given=given)
    return code


def language_code(name: str) -> str:
    """ISO 639-1 code of a tag (`en-GB`), an ISO 639-2 code (`ukr`) or an English name; empty if it is none.

    A language without a two-letter code keeps its three letters.
    """
    tag = re.split(r"[-_]", name.strip().casefold())[0]
    if tag in _ISO_639_1 or not tag or tag in _NONE:
        return "" if tag in _NONE else tag
    from babel import Locale  # in here because most files never need it, and it costs a tenth of the command's start
    from babel.core import get_global

    if len(tag) == 3:
        return str(get_global("language_aliases").get(tag, tag))
    return next((code for code, called in Locale("en").languages.items() if called.casefold() == tag), "")


def language_in_name(stem: str) -> str:
    """The language that a file's name tells before its suffix (`call.uk` → uk); empty if it tells none."""
    match = _AFTER_NAME.search(stem)
    if match is None:
        return ""
    code = language_code(match[1])
    return code if code in _ISO_639_1 else ""
