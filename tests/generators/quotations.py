"""Faithful and unfaithful quotations of all kinds over small transcripts in three languages, with labels.

    python -m tests.generators.quotations FOLDER --seed 1 --count 300

writes transcripts, stories (Markdown, HTML, plain text) and labels. The texts are in the public domain (addresses of
American presidents, the Universal Declaration of Human Rights, Shevchenko, Lesya Ukrainka, Tolstoy, Chekhov) or
invented (the calls). Names said to speak in the calls belong to nobody.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from onrecord.text.lexicon import FILLERS, NEGATIONS, is_false_start
from onrecord.text.normalise import word_keys
from onrecord.text.numbers import is_number, is_number_part, numerals
from onrecord.text.transcripts import Segment, Transcript, Word
from tests.generators.tables import (
    ADDED,
    BETWEEN,
    BRACKETS,
    GRAVE_SWAPS,
    MARKS,
    NAMED,
    NOT,
    NUMBERS,
    OTHER_SWAPS,
    SPLIT,
    UNNAMED,
)

TEXTS = Path(__file__).parent / "texts"
PASS = ("verbatim", "edited")
EDGES = ".,;:!?…—–- "


@dataclass(frozen=True)
class Case:
    """One quotation: what is printed, who is named, the verdicts that are right, and where it was said."""

    kind: str
    text: str
    accept: tuple[str, ...]
    language: str
    transcript: str | None = None
    start_ms: int = 0
    end_ms: int = 0
    grave: bool = False
    named: str | None = None
    sentence: str = ""

    @property
    def unsafe(self) -> bool:
        return not set(self.accept) & {*PASS, "fragment"}


@dataclass(frozen=True)
class Spot:
    """A segment of a transcript with its neighbours at hand."""

    transcript: Transcript
    number: int
    rng: random.Random

    @property
    def language(self) -> str:
        return self.transcript.language

    @property
    def segment(self) -> Segment:
        return self.transcript.segments[self.number]

    @property
    def words(self) -> list[str]:
        return self.segment.text.split()

    def after(self, steps: int) -> Segment | None:
        at = self.number + steps
        return self.transcript.segments[at] if 0 <= at < len(self.transcript.segments) else None

    def case(self, kind: str, words: Sequence[str] | str, accept: Sequence[str], **more: object) -> Case:
        text = (words if isinstance(words, str) else " ".join(words)).strip(" ,;:—–")
        text = re.sub(r"[.,;:]$", "", text) if not text.endswith("...") else text
        segment = self.segment
        place = {"transcript": self.transcript.id, "start_ms": segment.start_ms, "end_ms": segment.end_ms}
        return Case(kind, text, tuple(accept), self.language, **{**place, **more})  # type: ignore[arg-type]


def read_transcripts(language: str) -> list[Transcript]:
    """The texts of a language as transcripts, 300 ms a word."""
    found = []
    for path in sorted(TEXTS.glob(f"{language}-*.txt")):
        segments, at = [], 0
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            speaker, _, said = line.partition(": ")
            words = [Word(f"{n}.{k}", w, at + 300 * k, at + 300 * k + 300) for k, w in enumerate(said.split())]
            segments.append(Segment(str(n), at, at + 300 * len(words), speaker, tuple(words)))
            at += 300 * len(words) + 200
        found.append(Transcript(path.stem, language, tuple(segments)))
    return found


def keys(word: str) -> tuple[str, ...]:
    return word_keys(word)


def bare(word: str) -> str:
    return word.strip(EDGES + '«»“”"()')


def cuts_number(words: Sequence[str], *places: int) -> bool:
    """Whether a cut before one of these places may go through a number: what is left of it is another one."""
    return any(
        0 < at < len(words) and all(any(map(is_number_part, keys(w))) for w in words[at - 1 : at + 1]) for at in places
    )


def put(word: str, new: str) -> str:
    """The new word with the punctuation and the case of the old one."""
    core = bare(word)
    return word.replace(core, new.capitalize() if core[:1].isupper() else new, 1)


def plain_places(words: Sequence[str]) -> list[int]:
    """Words that are said once near, and are no hesitation: changing them can't be a declared edit."""
    result = []
    for i, word in enumerate(words):
        own = keys(word)
        near = {k for w in (*words[max(0, i - 4) : i], *words[i + 1 : i + 5]) for k in keys(w)}
        if len(own) == 1 and own[0] not in FILLERS and not is_false_start(own[0]) and own[0] not in near:
            result.append(i)
    return result


def inner(words: Sequence[str]) -> list[int]:
    return [i for i in plain_places(words) if 0 < i < len(words) - 1]


# Faithful


def whole(s: Spot) -> Case | None:
    return s.case("whole", s.words, ("verbatim",))


def clause(s: Spot) -> Case | None:
    words = s.words
    size = s.rng.randint(5, max(5, len(words) - 1))
    at = s.rng.randint(0, len(words) - size) if size < len(words) else 0
    part = words[at : at + size]
    cut = (
        set(keys(words[at - 1]) if at else ()) & NEGATIONS
        or set(keys(words[at + size]) if at + size < len(words) else ()) & NEGATIONS
    )
    if cut or cuts_number(words, at, at + size) or sum(bool(keys(w)) for w in part) < 4:
        return None
    return s.case("clause", part, PASS)


def capital(s: Spot) -> Case | None:
    words = s.words[2:]
    if set(keys(s.words[1])) & NEGATIONS or cuts_number(s.words, 2) or not words[0][:1].islower():
        return None
    return s.case("capital", [words[0].capitalize(), *words[1:]], PASS)


def typography(s: Spot) -> Case | None:
    text = s.segment.text
    for old, new in ((("'", "’"), ("'", "ʼ"), ("ё", "е"), (" ", "\u00a0"), (", ", " "), (",", " —"), ("-", "\u2011")))[
        s.rng.randint(0, 2) :: s.rng.randint(1, 3)
    ]:
        text = text.replace(old, new, s.rng.choice([1, -1]))
    return s.case("typography", text, PASS)


def stress(s: Spot) -> Case | None:
    if s.language == "en":
        return None
    words = [re.sub(r"([аеиоуіыэюя])", "\\1\u0301", w, count=1) for w in s.words]
    return s.case("stress marks", words, PASS)


def ellipsis(s: Spot) -> Case | None:
    words = s.words
    if len(words) < 14:
        return None
    at, gap = s.rng.randint(4, len(words) - 9), s.rng.randint(2, 4)
    if any(set(keys(w)) & NEGATIONS for w in words[at - 1 : at + gap + 1]) or cuts_number(words, at, at + gap):
        return None
    mark = s.rng.choice([" … ", " ... ", " [...] ", " […] ", " (…) ", " . . . ", "… ", "... "])
    return s.case("ellipsis", " ".join(words[:at]).rstrip(EDGES) + mark + " ".join(words[at + gap :]), PASS)


def ellipsis_edges(s: Spot) -> Case | None:
    text = " ".join(s.words[2:-1]).strip(EDGES)
    if any(set(keys(w)) & NEGATIONS for w in (s.words[1], s.words[-1])) or cuts_number(s.words, 2, len(s.words) - 1):
        return None
    return s.case("ellipsis at the ends", s.rng.choice(["… {}", "... {} ...", "[…] {}", "{}…"]).format(text), PASS)


def bracket_added(s: Spot) -> Case | None:
    words = s.words
    words.insert(s.rng.randint(1, len(words) - 1), f"[{s.rng.choice(BRACKETS[s.language])}]")
    return s.case("bracket added", words, ("edited",))


def bracket_instead(s: Spot) -> Case | None:
    words = s.words
    places = [i for i in plain_places(words) if not set(keys(words[i])) & NEGATIONS and bare(words[i]).isalpha()]
    if not places or len(words) < 8:
        return None
    i = s.rng.choice(places)
    words[i] = put(words[i], f"[{s.rng.choice(BRACKETS[s.language])}]").replace("[T", "[t")
    return s.case("bracket in place", words, ("edited",))


def mask(s: Spot) -> Case | None:
    words = s.words
    places = [i for i, w in enumerate(words) if len(bare(w)) > 4 and bare(w).isalpha()]
    if not places:
        return None
    i = s.rng.choice(places)
    core = bare(words[i])
    hidden = [
        core[0] + "*" * (len(core) - 2) + core[-1],
        core[0] + "*" * (len(core) - 1),
        core[0] + "***",
        "*" * len(core),
    ]
    words[i] = words[i].replace(core, s.rng.choice([*hidden, core[0] + "——"]), 1)
    return s.case("mask", words, ("edited",))


def tidied(s: Spot) -> Case | None:
    words, kept = s.words, []
    for w in words:
        own = keys(w)
        if own and all(k in FILLERS or is_false_start(k) for k in own) and len(own) == 1:
            continue
        if kept and own and own == keys(kept[-1]) and kept[-1].endswith(","):
            kept[-1] = w
            continue
        kept.append(w)
    return s.case("tidied", kept, PASS) if kept != words and len(kept) > 5 else None


def digits(s: Spot) -> Case | None:
    return _number(s, "number in digits", 1, ("edited", "verbatim"), False)


def borders(s: Spot) -> Case | None:
    following = s.after(1)
    if not following or following.speaker != s.segment.speaker or len(following.words) < 6:
        return None
    words = s.words[-6:] + following.text.split()[:6]
    if set(keys(s.words[-7])) & NEGATIONS or len(words) < 12 or cuts_number(s.words, len(s.words) - 6):
        return None
    return s.case("over a border", words, PASS, end_ms=following.end_ms)


def interrupted(s: Spot) -> Case | None:
    between, following = s.after(1), s.after(2)
    if not between or not following or len(between.words) > 2 or following.speaker != s.segment.speaker:
        return None
    if s.segment.text[-1] in ".!?":
        return None
    return s.case("interrupted turn", s.words[-9:] + following.text.split()[:7], ("edited",), end_ms=following.end_ms)


def fragment(s: Spot) -> Case | None:
    words = [bare(w) for w in s.words if len(bare(w)) > 4]
    return s.case("fragment", [s.rng.choice(words)], ("fragment",), transcript=None) if words else None


# Unfaithful


def _swap(s: Spot, kind: str, table: str, grave: bool) -> Case | None:
    pairs = table.split()
    change: dict[str, list[str]] = {}
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        change.setdefault(old, []).append(new)
    words = s.words
    places = [i for i, w in enumerate(words) if bare(w).casefold() in change]
    if not places:
        return None
    i = s.rng.choice(places)
    new = s.rng.choice(change[bare(words[i]).casefold()])
    weekday = s.language == "en" and bare(words[i])[:1].isupper() and i > 0
    words[i] = words[i].replace(bare(words[i]), new.capitalize() if weekday or bare(words[i])[:1].isupper() else new)
    return s.case(kind, words, ("altered",), grave=grave)


def grave_word(s: Spot) -> Case | None:
    return _swap(s, "modal, person, day, month", GRAVE_SWAPS[s.language], True)


def other_word(s: Spot) -> Case | None:
    return _swap(s, "another word of the kind", OTHER_SWAPS[s.language], False)


def foreign_word(s: Spot) -> Case | None:
    words = s.words
    donors = [bare(w) for g in s.transcript.segments if g is not s.segment for w in g.text.split() if len(bare(w)) > 3]
    places = plain_places(words)
    new = s.rng.choice(donors)
    if not places or new.casefold() in {bare(w).casefold() for w in words}:
        return None
    i = s.rng.choice(places)
    words[i] = put(words[i], new)
    return s.case("a word from elsewhere", words, ("altered",))


def inflected(s: Spot) -> Case | None:
    words = s.words
    places = [i for i in plain_places(words) if bare(words[i]).isalpha() and len(bare(words[i])) > 3]
    if not places:
        return None
    i = s.rng.choice(places)
    core = bare(words[i])
    if s.language == "en":
        new = core[:-1] if core.endswith("s") else core + s.rng.choice(["s", "ed"])
    else:
        new = core[:-1] + s.rng.choice([e for e in "аиіоуеюм" if e != core[-1]])
    words[i] = words[i].replace(core, new, 1)
    return s.case("inflected", words, ("altered",))


def misspelt(s: Spot) -> Case | None:
    words = s.words
    places = [i for i in plain_places(words) if len(bare(words[i])) > 4 and bare(words[i]).isalpha()]
    if not places:
        return None
    i = s.rng.choice(places)
    core = bare(words[i])
    at = s.rng.randint(1, len(core) - 2)
    words[i] = words[i].replace(core, core[:at] + core[at] + core[at:], 1)
    return s.case("misspelt", words, ("altered",))


def dropped(s: Spot) -> Case | None:
    words = s.words
    places = inner(words)
    if not places:
        return None
    del words[s.rng.choice(places)]
    return s.case("dropped", words, ("altered",))


def added(s: Spot) -> Case | None:
    words = s.words
    at = s.rng.randint(1, len(words) - 1)
    new = s.rng.choice(ADDED[s.language])
    if new in {k for w in words[max(0, at - 2) : at + 2] for k in keys(w)}:
        return None
    words.insert(at, new)
    return s.case("added", words, ("altered",))


def moved(s: Spot) -> Case | None:
    words = s.words
    places = inner(words)
    if len(places) < 2:
        return None
    i = s.rng.choice(places[:-1])
    j = s.rng.choice([p for p in places if p > i])
    if keys(words[i]) == keys(words[j]):
        return None
    words[i], words[j] = words[j], words[i]
    return s.case("moved", words, ("altered", "spliced"))


def not_added(s: Spot) -> Case | None:
    words = s.words
    at = s.rng.randint(1, len(words) - 1)
    if any(set(keys(w)) & NEGATIONS for w in words[at - 1 : at + 1]):
        return None
    words.insert(at, NOT[s.language])
    return s.case("negation added", words, ("altered",), grave=True)


def not_dropped(s: Spot) -> Case | None:
    words = s.words
    places = [i for i, w in enumerate(words) if i and set(keys(w)) & NEGATIONS]
    if not places:
        return None
    i = s.rng.choice(places)
    if i not in plain_places(words) and not re.search("n['’]t$", bare(words[i])):
        return None
    if bare(words[i]) in ("won't", "can't"):
        words[i] = {"won't": "will", "can't": "can"}[bare(words[i])]
    elif re.search("n['’]t$", bare(words[i])):
        words[i] = re.sub("n['’]t", "", words[i])
    else:
        del words[i]
    return s.case("negation dropped", words, ("altered",), grave=True)


def not_hidden(s: Spot) -> Case | None:
    words = s.words
    places = [i for i in inner(words) if set(keys(words[i])) & NEGATIONS]
    if not places:
        return None
    words[s.rng.choice(places)] = s.rng.choice(["…", "...", "[…]"])
    return s.case("an ellipsis hides a negation", words, ("altered",), grave=True)


def number_cut(s: Spot) -> Case | None:
    """From the middle of a number on: "sixty people" of two hundred and sixty."""
    words = s.words
    places = [
        at
        for at in range(1, len(words) - 3)
        if is_number("".join(keys(words[at - 1])[-1:]))
        and is_number("".join(keys(words[at])[:1]))
        and numerals((*keys(words[at - 1]), *keys(words[at])))
        and words[at - 1][-1:] not in EDGES
    ]
    return s.case("a number cut in two", words[s.rng.choice(places) :], ("altered",), grave=True) if places else None


def not_bracketed(s: Spot) -> Case | None:
    words = s.words
    words.insert(s.rng.randint(1, len(words) - 1), f"[{NOT[s.language]}]")
    return s.case("a bracket negates", words, ("altered",), grave=True)


def number(s: Spot) -> Case | None:
    return _number(s, "number changed", 2, ("altered",), True)


def _number(s: Spot, kind: str, column: int, accept: Sequence[str], grave: bool) -> Case | None:
    text = s.segment.text
    rows = [row for row in NUMBERS[s.language] if row[0] in text]
    if not rows:
        return None
    row = s.rng.choice(rows)
    return s.case(kind, text.replace(row[0], s.rng.choice(row[column]), 1), accept, grave=grave)


def _other(s: Spot, *, same: bool, least: int = 2) -> Segment | None:
    steps = [n for n in range(-9, 10) if abs(n) >= least]
    s.rng.shuffle(steps)
    found = (s.after(n) for n in steps)
    return next((o for o in found if o and len(o.words) > 6 and (o.speaker == s.segment.speaker) is same), None)


def _spliced(s: Spot, kind: str, joint: str, same: bool) -> Case | None:
    other = _other(s, same=same, least=3)
    if not other:
        return None
    a, b = s.segment, other
    text = a.text.rstrip(EDGES) + joint + b.text
    low, high = min(a.start_ms, b.start_ms), max(a.end_ms, b.end_ms)
    return s.case(kind, text, ("spliced", "altered", "unbound"), start_ms=low, end_ms=high)


def spliced(s: Spot) -> Case | None:
    return _spliced(s, "spliced, one voice", s.rng.choice([". ", ", "]), True)


def spliced_voices(s: Spot) -> Case | None:
    return _spliced(s, "spliced, two voices", s.rng.choice([". ", ", "]), False)


def spliced_ellipsis(s: Spot) -> Case | None:
    return _spliced(s, "an ellipsis between two voices", " … ", False)


def misattributed(s: Spot) -> Case | None:
    others = sorted({g.speaker for g in s.transcript.segments} - {s.segment.speaker})
    return s.case("misattributed", s.words, ("misattributed",), named=s.rng.choice(others)) if others else None


FAITHFUL: tuple[Callable[[Spot], Case | None], ...] = (
    whole, clause, capital, typography, stress, ellipsis, ellipsis_edges, bracket_added, bracket_instead, mask, tidied,
    digits, borders, interrupted, fragment,
)  # fmt: skip
UNFAITHFUL: tuple[Callable[[Spot], Case | None], ...] = (
    grave_word, other_word, foreign_word, inflected, misspelt, dropped, added, moved, not_added, not_dropped,
    not_hidden,
    not_bracketed, number, number_cut, spliced, spliced_voices, spliced_ellipsis, misattributed,
)  # fmt: skip


def cases(record: Sequence[Transcript], held_out: Sequence[Transcript], count: int, seed: int) -> list[Case]:
    """`count` cases of all kinds in turn; sentences of `held_out`, which the record has not, are to be unbound."""
    rng = random.Random(seed)
    spots = [Spot(t, n, rng) for t in record for n, g in enumerate(t.segments) if len(g.words) >= 8]
    makers: list[Callable[[Spot], Case | None]] = [*FAITHFUL, *UNFAITHFUL]
    strange = [g.text.rstrip(".!?") for t in held_out for g in t.segments if len(g.words) >= 6]
    found: list[Case] = []
    turn = 0
    while len(found) < count:
        turn += 1
        if strange and turn % (len(makers) + 1) == 0:
            found.append(Case("not in the record", rng.choice(strange), ("unbound",), record[0].language))
            continue
        made = next(filter(None, (makers[turn % len(makers)](rng.choice(spots)) for _ in range(60))), None)
        if made:
            found.append(_told(made, record, rng))
    return found


def _told(case: Case, record: Sequence[Transcript], rng: random.Random) -> Case:
    """The case in a sentence of a story, with the speaker named or not."""
    lines = [g for t in record for g in t.segments if t.id == case.transcript and g.start_ms == case.start_ms]
    two_voices = "voices" in case.kind
    named = case.named or (lines[0].speaker if lines and not two_voices and rng.random() < 0.7 else None)
    quoted = rng.choice(MARKS[case.language] if '"' not in case.text else ["“{}”"]).format(case.text)
    if "'" in case.text or "’" in case.text:
        quoted = quoted if quoted[0] != "‘" else f"“{case.text}”"
    words = case.text.split()
    if named and case.kind in ("whole", "clause") and len(words) > 9 and rng.random() < 0.4:
        at = rng.randint(4, len(words) - 4)
        first, second = " ".join(words[:at]).rstrip(EDGES), " ".join(words[at:])
        case = replace(case, text=f"{first}, {second}", accept=PASS)
        return replace(case, sentence=SPLIT[case.language].format(first, second, n=named), named=named)
    table = NAMED if named else UNNAMED
    return replace(case, sentence=rng.choice(table[case.language]).format(q=quoted, n=named), named=named)


def stories(made: Sequence[Case], seed: int, size: int = 12) -> Iterator[tuple[str, str, list[Case]]]:
    """(file name, text, its cases): stories in Markdown, HTML and plain text in turn."""
    rng = random.Random(seed)
    for n in range(0, len(made), size):
        part = list(made[n : n + size])
        suffix = ("md", "html", "txt")[n // size % 3]
        lines = []
        for case in part:
            lines.append(case.sentence or f"“{case.text}”.")
            if rng.random() < 0.4:
                lines.append(rng.choice(BETWEEN[case.language]))
        if suffix == "html":
            text = (
                "<!doctype html><article>" + "\n".join(f"<p>{html.escape(line)}</p>" for line in lines) + "</article>"
            )
        elif suffix == "md":
            text = "# A story\n\n" + "\n\n".join(re.sub(r"(?<!\w)(\*+)|(\*+)(?!\w)", _escaped, line) for line in lines)
        else:
            text = "\n\n".join(lines)
        yield f"story-{part[0].language}-{n // size:03}.{suffix}", text, part


def _escaped(match: re.Match[str]) -> str:
    return "".join("\\" + c for c in match.group())


def write(folder: Path, language: str, count: int, seed: int) -> None:
    """A set of files in `folder`: transcripts, stories, labels."""
    record = read_transcripts(language)
    (folder / "transcripts").mkdir(parents=True, exist_ok=True)
    (folder / "stories").mkdir(exist_ok=True)
    for t in record:
        cues = [f"{_clock(g.start_ms)} --> {_clock(g.end_ms)}\n<v {g.speaker}>{g.text}" for g in t.segments]
        (folder / "transcripts" / f"{t.id}.vtt").write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", encoding="utf-8")
    for name, text, part in stories(cases(record, (), count, seed), seed):
        (folder / "stories" / name).write_text(text, encoding="utf-8")
        labels = [{**asdict(case), "unsafe": case.unsafe} for case in part]
        target = folder / "stories" / (name + ".expected.json")
        target.write_text(json.dumps(labels, ensure_ascii=False, indent=1), encoding="utf-8")


def _clock(ms: int) -> str:
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    for code in ("en", "uk", "ru"):
        write(given.folder / code, code, given.count, given.seed)
