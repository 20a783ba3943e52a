"""Hand-written quotations with the verdict that an editor would give (tests/unit/text/cases).

`@ language` begins a record, `| Speaker: words` is one segment of it, and `verdict…: story` is a story with
the verdicts of its quotations in order, parted by commas; several verdicts for one quotation are all right, and
`!` asks for a change marked grave; `none` is a story without any. A trailing `| verdict…` replaces the first ones.
`\\n` is a line break; a story that begins with a tag is HTML, any other Markdown.
"""

import re
from pathlib import Path

import pytest

from onrecord.text.markup import html_text, markdown_text
from onrecord.text.record import Record
from onrecord.text.verdicts import check_quotations
from tests.unit.text.passages import transcript

FOLDER = Path(__file__).parent / "cases"
_CASE = re.compile(r"(?P<wanted>[a-z! ,]+): (?P<story>.*?)(?:\s*\| ?(?P<instead>[a-z! ,]+))?$")


def read_cases(path):
    """(record, wanted, story) of each line of a file of cases."""
    records, made = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            records.append((line[1:].strip(), []))
        elif line.startswith("| "):
            speaker, _, words = line[2:].partition(": ")
            records[-1][1].append((speaker, words))
        elif line and not line.startswith("#"):
            case = _CASE.match(line)
            made.append((len(records) - 1, case["instead"] or case["wanted"], case["story"].replace("\\n", "\n")))
    built = [Record.build([transcript(path.stem, language, lines)]) for language, lines in records]
    return [(built[n], wanted, story) for n, wanted, story in made]


def judged(record, wanted, story):
    """What is wrong with the findings, or nothing."""
    read = html_text if story.startswith("<") and not story.startswith("<!--") else markdown_text
    findings = check_quotations(read(story).text, record)
    asked = [entry.split() for entry in wanted.split(",")] if wanted != "none" else []
    if len(asked) != len(findings):
        return f"{len(findings)} quotations: {[f.quotation.text for f in findings]}"
    for accepted, finding in zip(asked, findings, strict=True):
        grave = "!" if any(change.grave for change in finding.changes) else ""
        if str(finding.verdict) not in accepted and str(finding.verdict) + grave not in accepted:
            return f"{finding.verdict}{grave} by {finding.quotation.attributed_to}: {finding.changes}"
    return ""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_cases(path):
    wrong = [
        f"{wanted}: {story}\n    is {said}"
        for record, wanted, story in read_cases(path)
        if (said := judged(record, wanted, story))
    ]
    assert not wrong, "\n".join(wrong)
