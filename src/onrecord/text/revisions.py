"""How a text changed from one state to the next: passages added, dropped and rewritten, word by word."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, OLD, NEW, GAP = "same", "old", "new", "gap"
CONTEXT = 8
_TOKENS = re.compile(r"\s+|[^\W_]+(?:['’-][^\W_]+)*|\S", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(frozen=True)
class Run:
    """A stretch of text: `same` on both sides, only `old`, only `new`, or a `gap` of unchanged text left out."""

    kind: str
    text: str


@dataclass(frozen=True)
class PassageChange:
    """A passage that changed; all of it is `new` or `old` where it was added or dropped."""

    passage: str
    runs: tuple[Run, ...]


def word_diff(old: str, new: str, *, context: int = CONTEXT) -> tuple[Run, ...]:
    """The words of both texts in reading order, unchanged stretches cut to `context` words beside a change.

    Small islands of unchanged words between changes are taken into them, so that a rewritten sentence reads as one
    that was struck and one that is new.
    """
    before, after = _tokens(old), _tokens(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    runs: list[Run] = []
    struck, added = "", ""

    def flush() -> None:
        nonlocal struck, added
        if struck:
            runs.append(Run(OLD, struck))
        if added:
            runs.append(Run(NEW, added))
        struck, added = "", ""

    opcodes = matcher.get_opcodes()
    for at, (tag, old_start, old_end, new_start, new_end) in enumerate(opcodes):
        text = "".join(after[new_start:new_end])
        if tag == "equal" and not (0 < at < len(opcodes) - 1 and _is_island(text)):
            flush()
            runs.append(Run(SAME, text))
        else:
            struck += "".join(before[old_start:old_end])
            added += text
    flush()
    return tuple(_shortened(runs, context)) if any(run.kind != SAME for run in runs) else ()


def passage_changes(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], *, context: int = CONTEXT
) -> list[PassageChange]:
    """What became of each passage, in the order of the new text; passages are pairs of id and text.

    A passage under a new id that reads like one that is gone (a block that was made anew) is compared with it.
    """
    before, after = dict(old), dict(new)
    gone = {key: text for key, text in before.items() if key not in after}
    found: list[PassageChange] = []
    order = [key for key, _ in old]
    for key, text in new:
        was = before.get(key)
        if was is None:
            twin = next((one for one, words in gone.items() if _alike(words, text)), None)
            was = gone.pop(twin) if twin else None
        runs = (Run(NEW, text),) if was is None else word_diff(was, text, context=context) if was != text else ()
        if runs:
            found.append(PassageChange(key, runs))
    for key, text in gone.items():
        earlier = set(order[: order.index(key)])
        place = max((at + 1 for at, change in enumerate(found) if change.passage in earlier), default=0)
        found.insert(place, PassageChange(key, (Run(OLD, text),)))
    return found


def without_words(text: str, hidden: Callable[[str], str | None]) -> str:
    """The text with each word for which `hidden` gives something else replaced by that; the same one after another
    once."""
    result: list[str] = []
    for token in _tokens(text):
        instead = None if token.isspace() else hidden(token)
        if instead is None:
            result.append(token)
        elif len(result) >= 2 and result[-1].isspace() and result[-2] == instead:
            result.pop()
        else:
            result.append(instead)
    return "".join(result)


def hiding(masked: Mapping[str, str], allowed: Sequence[str]) -> Callable[[str], str | None]:
    """For `without_words`: what stands for a word that is masked, in any of its forms, and not in an allowed text."""
    secret = {_plain(word): shown for word, shown in masked.items() if _plain(word)}
    if not secret:
        return lambda token: None
    public = {_plain(token) for text in allowed for token in _tokens(text)}

    def hidden(token: str) -> str | None:
        word = _plain(token)
        if not word or word in public:
            return None
        return next((shown for other, shown in secret.items() if _same_word(word, other)), None)

    return hidden


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for token in _TOKENS.findall(text):
        tokens.extend(token if _CJK.search(token) else (token,))
    return tokens


def _is_island(text: str) -> bool:
    return not re.search(r"\w", text)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.real_quick_ratio() > 0.6 and matcher.quick_ratio() > 0.6 and matcher.ratio() > 0.6


def _shortened(runs: Sequence[Run], context: int) -> list[Run]:
    result: list[Run] = []
    for at, run in enumerate(runs):
        tokens = _tokens(run.text)
        room = 2 * context  # a word and the space after it
        if run.kind != SAME or len(tokens) <= 2 * room + 4:
            result.append(run)
            continue
        if at > 0:
            result.append(Run(SAME, "".join(tokens[:room])))
        result.append(Run(GAP, "…"))
        if at < len(runs) - 1:
            result.append(Run(SAME, "".join(tokens[-room:])))
    return result


def _plain(word: str) -> str:
    bare = re.sub(r"^\W+|\W+$", "", word.casefold())
    return re.sub(r"['’]s$", "", bare)


def _same_word(one: str, other: str) -> bool:
    """The same word, or so alike that it may be a form of it."""
    if one == other:
        return True
    digits, others = re.sub(r"\D", "", one), re.sub(r"\D", "", other)
    if digits and others:
        return len(digits) >= 3 and digits == others
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= 4 and shared >= max(len(one), len(other)) - 3
