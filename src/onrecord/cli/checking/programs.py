"""The report as programs read it: JSON (docs/reference/check.schema.json), and notes on lines for GitHub Actions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onrecord.cli.checking.record import Against, Source
from onrecord.cli.checking.stories import Checked
from onrecord.text.verdicts import Evidence, Finding, blocks_publication

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def as_json(checked: Sequence[Checked], against: Against) -> str:
    """A list with one object a story."""
    return json.dumps([as_object(story, against) for story in checked], ensure_ascii=False, indent=1)


def as_object(story: Checked, against: Against) -> dict[str, Any]:
    """The story as the contract has it; a quotation split by an attribution gives one object a part."""
    places = [e for f in story.findings for e in (f.evidence, *f.alternatives) if e is not None]
    sources = against.sources({place.transcript for place in places})
    quotations = [row for finding in story.findings for row in _rows(story, finding, sources)]
    summary = dict(Counter(str(row["verdict"]) for row in quotations))
    result: dict[str, Any] = {"story": story.path, "quotations": quotations, "summary": summary}
    if story.error:
        result["error"] = {"code": story.error.code, "message": str(story.error)}
    return result


def as_github(checked: Sequence[Checked]) -> Iterator[str]:
    """A workflow command for each finding: an error for what blocks, a warning for what a person should look at."""
    for story in checked:
        for finding in story.findings:
            level = "error" if blocks_publication(finding) else "warning" if _is_odd(finding) else ""
            if level:
                line, column = story.place(finding)
                file = story.path.translate(_PROPERTY)
                title = f"title=quotation {finding.verdict}"
                yield f"::{level} file={file},line={line},col={column},{title}::{_told(finding).translate(_DATA)}"


def _rows(story: Checked, finding: Finding, sources: Mapping[str, Source]) -> Iterator[dict[str, Any]]:
    for part in finding.quotation.parts:
        offset, length = story.plain.span(part.offset, part.end)
        yield {
            "quote": story.plain.text[part.offset : part.end],
            "offset": offset,
            "length": length,
            "verdict": str(finding.verdict),
            "score": finding.score,
            "attributed_to": finding.quotation.attributed_to,
            "evidence": _evidence(finding.evidence, sources) if finding.evidence else None,
            "changes": [
                {"kind": str(c.kind), "said": c.said, "printed": c.printed, "grave": c.grave, "why": c.why}
                for c in finding.changes
            ],
            "present": finding.present,
            "unbalanced": finding.quotation.unbalanced,
            "alternatives": [_evidence(place, sources) for place in finding.alternatives],
        }


def _evidence(evidence: Evidence, sources: Mapping[str, Source]) -> dict[str, Any]:
    source = sources[evidence.transcript]
    result: dict[str, Any] = {
        "transcript": source.transcript,
        "segment": evidence.first_segment,
        "start_ms": evidence.start_ms,
        "end_ms": evidence.end_ms,
        "speaker": evidence.speaker,
        "text": evidence.public,
        "offset": evidence.offset,
        "length": evidence.length,
        "language": source.language,
        "translation": source.translation,
    }
    if source.recording:
        result |= {"recording": source.recording, "title": source.title, "version": source.version}
    return result


def _is_odd(finding: Finding) -> bool:
    return finding.quotation.unbalanced or (not finding.present and not finding.evidence)


def _told(finding: Finding) -> str:
    """The finding in a few lines: the words, what was said, each change."""
    lines = [f"“{' '.join(finding.quotation.text.split())}” is {finding.verdict}."]
    if finding.quotation.unbalanced:
        lines.append("A quotation mark is missing.")
    if finding.evidence:
        lines.append(f"Said by {finding.evidence.speaker or 'an unknown speaker'}: “{finding.evidence.public}”")
    lines += [
        f"{'GRAVE: ' if c.grave else ''}{c.why} (said “{c.said}”, printed “{c.printed}”)" for c in finding.changes
    ]
    return "\n".join(lines)
