"""Whether the name in a story and the label in a transcript mean the same voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TITLE_WORDS = (
    "mr mrs ms miss dr prof professor sir dame lord lady president mayor governor senator congressman "
    "congresswoman representative minister premier chancellor king queen prince princess pope general "
    "colonel major captain lieutenant sergeant commander admiral judge justice attorney secretary "
    "director chief chairman chairwoman chair reverend father sister brother ambassador deputy officer "
    "detective former prime vice spokesman spokeswoman spokesperson jr sr пан пані президент президента "
    "мер мера міський голова голови міністр міністра прем'єр генерал полковник майор капітан лікар "
    "лікарка директор директорка депутат депутатка речник речниця губернатор доктор професор господин "
    "госпожа мэр министр премьер капитан врач губернатор глава представитель пресс секретарь"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_ROLE_WORDS = (
    "a an the some another unknown unidentified someone somebody man woman voice speaker narrator "
    "announcer host operator caller witness guest participant interviewer interviewee moderator reporter жінка "
    "чоловік голос диктор "
    "дикторка ведучий ведуча оповідач невідомий невідома мовець женщина мужчина ведущий ведущая "
    "рассказчик неизвестный неизвестная"
)
_ROLES = frozenset(_ROLE_WORDS.split())
_NUMBERED = re.compile(r"([^\W\d]+) ?(\d+|[^\W\d])")
_MACHINE = re.compile(r"^(?:speaker|spk|s|channel|мовець|спикер)?[\s_-]*\d*$", re.IGNORECASE)
_STEM = 3


class KnownSpeakers(frozenset[str]):
    """The speakers of a record, those with a like name found without asking each: a record may have thousands."""

    _by_end: dict[str, list[str]]

    def like(self, named: str) -> Sequence[str]:
        """Speakers whose name may agree with this one."""
        if not hasattr(self, "_by_end"):
            by_end: dict[str, list[str]] = {}
            for label in self:
                for end in _ends(label):
                    by_end.setdefault(end, []).append(label)
            self._by_end = by_end
        return [label for end in _ends(named) for label in self._by_end.get(end, ())]


def _ends(name: str) -> set[str]:
    """What the parts of a name begin with: names agree only where these do."""
    return {part[:_STEM] for part in _bare(name)}


def same_speaker(named: str, label: str, known: Iterable[str] = ()) -> bool | None:
    """True or False, or None where it cannot be told.

    It cannot where the transcript has no speaker, a number, or a description ("a woman") that is not the name
    given, unless the name is that of another speaker among `known`. Slavic case endings are allowed for.
    """
    if _plain(named) == _plain(label):
        return True
    first, second = _NUMBERED.fullmatch(_plain(named)), _NUMBERED.fullmatch(_plain(label))
    if first and second and first[1] == second[1] and first[1] in _ROLES:
        return first[2].lstrip("0") == second[2].lstrip("0")
    if not label.strip() or _MACHINE.match(label.strip()):
        return None
    if _agree(named, label):
        return True
    described = label.split()[0].casefold() in _ROLES or label[0].islower()
    others = known.like(named) if isinstance(known, KnownSpeakers) else known
    if described and not any(_agree(named, other) for other in others if other != label):
        return None
    return False


def _plain(name: str) -> str:
    return " ".join(_parts(name))


def _parts(name: str) -> list[str]:
    plain = name.casefold().replace("’", "'").replace("ʼ", "'").replace("ё", "е")
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*", plain)


def _bare(name: str) -> list[str]:
    """The parts of a name without titles."""
    return [part for part in _parts(name) if part not in _TITLES] or _parts(name)


def _agree(a: str, b: str) -> bool:
    """True if the shorter name, without titles, is contained in the longer: "Mr. Bush", "George W. Bush", "
    ""George"."""
    first, second = sorted((_bare(a), _bare(b)), key=len)
    if len(first) == 1 and len(second) > 1 and _same_part(first[0], second[0]):
        return True
    if not first or not _same_part(first[-1], second[-1]):
        return False
    rest = list(second[:-1])
    for part in first[:-1]:
        match = next((other for other in rest if _same_part(part, other) or _initial(part, other)), None)
        if match is None:
            return False
        rest.remove(match)
    return True


def _initial(a: str, b: str) -> bool:
    return min(len(a), len(b)) == 1 and a[0] == b[0]


def _same_part(a: str, b: str) -> bool:
    """The same word, or two case forms of one Cyrillic name."""
    if a == b:
        return True
    if not ("\u0400" <= a[0] <= "\u04ff") or min(len(a), len(b)) < _STEM:
        return False
    common = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return common >= _STEM and max(len(a), len(b)) - common <= 3 and common >= min(len(a), len(b)) - 2
