"""Whether the record bears a quotation out: found, compared, judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.text.align import Alignment, Op, Step, align
from onrecord.text.compare import Change, ChangeKind, Said, changes, is_caution, is_undeclared
from onrecord.text.languages import base, guess_language, script
from onrecord.text.lexicon import FILLERS, is_false_start, is_negation
from onrecord.text.normalise import Kind, Token, printed_tokens, word_keys
from onrecord.text.places import exact_places, likely_places
from onrecord.text.quotations import Quotation, find_quotations
from onrecord.text.record import Record, as_record
from onrecord.text.speakers import same_speaker
from onrecord.text.splices import find_splice
from onrecord.text.transcripts import Transcript

FRAGMENT_WORDS = 2
ELLIPSIS_REACH = 120
SPLICE_GAP = 10
CONTEXT = 6
MOST_ALTERNATIVES = 20
_RARE = 3
_BRACKETED = 4
_UNKNOWN = 0
_BREAK = -1


class Verdict(StrEnum):
    """What the check found (DESIGN.md); stale and overridden are set by those who keep findings."""

    VERBATIM = "verbatim"
    EDITED = "edited"
    ALTERED = "altered"
    SPLICED = "spliced"
    MISATTRIBUTED = "misattributed"
    UNBOUND = "unbound"
    STALE = "stale"
    FRAGMENT = "fragment"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of the record that a quotation stands on.

    `transcript`, `first_segment`… are ids. `offset` and `length` place `text` (unmasked) in the text of the
    segments from the first on, joined by one space. Times are ms and span the words, not the segments.
    """

    transcript: str
    is_translation: bool
    first_segment: str
    last_segment: str
    first_word: str
    last_word: str
    start_ms: int
    end_ms: int
    speaker: str
    text: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one quotation. `score` is 0..1; `present` says that the words occur, for fragments.

    `alternatives` are other places with the same words, or near misses of an unbound quotation.
    """

    quotation: Quotation
    verdict: Verdict
    score: float
    evidence: Evidence | None = None
    alternatives: tuple[Evidence, ...] = ()
    changes: tuple[Change, ...] = ()
    present: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
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


_BLOCKING = frozenset(
    [Verdict.ALTERED, Verdict.SPLICED, Verdict.MISATTRIBUTED, Verdict.UNBOUND, Verdict.STALE]
)


def blocks_publication(finding: Finding) -> bool:
    """True if a story with this finding must not be published as it is."""
    return finding.verdict in _BLOCKING


def check_quotations(
    text: str, record: Record | Sequence[Transcript], *, language: str | None = None, strict: bool = False
) -> tuple[Finding, ...]:
    """A finding for each quotation of a text, in order.

    Where words were said several times, the place nearest to what the story quotes elsewhere comes first.
    """
    known = as_record(record)
    findings = [
        check_quotation(quotation, known, language=language, strict=strict)
        for quotation in find_quotations(text, language=language)
    ]
    return tuple(_nearest_first(findings))


def check_quotation(
    quotation: Quotation,
    record: Record | Sequence[Transcript],
    *,
    speaker: str | None = None,
    language: str | None = None,
    strict: bool = False,
) -> Finding:
    """The finding for one quotation; `speaker` replaces the name found in the text.

    With `strict`, dropped sounds of hesitation, repeats and false starts make a quotation altered.
    """
    known = as_record(record)
    printed = tuple(printed_tokens(quotation.text))
    named = speaker if speaker is not None else quotation.attributed_to
    words = _word_count(quotation.text, printed)
    allowed = _allowed(known, quotation.text, language)
    if words == 0 or not allowed.any():
        return Finding(quotation, Verdict.FRAGMENT if words <= FRAGMENT_WORDS else Verdict.UNBOUND, 0.0)
    candidates = _candidates(quotation, printed, known, allowed, named, strict)
    if words <= FRAGMENT_WORDS and _little_hidden(printed):
        return _fragment(quotation, candidates, known)
    if not candidates:
        return Finding(quotation, Verdict.UNBOUND, 0.0)
    if not candidates[0].faithful and (
        spliced := _spliced(quotation, printed, candidates[0], known, allowed)
    ):
        return spliced
    return _judged(quotation, candidates, known)


def _judged(quotation: Quotation, candidates: Sequence[_Candidate], record: Record) -> Finding:
    best = candidates[0]
    score = max(0.0, min(1.0, 1.0 - best.cost / max(1, best.words)))
    if not best.faithful and not best.spliced and not _is_alteration(best):
        near = tuple(_evidence(record, c) for c in candidates[:3] if c.likeness >= 0.3)
        return Finding(quotation, Verdict.UNBOUND, round(min(score, best.likeness), 4), alternatives=near)
    if best.spliced:
        verdict = Verdict.SPLICED
    elif not best.faithful:
        verdict = Verdict.ALTERED
    elif best.named is False:
        verdict = Verdict.MISATTRIBUTED
    else:
        verdict = Verdict.VERBATIM if all(map(is_caution, best.changes)) else Verdict.EDITED
    others = [c for c in candidates[1:] if c.faithful or not best.faithful]
    alternatives = tuple(_evidence(record, c) for c in others[:MOST_ALTERNATIVES])
    return Finding(
        quotation,
        verdict,
        1.0 if verdict is Verdict.VERBATIM else round(score, 4),
        _evidence(record, best),
        alternatives,
        best.changes,
        present=best.faithful,
    )


def _spliced(
    quotation: Quotation,
    printed: Sequence[Token],
    best: _Candidate,
    record: Record,
    allowed: NDArray[np.bool_],
) -> Finding | None:
    """The finding if joining passages explains the quotation better than changing words of one does."""
    plain = [(i, token) for i, token in enumerate(printed) if token.kind is Kind.WORD]
    keys = [record.vocabulary.get(token.key, _UNKNOWN) for _, token in plain]
    parts, cost = find_splice(record, keys, allowed)
    if not parts or cost >= best.cost or cost > max(4.0, len(keys) / 4):
        return None
    joins = tuple(
        Change(
            ChangeKind.MOVED if b.start < a.start else ChangeKind.DROPPED,
            "",
            _printed_around(quotation.text, [token for _, token in plain], b.first),
            False,
            "passages that do not adjoin are joined here",
        )
        for a, b in pairwise(parts)
    )
    places = [_evidence_between(record, part.start, part.end) for part in parts]
    score = max(0.0, 1.0 - cost / len(keys))
    return Finding(quotation, Verdict.SPLICED, round(score, 4), places[0], tuple(places[1:]), joins)


def _printed_around(text: str, tokens: Sequence[Token], at: int) -> str:
    return text[tokens[max(0, at - 2)].start : tokens[min(len(tokens) - 1, at + 1)].end]


def _fragment(quotation: Quotation, candidates: Sequence[_Candidate], record: Record) -> Finding:
    there = [c for c in candidates if c.faithful]
    if not there:
        return Finding(quotation, Verdict.FRAGMENT, 0.0)
    found = tuple(_evidence(record, c) for c in there[: MOST_ALTERNATIVES + 1])
    return Finding(quotation, Verdict.FRAGMENT, 1.0, found[0], found[1:], there[0].changes, present=True)


def _is_alteration(best: _Candidate) -> bool:
    """True if the place is close enough to be what the quotation was made from."""
    if best.same >= 3 and best.words >= 5 and best.same >= 0.7 * best.words:
        return True
    return best.likeness >= 0.55 and best.run >= min(3, best.words - 1)


def _candidates(
    quotation: Quotation,
    printed: Sequence[Token],
    record: Record,
    allowed: NDArray[np.bool_],
    named: str | None,
    strict: bool,
) -> list[_Candidate]:
    """Places judged, the best first: exact ones, and if there are none by the speaker named, likely ones."""
    keys = [
        record.vocabulary.get(token.key, _UNKNOWN) if token.kind is Kind.WORD else _BREAK for token in printed
    ]
    result: list[_Candidate] = []
    if all(token.kind is Kind.WORD for token in printed):
        for start in exact_places(record, keys, allowed):
            steps = tuple(Step(Op.SAME, i, i, i + 1) for i in range(len(printed)))
            alignment = Alignment(0.0, steps)
            result.append(_judge(quotation, printed, record, start, alignment, named, strict))
    if not any(c.faithful and c.named is not False for c in result):
        ellipses = sum(token.kind is Kind.ELLIPSIS for token in printed)
        reach = ELLIPSIS_REACH * min(3, ellipses)
        for place in likely_places(record, keys, allowed, reach=reach):
            window = record.tokens[place.start : place.end]
            texts = [record.keys[int(key)] for key in window]
            cheap = [
                bool(record.silent[place.start + j]) or text in FILLERS or is_false_start(text)
                for j, text in enumerate(texts)
            ]
            alignment = _trimmed(align(printed, keys, window.tolist(), texts, cheap), record, place.start)
            if alignment.steps and any(step.said_end > step.said for step in alignment.steps):
                result.append(_judge(quotation, printed, record, place.start, alignment, named, strict))
    return _ranked(result)


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
    if position < 0 or record.token_word[position] < 0 or record.token_word[position + 1] < 0:
        return True
    ends = record.word(position).text.rstrip("\"'”’»)")[-1:] in (".", "!", "?", "…")
    return ends or record.segment_number(position) != record.segment_number(position + 1)


def _ranked(found: Sequence[_Candidate]) -> list[_Candidate]:
    """The best first, each stretch once; a place by another speaker than the one named comes after."""
    order = sorted(found, key=_rank)
    result: list[_Candidate] = []
    for candidate in order:
        if not any(candidate.start < other.end and candidate.end > other.start for other in result):
            result.append(candidate)
    return result


def _rank(candidate: _Candidate) -> tuple[bool, bool, float, bool, bool, int]:
    """Faithful places first, those of the speaker named before others; the rest by what they leave unexplained."""
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
) -> _Candidate:
    """What one alignment says: changes, speakers, splices, and how much of the quotation it explains."""
    steps = alignment.steps
    first = min(step.said for step in steps if step.said_end > step.said)
    last = max(step.said_end for step in steps)
    found = _changes(quotation, printed, record, base_token, steps, strict)
    surface = _surface(quotation, steps, printed, record, base_token)
    undeclared = [change for change in found if is_undeclared(change)]
    same = [step for step in steps if step.op is Op.SAME]
    voices = _voices(record, base_token, steps)
    faithful = not undeclared and len(voices) <= 1 and _anchored(steps, printed)
    spliced = not faithful and (_leaps(record, base_token, steps) or (not undeclared and len(voices) > 1))
    matches = [_named(named, voice, record) for voice in voices] if named else []
    weights = [_weight(record, printed[i].key) for i in range(len(printed)) if printed[i].kind is Kind.WORD]
    likeness = sum(_weight(record, printed[s.printed].key) for s in same) / max(1e-9, sum(weights))
    cost = alignment.cost if undeclared or not faithful else min(alignment.cost, 0.5)
    return _Candidate(
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
    """The changes of an alignment whose said tokens count from `base_token`, seen with the words around it."""
    low, high = record.bounds(record.transcript_of(base_token + max(0, steps[0].said)))
    first = max(low, base_token - CONTEXT)
    shift = base_token - first
    end = base_token + max(step.said_end for step in steps)
    moved = [replace(step, said=step.said + shift, said_end=step.said_end + shift) for step in steps]
    said = [_said(record, position) for position in range(first, end)]
    following = [_said(record, position) for position in range(end, min(high, end + 2))]
    led = any(is_negation(key) for word in quotation.before.split() for key in word_keys(word))
    return changes(
        moved, printed, said, quotation.text, strict=strict, following=following, led_by_negation=led
    )


def _said(record: Record, position: int) -> Said:
    key = record.keys[int(record.tokens[position])]
    speaker = record.segments[record.segment_number(position)].speaker
    return Said(key, record.word(position), speaker, bool(record.silent[position]))


def _named(named: str, label: str, record: Record) -> bool | None:
    return same_speaker(named, label, record.speakers)


def _voices(record: Record, base_token: int, steps: Sequence[Step]) -> tuple[str, ...]:
    """Speakers of the words that are the same, in order; silence and unknown speakers do not count."""
    result: list[str] = []
    for step in steps:
        if step.op is Op.SAME:
            if record.silent[base_token + step.said]:
                continue
            speaker = record.segments[record.segment_number(base_token + step.said)].speaker
            if speaker and speaker not in result:
                result.append(speaker)
    return tuple(result)


def _anchored(steps: Sequence[Step], printed: Sequence[Token]) -> bool:
    """False if declared edits leave so little in clear that it could have been said anywhere."""
    runs = [0]
    for step in steps:
        if step.op is Op.DECLARED and step.printed >= 0 and printed[step.printed].kind is Kind.ELLIPSIS:
            runs.append(0)
        elif step.op in (Op.SAME, Op.NUMBER):
            runs[-1] += 1
    total = sum(runs)
    if total < min(FRAGMENT_WORDS + 1, len(printed)):
        return len(printed) <= FRAGMENT_WORDS or _little_hidden(printed)
    lone = sum(run <= 1 for run in runs)
    return lone <= max(1, len(runs) // 2) and max(runs) >= min(3, total)


def _little_hidden(printed: Sequence[Token]) -> bool:
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
        if starts and ends and not all(record.silent[p] for p in inside):
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
    return math.log2(2.0 + len(record.tokens) / (1.0 + count))


def _surface(
    quotation: Quotation, steps: Sequence[Step], printed: Sequence[Token], record: Record, base_token: int
) -> tuple[Change, ...]:
    """The case of the first letter and the punctuation between words, where they differ."""
    result: list[Change] = []
    same = [step for step in steps if step.op is Op.SAME]
    if same and same[0].printed == next((i for i, t in enumerate(printed) if t.kind is Kind.WORD), -1):
        token, word = printed[same[0].printed], record.word(base_token + same[0].said)
        shown, said = quotation.text[token.start], next((c for c in word.text if c.isalnum()), "")
        if shown != said and shown.casefold() == said.casefold():
            result.append(Change(ChangeKind.DECLARED, said, shown, False, "case of the first letter"))
    joints = _joints(quotation)
    for a, b in pairwise(same):
        if b.printed != a.printed + 1 or b.said != a.said + 1:
            continue
        between = quotation.text[printed[a.printed].end : printed[b.printed].start]
        if any(printed[a.printed].end <= joint <= printed[b.printed].start for joint in joints):
            continue
        spoken = _between(record, base_token + a.said)
        if spoken is not None and _marks(between) != _marks(spoken):
            result.append(Change(ChangeKind.DECLARED, spoken.strip(), between.strip(), False, "punctuation"))
    return tuple(result)


def _between(record: Record, position: int) -> str | None:
    """What is written between two neighbouring tokens; None inside one word or after one broken off."""
    a, b = record.word(position), record.word(position + 1)
    if a is b or is_false_start(record.keys[int(record.tokens[position])]):
        return None
    skipped = record.words_between(position, position + 1)
    tail = len(a.text) - len(a.text.rstrip("\"'”’»).,;:!?…—–-*]"))
    head = len(b.text) - len(b.text.lstrip("\"'“‘«„([—–-…*"))
    return " ".join([a.text[len(a.text) - tail :] if tail else "", *skipped, b.text[:head]])


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def _marks(text: str) -> str:
    """Punctuation that is heard: without quotation marks and spaces, dashes alike."""
    return "".join(c for c in text.translate(_DASHES) if c in ",.;:!?-").replace("--", "-")


def _joints(quotation: Quotation) -> list[int]:
    """Offsets in the text where one part ends and the next begins."""
    result, at = [], 0
    for part in quotation.parts[:-1]:
        at += part.length
        result.append(at)
        at += 1
    return result


def _word_count(text: str, printed: Sequence[Token]) -> int:
    """Words printed in clear or masked; contractions are one, brackets and ellipses none."""
    count = 0
    for n, token in enumerate(printed):
        glued = n > 0 and printed[n - 1].end == token.start and printed[n - 1].kind is Kind.WORD
        if token.kind in (Kind.WORD, Kind.MASK, Kind.PARTIAL) and not glued:
            count += 1
    return count


def _allowed(record: Record, text: str, language: str | None) -> NDArray[np.bool_]:
    """The transcripts in the quotation's language; where that cannot be told, those in its script."""
    wanted = base(language) if language else guess_language(text)
    letters = script(text)
    result = np.zeros(len(record.transcripts), dtype=np.bool_)
    for n, own in enumerate(record.languages):
        if not own or not wanted:
            result[n] = not letters or _script_of(own) in ("", letters)
        else:
            result[n] = own == wanted
    return result


_CYRILLIC = frozenset(["uk", "ru", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"])
_OTHER_SCRIPTS = frozenset(["el", "hy", "he", "ar", "ka", "ja", "zh", "ko"])


def _script_of(language: str) -> str:
    if not language:
        return ""
    if language in _OTHER_SCRIPTS:
        return language
    return "cyrillic" if language in _CYRILLIC else "latin"


def _evidence(record: Record, candidate: _Candidate) -> Evidence:
    return _evidence_between(record, candidate.start, candidate.end, candidate.speakers)


def _evidence_between(record: Record, first: int, end: int, speakers: Sequence[str] = ()) -> Evidence:
    last = end - 1
    start_word, end_word = record.word(first), record.word(last)
    first_segment = record.segments[record.segment_number(first)]
    last_segment = record.segments[record.segment_number(last)]
    transcript = record.transcripts[record.transcript_of(first)]
    text = record.text(first, end)
    number = int(record.token_word[first]) - int(record.segment_first_word[record.segment_number(first)])
    offset = sum(len(word.text) + 1 for word in first_segment.words[:number])
    return Evidence(
        transcript.id,
        transcript.is_translation,
        first_segment.id,
        last_segment.id,
        start_word.id,
        end_word.id,
        start_word.start_ms if start_word.start_ms is not None else first_segment.start_ms,
        end_word.end_ms if end_word.end_ms is not None else last_segment.end_ms,
        ", ".join(speakers) or first_segment.speaker,
        text,
        offset,
        len(text),
    )


def _nearest_first(findings: Sequence[Finding]) -> list[Finding]:
    """Of several places with the same words, the one nearest to where the story's other quotations lie."""
    settled = [f.evidence for f in findings if f.evidence and not f.alternatives]
    result = []
    for finding in findings:
        choices = [e for e in (finding.evidence, *finding.alternatives) if e is not None]
        same = [e for e in choices if finding.evidence and e.speaker == finding.evidence.speaker]
        if finding.evidence is None or len(same) < 2 or finding.verdict not in _CHOOSABLE or not settled:
            result.append(finding)
            continue
        best = min(same, key=lambda e: _distance(e, settled))
        others = tuple(e for e in choices if e is not best)
        result.append(replace(finding, evidence=best, alternatives=others))
    return result


_CHOOSABLE = frozenset([Verdict.VERBATIM, Verdict.FRAGMENT])


def _distance(evidence: Evidence, settled: Sequence[Evidence]) -> tuple[int, int]:
    same = [abs(e.start_ms - evidence.start_ms) for e in settled if e.transcript == evidence.transcript]
    return (0, min(same)) if same else (1, 0)
