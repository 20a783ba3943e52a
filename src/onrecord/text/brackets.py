"""What stands in [brackets] in a transcript: nobody said it in these words.

`unclear` is speech that could not be made out, `sound` what was heard besides speech, `clarification` an editor's
addition. A bracket may span several words: "[a door", "slams]".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

KINDS = ("unclear", "sound", "clarification")
_UNCLEAR_WORDS = "unclear inaudible indistinct unintelligible нерозбірливо невиразно неразборчиво неслышно"
_UNCLEAR = frozenset(_UNCLEAR_WORDS.split())
_SOUND_WORDS = (
    "door doors laughter laughs laughing crying cries coughs cough sighs sigh music applause silence pause noise siren "
    "sirens shot shots gunfire explosion explosions dog barking phone rings ringing beep static crosstalk whispers "
    "двері сміх сміється плач плаче кашель зітхає музика оплески тиша пауза шум сирена постріл постріли вибух вибухи "
    "собака гавкає дзвінок гудки дверь смех смеётся смеется плачет вздыхает музыка аплодисменты тишина выстрел "
    "выстрелы взрыв взрывы лает звонок"
)
_SOUNDS = frozenset(_SOUND_WORDS.split())


def bracket_kinds(texts: Sequence[str], known: Sequence[str | None] = ()) -> list[str | None]:
    """For each word its kind, or None outside brackets; `known` (same length) is kept where a bracket has one.

    Without one: "unclear" and its like in en, uk and ru, then common sounds, else a clarification. A bracket that
    does not close within the words is none.
    """
    result: list[str | None] = [None] * len(texts)
    opened: int | None = None
    for n, text in enumerate(texts):
        if "[" in text:
            opened = n
        if "]" in text and opened is not None:
            span = range(opened, n + 1)
            given = next((known[i] for i in span if i < len(known) and known[i] in KINDS), None)
            for i in span:
                result[i] = given or _guess(" ".join(texts[opened : n + 1]))
            opened = None
    return result


def _guess(bracket: str) -> str:
    words = re.findall(r"\w+", bracket.casefold())
    if words and words[0] in _UNCLEAR:
        return "unclear"
    return "sound" if any(word in _SOUNDS for word in words) else "clarification"
