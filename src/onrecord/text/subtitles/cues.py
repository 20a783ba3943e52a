"""What every subtitle format is read into, and the one way from there to segments."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from onrecord.errors import NotSubtitles
from onrecord.text.brackets import bracket_kinds
from onrecord.text.lazily import LazySegments
from onrecord.text.masks import KINDS, parse_marked
from onrecord.text.transcripts import Segment, Word, estimate_word_times

MOST_WARNINGS = 50
LONGEST_WORD = 200
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
_TAG = re.compile(r"<[^>\n]{0,200}>")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?$")


@dataclass(frozen=True, slots=True)
class TimedText:
    """A piece of a cue; times in ms where the file gives them for just these words, and a mask's kind.

    `exact` is false where the file says that the times were estimated; `kind` and `reads` are as of a Word.
    """

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    mask: str | None = None
    exact: bool = True
    kind: str | None = None
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """One speaker's words as one file has them. `number` counts from 1 in the file, `line` too."""

    number: int
    line: int
    start_ms: int
    end_ms: int
    speaker: str
    pieces: tuple[TimedText, ...]

    @property
    def text(self) -> str:
        if len(self.pieces) == 1:
            return " ".join(self.pieces[0].text.split())
        return " ".join(" ".join(piece.text for piece in self.pieces).split())

    @property
    def name(self) -> str:
        return f"cue {self.number} (line {self.line})"


@dataclass(frozen=True, slots=True)
class CueList:
    """Cues in the order of the file, the language if the file states one, and what was odd in it.

    With `open_end` the file does not say when its last cue ends.
    """

    cues: tuple[Cue, ...]
    language: str = ""
    warnings: tuple[str, ...] = ()
    open_end: bool = False

    def ended(self, duration_ms: int | None) -> CueList:
        """The same where the last cue, if its end is open, lasts to the end of the recording."""
        if not self.open_end or not self.cues or duration_ms is None or self.cues[-1].end_ms >= duration_ms:
            return self
        return replace(self, cues=(*self.cues[:-1], replace(self.cues[-1], end_ms=duration_ms)))


def refused(filename: str, line: int, reason: str, remedy: str) -> NotSubtitles:
    """The error for a file that is not what it should be; `remedy` is a sentence on what to do."""
    return NotSubtitles(file=filename, line=line, reason=reason, remedy=remedy)


def clock_ms(text: str) -> int | None:
    """Milliseconds of `1:02:03.5`, `02:03,500` or `2:03`; None if it is no time."""
    match = _CLOCK.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    milliseconds = int((fraction or "0").ljust(3, "0")[:3])
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + milliseconds


def plain(markup: str) -> str:
    """Text of a cue without tags, entities resolved, white space single."""
    if "<" in markup or "&" in markup:
        markup = html.unescape(_TAG.sub("", markup))
    return " ".join(markup.split())


def segments_of(cues: Sequence[Cue], duration_ms: int | None) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
    """Segments with ids `s1`… and words `s1w1`…, in order of time, and a warning for each odd cue.

    What stands in brackets is marked as what it is (see `onrecord.text.brackets`).
    """
    parted, long = _parted(cues)
    order, warnings = ordered(parted, duration_ms)
    return tuple(_bracketed(_segment(cue, f"s{n}")) for n, cue in enumerate(order, start=1)), (*long, *warnings)


def _parted(cues: Sequence[Cue]) -> tuple[Sequence[Cue], tuple[str, ...]]:
    """The cues with words of a length that a person can work with: a file may have a line without a space."""
    long = [cue for cue in cues if any(_LONG_WORD.search(piece.text) for piece in cue.pieces)]
    if not long:
        return cues, ()
    bad = {id(cue) for cue in long}
    mended = [
        replace(cue, pieces=tuple(replace(piece, text=_LONG_WORD.sub(r"\g<0> ", piece.text)) for piece in cue.pieces))
        if id(cue) in bad
        else cue
        for cue in cues
    ]
    return mended, capped(
        [f"{cue.name} has a word of more than {LONGEST_WORD} letters; it was parted." for cue in long]
    )


def _bracketed(segment: Segment) -> Segment:
    if not any("[" in word.text for word in segment.words):
        return segment
    kinds = bracket_kinds([word.text for word in segment.words], [word.kind for word in segment.words])
    words = tuple(replace(word, kind=kind) for word, kind in zip(segment.words, kinds, strict=True))
    return replace(segment, words=words)


def lazy_segments(cues: Sequence[Cue]) -> LazySegments:
    """The segments of cues that are in order, each made when it is looked at."""
    return LazySegments(len(cues), lambda n: _bracketed(_segment(cues[n], f"s{n + 1}")), lambda: map(_written, cues))


def ordered(cues: Sequence[Cue], duration_ms: int | None) -> tuple[Sequence[Cue], tuple[str, ...]]:
    """The cues that have words, in order of time and mended, and a warning for each odd one."""
    warnings: list[str] = []
    settled = list(_settled(cues, duration_ms, warnings))
    order = sorted(settled, key=lambda cue: cue.start_ms)
    if order != settled:
        late = [b.name for a, b in pairwise(settled) if b.start_ms < a.start_ms]
        warnings.extend(f"{name} starts before the one above it; it was put in order of time." for name in late)
    furthest: Cue | None = None
    for cue in order:
        if furthest and cue.start_ms < furthest.end_ms and cue.end_ms > cue.start_ms and cue.line != furthest.line:
            warnings.append(f"{cue.name} overlaps {furthest.name}; both were kept.")
        if furthest is None or cue.end_ms > furthest.end_ms:
            furthest = cue
    return order, capped(warnings)


def capped(warnings: Sequence[str]) -> tuple[str, ...]:
    """At most MOST_WARNINGS of them and a count of the rest: a broken file has one per cue."""
    if len(warnings) <= MOST_WARNINGS:
        return tuple(warnings)
    return (*warnings[:MOST_WARNINGS], f"… and {len(warnings) - MOST_WARNINGS} more of this kind.")


def _settled(cues: Sequence[Cue], duration_ms: int | None, warnings: list[str]) -> Iterator[Cue]:
    for cue in cues:
        if not cue.text:
            warnings.append(f"{cue.name} is empty and was left out.")
            continue
        if cue.end_ms < cue.start_ms:
            warnings.append(f"{cue.name} ends before it starts; its end was set to its start.")
            cue = replace(cue, end_ms=cue.start_ms)
        if duration_ms is not None and cue.end_ms > duration_ms:
            where = "starts" if cue.start_ms >= duration_ms else "runs"
            warnings.append(f"{cue.name} {where} past the end of the recording; it was cut there.")
            cue = replace(cue, start_ms=min(cue.start_ms, duration_ms), end_ms=duration_ms)
        yield cue


def _segment(cue: Cue, segment_id: str) -> Segment:
    words: list[Word] = []
    for piece in cue.pieces:
        texts = _marked(piece)
        start, end = _within(piece.start_ms, cue), _within(piece.end_ms, cue)
        known = start is not None and end is not None and end >= start
        run = [
            Word(f"{segment_id}w{len(words) + n}", text, None, None, False, mask, piece.kind, piece.reads)
            for n, (text, mask) in enumerate(texts, start=1)
        ]
        if known and len(run) == 1:
            run = [replace(run[0], start_ms=start, end_ms=end, exact=piece.exact)]
        elif known and run:
            run = list(estimate_word_times(run, start or 0, end or 0))
        words.extend(run)
    timed = estimate_word_times(words, cue.start_ms, cue.end_ms)
    return Segment(segment_id, cue.start_ms, cue.end_ms, cue.speaker, timed)


def _written(cue: Cue) -> tuple[str, list[str]]:
    """Speaker and words, as `_segment` has them."""
    return cue.speaker, [word for piece in cue.pieces for word in _words(piece)]


def _words(piece: TimedText) -> Sequence[str]:
    return [word for word, _ in _marked(piece)] if "{" in piece.text or "}" in piece.text else piece.text.split()


def _marked(piece: TimedText) -> tuple[tuple[str, str | None], ...]:
    """The piece's words with their masks: the file's own, or mask markup in the text (`{name|Ann}`).

    Braces that are no mask markup are words like others: subtitle files have braces of their own. They never keep a
    mask beside them from being read, for what was masked in a file that we wrote must come back masked.
    """
    if piece.mask in KINDS:
        return tuple((word, piece.mask) for word in piece.text.split())
    if not _MASK.search(piece.text):
        return tuple((word, None) for word in piece.text.split())
    passed, parts = 0, []
    for match in _MASK.finditer(piece.text):
        parts += [piece.text[passed : match.start()].translate(_HIDDEN), match.group()]
        passed = match.end()
    words = parse_marked("".join([*parts, piece.text[passed:].translate(_HIDDEN)]))
    return tuple((word.translate(_SHOWN), mask) for word, mask in words)


_MASK = re.compile(r"\{(?:" + "|".join(KINDS) + r")\|[^{}|]*[^{}|\s][^{}|]*\}")
_HIDDEN = str.maketrans("{}", "\ue0f1\ue0f2")
_SHOWN = str.maketrans("\ue0f1\ue0f2", "{}")


def _within(at_ms: int | None, cue: Cue) -> int | None:
    return None if at_ms is None else min(max(at_ms, cue.start_ms), cue.end_ms)
