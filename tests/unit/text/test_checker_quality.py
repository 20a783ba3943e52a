"""The checker over generated quotations, by property, and over the shared labelled set."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onrecord.text.quotations import Quotation, find_quotations
from onrecord.text.record import Record
from onrecord.text.subtitles import read_subtitles
from onrecord.text.transcripts import Transcript
from onrecord.text.verdicts import Verdict, blocks_publication, check_quotation, check_quotations
from tests.generators.quotations import cuts_number
from tests.unit.text.altering import cases
from tests.unit.text.passages import RECORD

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "quotes"
BUILT = Record.build(RECORD)
FAITHFUL = {Verdict.VERBATIM, Verdict.EDITED}
LINES = [(t, s) for t in RECORD for s in t.segments if len(s.words) >= 6 and not any(w.mask for w in s.words)]


def score(made, record):
    """Counts of what went wrong over generated cases."""
    wrong = Counter(all=len(made))
    for case in made:
        finding = check_quotation(Quotation.of(case.text, case.speaker), record)
        passed = finding.verdict in FAITHFUL
        wrong["false pass"] += passed and not case.faithful
        wrong["false alarm"] += case.faithful and blocks_publication(finding)
        wrong["verdict"] += finding.verdict not in case.accept
        wrong["grave"] += case.grave and not any(change.grave for change in finding.changes)
        evidence = finding.evidence
        wrong["place"] += not (
            evidence
            and evidence.transcript == case.transcript
            and evidence.start_ms < case.end_ms
            and evidence.end_ms > case.start_ms
        )
    return wrong


@pytest.mark.parametrize(("language", "ids"), [("en", ("address", "call")), ("uk", ("uk",)), ("ru", ("ru",))])
@pytest.mark.parametrize("seed", [1, 2])
def test_generated_quotations(language, ids, seed):
    transcripts = [t for t in RECORD if t.id in ids]
    wrong = score(cases(transcripts, language, 220, seed), BUILT)
    assert wrong["all"] > 150
    assert wrong["false pass"] == 0
    assert wrong["false alarm"] == 0
    assert wrong["verdict"] <= 0.02 * wrong["all"]
    assert wrong["place"] <= 0.005 * wrong["all"]
    assert wrong["grave"] == 0


@st.composite
def cuts(draw, least=3):
    """A stretch of whole words of one segment."""
    transcript, segment = draw(st.sampled_from(LINES))
    size = draw(st.integers(least, len(segment.words)))
    start = draw(st.integers(0, len(segment.words) - size))
    return transcript, segment, [w.text for w in segment.words[start : start + size]], start


@settings(max_examples=300, deadline=None)
@given(cuts())
def test_a_quotation_cut_from_a_transcript_always_verifies(cut):
    _, segment, words, start = cut
    if cuts_number([w.text for w in segment.words], start, start + len(words)):
        return
    finding = check_quotation(Quotation.of(" ".join(words), segment.speaker), BUILT)
    opening = start > 0 and re.fullmatch(r"(Nobody|Никто)", segment.words[start - 1].text)
    if opening or finding.verdict is Verdict.FRAGMENT:
        return
    assert finding.verdict is Verdict.VERBATIM, finding
    assert finding.score == 1.0


@settings(max_examples=300, deadline=None)
@given(cuts(least=4), st.data())
def test_an_undeclared_change_of_a_word_never_does(cut, data):
    _, segment, words, _ = cut
    where = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(["zebra", "quickly", "never", "seven", "Kovalenko", "кінь", "не", "восемь"]))
    if other == words[where].strip(".,?:;!").casefold():
        return
    changed = data.draw(st.sampled_from(["replace", "add", "inflect"]))
    new = list(words)
    if changed == "replace":
        new[where] = other
    elif changed == "add" and where > 0:
        new.insert(where, other)
    else:
        bare = words[where].rstrip(".,?:;!")
        if not bare.isalpha():
            return
        new[where] = bare + ("s" if bare.isascii() else "м")
    finding = check_quotation(Quotation.of(" ".join(new), segment.speaker), BUILT)
    assert finding.verdict not in FAITHFUL, finding


@settings(max_examples=200, deadline=None)
@given(cuts(least=6), st.data())
def test_a_dropped_word_never_passes_for_nothing(cut, data):
    """Left out inside, a word makes the quotation altered, or the edit is declared and listed."""
    _, segment, words, _ = cut
    where = data.draw(st.integers(1, len(words) - 2))
    new = words[:where] + words[where + 1 :]
    # "and I, I" without one of the two is what was said, up to there.
    said, left = ([w.casefold().strip(".,?:;!") for w in row] for row in ([w.text for w in segment.words], new))
    assume(not any(said[at : at + len(left)] == left for at in range(len(said))))
    finding = check_quotation(Quotation.of(" ".join(new), segment.speaker), BUILT)
    assert finding.verdict is not Verdict.VERBATIM


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab \"'“”‘’«»„.,—\n[]…*1", max_size=120))
def test_any_text_is_read_and_offsets_hold(text):
    for finding in check_quotations(text, BUILT):
        quotation = finding.quotation
        assert " ".join(text[p.offset : p.end] for p in quotation.parts) == quotation.text
        assert 0.0 <= finding.score <= 1.0
    for quotation in find_quotations(text):
        for inner in quotation.nested:
            assert quotation.offset <= inner.offset
            assert inner.offset + inner.length <= quotation.offset + quotation.length


def _shared_record():
    return [
        Transcript(path.name, "", read_subtitles(path.read_bytes(), path.name).segments)
        for path in sorted((SHARED / "transcripts").glob("*.vtt"))
    ]


@pytest.mark.real
@pytest.mark.skipif(not SHARED.exists(), reason="the shared labelled quotations are absent")
def test_generated_quotations_over_the_shared_transcripts():
    transcripts = _shared_record()
    english = [t for t in transcripts if not t.id.startswith("udhr")]
    wrong = score(cases(english, "en", 400, 5), Record.build(transcripts))
    assert wrong["false alarm"] <= 0.005 * wrong["all"]
    assert wrong["false pass"] == 0
    assert wrong["verdict"] <= 0.02 * wrong["all"]
    assert wrong["place"] <= 0.005 * wrong["all"]


_WRONG_LABELS = {57}
"""Labelled as a dropped negation, but the words stand exactly so in call-08.vtt."""


@pytest.mark.real
@pytest.mark.skipif(not SHARED.exists(), reason="the shared labelled quotations are absent")
def test_the_shared_labelled_quotations():
    record = Record.build(_shared_record())
    wrong: Counter[str] = Counter()
    for path in sorted((SHARED / "stories").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        parts = {
            _key(text[part.offset : part.end]): finding
            for finding in check_quotations(text, record)
            for part in finding.quotation.parts
        }
        for row in json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8")):
            if row["id"] in _WRONG_LABELS:
                continue
            finding = parts[_key(row["quote"])]
            wrong["false pass"] += row["unsafe"] and finding.verdict in FAITHFUL
            wrong["false alarm"] += not row["unsafe"] and blocks_publication(finding)
            wrong["verdict"] += finding.verdict not in row["accept"]
            wrong["grave"] += bool(row["grave"]) and not any(change.grave for change in finding.changes)
    assert +wrong == Counter()


def _key(text):
    return re.sub(r"[\W_]+", " ", re.sub(r"[\u2018\u2019']", "", text)).strip().casefold()
