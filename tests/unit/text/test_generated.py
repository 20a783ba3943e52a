"""Generated stories in three languages and three formats, checked as a whole."""

import re
from collections import Counter

import pytest

from onrecord.text.markup import read_story
from onrecord.text.record import Record
from onrecord.text.verdicts import Verdict, blocks_publication, check_quotations
from tests.generators.quotations import cases, read_transcripts, stories

PASS = {Verdict.VERBATIM, Verdict.EDITED}


def results(language, count, seed):
    """(case, its finding or None) over generated stories; half of the texts is in the record."""
    texts = read_transcripts(language)
    for record, held_out in (texts[:1], texts[1:]), (texts[1:], texts[:1]):
        built = Record.build(record)
        for name, text, part in stories(cases(record, held_out, count // 2, seed), seed):
            found = list(check_quotations(read_story(text.encode(), name).text, built))
            for case in part:
                finding = next((f for f in found if _key(f.quotation.text) == _key(case.text)), None)
                if finding:
                    found.remove(finding)
                yield case, finding


def faults(case, finding):
    """What is wrong with a finding, by name."""
    if finding is None:
        yield "not found"
        return
    if finding.verdict in PASS and case.unsafe:
        yield "false pass"
    if blocks_publication(finding) and not case.unsafe:
        yield "false alarm"
    if finding.verdict not in case.accept:
        yield "verdict"
    if case.grave and not any(change.grave for change in finding.changes):
        yield "grave"
    e = finding.evidence
    if case.transcript and finding.verdict is not Verdict.UNBOUND:
        here = e and e.transcript == case.transcript and e.start_ms < case.end_ms and e.end_ms > case.start_ms
        if not here:
            yield "place"


def _key(text):
    return re.sub(r"[\W_]+", " ", re.sub(r"[\u0301'’ʼ]", "", text)).strip().casefold()


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
@pytest.mark.parametrize("seed", [1, 2])
def test_generated_stories(language, seed):
    wrong, count = Counter(), 0
    shown = []
    for case, finding in results(language, 260, seed):
        count += 1
        for fault in faults(case, finding):
            wrong[fault] += 1
            shown.append(f"{fault}: {case.kind}: {case.sentence}\n    {finding and finding.verdict}")
    assert not wrong["not found"], shown
    assert not wrong["false pass"], shown
    assert wrong["false alarm"] <= 0.005 * count, shown
    assert wrong["verdict"] <= 0.02 * count, shown
    assert wrong["place"] <= 0.005 * count, shown
    assert not wrong["grave"], shown
