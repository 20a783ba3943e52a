"""`onrecord check`: the quotations of any story against any transcripts; needs no database and no server."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from onrecord.errors import NotSubtitles, OnrecordError, UnreadableStory
from onrecord.text.markup import PlainText, read_story
from onrecord.text.record import Record
from onrecord.text.subtitles import SUFFIXES, read_subtitles
from onrecord.text.transcripts import Transcript
from onrecord.text.verdicts import Evidence, Finding, Verdict, blocks_publication, check_quotations

BORNE_OUT, FINDINGS, BAD_INPUT = 0, 1, 2

_STYLES = {
    Verdict.VERBATIM: ("green", "borne out, word for word"),
    Verdict.EDITED: ("green", "borne out, with declared edits"),
    Verdict.FRAGMENT: ("cyan", "a fragment"),
    Verdict.ALTERED: ("red", "altered: words were changed"),
    Verdict.SPLICED: ("red", "spliced: passages that do not adjoin"),
    Verdict.MISATTRIBUTED: ("red", "misattributed: another speaker said it"),
    Verdict.UNBOUND: ("red", "unbound: not in the record"),
}
_LANGUAGE = re.compile(r"\.([a-z]{2,3})(?:[-_][A-Za-z]{2,4})?$")


@dataclass(frozen=True, slots=True)
class Checked:
    """One story with its findings."""

    path: str
    plain: PlainText
    findings: tuple[Finding, ...]


def check(
    stories: Annotated[list[Path], typer.Argument(help="Stories: Markdown, HTML, plain text, .docx.")],
    against: Annotated[
        list[Path], typer.Option("--against", help="A transcript or a folder of them; may be given again.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse dropped hesitations, repeats and false starts too.")
    ] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of the stories, for example uk.")] = "",
) -> None:
    """Check every quotation of the stories against the record. Exit 0 borne out, 1 findings, 2 bad input."""
    errors = Console(stderr=True, highlight=False)
    try:
        record = Record.build(tuple(read_record(against, warn=lambda line: errors.print(escape(line), style="yellow"))))
        checked = [_checked(path, record, lang, strict) for path in stories]
    except OnrecordError as error:
        errors.print(escape(str(error)), style="red")
        raise typer.Exit(BAD_INPUT) from error
    if as_json:
        typer.echo(json.dumps([as_object(story) for story in checked], ensure_ascii=False, indent=1))
    else:
        _print(checked, Console(highlight=False, soft_wrap=True))
    found = any(blocks_publication(finding) for story in checked for finding in story.findings)
    raise typer.Exit(FINDINGS if found else BORNE_OUT)


def read_record(paths: Sequence[Path], *, warn: Callable[[str], None]) -> Iterator[Transcript]:
    """The transcripts in files and folders; what is none in a folder is passed over with a warning.

    Raises NotSubtitles for a named file that is no transcript or is not there, and for a record without any.
    """
    count = 0
    for path in paths:
        for file in _files(path):
            try:
                parsed = read_subtitles(_bytes(file), str(file))
            except NotSubtitles as error:
                if file == path:
                    raise
                warn(f"Passed over: {error}")
                continue
            for warning in parsed.warnings:
                warn(f"{file}: {warning}")
            count += 1
            tag = _LANGUAGE.search(file.stem)
            yield Transcript(str(file), parsed.language or (tag[1] if tag else ""), parsed.segments)
    if not count:
        names = ", ".join(map(str, paths))
        raise NotSubtitles(file=names, line=0, reason="no transcript was found", remedy=_REMEDY)


_REMEDY = "Give files or a folder of WebVTT, SRT, TTML, Whisper JSON, oTranscribe or plain text."


def as_object(story: Checked) -> dict[str, object]:
    """The story as the JSON contract has it; a quotation split by an attribution gives one object a part."""
    quotations = [row for finding in story.findings for row in _rows(story.plain, finding)]
    summary = Counter(str(row["verdict"]) for row in quotations)
    return {"story": story.path, "quotations": quotations, "summary": dict(summary)}


def _rows(plain: PlainText, finding: Finding) -> Iterator[dict[str, object]]:
    for part in finding.quotation.parts:
        offset, length = plain.span(part.offset, part.end)
        yield {
            "quote": plain.text[part.offset : part.end],
            "offset": offset,
            "length": length,
            "verdict": str(finding.verdict),
            "score": finding.score,
            "attributed_to": finding.quotation.attributed_to,
            "evidence": _evidence(finding.evidence),
            "changes": [
                {"kind": str(c.kind), "said": c.said, "printed": c.printed, "grave": c.grave, "why": c.why}
                for c in finding.changes
            ],
        }


def _evidence(evidence: Evidence | None) -> dict[str, object] | None:
    if evidence is None:
        return None
    return {
        "transcript": evidence.transcript,
        "segment": evidence.first_segment,
        "start_ms": evidence.start_ms,
        "end_ms": evidence.end_ms,
        "speaker": evidence.speaker,
        "text": evidence.text,
        "offset": evidence.offset,
        "length": evidence.length,
    }


def _checked(path: Path, record: Record, language: str, strict: bool) -> Checked:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableStory(
            file=str(path), reason=error.strerror or "cannot be read", remedy="Check the path."
        ) from error
    plain = read_story(data, str(path))
    return Checked(str(path), plain, check_quotations(plain.text, record, language=language or None, strict=strict))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotSubtitles(file=str(path), line=0, reason=error.strerror or "cannot be read", remedy=_REMEDY) from error


def _print(checked: Sequence[Checked], console: Console) -> None:
    totals: Counter[Verdict] = Counter()
    for story in checked:
        console.print(Text(story.path, style="bold underline"))
        for finding in story.findings:
            totals[finding.verdict] += 1
            _print_finding(story, finding, console)
        if not story.findings:
            console.print("  no quotations\n")
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(totals.items()))
    stories = f"{len(checked)} {'story' if len(checked) == 1 else 'stories'}"
    console.print(f"{sum(totals.values())} quotations in {stories}: {counts or 'none'}.", style="bold")


def _print_finding(story: Checked, finding: Finding, console: Console) -> None:
    style, words = _STYLES.get(finding.verdict, ("yellow", str(finding.verdict)))
    if finding.verdict is Verdict.FRAGMENT:
        words += ", in the record" if finding.present else ", not in the record"
    offset = story.plain.span(finding.quotation.offset, finding.quotation.offset)[0]
    line = story.plain.text.count("\n", 0, finding.quotation.offset) + 1
    console.print(
        Text.assemble((f"  {finding.verdict}", f"bold {style}"), f"  {words}  (line {line}, offset {offset})")
    )
    console.print(_in_sentence(story.plain.text, finding, style))
    if finding.quotation.unbalanced:
        console.print(Text("    a quotation mark is missing here", style="yellow"))
    if finding.quotation.attributed_to:
        console.print(Text(f"    attributed to {finding.quotation.attributed_to}", style="dim"))
    for change in finding.changes:
        console.print(
            Text.assemble(
                f"    {change.kind}: ",
                (change.said or "-", "green"),
                " → ",
                (change.printed or "-", "red" if change.kind != "declared" else ""),
                (f"  {'GRAVE: ' if change.grave else ''}{change.why}", "bold red" if change.grave else "dim"),
            )
        )
    if finding.evidence:
        console.print(
            Text(
                f"    said: {finding.evidence.text}",
                style="dim" if finding.verdict is Verdict.VERBATIM else "",
            )
        )
        console.print(Text(f"    {_where(finding.evidence)}", style="dim"))
    label = "also" if finding.evidence else "near"
    for other in finding.alternatives[:3]:
        console.print(Text(f"    {label}: {_where(other)}: {other.text}", style="dim"))
    console.print()


def _in_sentence(text: str, finding: Finding, style: str) -> Text:
    start, end = finding.quotation.offset, finding.quotation.offset + finding.quotation.length
    low = max(text.rfind("\n", 0, start) + 1, start - 80)
    stop = text.find("\n", end)
    high = min(stop if stop >= 0 else len(text), end + 80)
    return Text.assemble("    ", text[low:start], (text[start:end], style), text[end:high])


def _where(evidence: Evidence) -> str:
    minutes, seconds = divmod(evidence.start_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{evidence.speaker or 'unknown speaker'}, {hours}:{minutes:02}:{seconds:02}, {evidence.transcript}"


if __name__ == "__main__":
    typer.run(check)
