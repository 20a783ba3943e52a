"""What was changed between the words said and the words printed, and whether the change was declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, pairwise
from typing import NamedTuple

from onrecord.text.align import Op, Step
from onrecord.text.languages import is_common
from onrecord.text.lexicon import FILLERS, is_false_start, is_negation, opposed, weight
from onrecord.text.masks import masked_text
from onrecord.text.normalise import Kind, Token, word_keys
from onrecord.text.numbers import is_number, is_number_part, numerals
from onrecord.text.transcripts import Word

LONGEST_REPEAT = 4
_LONGEST_NUMBER = 8
_LEAST_EDGE = 3
_FEW, _SOME = 2, 4
_NOT_DOUBLED = frozenset(["had", "that"])
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


class Said(NamedTuple):
    """One piece of a word said: its key, its word, its speaker.

    `silent` if not speech, `listening` if another voice only shows that it listens, `opens` if a sentence
    begins with it.
    """

    key: str
    word: Word
    speaker: str
    silent: bool = False
    listening: bool = False
    opens: bool = False

    @property
    def left_out_freely(self) -> bool:
        """True for hesitation, a word broken off and what is not speech; "uh-uh" is an answer."""
        sound = self.key in FILLERS and len(word_keys(self.word.text)) == 1
        return self.silent or self.listening or sound or is_false_start(self.key)


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring steps first..last (exclusive) that are not the same on both sides."""

    first: int
    last: int


def changes(
    steps: Sequence[Step],
    printed: Sequence[Token],
    said: Sequence[Said],
    text: str,
    *,
    strict: bool,
    following: Sequence[Said] = (),
    led_by_negation: bool = False,
) -> tuple[Change, ...]:
    """All changes in order of the printed text; several of one stretch stay apart, moved words are joined.

    `said` begins before the quotation, as far as the window goes; `following` are the pieces after the last
    one quoted. `led_by_negation` tells that the story's own words before the mark carry a negation.
    """
    found: list[tuple[int, Change]] = []
    for block in _numbers(steps):
        found.append((block.first, _declared(block, steps, printed, said, text, "number in words or digits")))
    for n, step in enumerate(steps):
        if step.op is Op.DECLARED:
            change = _declared_edit(step, printed, said, text)
            if change:
                found.append((n, change))
        elif step.op is Op.SAME and said[step.said].word.mask is not None:
            found.append((n, _in_clear(said[step.said].word, text[printed[step.printed].start :], printed, step)))
    for block in _blocks(steps):
        found.extend((block.first, change) for change in _undeclared(block, steps, printed, said, text, strict))
    found.extend(_at_edges(steps, said, following, led_by_negation, strict))
    found.extend(_numbers_cut(steps, said, following))
    found.sort(key=lambda pair: pair[0])
    return tuple(_moved(_without_doubles([change for _, change in found])))


def is_caution(change: Change) -> bool:
    """True for what is no edit but should be seen: a negation just outside words that are quoted exactly."""
    return change.kind is ChangeKind.DECLARED and change.grave and not change.printed


def _at_edges(
    steps: Sequence[Step],
    said: Sequence[Said],
    following: Sequence[Said],
    led_by_negation: bool,
    strict: bool,
) -> Iterator[tuple[int, Change]]:
    """A contraction cut in two, or a negation left just outside: "No | one may pass", "you ca | n't"."""
    same = [step for step in steps if step.op is Op.SAME]
    if not same or len(same) < _LEAST_EDGE or Op.SAME not in (steps[0].op, steps[-1].op):
        return
    first, last = same[0].said, same[-1].said
    if steps[0] is same[0] and first > 0:
        before = said[first - 1]
        cut = before.word is said[first].word and before.key != said[first].key and "'" in said[first].key
        outside = is_negation(before.key) and before.speaker == said[first].speaker and not led_by_negation
        outside = outside and not is_negation(said[first].key)
        if cut or (outside and not _pauses(before.word.text)):
            opens = first == 1 or said[first - 2].speaker != before.speaker or _ends(said[first - 2].word.text)
            yield 0, _cut_off(before, blocks=cut or opens or strict)
    if steps[-1] is same[-1] and following:
        after = following[0]
        cut = after.word is said[last].word
        ends = len(following) == 1 or _pauses(after.word.text) or following[1].speaker != after.speaker
        outside = is_negation(after.key) and ends and after.speaker == said[last].speaker
        if cut or (outside and not _pauses(said[last].word.text)):
            yield len(steps), _cut_off(after, blocks=True)


def _numbers_cut(
    steps: Sequence[Step], said: Sequence[Said], following: Sequence[Said]
) -> Iterator[tuple[int, Change]]:
    """A number of which only a part is quoted: "one hundred and | thirty-five percent", "two | hundred"."""
    spoken = [step for step in steps if step.said_end > step.said]
    if not spoken:
        return
    first, last = spoken[0], spoken[-1]
    if first.op in (Op.SAME, Op.NUMBER):
        at, inside = first.said, said[first.said : spoken[-1].said_end]
        before = _number_pieces(reversed(said[:at]), inside[0])[::-1]
        if cut := _one_number(before, _number_pieces(inside, inside[0])):
            yield 0, _part_of_number(before[-cut:])
    if last.op in (Op.SAME, Op.NUMBER):
        inside = said[spoken[0].said : last.said_end]
        after = _number_pieces(following, inside[-1])
        if cut := _one_number(_number_pieces(reversed(inside), inside[-1])[::-1], after, from_end=True):
            yield len(steps), _part_of_number(after[:cut])


def _number_pieces(pieces: Iterable[Said], beside: Said) -> list[Said]:
    """The pieces that may belong to a number, from `beside` on, as long as its voice does not pause."""
    found: list[Said] = []
    for piece in islice(pieces, _LONGEST_NUMBER):
        if piece.speaker != beside.speaker or not is_number_part(piece.key):
            break
        found.append(piece)
    return found


def _one_number(before: Sequence[Said], after: Sequence[Said], *, from_end: bool = False) -> int:
    """How many pieces outside the quotation make one number with those inside; 0 if none do."""
    if not before or not after or (before[-1].word is not after[0].word and _pauses(before[-1].word.text)):
        return 0
    outside, inside = (after, before) if from_end else (before, after)
    for size in range(len(outside), 0, -1):
        part = outside[:size] if from_end else outside[-size:]
        if not is_number((part[-1] if from_end else part[0]).key):
            continue
        for length in range(1, len(inside) + 1):
            near = inside[-length:] if from_end else inside[:length]
            if not is_number((near[0] if from_end else near[-1]).key):
                continue
            pieces = (*near, *part) if from_end else (*part, *near)
            if any(_pauses(a.word.text) and a.word is not b.word for a, b in pairwise(pieces)):
                continue
            if numerals(tuple(piece.key for piece in pieces)):
                return size
    return 0


def _hides_part_of_number(hidden: Sequence[Said], before: Sequence[Said], after: Sequence[Said]) -> bool:
    """True if words left out make one number with those printed before or after them."""
    heads, tails = _number_pieces(hidden, hidden[0]), _number_pieces(reversed(hidden), hidden[-1])[::-1]
    return bool(
        (before and _one_number(_number_pieces(reversed(before), hidden[0])[::-1], heads))
        or (after and _one_number(tails, _number_pieces(after, hidden[-1])))
    )


def _part_of_number(pieces: Sequence[Said]) -> Change:
    return Change(ChangeKind.DROPPED, _texts(pieces), "", True, "a number is cut in two")


def _cut_off(piece: Said, *, blocks: bool) -> Change:
    """A grave change; where a longer sentence is quoted from its middle it is left to the editor's eye."""
    lost = is_negation(piece.key)
    why = "a negation stands just outside the quotation" if lost else "a word is cut in two"
    return Change(ChangeKind.DROPPED if blocks else ChangeKind.DECLARED, piece.word.text, "", lost, why)


def _ends(word: str) -> bool:
    return word.rstrip("\"'”’»)")[-1:] in tuple(".!?…—")


def _pauses(word: str) -> bool:
    """True if punctuation after the word ends its clause."""
    return word.rstrip("\"'”’»)")[-1:] in tuple(".,;:!?…—–-")


def is_surely_altered(steps: Sequence[Step], printed: Sequence[Token], keys: Sequence[str]) -> bool:
    """True if `changes` holds an undeclared one whatever stands around, told by the keys said alone.

    A word replaced or added is never declared, unless the stretch differs in spelling only.
    """
    for block in _blocks(steps):
        run = steps[block.first : block.last]
        if any(step.op is not Op.DROPPED for step in run):
            spoken = [keys[j] for step in run for j in range(step.said, step.said_end)]
            if not _only_spelling(spoken, _keys_printed(run, printed)):
                return True
    return False


def is_undeclared(change: Change) -> bool:
    """True for a change that makes a quotation altered."""
    return change.kind is not ChangeKind.DECLARED


def _blocks(steps: Sequence[Step]) -> Iterator[Block]:
    first: int | None = None
    for n, step in enumerate(steps):
        if step.op in (Op.SAME, Op.DECLARED, Op.NUMBER):
            if first is not None:
                yield Block(first, n)
                first = None
        elif first is None:
            first = n
    if first is not None:
        yield Block(first, len(steps))


def _numbers(steps: Sequence[Step]) -> Iterator[Block]:
    """Stretches that are one number on both sides, written differently."""
    first: int | None = None
    for n, step in enumerate([*steps, None]):
        starts = step is not None and step.op is Op.NUMBER and step.said_end > step.said
        if first is not None and (starts or step is None or step.op is not Op.NUMBER):
            yield Block(first, n)
            first = None
        if starts:
            first = n


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
    speaker = said[step.said - 1].speaker if step.said else ""
    lost = [w for w in words if is_negation(w.key) and w.speaker == speaker]
    if token.kind is Kind.ELLIPSIS:
        if not words:
            return None
        if lost and _turns(words, said[step.said - 1] if step.said else None):
            return Change(ChangeKind.DROPPED, spoken, shown, True, "the ellipsis hides a negation")
        if _hides_part_of_number(words, said[: step.said], said[step.said_end :]):
            return Change(ChangeKind.DROPPED, spoken, shown, True, "the ellipsis hides a part of a number")
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
    return Change(ChangeKind.DECLARED, _masked(words) if token.kind is Kind.MASK else spoken, shown, False, why)


def _turns(hidden: Sequence[Said], before: Said | None) -> bool:
    """True if a negation among the words left out belongs to the words printed around them."""
    if len(hidden) <= _FEW:
        return True
    if before is not None and is_negation(hidden[0].key) and not _pauses(before.word.text):
        return True
    last = max(n for n, piece in enumerate(hidden) if is_negation(piece.key))
    return len(hidden) <= _SOME and not any(_pauses(piece.word.text) for piece in hidden[last:])


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
    if _only_spelling(_keys_said(run, said), _keys_printed(run, printed)):
        yield _declared(block, steps, printed, said, text, "spelling or spacing")
        return
    kept: list[Step] = []
    speaker = said[max(0, run[0].said - 1)].speaker
    for step in run:
        sound = step.op is Op.DROPPED and said[step.said].left_out_freely
        piece = said[step.said] if sound else None
        if piece and (piece.silent or piece.listening or (piece.speaker == speaker and not strict)):
            why = "not speech" if piece.silent else "sound of hesitation" if piece.key in FILLERS else "false start"
            why = "another voice that listens" if piece.listening else why
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


def _only_spelling(spoken: Sequence[str], shown: Sequence[str]) -> bool:
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
    if len(keys) == 1 and keys[0] in _NOT_DOUBLED and not _doubled_with_pause(group[0].said, said):
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


def _doubled_with_pause(at: int, said: Sequence[Said]) -> bool:
    """True if the voice stops between a word and its double, as it does not in "she had had enough"."""
    first = at if at + 1 < len(said) and said[at + 1].key == said[at].key else at - 1
    return first >= 0 and _pauses(said[first].word.text)


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
    if a.op in (Op.DECLARED, Op.NUMBER) or b.op in (Op.DECLARED, Op.NUMBER):
        return False
    if a.said_end > a.said and b.said_end > b.said and said[a.said].word is said[b.said].word:
        return True
    return a.printed >= 0 and b.printed >= 0 and printed[a.printed].end == printed[b.printed].start


def _change(run: Sequence[Step], printed: Sequence[Token], said: Sequence[Said], text: str) -> Change:
    spoken, shown = _said_text(run, said), _printed_text(run, printed, text)
    one_sided = ChangeKind.DROPPED if spoken else ChangeKind.ADDED
    kind = ChangeKind.REPLACED if spoken and shown else one_sided
    why = _grave(run, printed, said, text)
    return Change(kind, spoken, shown, bool(why), why or {"replaced": "another word"}.get(kind, f"word {kind}"))


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
    reasons = {weight(p.key, name=_is_name(p)) for p in spoken if p.key not in right}
    reasons |= {weight(t.key, name=_is_name_at(text, t)) for t in shown if t.key not in left}
    for reason in ("negation", "number", "date", "modal", "name", "person"):
        if reason in reasons:
            return f"a {reason} was changed" if spoken and shown else f"a {reason} was {'added' if shown else 'lost'}"
    if len(spoken) == len(shown) == 1 and _both_names(spoken[0].word.text, text[shown[0].start :], left[0], right[0]):
        return "a name was changed"
    kind = opposed(left, right)
    return f"a word of {kind} was changed" if kind else ""


def _is_name(piece: Said) -> bool:
    """A capital that does not start a sentence."""
    bare = piece.word.text.lstrip("\"'“‘«„([—–-")
    return bare[:1].isupper() and not piece.opens and piece.key not in ("i", "'s", "'m", "'ve", "'ll", "'d", "'re")


def _both_names(said: str, printed: str, left: str, right: str) -> bool:
    """True if two words that start sentences are no common words: "Petrenko", "Kovalenko"."""
    capitals = said.lstrip("\"'“‘«„([—–-")[:1].isupper() and printed[:1].isupper()
    return capitals and len(left) > 2 and len(right) > 2 and not is_common(left) and not is_common(right)


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
                why = "words in another place" if not grave else f"{dropped.why.rsplit(' was ', 1)[0]} was moved"
                result[n] = replace(dropped, kind=ChangeKind.MOVED, printed=added.printed, why=why, grave=grave)
                del result[k]
                return _moved(iter(result))
    return result


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
