"""Words and links in a comment, as far as they speak against showing it unread."""

import re
import unicodedata
from collections.abc import Iterable

_LINK = re.compile(r"https?://|\bwww\.|\[url|<a\s", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def links_count(text: str) -> int:
    """How many addresses a text has, in whatever dress."""
    return len(_LINK.findall(text))


def rule_matches(words: str, text: str) -> bool:
    """Whether a text has these words one after the other, whatever stands between them.

    Case, accents set apart and width do not count; `*` at the beginning or the end of a word stands for any letters.
    """
    wanted = folded(words).split()
    return bool(wanted) and _find([_pattern(word) for word in wanted], _WORD.findall(folded(text)))


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _find(wanted: list[re.Pattern[str]], said: list[str]) -> bool:
    starts: Iterable[int] = range(len(said) - len(wanted) + 1)
    return any(all(one.fullmatch(said[start + k]) for k, one in enumerate(wanted)) for start in starts)


def _pattern(word: str) -> re.Pattern[str]:
    core = re.escape("".join(_WORD.findall(word)))
    return re.compile(r"\w*" * word.startswith("*") + core + r"\w*" * word.endswith("*"))
