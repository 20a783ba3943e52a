"""Passages joined over the border of two transcripts, in memory and where an index keeps a replaced one between."""

from dataclasses import asdict

import pytest

from onrecord.text.index import RecordIndex
from onrecord.text.quotations import Quotation
from onrecord.text.record import Record
from onrecord.text.transcripts import Segment, Transcript, Word, estimate_word_times
from onrecord.text.verdicts import Verdict, check_quotation


def transcript(name, *lines):
    segments = []
    for number, (speaker, said) in enumerate(lines):
        start, end = 5000 * number, 5000 * number + 4000
        words = estimate_word_times([Word("", text, None, None) for text in said.split()], start, end)
        segments.append(Segment(f"s{number + 1}", start, end, speaker, words))
    return Transcript(name, "en", tuple(segments))


MILL = transcript(
    "mill",
    ("Ada Marlow", "The river rose above the old mill before anybody rang the bell."),
    ("Ada Marlow", "We carried lanterns along the northern wall until morning came"),
)
BARGES = transcript(
    "barges",
    ("Thomas Reed", "Seven barges were moored beside the granary that winter evening."),
    ("Thomas Reed", "Nobody could remember a colder season in the whole valley."),
)
LISTENING = transcript("listening", ("Thomas Reed", "Right."), ("Ada Marlow", "We went home when the bell rang."))
PARTS = {
    "we carried lanterns along the northern wall seven barges were moored beside the granary": (
        "We carried lanterns along the northern wall",
        "Seven barges were moored beside the granary",
    ),
    "the northern wall until morning came seven barges were moored": (
        "the northern wall until morning came",
        "Seven barges were moored",
    ),
    "Zebra seven barges were moored beside the granary we carried lanterns along the northern wall": (
        "Seven barges were moored beside the granary",
        "We carried lanterns along the northern wall",
    ),
    "Nobody could remember a colder season northern wall until morning came zebra": (
        "Nobody could remember a colder season",
        "northern wall until morning came",
    ),
}


@pytest.mark.parametrize(("text", "parts"), PARTS.items())
def test_passages_of_two_transcripts_are_spliced(text, parts):
    finding = check_quotation(Quotation.of(text), [MILL, BARGES])
    assert finding.verdict is Verdict.SPLICED
    assert (finding.evidence.text, *(place.text for place in finding.alternatives)) == parts


@pytest.mark.parametrize("text", PARTS)
def test_a_replaced_transcript_between_two_others_is_never_seen(tmp_path, text):
    index = RecordIndex.open(tmp_path / "index", create=True)
    index.put_many([("a", "1", [MILL]), ("b", "1", [LISTENING]), ("c", "1", [BARGES])])
    index.remove("b")
    found, wanted = (check_quotation(Quotation.of(text), r) for r in (index.record(), Record.build([MILL, BARGES])))
    assert asdict(found) == asdict(wanted)


def test_a_turn_at_a_border_stands_inside_no_sentence():
    record = Record.build([MILL, LISTENING, BARGES])
    assert [record.is_inside(number) for number in range(6)] == [False] * 6
    assert Record.build([transcript("one", ("A", "One."), ("B", "Two."), ("A", "Three."))]).is_inside(1)
