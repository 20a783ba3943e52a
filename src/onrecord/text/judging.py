"""The places of a record that may bear a quotation out, each laid beside it and judged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.text.align import Alignment, Op, Step, align
from onrecord.text.compare import Change, Said, changes, is_undeclared
from onrecord.text.lexicon import BACKCHANNELS, FILLERS, is_false_start, is_negation
from onrecord.text.normalise import Kind, Token, word_keys
from onrecord.text.places import exact_places, likely_places
from onrecord.text.quotations import Quotation
from onrecord.text.record import Record
from onrecord.text.speakers import same_speaker
from onrecord.text.surface import surface_changes

FRAGMENT_WORDS = 2
UNKNOWN = 0
BREAK = -1
ELLIPSIS_REACH = 120
SPLICE_GAP = 10
CONTEXT = 6
_RARE = 3
_ALWAYS_JUDGED = 2
_COST_MARGIN = 1.5
_BRACKETED = 4
_LISTENING = 3
_PASSAGE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place judged. `start` and `end` are tokens of the record (exclusive)."""

    start: int
    end: int
    cost: float
    faithful: bool
    spliced: bool
    likeness: float
    run: int
    changes: tuple[Change, ...]
    speakers: tuple[str, ...]
    named: bool | None
    words: int
    same: int


def judged_places(
    quotation: Quotation,
    printed: Sequence[Token],
    record: Record,
    allowed: NDArray[np.bool_],
    literally: NDArray[np.bool_],
    named: str | None,
    strict: bool,
) -> list[Candidate]:
    """Places judged, the best first: exact ones, and if there are none by the speaker named, likely ones.

    Likely places are looked for in the transcripts `allowed`, exact ones in those of `literally`: who mixes two
    languages is found where the words stand, whatever language they were taken for.
    """
    keys = [record.vocabulary.get(token.key, UNKNOWN) if token.kind is Kind.WORD else BREAK for token in printed]
    result: list[Candidate] = []
    if all(token.kind is Kind.WORD for token in printed):
        same = Alignment(0.0, tuple(Step(Op.SAME, i, i, i + 1) for i in range(len(printed))))
        for start in exact_places(record, keys, literally):
            result.append(_judge(quotation, printed, record, start, same, named, strict))
    if not any(c.faithful and c.named is not False for c in result):
        laid = sorted(_alignments(printed, keys, record, allowed), key=lambda pair: pair[1].cost)
        for n, (start, alignment) in enumerate(laid):
            if n < _ALWAYS_JUDGED or alignment.cost <= laid[0][1].cost + _COST_MARGIN:
                result.append(_judge(quotation, printed, record, start, alignment, named, strict))
    return _ranked(result)


def _alignments(
    printed: Sequence[Token], keys: Sequence[int], record: Record, allowed: NDArray[np.bool_]
) -> Iterator[tuple[int, Alignment]]:
    """The quotation laid over each likely place: the token from which it counts, and the alignment."""
    ellipses = sum(token.kind is Kind.ELLIPSIS for token in printed)
    places = likely_places(record, keys, allowed, reach=ELLIPSIS_REACH * min(3, ellipses))
    for place in places:
        window, texts = record.texts(place.start, place.end)
        silent = record.silent(place.start, place.end)
        cheap = [hushed or text in FILLERS or is_false_start(text) for hushed, text in zip(silent, texts, strict=True)]
        alignment = _trimmed(align(printed, keys, window, texts, cheap), record, place.start)
        if any(step.said_end > step.said for step in alignment.steps):
            yield place.start, alignment


def _trimmed(alignment: Alignment, record: Record, base_token: int) -> Alignment:
    """A word at an end that meets one of the next sentence was added there, not put in its place."""
    steps = list(alignment.steps)
    if len(steps) > 1 and steps[-1].op is Op.REPLACED and _parted(record, base_token + steps[-1].said - 1):
        steps[-1] = Step(Op.ADDED, steps[-1].printed, steps[-1].said, steps[-1].said)
    if len(steps) > 1 and steps[0].op is Op.REPLACED and _parted(record, base_token + steps[0].said):
        steps[0] = Step(Op.ADDED, steps[0].printed, steps[0].said_end, steps[0].said_end)
    return Alignment(alignment.cost, tuple(steps))


def _parted(record: Record, position: int) -> bool:
    """True if a sentence or a segment ends with this token."""
    if position < 0 or record.tokens[position] == 0 or record.tokens[position + 1] == 0:
        return True
    ends = _ends_sentence(record.word(position).text)
    return ends or record.segment_number(position) != record.segment_number(position + 1)


def _ranked(found: Sequence[Candidate]) -> list[Candidate]:
    """The best first, each stretch once; a place by another speaker than the one named comes after."""
    order = sorted(found, key=_rank)
    result: list[Candidate] = []
    for candidate in order:
        if not any(candidate.start < other.end and candidate.end > other.start for other in result):
            result.append(candidate)
    return result


def _rank(candidate: Candidate) -> tuple[bool, bool, float, bool, bool, int]:
    """Faithful places first, those of the speaker named before others; the rest by cost."""
    other = candidate.named is False
    return (
        not candidate.faithful,
        candidate.faithful and other,
        round(candidate.cost, 6),
        candidate.spliced,
        other,
        candidate.start,
    )


def _judge(
    quotation: Quotation,
    printed: Sequence[Token],
    record: Record,
    base_token: int,
    alignment: Alignment,
    named: str | None,
    strict: bool,
) -> Candidate:
    """What one alignment says: changes, speakers, splices, and how much of the quotation it explains."""
    steps = alignment.steps
    first = min(step.said for step in steps if step.said_end > step.said)
    last = max(step.said_end for step in steps)
    found = _changes(quotation, printed, record, base_token, steps, strict)
    surface = surface_changes(quotation, steps, printed, record, base_token)
    undeclared = [change for change in found if is_undeclared(change)]
    voices = _voices(record, base_token, steps)
    faithful = not undeclared and len(voices) <= 1 and _anchored(steps, printed)
    two_voices = len(voices) > 1 and (not undeclared or _shared_out(record, base_token, steps))
    spliced = not faithful and (two_voices or _leaps(record, base_token, steps))
    matches = [_named(named, voice, record) for voice in voices] if named else []
    weights = [_weight(record, printed[i].key) for i in range(len(printed)) if printed[i].kind is Kind.WORD]
    alike = [step for step in steps if step.op in (Op.SAME, Op.NUMBER)]
    likeness = sum(_weight(record, printed[s.printed].key) for s in alike) / max(1e-9, sum(weights))
    cost = alignment.cost if undeclared or not faithful else min(alignment.cost, 0.5)
    return Candidate(
        base_token + first,
        base_token + last,
        cost,
        faithful,
        spliced,
        likeness,
        _longest_run(steps),
        (*found, *surface),
        voices,
        False if False in matches else True if True in matches else None,
        max(1, sum(token.kind is not Kind.ELLIPSIS for token in printed)),
        sum(step.op in (Op.SAME, Op.NUMBER, Op.DECLARED) for step in steps),
    )


def _changes(
    quotation: Quotation,
    printed: Sequence[Token],
    record: Record,
    base_token: int,
    steps: Sequence[Step],
    strict: bool,
) -> tuple[Change, ...]:
    """The changes of an alignment from `base_token` on, seen with the words around it."""
    low, high = record.bounds(record.transcript_of(base_token + max(0, steps[0].said)))
    first = max(low, base_token - CONTEXT)
    shift = base_token - first
    end = base_token + max(step.said_end for step in steps)
    moved = [replace(step, said=step.said + shift, said_end=step.said_end + shift) for step in steps]
    said = _said(record, first, end)
    following = _said(record, end, min(high, end + 2))
    led = any(is_negation(key) for word in quotation.before.split() for key in word_keys(word))
    return changes(moved, printed, said, quotation.text, strict=strict, following=following, led_by_negation=led)


def _said(record: Record, first: int, end: int) -> list[Said]:
    _, keys = record.texts(first, end)
    result: list[Said] = []
    number, listens, opens = -1, False, first < end and _parted(record, first - 1)
    for key, silent, turn in zip(keys, record.silent(first, end), record.turns(first, end), strict=True):
        at, segment, word = turn
        if at != number:
            listens, opens = _only_listens(record, at), opens or bool(result)
            number = at
        result.append(Said(key, word, segment.speaker, silent, listens, opens))
        opens = _ends_sentence(word.text)
    return result


def _only_listens(record: Record, number: int) -> bool:
    """True for a turn such as "Mm-hm." in the middle of another voice's sentence."""
    turn = record.segments[number]
    if len(turn.words) > _LISTENING or not 0 < number < len(record.segments) - 1:
        return False
    before, after = record.segments[number - 1], record.segments[number + 1]
    if not before.speaker or before.speaker != after.speaker or turn.speaker in ("", before.speaker):
        return False
    keys = [key for word in turn.words for key in word_keys(word.text)]
    open_sentence = bool(before.words) and not _ends_sentence(before.words[-1].text)
    return open_sentence and bool(keys) and all(key in BACKCHANNELS for key in keys)


def _ends_sentence(word: str) -> bool:
    return word.rstrip("\"'”’»)")[-1:] in tuple(".!?…")


def _named(named: str, label: str, record: Record) -> bool | None:
    return same_speaker(named, label, record.speakers)


def _voices(record: Record, base_token: int, steps: Sequence[Step]) -> tuple[str, ...]:
    """Speakers of the words that are the same, in order; silence and unknown speakers do not count."""
    result: list[str] = []
    for step in steps:
        if step.op is Op.SAME:
            if record.is_silent(base_token + step.said):
                continue
            speaker = record.speaker(base_token + step.said)
            if speaker and speaker not in result:
                result.append(speaker)
    return tuple(result)


def _shared_out(record: Record, base_token: int, steps: Sequence[Step]) -> bool:
    """True if each voice said some words of the quotation, not one that happens to be the same."""
    counts: Counter[str] = Counter()
    for step in steps:
        if step.op is Op.SAME:
            counts[record.speaker(base_token + step.said)] += 1
    return min((count for speaker, count in counts.items() if speaker), default=0) >= _PASSAGE


def _anchored(steps: Sequence[Step], printed: Sequence[Token]) -> bool:
    """False if declared edits leave so little in clear that it could have been said anywhere."""
    runs = [0]
    edges = {0, len(printed) - 1}
    for step in steps:
        if step.op is Op.DECLARED and step.printed >= 0 and printed[step.printed].kind is Kind.ELLIPSIS:
            runs.extend([0] if step.printed not in edges else [])
        elif step.op in (Op.SAME, Op.NUMBER):
            runs[-1] += 1
    total = sum(runs)
    if total < min(FRAGMENT_WORDS + 1, len(printed)):
        return len(printed) <= FRAGMENT_WORDS or little_hidden(printed)
    lone = sum(run <= 1 for run in runs)
    return lone <= max(1, len(runs) // 2) and max(runs) >= min(3, total)


def little_hidden(printed: Sequence[Token]) -> bool:
    """True if brackets put few words into a short quotation."""
    return sum(len(token.inner) for token in printed if token.kind is Kind.BRACKET) <= _BRACKETED


def _leaps(record: Record, base_token: int, steps: Sequence[Step]) -> bool:
    """True if words between two passages were left out that are a turn of their own or many."""
    run: list[int] = []
    before = 0
    for n, step in enumerate(steps):
        if step.op is Op.DROPPED:
            run.append(base_token + step.said)
            continue
        if run:
            after = sum(s.op is Op.SAME for s in steps[n:])
            if before >= 2 and after >= 2 and _is_passage(record, run):
                return True
            run = []
        before += step.op is Op.SAME
    return False


def _is_passage(record: Record, run: Sequence[int]) -> bool:
    if len(run) >= SPLICE_GAP:
        return True
    first, last = record.segment_number(run[0]), record.segment_number(run[-1])
    for number in range(first, last + 1):
        inside = [p for p in run if record.segment_number(p) == number]
        if not inside:
            continue
        before, after = inside[0] - 1, inside[-1] + 1
        starts = record.tokens[before] == 0 or record.segment_number(before) != number
        ends = record.tokens[after] == 0 or record.segment_number(after) != number
        if starts and ends and not all(map(record.is_silent, inside)):
            return True
    return False


def _longest_run(steps: Sequence[Step]) -> int:
    best = run = 0
    for step in steps:
        run = run + 1 if step.op in (Op.SAME, Op.NUMBER) else 0
        best = max(best, run)
    return best


def _weight(record: Record, key: str) -> float:
    """How much a word tells: rare words more."""
    count = max(_RARE, record.frequency(record.vocabulary.get(key, 0)))
    return math.log2(2.0 + record.size / (1.0 + count))
