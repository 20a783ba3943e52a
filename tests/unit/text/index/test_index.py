"""The index in a folder gives what a record built in memory gives, whatever was put in, replaced and taken out."""

from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.text.index import RecordIndex
from onrecord.text.quotations import Quotation
from onrecord.text.record import Record
from onrecord.text.transcripts import Segment, Transcript, Word, estimate_word_times
from onrecord.text.verdicts import check_quotation
from tests.unit.text.passages import RECORD

WORDS = [
    "the",
    "The",
    "river",
    "don't",
    "rose,",
    "—",
    "(Laughs.)",
    "[door",
    "slams]",
    "nineteen",
    "вода",
    "ночі",
    "-",
    "x" * 40,
]
TIMES = st.one_of(st.none(), st.integers(0, 90_000), st.just(2**35))


@st.composite
def words(draw):
    text = draw(st.sampled_from(WORDS))
    masked = draw(st.sampled_from([None, None, None, "profanity", "name"]))
    return Word("", text, draw(TIMES), draw(TIMES), draw(st.booleans()), masked)


@st.composite
def segments(draw, number):
    start = draw(st.sampled_from([0, 1000, 5000, 2**33]))
    end = start + draw(st.sampled_from([0, 777, 60_000]))
    said = draw(st.lists(words(), max_size=6))
    if draw(st.booleans()):
        said = estimate_word_times([Word("", word.text, None, None) for word in said], start, end)
    name = f"s{number}" if draw(st.booleans()) else draw(st.sampled_from(["a1", "ї\n", "\ud800"]))
    return Segment(name, start, end, draw(st.sampled_from(["", "A woman", "Ada Marlow"])), tuple(said))


@st.composite
def transcripts(draw):
    count = draw(st.integers(0, 4))
    said = tuple(draw(segments(number)) for number in range(1, count + 1))
    return Transcript(
        draw(st.sampled_from(["t", "u"])), draw(st.sampled_from(["", "en", "uk-UA"])), said, draw(st.booleans())
    )


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abcd"), st.lists(transcripts(), max_size=3)),
        st.tuples(st.just("remove"), st.sampled_from("abcd"), st.none()),
        st.tuples(st.just("read"), st.just("a"), st.none()),
    ),
    max_size=8,
)
QUOTATIONS = [
    "the river rose",
    "don't rose",
    "вода ночі",
    "the … river",
    "river [the] nineteen",
    "The river the river don't",
]


def same(ours, built, quotations):
    live = [n for n, counts in enumerate(ours._live) if counts]
    assert [list(ours.transcripts[n].segments) for n in live] == [[*t.segments] for t in built.transcripts]
    assert [ours.languages[n] for n in live] == list(built.languages)
    assert [ours.transcripts[n].id for n in live] == [t.id for t in built.transcripts]
    assert ours.size == built.size
    assert ours.speakers == built.speakers
    for key in built.keys[1:]:
        number = ours.vocabulary.get(key, 0)
        assert ours.keys[number] == key
        found = ours.positions(number).tolist()
        assert len(found) == ours.frequency(number)
        first, second = (
            [asdict(r.word(p)) for p in places]
            for r, places in ((ours, found), (built, built.positions(built.vocabulary.get(key, 0)).tolist()))
        )
        assert first == second
        for position in found[:3]:
            low, high = ours.bounds(ours.transcript_of(position))
            assert low <= position < high
            assert ours.tokens[high] == 0
    for text in quotations:
        for name in (None, "Ada Marlow"):
            one, other = (check_quotation(Quotation.of(text, name), record) for record in (ours, built))
            assert one == other


def bare(given):
    """Without ids of words, which an index does not keep."""
    return tuple(
        replace(t, segments=tuple(replace(s, words=tuple(replace(w, id="") for w in s.words)) for s in t.segments))
        for t in given
    )


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_the_index_is_the_record(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("index")
    index = RecordIndex.open(folder, create=True)
    held = {}
    for step, group, given_now in steps:
        if step == "put":
            index.put(group, given_now, stamp=f"{group}!")
            held.pop(group, None)
            held[group] = given_now
        elif step == "remove":
            index.remove(group)
            held.pop(group, None)
        else:
            index.record()
    built = Record.build([t for given_now in held.values() for t in given_now])
    for reader in (index, RecordIndex.open(folder)):
        assert dict(reader.groups()) == {group: f"{group}!" for group in held}
        same(reader.record(), built, QUOTATIONS)
    index.verify()


def test_many_at_once_and_each_alone_give_the_same(tmp_path, monkeypatch):
    given_now = bare(RECORD)
    monkeypatch.setattr("onrecord.text.index.folder._BATCH_WORDS", 60)
    index = RecordIndex.open(tmp_path / "many", create=True)
    index.put_many((t.id, "1", [t]) for t in given_now)
    quotations = [" ".join(w.text for w in s.words[2:9]) for t in given_now for s in t.segments]
    same(index.record(), Record.build(given_now), quotations)


def test_packing_leaves_only_what_counts(tmp_path):
    given_now = bare(RECORD)
    index = RecordIndex.open(tmp_path, create=True)
    for _ in range(4):
        for transcript in given_now:
            index.put(transcript.id, [transcript])
    assert len(index.record().tokens) < 2.5 * index.record().size
    index.remove(*(t.id for t in given_now[1:]))
    assert len(index.record().tokens) == index.record().size
    quotations = [" ".join(w.text for w in s.words[1:8]) for s in given_now[0].segments]
    same(index.record(), Record.build(given_now[:1]), quotations)
