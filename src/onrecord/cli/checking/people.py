"""The report as people read it at a terminal, in a file or on paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from onrecord.cli.checking.record import Against, Source
from onrecord.cli.checking.side_by_side import Mark, Pair, mark_of, pairs, rows
from onrecord.cli.checking.stories import Checked
from onrecord.text.compare import Change, ChangeKind
from onrecord.text.languages import guess_language
from onrecord.text.verdicts import Evidence, Finding, Verdict, blocks_publication

MOST_COLUMNS, LEAST_COLUMNS = 100, 40
MOST_PLACES = 3
_INDENT = "    "
_LEAD = 160
_SENTENCE_END = re.compile(r"(?<!\b\w)(?<!\b[MDS][rst])(?<!\bMrs)[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«„(\[—–-]*\s?[^\W\d_])")

_WORDS = {
    Verdict.VERBATIM: "word for word",
    Verdict.EDITED: "with declared edits only",
    Verdict.FRAGMENT: "",
    Verdict.ALTERED: "words were changed",
    Verdict.SPLICED: "passages that do not adjoin are joined",
    Verdict.MISATTRIBUTED: "another speaker said it",
    Verdict.UNBOUND: "not in the record",
    Verdict.UNREVIEWED: "only in a machine's translation that no person has reviewed",
}
_MARK_STYLES = {Mark.GRAVE: "bold red", Mark.CHANGED: "red", Mark.DECLARED: "yellow", Mark.SAME: ""}
_SENTENCES = {
    ChangeKind.REPLACED: "“{said}” became “{printed}”",
    ChangeKind.DROPPED: "“{said}” was left out",
    ChangeKind.ADDED: "“{printed}” was put in",
    ChangeKind.MOVED: "“{printed}” was moved",
}
_COUNTED = {
    Verdict.VERBATIM: "word for word",
    Verdict.EDITED: "with declared edits",
    Verdict.FRAGMENT: "of one or two words",
}


def print_report(checked: Sequence[Checked], against: Against, *, quiet: bool) -> None:
    """Every quotation in its sentence with its verdict, those that do not stand in full; a summary last.

    With `quiet` only what blocks publication, and the summary.
    """
    printer = _Printer(against, Console(highlight=False))
    for story in checked:
        if not story.error:
            printer.story(story, quiet=quiet)
    printer.summary([story for story in checked if not story.error], quiet=quiet)


class _Printer:
    """Prints lines that are wrapped here, so that they read the same at a terminal and in a file."""

    def __init__(self, against: Against, console: Console) -> None:
        self._against = against
        self._console = console
        self._width = max(LEAST_COLUMNS, min(console.width, MOST_COLUMNS)) - len(_INDENT)
        self._sources: Mapping[str, Source] = {}

    def story(self, story: Checked, *, quiet: bool) -> None:
        shown = story.blocking if quiet else story.findings
        if quiet and not shown:
            return
        places = [e for f in shown for e in (f.evidence, *f.alternatives) if e is not None]
        self._sources = self._against.sources({e.transcript for e in places})
        self._line(Text(story.path, style="bold"))
        self._line()
        for finding in shown:
            self._finding(story, finding)
        if not story.findings:
            self._line(Text("  no quotations"))
            self._line()

    def summary(self, checked: Sequence[Checked], *, quiet: bool) -> None:
        findings = [finding for story in checked for finding in story.findings]
        blocking = [(story, finding) for story in checked for finding in story.blocking]
        if blocking and not quiet:
            self._line(Text("Not borne out by the record:", style="bold"))
            for story, finding in blocking:
                where = f"  {story.path}:{story.place(finding)[0]}"
                words = f"“{_shortened(finding.quotation.text, 60)}”"
                self._line(Text.assemble((where, "bold"), f"  {finding.verdict}  ", words))
            self._line()
        counts = Counter(finding.verdict for finding in findings)
        parts = [f"{counts[verdict]} {_COUNTED.get(verdict, verdict)}" for verdict in Verdict if counts[verdict]]
        stories = _count(len(checked), "story", "stories")
        text = f"{_count(len(findings), 'quotation', 'quotations')} in {stories}: {', '.join(parts) or 'none'}."
        self._wrapped(Text(text), indent="")
        unsure = sum(finding.quotation.unbalanced for finding in findings)
        if unsure:
            text = f"{_count(unsure, 'quotation has', 'quotations have')} a mark missing: look how far they go."
            self._wrapped(Text(text, style="yellow"), indent="")
        if blocking:
            grave = sum(any(change.grave for change in finding.changes) for _, finding in blocking)
            told = f"{_count(len(blocking), 'quotation blocks', 'quotations block')} publication"
            self._line(Text(f"{told}, {grave} with a grave change." if grave else f"{told}.", style="bold red"))
        elif findings:
            self._line(Text("Nothing blocks publication.", style="bold green"))

    def _finding(self, story: Checked, finding: Finding) -> None:
        blocks = blocks_publication(finding)
        style = "bold red" if blocks else "green" if finding.verdict is not Verdict.FRAGMENT else "cyan"
        line, _ = story.place(finding)
        words = _WORDS.get(finding.verdict, "") or ("in the record" if finding.present else "not in the record")
        heading = Text.assemble("  ", (str(finding.verdict).upper() if blocks else str(finding.verdict), style))
        heading.append(f": {words} (line {line})")
        self._line(heading)
        self._wrapped(_in_sentence(story.plain.text, finding, style))
        if finding.quotation.unbalanced:
            self._wrapped(Text("A quotation mark is missing; it was read to here only.", style="yellow"))
        self._explained(finding)
        self._line()

    def _explained(self, finding: Finding) -> None:
        evidence = finding.evidence
        if finding.verdict is Verdict.MISATTRIBUTED and evidence:
            self._wrapped(Text(f"the text names {finding.quotation.attributed_to}; it was {evidence.speaker or '?'}"))
        if finding.verdict is Verdict.SPLICED and evidence and not any(change.said for change in finding.changes):
            self._passages((evidence, *finding.alternatives), finding.changes)
            return
        if evidence and finding.changes:
            self._side_by_side(evidence.public, finding)
        for change in sorted(finding.changes, key=lambda change: "!^.".index(mark_of(change))):
            self._wrapped(_told(change), hanging="  ")
        if evidence:
            self._place(evidence)
            if finding.present:
                self._others("also", finding.alternatives)
        elif finding.verdict is Verdict.UNBOUND:
            self._nothing(finding)

    def _nothing(self, finding: Finding) -> None:
        language = guess_language(finding.quotation.text)
        known = sorted(set(self._against.record.languages) - {""})
        if language and known and language not in known:
            told = f"The quotation is in {language}, and the record has only {', '.join(known)}."
            self._wrapped(Text(told, style="yellow"))
        for near in finding.alternatives[:MOST_PLACES]:
            self._wrapped(Text(f"near: {near.public}"), hanging="      ")
            self._place(near)

    def _side_by_side(self, said: str, finding: Finding) -> None:
        """Said over printed over marks; one line for what is the same on both sides."""
        printed = " ".join(finding.quotation.text.split())
        for row in rows(pairs(said, printed, finding.changes), self._width - len("printed  ")):
            columns = [(pair.said, pair.printed, str(pair.mark) * pair.width) for pair in row]
            if all(pair.said == pair.printed for pair in row):
                self._columns("both     ", row, [shown for shown, _, _ in columns])
                continue
            for label, shown in zip(("said     ", "printed  ", "         "), zip(*columns, strict=True), strict=True):
                self._columns(label, row, shown)

    def _columns(self, label: str, row: Sequence[Pair], shown: Sequence[str]) -> None:
        line = Text.assemble((label, "dim"))
        for pair, words in zip(row, shown, strict=True):
            piece = Text(words, style=_MARK_STYLES[pair.mark])
            piece.align("left", pair.width)
            line.append_text(piece).append(" ")
        line.rstrip()
        if line.plain:
            self._line(Text(_INDENT).append_text(line))

    def _passages(self, places: Sequence[Evidence], changes: Sequence[Change]) -> None:
        for number, place in enumerate(places, start=1):
            self._wrapped(Text(f"{number}. {place.public}"), hanging="   ")
            self._place(place)
        for change in changes:
            self._wrapped(Text(f"joined at “{change.printed}”" if change.printed else change.why), hanging="  ")

    def _others(self, label: str, places: Sequence[Evidence]) -> None:
        for place in places[:MOST_PLACES]:
            self._place(place, f"{label} ")
        if len(places) > MOST_PLACES:
            self._line(Text(f"{_INDENT}and in {len(places) - MOST_PLACES} more places", style="dim"))

    def _place(self, evidence: Evidence, lead: str = "") -> None:
        minutes, seconds = divmod(evidence.start_ms // 1000, 60)
        hours, minutes = divmod(minutes, 60)
        where = f"{lead}{evidence.speaker or 'speaker unknown'}, {hours}:{minutes:02}:{seconds:02}, "
        source = self._sources.get(evidence.transcript)
        self._line(Text(_INDENT + where + (source.shown if source else evidence.transcript), style="dim"))

    def _wrapped(self, text: Text, *, indent: str = _INDENT, hanging: str = "") -> None:
        for n, line in enumerate(text.wrap(self._console, self._width - len(hanging))):
            line.rstrip()
            self._line(Text(indent + (hanging if n else "")).append_text(line))

    def _line(self, text: Text | None = None) -> None:
        self._console.print(text or Text(), soft_wrap=True)


def _told(change: Change) -> Text:
    """A change in a sentence, with the sign that stands beneath its words."""
    mark = mark_of(change)
    template = _SENTENCES.get(change.kind, "")
    if not template:
        template = "“{said}” → “{printed}”" if change.said and change.printed else (
            "left out “{said}”" if change.said else "put in “{printed}”"
        )  # fmt: skip
    words = template.format(said=change.said, printed=change.printed)
    grave = "GRAVE, " if change.grave else ""
    return Text.assemble((f"{mark} ", _MARK_STYLES[mark]), words, (f" ({grave}{change.why})", _MARK_STYLES[mark]))


def _in_sentence(text: str, finding: Finding, style: str) -> Text:
    """The sentence around a quotation, white space single; far ends are cut."""
    start, end = finding.quotation.offset, finding.quotation.offset + finding.quotation.length
    low, high = text.rfind("\n\n", 0, start) + 1, text.find("\n\n", end)
    before = text[max(0, low) : start]
    after = text[end : high if high >= 0 else len(text)]
    cut = max((match.end() for match in _SENTENCE_END.finditer(before + "A")), default=0)
    stop = _SENTENCE_END.search(after)
    before, after = before[cut:], after[: stop.end()] if stop else after
    before, after = _shortened(before.lstrip(), _LEAD, keep_end=True), _shortened(after.rstrip(), _LEAD)
    return Text.assemble(before, (_single(text[start:end]), style), after)


def _single(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _shortened(text: str, most: int, *, keep_end: bool = False) -> str:
    text = _single(text)
    if len(text) <= most:
        return text
    if keep_end:
        return "… " + text[-most:].partition(" ")[2]
    return text[:most].rpartition(" ")[0] + " …"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
