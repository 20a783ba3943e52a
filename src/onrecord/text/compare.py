"""What was changed between the words said and the words printed, and whether the change was declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from onrecord.text.align import Op, Step
from onrecord.text.lexicon import FILLERS, is_false_start, is_negation, weight
from onrecord.text.masks import masked_text
from onrecord.text.normalise import Kind, Token
from onrecord.text.numbers import is_number, is_number_part, same_number
from onrecord.text.transcripts import Word

LONGEST_REPEAT = 4
_SPELLINGS = {"%": "percent", "ok": "okay", "відсотків": "%", "процентов": "%"}


class ChangeKind(StrEnum):
    """What happened to the words; `declared` is an edit that the reader can see or that nobody could say."""

    REPLACED = "replaced"
    DROPPED = "dropped"
    ADDED = "added"
    MOVED = "moved"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Change:
    """Words said and words printed in their place; `grave` changes turn the meaning, `why` says how."""

    kind: ChangeKind
    said: str
    printed: str
    grave: bool
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of a word said: its key, its word, the number of its segment; `silent` if not speech."""

    key: str
    word: Word
    segment: int
    silent: bool = False

    @property
    def left_out_freely(self) -> bool:
        return self.silent or self.key in FILLERS or is_false_start(self.key)


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring steps first..last (exclusive) that are not the same on both sides."""

    first: int
    last: int


def changes(
    steps: Sequence[Step], printed: Sequence[Token], said: Sequence[Said], text: str, *, strict: bool
) -> tuple[Change, ...]:
    """All changes in order of the printed text; several of one stretch stay apart, moved words are joined."""
    found: list[tuple[int, Change]] = []
    taken: set[int] = set()
    for block in _number_blocks(steps, printed, said):
        at = block.first
        found.append((at, _declared(block, steps, printed, said, text, "number in words or digits")))
        taken.update(range(block.first, block.last))
    for n, step in enumerate(steps):
        if n in taken:
            continue
        if step.op is Op.DECLARED:
            change = _declared_edit(step, printed, said, text)
            if change:
                found.append((n, change))
        elif step.op is Op.SAME and said[step.said].word.mask is not None:
            found.append(
                (n, _in_clear(said[step.said].word, text[printed[step.printed].start :], printed, step))
            )
    for block in _blocks(steps, taken):
        found.extend(
            (block.first, change) for change in _undeclared(block, steps, printed, said, text, strict)
        )
    found.sort(key=lambda pair: pair[0])
    return tuple(_moved(_without_doubles([change for _, change in found])))


def is_undeclared(change: Change) -> bool:
    """True for a change that makes a quotation altered."""
    return change.kind is not ChangeKind.DECLARED


def _blocks(steps: Sequence[Step], taken: set[int]) -> Iterator[Block]:
    first: int | None = None
    for n, step in enumerate(steps):
        if step.op in (Op.SAME, Op.DECLARED) or n in taken:
            if first is not None:
                yield Block(first, n)
                first = None
        elif first is None:
            first = n
    if first is not None:
        yield Block(first, len(steps))


def _number_blocks(steps: Sequence[Step], printed: Sequence[Token], said: Sequence[Said]) -> Iterator[Block]:
    """Stretches that are one number on both sides, written differently."""
    n = 0
    while n < len(steps):
        if not _is_numeric(steps[n], printed, said):
            n += 1
            continue
        last = n
        while last < len(steps) and _is_numeric(steps[last], printed, said):
            last += 1
        for first in range(n, last):
            if block := _longest_number(steps, printed, said, first, last):
                yield block
                n = block.last
                break
        n = max(n, last) if n < last else n
        n = last


def _longest_number(
    steps: Sequence[Step], printed: Sequence[Token], said: Sequence[Said], first: int, last: int
) -> Block | None:
    for end in range(last, first, -1):
        if all(step.op is Op.SAME for step in steps[first:end]):
            return None
        keys = _keys_said(steps[first:end], said), _keys_printed(steps[first:end], printed)
        if same_number(*keys):
            return Block(first, end)
    return None


def _is_numeric(step: Step, printed: Sequence[Token], said: Sequence[Said]) -> bool:
    if step.op is Op.DECLARED:
        return False
    keys = [*_keys_said([step], said), *_keys_printed([step], printed)]
    return all(is_number_part(key) for key in keys)


def _keys_said(steps: Sequence[Step], said: Sequence[Said]) -> list[str]:
    return [said[j].key for step in steps for j in range(step.said, step.said_end)]


def _keys_printed(steps: Sequence[Step], printed: Sequence[Token]) -> list[str]:
    return [printed[step.printed].key for step in steps if step.printed >= 0]


def _declared(
    block: Block, steps: Sequence[Step], printed: Sequence[Token], said: Sequence[Said], text: str, why: str
) -> Change:
    run = steps[block.first : block.last]
    return Change(ChangeKind.DECLARED, _said_text(run, said), _printed_text(run, printed, text), False, why)


def _declared_edit(step: Step, printed: Sequence[Token], said: Sequence[Said], text: str) -> Change | None:
    """A bracket, an ellipsis or a mask: allowed, unless it turns the meaning."""
    token = printed[step.printed]
    words = said[step.said : step.said_end]
    spoken, shown = _texts(words), text[token.start : token.end]
    lost = [w for w in words if is_negation(w.key)]
    if token.kind is Kind.ELLIPSIS:
        if not words:
            return None
        if lost and len(words) <= 2:
            return Change(ChangeKind.DROPPED, spoken, shown, True, "the ellipsis hides a negation")
        why = "words left out, a negation among them" if lost else "words left out"
        return Change(ChangeKind.DECLARED, spoken, shown, bool(lost), why)
    if token.kind is Kind.BRACKET:
        added = [key for key in token.inner if is_negation(key)]
        if len(added) != len(lost) and not token.stands_for_mask:
            kind = ChangeKind.REPLACED if spoken else ChangeKind.ADDED
            return Change(kind, spoken, shown, True, "the bracket turns a negation")
        why = "bracket in place of words" if spoken else "bracket added"
        return Change(ChangeKind.DECLARED, _masked(words), shown, False, why)
    why = "masked" if token.kind is Kind.MASK else "letters in brackets"
    return Change(
        ChangeKind.DECLARED, _masked(words) if token.kind is Kind.MASK else spoken, shown, False, why
    )


def _in_clear(word: Word, rest: str, printed: Sequence[Token], step: Step) -> Change:
    token = printed[step.printed]
    shown = rest[: token.end - token.start]
    return Change(ChangeKind.REPLACED, masked_text(word), shown, True, "a masked word is printed in clear")


def _undeclared(
    block: Block,
    steps: Sequence[Step],
    printed: Sequence[Token],
    said: Sequence[Said],
    text: str,
    strict: bool,
) -> Iterator[Change]:
    """The changes of one block, those that are only sounds of speech or spelling declared."""
    run = list(steps[block.first : block.last])
    if _only_spelling(run, printed, said):
        yield _declared(block, steps, printed, said, text, "spelling or spacing")
        return
    kept: list[Step] = []
    for step in run:
        sound = step.op is Op.DROPPED and said[step.said].left_out_freely
        if sound and (not strict or said[step.said].silent):
            piece = said[step.said]
            why = (
                "not speech"
                if piece.silent
                else "sound of hesitation"
                if piece.key in FILLERS
                else "false start"
            )
            yield Change(ChangeKind.DECLARED, piece.word.text, "", False, why)
        else:
            kept.append(step)
    for group in _apart(kept):
        repeat = not strict and _is_repeat(group, said)
        if repeat:
            yield Change(ChangeKind.DECLARED, _said_text(group, said), "", False, "words repeated")
        else:
            yield _change(_whole_words(group, steps, printed, said), printed, said, text)


def _apart(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Groups of one kind: words only dropped stay apart from those replaced beside them."""
    group: list[Step] = []
    for step in steps:
        follows = not group or group[-1].said_end == step.said
        if group and ((step.op is Op.DROPPED) != (group[-1].op is Op.DROPPED) or not follows):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _only_spelling(run: Sequence[Step], printed: Sequence[Token], said: Sequence[Said]) -> bool:
    spoken, shown = _keys_said(run, said), _keys_printed(run, printed)
    if not spoken or not shown:
        return False
    joined = ["".join(_SPELLINGS.get(key, key) for key in keys).replace("-", "") for keys in (spoken, shown)]
    return joined[0] == joined[1]


def _is_repeat(group: Sequence[Step], said: Sequence[Said]) -> bool:
    """True if the words left out are said again at once, or were said just before."""
    if any(step.op is not Op.DROPPED for step in group):
        return False
    keys = _keys_said(group, said)
    if not keys or any(is_number(key) for key in keys):
        return False
    speech = [(j, piece.key) for j, piece in enumerate(said) if not piece.left_out_freely]
    at = next((n for n, (j, _) in enumerate(speech) if j >= group[0].said), len(speech))
    keys_only = [key for _, key in speech]
    for width in range(1, LONGEST_REPEAT + 1):
        if len(keys) % width:
            continue
        pieces = [keys[n : n + width] for n in range(0, len(keys), width)]
        following = keys_only[at + len(keys) : at + len(keys) + width]
        before = keys_only[max(0, at - width) : at]
        if all(piece == pieces[0] for piece in pieces) and pieces[0] in (following, before):
            return True
    return False


def _whole_words(
    group: Sequence[Step], steps: Sequence[Step], printed: Sequence[Token], said: Sequence[Said]
) -> list[Step]:
    """The group with the other half of a contraction cut through, so that people read whole words."""
    result = list(group)
    at = steps.index(result[0])
    while at > 0 and _one_word(steps[at - 1], result[0], printed, said):
        at -= 1
        result.insert(0, steps[at])
    at = steps.index(result[-1])
    while at + 1 < len(steps) and _one_word(result[-1], steps[at + 1], printed, said):
        at += 1
        result.append(steps[at])
    return result


def _one_word(a: Step, b: Step, printed: Sequence[Token], said: Sequence[Said]) -> bool:
    if Op.DECLARED in (a.op, b.op):
        return False
    if a.said_end > a.said and b.said_end > b.said and said[a.said].word is said[b.said].word:
        return True
    return a.printed >= 0 and b.printed >= 0 and printed[a.printed].end == printed[b.printed].start


def _change(run: Sequence[Step], printed: Sequence[Token], said: Sequence[Said], text: str) -> Change:
    spoken, shown = _said_text(run, said), _printed_text(run, printed, text)
    if spoken and shown:
        kind = ChangeKind.REPLACED
    else:
        kind = ChangeKind.DROPPED if spoken else ChangeKind.ADDED
    why = _grave(run, printed, said, text)
    return Change(
        kind, spoken, shown, bool(why), why or {"replaced": "another word"}.get(kind, f"word {kind}")
    )


def _grave(run: Sequence[Step], printed: Sequence[Token], said: Sequence[Said], text: str) -> str:
    spoken = [said[j] for step in run for j in range(step.said, step.said_end)]
    shown = [printed[step.printed] for step in run if step.printed >= 0]
    lost = sum(is_negation(piece.key) for piece in spoken) - sum(is_negation(token.key) for token in shown)
    if lost:
        return "a negation was lost" if lost > 0 else "a negation was added"
    left = [piece.key for piece in spoken]
    right = [token.key for token in shown]
    if any(piece.word.mask is not None or "*" in piece.key for piece in spoken):
        return "a masked word is changed"
    reasons = {weight(p.key, name=_is_name(p.word.text, p.key)) for p in spoken if p.key not in right}
    reasons |= {weight(t.key, name=_is_name_at(text, t)) for t in shown if t.key not in left}
    for reason in ("negation", "number", "date", "modal", "name", "person"):
        if reason in reasons:
            return (
                f"a {reason} was changed"
                if spoken and shown
                else f"a {reason} was {'added' if shown else 'lost'}"
            )
    return ""


def _is_name(word: str, key: str) -> bool:
    bare = word.lstrip("\"'“‘«„([—–-")
    return bare[:1].isupper() and key not in ("i", "'s", "'m", "'ve", "'ll", "'d", "'re")


def _is_name_at(text: str, token: Token) -> bool:
    """A capital that does not start a sentence."""
    before = text[: token.start].rstrip(" \"'“‘«„([")
    return text[token.start].isupper() and token.key != "i" and bool(before) and before[-1] not in ".!?…—–"


def _said_text(run: Sequence[Step], said: Sequence[Said]) -> str:
    return _texts([said[j] for step in run for j in range(step.said, step.said_end)])


def _texts(pieces: Sequence[Said]) -> str:
    words: list[Word] = []
    for piece in pieces:
        if not words or words[-1] is not piece.word:
            words.append(piece.word)
    return " ".join(word.text for word in words)


def _masked(pieces: Sequence[Said]) -> str:
    words: list[Word] = []
    for piece in pieces:
        if not words or words[-1] is not piece.word:
            words.append(piece.word)
    return " ".join(masked_text(word) for word in words)


def _printed_text(run: Sequence[Step], printed: Sequence[Token], text: str) -> str:
    shown = [printed[step.printed] for step in run if step.printed >= 0]
    return text[shown[0].start : shown[-1].end] if shown else ""


def _without_doubles(found: Sequence[Change]) -> Iterator[Change]:
    """A word of two pieces gives one change."""
    last: Change | None = None
    for change in found:
        if change != last or change.kind is not ChangeKind.REPLACED:
            yield change
        last = change


def _moved(found: Iterator[Change]) -> list[Change]:
    """Words dropped in one place and added in another are one change: moved."""
    result = list(found)
    for n, dropped in enumerate(result):
        if dropped.kind is not ChangeKind.DROPPED:
            continue
        key = _plain(dropped.said)
        for k, added in enumerate(result):
            if added.kind is ChangeKind.ADDED and _plain(added.printed) == key:
                grave = dropped.grave or added.grave
                why = (
                    "words in another place"
                    if not grave
                    else f"{dropped.why.rsplit(' was ', 1)[0]} was moved"
                )
                result[n] = replace(
                    dropped, kind=ChangeKind.MOVED, printed=added.printed, why=why, grave=grave
                )
                del result[k]
                return _moved(iter(result))
    return result


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
