"""The places of a record that may bear a quotation out, each laid beside it and judged."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from onrecord.text.align import Alignment, Op, Step, Window, align, least_costs
from onrecord.text.compare import Change, Said, changes, is_surely_altered, is_undeclared
from onrecord.text.lexicon import BACKCHANNELS, is_negation
from onrecord.text.normalise import Kind, Token, word_keys
from onrecord.text.places import Hits, Place, anchor_hits, exact_places, likely_places
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
_LOOK_BACK = 24
_RARE = 3
_ALWAYS_JUDGED = 2
_COST_MARGIN = 1.5
_ROUNDING = 1e-6
_BRACKETED = 4
_LISTENING = 3
_PASSAGE = 3


@dataclass(frozen=True)
class Asked:
    """A quotation, its tokens, the record and what all places are judged by."""

    quotation: Quotation
    printed: Sequence[Token]
    record: Record
    named: str | None
    strict: bool

    @cached_property
    def keys(self) -> list[int]:
        """The number of each printed word; UNKNOWN if the record never has it, BREAK for what is no word."""
        number = self.record.vocabulary.get
        return [number(token.key, UNKNOWN) if token.kind is Kind.WORD else BREAK for token in self.printed]

    @cached_property
    def hits(self) -> Hits:
        """Where pairs of the printed words occur."""
        return anchor_hits(self.record, self.keys)

    @cached_property
    def weights(self) -> list[float]:
        """How much each printed token tells."""
        return [
            _weight(self.record, key if key != BREAK else self.record.vocabulary.get(token.key, UNKNOWN))
            for key, token in zip(self.keys, self.printed, strict=True)
        ]

    @cached_property
    def told(self) -> float:
        """How much all printed words tell."""
        pairs = zip(self.weights, self.printed, strict=True)
        return sum(weight for weight, token in pairs if token.kind is Kind.WORD)

    @cached_property
    def led_by_negation(self) -> bool:
        """True if the story's own words before the mark carry a negation."""
        return any(is_negation(key) for word in self.quotation.before.split() for key in word_keys(word))


class Candidate:
    """One place, judged as far as somebody asks: most places are never reported.

    `start` and `end` are tokens of the record (exclusive).
    """

    def __init__(self, asked: Asked, base_token: int, alignment: Alignment) -> None:
        self._asked, self._base, self._alignment = asked, base_token, alignment
        self._steps = alignment.steps
        self.start = base_token + min(step.said for step in self._steps if step.said_end > step.said)
        self.end = base_token + max(step.said_end for step in self._steps)

    @cached_property
    def faithful(self) -> bool:
        """True if no change is undeclared, one voice speaks, and enough stands in clear."""
        if self._surely_altered or not _anchored(self._steps, self._asked.printed):
            return False
        return len(self.speakers) <= 1 and not self._altered

    @property
    def cost(self) -> float:
        """What the alignment costs; little where every change is declared."""
        return min(self._alignment.cost, 0.5) if self.faithful else self._alignment.cost

    @cached_property
    def spliced(self) -> bool:
        """True if it is not faithful and the words are of two voices, or a passage between them is left out."""
        if self.faithful:
            return False
        record, voices = self._asked.record, self.speakers
        if len(voices) > 1 and (not self._altered or _shared_out(record, self._base, self._steps)):
            return True
        return _leaps(record, self._base, self._steps)

    @cached_property
    def likeness(self) -> float:
        """How much of what the quotation's words tell is told by those that are the same."""
        weights = self._asked.weights
        alike = sum(weights[step.printed] for step in self._steps if step.op in (Op.SAME, Op.NUMBER))
        return alike / max(1e-9, self._asked.told)

    @property
    def run(self) -> int:
        """The most words one after another that are the same."""
        return _longest_run(self._steps)

    @property
    def words(self) -> int:
        """How many tokens are printed, ellipses left out."""
        return max(1, sum(token.kind is not Kind.ELLIPSIS for token in self._asked.printed))

    @property
    def same(self) -> int:
        """How many tokens are the same or declared."""
        return sum(step.op in (Op.SAME, Op.NUMBER, Op.DECLARED) for step in self._steps)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Those of words, then those of case and punctuation."""
        asked = self._asked
        surface = surface_changes(asked.quotation, self._steps, asked.printed, asked.record, self._base)
        return (*self._changes, *surface)

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The voices that say the words, in order."""
        return _voices(self._asked.record, self._base, self._steps)

    @cached_property
    def named(self) -> bool | None:
        """False if another than the speaker named says the words; None if that cannot be told."""
        asked = self._asked
        matches = [_named(asked.named, voice, asked.record) for voice in self.speakers] if asked.named else []
        return False if False in matches else True if True in matches else None

    @cached_property
    def _surely_altered(self) -> bool:
        _, keys = self._asked.record.texts(self._base, self.end)
        return is_surely_altered(self._steps, self._asked.printed, keys)

    @property
    def _altered(self) -> bool:
        return self._surely_altered or any(map(is_undeclared, self._changes))

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        return _changes(self._asked, self._base, self._steps)


def judged_places(asked: Asked, allowed: NDArray[np.bool_], literally: NDArray[np.bool_], most: int) -> list[Candidate]:
    """Places judged, the best first: exact ones, and if there are none by the speaker named, likely ones.

    Likely places are looked for in the transcripts `allowed`, exact ones in those of `literally`: who mixes two
    languages is found where the words stand, whatever language they were taken for. After `most` that are as good
    as can be there may be fewer than the record has.
    """
    result = list(_exact(asked, literally, most))
    if not any(c.faithful and c.named is not False for c in result):
        result.extend(_likely(asked, allowed))
    return _ranked(result)


def _exact(asked: Asked, literally: NDArray[np.bool_], most: int) -> Iterator[Candidate]:
    """Where the very words stand, until no later place can come before the `most` best."""
    same = Alignment(0.0, tuple(Step(Op.SAME, i, i, i + 1) for i in range(len(asked.keys))))
    settled, end = 0, 0
    for start in exact_places(asked.record, asked.keys, literally):
        candidate = Candidate(asked, start, same)
        yield candidate
        if start >= end and candidate.faithful and candidate.named is not False:
            settled, end = settled + 1, candidate.end
            if settled == most:
                return


def _likely(asked: Asked, allowed: NDArray[np.bool_]) -> Iterator[Candidate]:
    """The likely places that cost least."""
    judged, limit = 0, 0.0
    for start, untrimmed in sorted(_alignments(asked, allowed), key=lambda pair: pair[1].cost):
        if judged >= _ALWAYS_JUDGED and untrimmed.cost > limit:
            return
        alignment = _trimmed(untrimmed, asked.record, start)
        if _has_words(alignment.steps):
            limit = limit if judged else alignment.cost + _COST_MARGIN
            judged += 1
            yield Candidate(asked, start, alignment)


def _alignments(asked: Asked, allowed: NDArray[np.bool_]) -> list[tuple[int, Alignment]]:
    """The quotation laid over likely places: the token from which it counts, and the alignment.

    A place is passed over if it must cost more than those that will be judged.
    """
    printed, keys, record = asked.printed, asked.keys, asked.record
    ellipses = sum(token.kind is Kind.ELLIPSIS for token in printed)
    places = likely_places(record, keys, allowed, asked.hits, reach=ELLIPSIS_REACH * min(3, ellipses))
    least = least_costs(printed, keys, [record.tokens[place.start : place.end].tolist() for place in places])
    order = sorted(range(len(places)), key=least.__getitem__)
    near = max(_ALWAYS_JUDGED, sum(cost <= min(least) + _COST_MARGIN for cost in least))
    laid: dict[int, Alignment] = {}
    limit = math.inf
    for batch in (order[:near], order[near:]):
        within = [n for n in batch if least[n] <= limit + _ROUNDING]
        if within:
            laid.update(zip(within, align(printed, keys, [_window(record, places[n]) for n in within]), strict=True))
        costs = sorted(alignment.cost for alignment in laid.values() if _has_words(alignment.steps[1:-1]))
        if len(costs) >= _ALWAYS_JUDGED:
            limit = max(costs[_ALWAYS_JUDGED - 1], costs[0] + _COST_MARGIN)
    return [(places[n].start, laid[n]) for n in sorted(laid)]


def _window(record: Record, place: Place) -> Window:
    keys, words = record.texts(place.start, place.end)
    return Window(keys, words, record.silent(place.start, place.end))


def _has_words(steps: Sequence[Step]) -> bool:
    """True if words said take part."""
    return any(step.said_end > step.said for step in steps)


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
    if record.segment_number(position) != record.segment_number(position + 1):
        return True
    return _ends_sentence(record.word(position).text)


def _ranked(found: Sequence[Candidate]) -> list[Candidate]:
    """The best first, each stretch once; a place by another speaker than the one named comes after."""
    result: list[Candidate] = []
    for candidate in _in_order(found):
        if not any(candidate.start < other.end and candidate.end > other.start for other in result):
            result.append(candidate)
    return result


def _in_order(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Faithful places first, those of the speaker named before others; the rest by cost."""
    for _, alike in groupby(sorted(found, key=_rank), key=_rank):
        among = list(alike)
        yield from sorted(among, key=_rank_among) if len(among) > 1 else among


def _rank(candidate: Candidate) -> tuple[bool, bool, float]:
    other = candidate.faithful and candidate.named is False
    return not candidate.faithful, other, round(candidate.cost, 6)


def _rank_among(candidate: Candidate) -> tuple[bool, bool, int]:
    """Asked only where costs are equal, since it reads more of the record."""
    return candidate.spliced, candidate.named is False, candidate.start


def _changes(asked: Asked, base_token: int, steps: Sequence[Step]) -> tuple[Change, ...]:
    """The changes of an alignment from `base_token` on, seen with the words around it."""
    record = asked.record
    low, high = record.bounds(record.transcript_of(base_token + max(0, steps[0].said)))
    first = max(low, base_token - CONTEXT, base_token + steps[0].said - _LOOK_BACK)
    shift = base_token - first
    end = base_token + max(step.said_end for step in steps)
    moved = [Step(step.op, step.printed, step.said + shift, step.said_end + shift) for step in steps]
    said = _said(record, first, end)
    following = _said(record, end, min(high, end + 2))
    return changes(
        moved,
        asked.printed,
        said,
        asked.quotation.text,
        strict=asked.strict,
        following=following,
        led_by_negation=asked.led_by_negation,
    )


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
    if len(turn.words) > _LISTENING or not record.is_inside(number):
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
    same = [step.said for step in steps if step.op is Op.SAME]
    if not same:
        return ()
    first, end = base_token + same[0], base_token + same[-1] + 1
    voices = [segment.speaker for _, segment, _ in record.turns(first, end)]
    silent = record.silent(first, end)
    heard = (voices[at - same[0]] for at in same if not silent[at - same[0]])
    return tuple(dict.fromkeys(filter(None, heard)))


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


def _weight(record: Record, key: int) -> float:
    """How much a word tells: rare words more."""
    count = max(_RARE, record.frequency(key))
    return math.log2(2.0 + record.size / (1.0 + count))
