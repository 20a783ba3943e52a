"""docs/reference/quotations.md says what the check does: every row of its tables is run."""

import re
from pathlib import Path

import pytest

from onrecord.text.findings import Verdict
from onrecord.text.markup import markdown_text
from onrecord.text.record import Record
from onrecord.text.verdicts import check_quotations
from tests.unit.text.passages import transcript

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "quotations.md").read_text(encoding="utf-8")
ROWS = [
    row
    for table in PAGE.split("| story | verdict |")[1:]
    for row in re.findall(r"^\| (.+) \| ([a-z ]+) \|$", table, re.M)
]


@pytest.fixture(scope="module")
def record() -> Record:
    lines: dict[str, list[tuple[str, str]]] = {}
    block = re.search(r"```record\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    for line in block[1].splitlines():
        language, _, said = line.partition(" | ")
        speaker, _, words = said.partition(": ")
        lines.setdefault(language, []).append((speaker, words))
    return Record.build([transcript(language, language, said) for language, said in lines.items()])


@pytest.mark.parametrize(("story", "wanted"), ROWS)
def test_every_example_is_so(record: Record, story: str, wanted: str) -> None:
    findings = check_quotations(markdown_text(story).text, record)
    if wanted == "none":
        assert not findings
        return
    (finding,) = findings
    assert str(finding.verdict) in wanted.split(), finding
    assert not wanted.endswith("grave") or any(change.grave for change in finding.changes), finding


def test_every_verdict_of_the_check_is_on_the_page() -> None:
    assert len(ROWS) > 40
    for verdict in set(Verdict) - {Verdict.STALE, Verdict.OVERRIDDEN}:
        assert f"| `{verdict}` |" in PAGE, verdict
