"""Whether the record bears a quotation out: found, compared, judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.text.compare import Change, ChangeKind, is_caution
from onrecord.text.findings import Evidence, Finding, Verdict, blocks_publication, evidence_between
from onrecord.text.judging import BREAK, FRAGMENT_WORDS, Asked, Candidate, judged_places, little_hidden
from onrecord.text.languages import base, guess_language, script
from onrecord.text.normalise import Kind, Token, printed_tokens
from onrecord.text.places import anchor_hits
from onrecord.text.quotations import Quotation, find_quotations
from onrecord.text.record import Record, as_record
from onrecord.text.splices import find_splice
from onrecord.text.transcripts import Transcript

__all__ = [
    "Change",
    "ChangeKind",
    "Evidence",
    "Finding",
    "Record",
    "Verdict",
    "blocks_publication",
    "check_quotation",
    "check_quotations",
]

MOST_ALTERNATIVES = 20
_BRACKETS = re.compile(r"\[[^\[\]]*\]")


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
    spoken = _BRACKETS.sub(" ", quotation.text)
    allowed = _allowed(known, spoken, language)
    literally = allowed if language else known.in_language("", script(spoken))
    if words == 0 or not literally.any():
        return Finding(quotation, Verdict.FRAGMENT if words <= FRAGMENT_WORDS else Verdict.UNBOUND, 0.0)
    asked = Asked(quotation, printed, known, named, strict)
    candidates = judged_places(asked, allowed, literally, MOST_ALTERNATIVES + 1)
    if words <= FRAGMENT_WORDS and little_hidden(printed):
        return _fragment(quotation, candidates, known)
    if not candidates:
        return Finding(quotation, Verdict.UNBOUND, 0.0)
    if not candidates[0].faithful and (spliced := _spliced(asked, candidates[0].cost, allowed)):
        return spliced
    return _judged(quotation, candidates, known)


def _judged(quotation: Quotation, candidates: Sequence[Candidate], record: Record) -> Finding:
    best = candidates[0]
    score = max(0.0, min(1.0, 1.0 - best.cost / max(1, best.words)))
    if not best.faithful and not _is_alteration(best):
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


def _spliced(asked: Asked, below: float, allowed: NDArray[np.bool_]) -> Finding | None:
    """The finding if joining passages explains the quotation better than changing words of one does."""
    quotation, record = asked.quotation, asked.record
    plain = [(key, token) for key, token in zip(asked.keys, asked.printed, strict=True) if key != BREAK]
    keys = [key for key, _ in plain]
    hits = asked.hits if len(keys) == len(asked.keys) else anchor_hits(record, keys)
    parts, cost = find_splice(record, keys, allowed, hits, below)
    if not parts:
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
    places = [evidence_between(record, part.start, part.end) for part in parts]
    score = max(0.0, 1.0 - cost / len(keys))
    return Finding(quotation, Verdict.SPLICED, round(score, 4), places[0], tuple(places[1:]), joins)


def _printed_around(text: str, tokens: Sequence[Token], at: int) -> str:
    return text[tokens[max(0, at - 2)].start : tokens[min(len(tokens) - 1, at + 1)].end]


def _fragment(quotation: Quotation, candidates: Sequence[Candidate], record: Record) -> Finding:
    there = [c for c in candidates if c.faithful]
    if not there:
        return Finding(quotation, Verdict.FRAGMENT, 0.0)
    found = tuple(_evidence(record, c) for c in there[: MOST_ALTERNATIVES + 1])
    return Finding(quotation, Verdict.FRAGMENT, 1.0, found[0], found[1:], there[0].changes, present=True)


def _is_alteration(best: Candidate) -> bool:
    """True if the place is close enough to be what the quotation was made from."""
    if best.same >= 3 and best.words >= 5 and best.same >= 0.7 * best.words:
        return True
    if best.words == 4 and best.same == 3 and best.likeness >= 0.5:
        return True
    return best.likeness >= 0.66 and best.run >= min(3, best.words - 1)


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
    return record.in_language(base(language) if language else guess_language(text), script(text))


def _evidence(record: Record, candidate: Candidate) -> Evidence:
    return evidence_between(record, candidate.start, candidate.end, candidate.speakers)


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
