"""Quotations found in a text: marks, parts, attribution, offsets."""

import pytest

from onrecord.text.quotations import Quotation, Span, find_quotations

CASES = [
    ("straight", 'He said "we left" then.', [("we left", None)]),
    ("curly", "He said “we left” then.", [("we left", None)]),
    ("guillemets", "Він сказав «ми поїхали» тоді.", [("ми поїхали", None)]),
    ("low and high", "„Wir gehen“, sagte sie.", [("Wir gehen", None)]),
    ("low and curly", "„Idziemy” — powiedziała.", [("Idziemy", None)]),
    ("reversed guillemets", "»Wir gehen«, sagte sie.", [("Wir gehen", None)]),
    ("corner", "彼は「行こう」と言った", [("行こう", None)]),
    ("french spaces", "Il dit « on part » hier.", [("on part", None)]),
    ("single straight", "He said 'we left at night' then.", [("we left at night", None)]),
    ("single curly", "He said ‘we left at night’ then.", [("we left at night", None)]),
    ("apostrophes", "It's the workers' right; rock 'n' roll, '90s, don't.", []),
    (
        "plural in single",
        "He said 'the workers' rights are gone' then.",
        [("the workers' rights are gone", None)],
    ),
    ("inches and feet", 'A 12" pipe and a 6\'2" man.', []),
    ("inches inside", '"It was a 12" pipe," said Ann Lee.', [('It was a 12" pipe,', "Ann Lee")]),
    ("minutes", "At 50°27'N 30°31'E nothing.", []),
    ("year at the end", 'He wrote "in 1992" and left.', [("in 1992", None)]),
    ("headline", "'The water took it all'", [("The water took it all", None)]),
    ("nested", "“He said ‘go’ to me,” said Ann Lee.", [("He said ‘go’ to me,", "Ann Lee")]),
    ("nested guillemets", "«Фільм «Земля» йшов», — сказав Іван.", [("Фільм «Земля» йшов", "Іван")]),
    ("empty", 'An empty "" pair.', []),
    ("said X", '"We left," said Bill Clinton.', [("We left,", "Bill Clinton")]),
    ("X said", '"We left," Bill Clinton said.', [("We left,", "Bill Clinton")]),
    ("X said before", 'John F. Kennedy said: "We left."', [("We left.", "John F. Kennedy")]),
    ("title", "“We left,” said Mr. Petrenko.", [("We left,", "Mr. Petrenko")]),
    ("letter", "“We left,” said Caller A.", [("We left,", "Caller A")]),
    ("according before", 'According to Ivan Petrenko, "we left".', [("we left", "Ivan Petrenko")]),
    ("according after", '"We left," according to Ivan Petrenko.', [("We left,", "Ivan Petrenko")]),
    ("is heard saying", "In the recording Caller A is heard saying “we left.”", [("we left.", "Caller A")]),
    (
        "put it",
        "According to the recording, Caller A put it this way: “We left.”",
        [("We left.", "Caller A")],
    ),
    ("told", "Olena Koval told reporters: “We left.”", [("We left.", "Olena Koval")]),
    ("appositive", "Olena Koval, head of the council, said: “We left.”", [("We left.", "Olena Koval")]),
    ("day first", "On Tuesday Olena Koval said: “We left.”", [("We left.", "Olena Koval")]),
    ("uk verb first", "«Ми поїхали», — сказала Олена Коваль.", [("Ми поїхали", "Олена Коваль")]),
    ("uk verb before", "Олена Коваль сказала: «Ми поїхали».", [("Ми поїхали", "Олена Коваль")]),
    ("uk words of", "За словами Івана Франка, «ми поїхали».", [("ми поїхали", "Івана Франка")]),
    ("ru words of", "По словам Ивана, «мы уехали».", [("мы уехали", "Ивана")]),
    ("ru verb first", "«Мы уехали», — сообщил Сергей Иванов.", [("Мы уехали", "Сергей Иванов")]),
    ("no name uk", "«Ми поїхали», — ідеться у записі.", [("Ми поїхали", None)]),
    ("pronoun", '"We left," she said.', [("We left,", None)]),
    ("pronoun after a name", 'Ann Lee left. "We left," she said.', [("We left,", None)]),
    ("description", 'The woman said: "We left."', [("We left.", None)]),
    ("description of", 'The wife of Ivan Petrenko said: "We left."', [("We left.", None)]),
    ("called himself", 'The man who called himself Bob said: "We left."', [("We left.", None)]),
    ("two names", 'Koval and Petrenko said: "We left."', [("We left.", None)]),
    ("told to", 'Petrenko was told: "Go now."', [("Go now.", None)]),
    ("split", '"We left," said Ann Lee, "at night."', [("We left, at night.", "Ann Lee")]),
    ("split inside", "«Ми поїхали, — сказала Олена, — уночі».", [("Ми поїхали, уночі", "Олена")]),
    (
        "two sentences",
        '"We left," said Ann Lee. "It was dark."',
        [("We left,", "Ann Lee"), ("It was dark.", "Ann Lee")],
    ),
    ("not a split", 'He called it "bad", and she called it "worse".', [("bad", None), ("worse", None)]),
    ("carried over", "“We left.\n\n“It was dark,” said Ann Lee.", [("We left. It was dark,", "Ann Lee")]),
    ("carried thrice", "«Раз.\n\n«Два.\n\n«Три», — сказав Іван.", [("Раз. Два. Три", "Іван")]),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_quotations_are_found_and_attributed(text, expected):
    found = find_quotations(text)
    assert [(q.text, q.attributed_to) for q in found] == expected
    for quotation in found:
        assert not quotation.unbalanced
        assert " ".join(text[p.offset : p.end] for p in quotation.parts) == quotation.text
        assert quotation.offset == quotation.parts[0].offset
        assert quotation.offset + quotation.length == quotation.parts[-1].end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She said “we left at night. Nobody came for us.", ["we left at night."]),
        ('She said "we left at night. Nobody came for us.\n\nNext paragraph here.', ["we left at night."]),
        ("They left. We left at night,” she said.", ["We left at night,"]),
        ("He said «ми поїхали. Then “fine” came.", ["ми поїхали."]),
    ],
)
def test_unbalanced_marks_are_said_so_and_swallow_nothing(text, expected):
    found = find_quotations(text)
    assert [q.text for q in found if q.unbalanced] == expected


def test_a_second_opening_mark_ends_the_first():
    found = find_quotations('He said "we left. Then "the river rose" came.')
    assert [(q.text, q.unbalanced) for q in found] == [("we left.", True), ("the river rose", False)]


def test_nested_quotations_have_their_own_offsets():
    text = "“He said ‘go on’ to me,” she said."
    (outer,) = find_quotations(text)
    (inner,) = outer.nested
    assert text[inner.offset : inner.offset + inner.length] == inner.text == "go on"


def test_a_whole_text_as_one_quotation():
    assert Quotation.of("Go now.", "A woman") == Quotation("Go now.", 0, 7, (Span(0, 7),), "A woman")


@pytest.mark.parametrize("text", ['"' * 3000, "“" * 3000, "'a " * 3000, "«a »" * 2000, "said " * 5000, ", — " * 3000])
def test_hostile_text_ends(text):
    find_quotations(text)
