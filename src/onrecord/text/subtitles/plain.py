"""Plain text transcripts: "Speaker: text" lines or paragraphs, no times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from onrecord.text.subtitles.cues import Cue, CueList, TimedText, clock_ms

_LABEL = re.compile(r"^(?:[-–—>]{1,2}\s*)?([^\W\d_][^:.!?;,\n]{0,39}|SPEAKER_\d+):(?:\s+|$)")
_STAMP = re.compile(r"^[\[(]?((?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)[\])]?\s+")
_MOST_WORDS = 6
_ROLE_WORDS = (
    "woman man boy girl child caller speaker voice host operator dispatcher reporter interviewer interviewee "
    "witness judge counsel question answer wife husband мовець жінка чоловік голос диктор ведуча ведучий "
    "женщина мужчина ведущий ведущая диспетчер оператор журналіст журналист собеседник співрозмовник"
)
_ROLES = frozenset(_ROLE_WORDS.split())


def read_plain(text: str) -> CueList:
    """One cue per paragraph or labelled line; `[1:02] …` at its start gives its time, else times are 0.

    A paragraph without a label continues the speaker above it, as transcripts in print do.
    """
    labels = speaker_labels([body for _, _, body in _paragraphs(text, None)], sparing=False)
    paragraphs = _paragraphs(text, labels)
    cues: list[Cue] = []
    speaker = ""
    for line, stamp, body in paragraphs:
        label, words = split_label(body, labels)
        speaker = label or speaker
        start = stamp or 0
        cues.append(Cue(len(cues) + 1, line, start, start, speaker, (TimedText(words),)))
    if any(stamp is not None for _, stamp, _ in paragraphs):
        cues = until_next(cues)
    return CueList(tuple(cues), open_end=any(stamp is not None for _, stamp, _ in paragraphs))


def until_next(cues: Sequence[Cue]) -> list[Cue]:
    """Cues of which only the start is known: each ends where the next one starts."""
    following = [cue.start_ms for cue in cues[1:]] + [cue.start_ms for cue in cues[-1:]]
    return [replace(cue, end_ms=max(cue.start_ms, end)) for cue, end in zip(cues, following, strict=True)]


def spread(cues: Sequence[Cue], duration_ms: int) -> tuple[Cue, ...]:
    """The cues with times by their share of the characters of a recording."""
    total = sum(len(cue.text) + 1 for cue in cues)
    passed, result = 0, []
    for cue in cues:
        start = duration_ms * passed // total
        passed += len(cue.text) + 1
        result.append(replace(cue, start_ms=start, end_ms=duration_ms * passed // total))
    return tuple(result)


def speaker_labels(texts: Sequence[str], *, sparing: bool) -> frozenset[str]:
    """Labels before a colon that name speakers, not the first words of a sentence ("Remember: …").

    In capitals, or returning, or two capitalised words, or a role ("A woman");
    where most texts have one (and not `sparing`), all.
    """
    found = Counter(label for text in texts if (label := _label(text)))
    common = not sparing and 2 * sum(found.values()) >= len(texts)
    return frozenset(
        label
        for label, times in found.items()
        if common or label.isupper() or (times > 1 and label[0].isupper()) or _is_title(label)
    )


def split_label(text: str, labels: frozenset[str]) -> tuple[str, str]:
    """The speaker, empty if the text has no label from `labels`, and the words after it."""
    label = _label(text)
    match = _LABEL.match(text)
    if match is None or label is None or label not in labels:
        return "", text
    return label, text[match.end() :].strip()


def _label(text: str) -> str | None:
    match = _LABEL.match(text)
    if match is None or len(match[1].split()) > _MOST_WORDS:
        return None
    return match[1].strip()


def _is_title(label: str) -> bool:
    words = label.split()
    if label[0].isupper() and any(word.casefold() in _ROLES for word in words):
        return True
    return len(words) > 1 and all(word[0].isupper() or not word[0].isalpha() for word in words)


def _paragraphs(text: str, labels: frozenset[str] | None) -> list[tuple[int, int | None, str]]:
    """Line, time if one is given, and text; a stamped or labelled line starts one (any label if None)."""
    result: list[tuple[int, int | None, str]] = []
    blank = True
    for number, row in enumerate(text.split("\n"), start=1):
        body = row.strip()
        stamp = _STAMP.match(body)
        if stamp:
            body = body[stamp.end() :]
        if not body:
            blank = True
            continue
        label = _label(body)
        labelled = label is not None and (labels is None or label in labels)
        if blank or stamp or labelled or not result:
            result.append((number, clock_ms(stamp[1]) if stamp else None, body))
        else:
            line, at, before = result[-1]
            result[-1] = (line, at, f"{before} {body}")
        blank = False
    return result
