"""What the check must get right: every verdict, every declared edit, every grave change."""

import pytest

from onrecord.text.quotations import Quotation
from onrecord.text.record import Record
from onrecord.text.transcripts import Segment, Transcript, Word
from onrecord.text.verdicts import Verdict, blocks_publication, check_quotation, check_quotations
from tests.unit.text.passages import RECORD, transcript

BUILT = Record.build(RECORD)


def check(text, speaker=None, record=BUILT, **kwargs):
    return check_quotation(Quotation.of(text, speaker), record, **kwargs)


VERBATIM = [
    ("whole", "We are met on a great battle-field of that war."),
    ("clause", "dedicated to the proposition that all men are created equal"),
    ("no edge punctuation", "It's terrible. The commander may send boats tomorrow"),
    ("over a border", "all men are created equal. Now we are engaged in a great civil war"),
    ("curly apostrophe", "I don’t believe him"),
    ("hyphen for space", "We are met on a great battle field of that war."),
    ("spaces and soft hyphens", "We are\u00a0met on a  great\u00ad battle-field"),
    ("comma put inside the marks", "Nobody told us to leave,"),
    ("ukrainian", "Вода прийшла вночі, і ми не встигли забрати худобу з подвір’я"),
    ("ukrainian apostrophe", "У школі зараз двадцять пʼять дітей"),
    ("russian", "Все счастливые семьи похожи друг на друга"),
    ("russian without yo", "Мы уехали из поселка ночью"),
    ("stress mark", "Мы уе\u0301хали из посёлка ночью"),
    ("double negation", "не предупредил нас, и лодок не было"),
]

EDITED = [
    ("first letter", "Dedicated to the proposition that all men are created equal", "case"),
    ("interior punctuation", "The brave men living and dead who struggled here", "punctuation"),
    ("ellipsis sign", "Four score and seven years ago … all men are created equal", "left out"),
    ("ellipsis dots", "Four score and seven years ago ... all men are created equal", "left out"),
    ("ellipsis spaced", "Four score and seven years ago . . . all men are created equal", "left out"),
    ("ellipsis bracketed", "Four score and seven years ago [...] all men are created equal", "left out"),
    ("ellipsis round", "Four score and seven years ago (…) all men are created equal", "left out"),
    ("ellipsis glued", "Four score and seven years ago… all men are created equal", "left out"),
    ("bracket added", "We must get the children out [of the school] before the bridge falls", "bracket"),
    ("bracket instead", "[The mayor] may send boats tomorrow, he said", "bracket"),
    ("bracket for half a contraction", "[The situation]'s terrible. The commander may send boats", "bracket"),
    ("letter in brackets", "[D]edicated to the proposition that all men are created equal", "brackets"),
    ("ending in brackets", "before the bridge fall[s] into the river", "brackets"),
    ("number in digits", "About 260 people", "number"),
    ("number with a unit", "The mayor has $22,000 for the whole district", "number"),
    ("year read out", "The water came over the dam at nineteen fifty, no, 2005", "number"),
    ("ukrainian number", "У школі зараз 25 дітей, а хліба немає", "number"),
    ("hesitation", "Hello? Yes, I can hear you", "hesitation"),
    ("false start", "about two hundred and sixty people, and there's no bread", "false start"),
    ("repeat", "who told whom, and I do not care", "repeated"),
    ("sound not spoken", "the [expletive] pump broke. Petrenko saw it", "not speech"),
    ("expletive bracket", "I was told that the [expletive] pump broke", "bracket"),
    ("profanity masked", "I was told that the f*****g pump broke", "masked"),
    ("mask with a dash", "I was told that the f— pump broke", "masked"),
    ("mask over any word", "We must get the c******n out before the bridge falls", "masked"),
    ("full mask", "I was told that the ******* pump broke", "masked"),
    ("one word", "before the bridge falls in to the river", "spelling"),
]

ALTERED = [
    ("replaced", "We are met on a great battle-field of this war", False, "replaced"),
    ("dropped", "We are met on a battle-field of that war", False, "dropped"),
    ("added", "We are now met on a great battle-field of that war", False, "added"),
    ("inflected", "We are met on a great battle-fields of that war", False, "replaced"),
    ("inflected uk", "Вода прийшла вночі, і ми не встигли забрати худоби з подвір'я", False, "replaced"),
    ("inflected ru", "Мы уехали из посёлков ночью, потому что вода поднялась", False, "replaced"),
    ("moved", "We are met on a great battle-field that of war", False, "moved"),
    ("negation added", "We are not met on a great battle-field of that war", True, "added"),
    (
        "negation lost",
        "we can dedicate, we can not consecrate, we can not hallow this ground",
        True,
        "dropped",
    ),
    ("contraction lost", "He said, but I do believe him", True, None),
    (
        "negation swapped",
        "The world will little note, nor long remember what we say here, but it can ever",
        True,
        None,
    ),
    ("negation added uk", "Нам не сказали, що автобуси приїдуть завтра зранку", True, "added"),
    ("negation lost ru", "и лодок было до четверга", True, "dropped"),
    ("number", "About two hundred and seventy people", True, None),
    ("number in digits", "The mayor has $23,000 for the whole district", True, None),
    ("number inflected", "About two hundreds and sixty people, and there's no bread", True, "replaced"),
    ("unit", "The mayor has 22,000 euros for the whole district", True, None),
    ("day", "there's no bread since Thursday", True, "replaced"),
    ("name", "the [expletive] pump broke. Kovalenko saw it", True, "replaced"),
    ("modal", "The commander must send boats tomorrow", True, "replaced"),
    ("modal lost", "We get the children out before the bridge falls", True, "dropped"),
    ("who and whom", "I don't know whom told who, and I, I do not care", True, None),
    ("person", "She was told that the f*****g pump broke", True, "replaced"),
    ("masked word in clear", "I was told that the fucking pump broke", True, "replaced"),
    ("bracket negates", "We must [not] get the children out before the bridge falls", True, "added"),
    ("bracket hides not", "It can [always] forget what they did here", True, "replaced"),
    ("ellipsis hides not", "we can … dedicate, we can not consecrate", True, "dropped"),
    ("starts after its no", "told us to leave. They don't answer the telephone", True, "dropped"),
    ("contraction cut", "They do", None, None),
    ("wrong mask", "I was told that the b****y pump broke", None, "replaced"),
]


@pytest.mark.parametrize("text", [c[1] for c in VERBATIM], ids=[c[0] for c in VERBATIM])
def test_word_for_word_is_verbatim(text):
    finding = check(text)
    assert (finding.verdict, finding.score, finding.changes) == (Verdict.VERBATIM, 1.0, ())


@pytest.mark.parametrize(("text", "why"), [c[1:] for c in EDITED], ids=[c[0] for c in EDITED])
def test_declared_edits_are_allowed_and_listed(text, why):
    finding = check(text)
    assert finding.verdict is Verdict.EDITED, finding.changes
    assert any(why in change.why for change in finding.changes)
    assert all(change.kind == "declared" for change in finding.changes)


@pytest.mark.parametrize(("text", "grave", "kind"), [c[1:] for c in ALTERED], ids=[c[0] for c in ALTERED])
def test_undeclared_changes_are_found_down_to_one_word(text, grave, kind):
    finding = check(text)
    if len(text.split()) <= 2:
        assert finding.verdict is Verdict.FRAGMENT
        return
    assert finding.verdict is Verdict.ALTERED, finding
    undeclared = [change for change in finding.changes if change.kind != "declared"]
    assert undeclared
    if grave is not None:
        assert any(change.grave for change in undeclared) == grave, finding.changes
    if kind is not None:
        assert kind in [change.kind for change in undeclared]


@pytest.mark.parametrize(
    "text",
    [
        "We must get the children out. That's what they promised in the spring.",
        "We are met on a great battle-field of that war. The world will little note, nor long remember",
        "The world will little note what we say here. Now we are engaged in a great civil war",
        "Nobody told us to leave. We are met on a great battle-field of that war",
        "but I don't believe him. We must get the children out before the bridge falls",
        "How many people are in the school, forty or fifty? Nobody told us to leave.",
        "The commander may send boats tomorrow, he said, but I don't believe him. Uh-huh. We must get",
    ],
)
def test_passages_that_do_not_adjoin_or_two_speakers_are_spliced(text):
    assert check(text).verdict is Verdict.SPLICED


@pytest.mark.parametrize(
    "text",
    [
        "We shall fight on the beaches, we shall fight on the landing grounds",
        "The people of this school never saw what they did in the river",
        "It is for the mayor to say what the children must remember",
        "Вода прийшла вдень, і всі встигли виїхати до міста автобусами",
        "Все несчастливые люди живут в городе далеко от реки",
        "[The mayor] lied to [everyone in the city] about it all",
        "zxqv wvut tsrq",
    ],
)
def test_what_is_not_in_the_record_is_unbound(text):
    finding = check(text)
    assert finding.verdict is Verdict.UNBOUND
    assert finding.evidence is None
    assert not finding.changes


def test_a_near_miss_is_offered():
    finding = check("Now we are all engaged in some quite different war of words")
    assert finding.verdict is Verdict.UNBOUND
    assert finding.alternatives[0].transcript == "address"


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("school", True),
        ("the bridge", True),
        ("zebra", False),
        ("the zebra", False),
        ("fathers", True),
        ("мать", True),
    ],
)
def test_fragments_are_marked_and_never_block(text, present):
    finding = check(text)
    assert (finding.verdict, finding.present) == (Verdict.FRAGMENT, present)
    assert not blocks_publication(finding)
    assert (finding.evidence is not None) == present


@pytest.mark.parametrize(
    ("speaker", "verdict"),
    [
        ("A woman", Verdict.VERBATIM),
        ("Lincoln", Verdict.MISATTRIBUTED),
        ("A man", Verdict.MISATTRIBUTED),
        ("Olena Koval", Verdict.VERBATIM),
        (None, Verdict.VERBATIM),
    ],
)
def test_the_named_speaker_must_have_said_it(speaker, verdict):
    assert check("We must get the children out before the bridge falls", speaker).verdict is verdict


@pytest.mark.parametrize(
    ("named", "verdict"),
    [
        ("Abraham Lincoln", Verdict.VERBATIM),
        ("President Lincoln", Verdict.VERBATIM),
        ("Mr. Lincoln", Verdict.VERBATIM),
        ("Stephen Douglas", Verdict.MISATTRIBUTED),
        ("a woman", Verdict.MISATTRIBUTED),
    ],
)
def test_names_agree_with_labels(named, verdict):
    assert check("We are met on a great battle-field of that war", speaker=named).verdict is verdict


def test_speaker_given_replaces_the_name_in_the_text():
    quotation = Quotation.of("We are met on a great battle-field", "A man")
    assert check_quotation(quotation, BUILT, speaker="Lincoln").verdict is Verdict.VERBATIM


@pytest.mark.parametrize("text", [c[1] for c in EDITED if c[2] in ("hesitation", "false start", "repeated")])
def test_strict_refuses_tidied_speech(text):
    assert check(text).verdict is Verdict.EDITED
    assert check(text, strict=True).verdict is Verdict.ALTERED


def test_strict_allows_what_was_not_speech():
    assert check("the [expletive] pump broke. Petrenko saw it", strict=True).verdict is Verdict.EDITED


def test_a_negation_before_words_quoted_from_mid_sentence_is_shown_but_does_not_block():
    finding = check("believe him. Uh-huh")
    quoted = check("care to know", record=(transcript("t", "en", [("A", "Well I do not care to know that.")]),))
    assert quoted.verdict is Verdict.VERBATIM
    assert [c.grave for c in quoted.changes] == [True]
    assert not blocks_publication(quoted)
    assert finding.verdict is not Verdict.VERBATIM


def test_a_negation_in_the_story_before_the_mark_is_enough():
    record = (transcript("t", "en", [("A", "No bread came to the school that day.")]),)
    assert check_quotations("It came: “bread came to the school that day”.", record)[0].verdict is Verdict.ALTERED
    assert check_quotations("He said no “bread came to the school that day”.", record)[0].verdict is Verdict.VERBATIM


@pytest.mark.parametrize(
    ("text", "language", "verdict"),
    [
        ("Мы уехали из посёлка ночью", "ru", Verdict.VERBATIM),
        ("Мы уехали из посёлка ночью", "uk", Verdict.UNBOUND),
        ("We are met on a great battle-field", "en-GB", Verdict.VERBATIM),
        ("We are met on a great battle-field", "fr", Verdict.UNBOUND),
    ],
)
def test_a_quotation_is_checked_in_its_own_language(text, language, verdict):
    assert check(text, language=language).verdict is verdict


def test_never_across_languages():
    russian = transcript("ru", "ru", [("А", "Мост упал в реку, и все ушли в школу")])
    ukrainian = transcript("uk", "uk", [("А", "Міст упав у річку, і всі пішли до школи")])
    assert check("Міст упав у річку", record=(russian,)).verdict is Verdict.UNBOUND
    assert check("Міст упав у річку", record=(russian, ukrainian)).evidence.transcript == "uk"


def test_evidence_points_at_the_words():
    finding = check("created equal. Now we are engaged in a great civil war")
    evidence = finding.evidence
    assert (evidence.transcript, evidence.first_segment, evidence.last_segment) == (
        "address",
        "address.s1",
        "address.s2",
    )
    assert (evidence.first_word, evidence.last_word) == ("address.s1w29", "address.s2w9")
    assert evidence.text == "created equal. Now we are engaged in a great civil war,"
    segments = " ".join(s.text for s in RECORD[0].segments[:2])
    assert segments[evidence.offset : evidence.offset + evidence.length] == evidence.text
    assert (evidence.start_ms, evidence.end_ms) == (28 * 300, 30 * 300 + 200 + 9 * 300)
    assert evidence.speaker == "Lincoln"
    assert not evidence.is_translation


def test_a_translation_is_evidence_and_says_so():
    words = tuple(Word(f"w{i}", t, None, None) for i, t in enumerate(["The", "bridge", "fell", "into", "the", "river"]))
    translated = Transcript("t", "en", (Segment("s", 500, 900, "A", words),), is_translation=True)
    evidence = check("The bridge fell into the river", record=[translated]).evidence
    assert evidence.is_translation
    assert (evidence.start_ms, evidence.end_ms) == (500, 900)


def test_words_said_several_times_are_all_listed_the_speaker_named_first():
    lines = [("Ann", "We left at night by boat."), ("Bob", "We left at night by boat."), ("Ann", "Yes.")]
    record = (transcript("one", "en", lines), transcript("two", "en", lines))
    finding = check("We left at night by boat", "Bob", record=record)
    assert finding.verdict is Verdict.VERBATIM
    assert finding.evidence.speaker == "Bob"
    assert len(finding.alternatives) == 3


def test_of_several_places_the_one_near_the_storys_other_quotations_comes_first():
    lines = [("Ann", "We left at night by boat.")]
    other = [("Ann", "The river took the bridge away."), ("Ann", "We left at night by boat.")]
    record = (transcript("one", "en", lines), transcript("two", "en", other))
    story = "She said: “We left at night by boat.” She said: “The river took the bridge away.”"
    assert [f.evidence.transcript for f in check_quotations(story, record)] == ["two", "two"]


def test_a_split_quotation_is_one():
    (finding,) = check_quotations("“We are met,” said Lincoln, “on a great battle-field of that war.”", BUILT)
    assert finding.verdict is Verdict.VERBATIM
    assert len(finding.quotation.parts) == 2


def test_dropping_words_where_a_quotation_is_split_is_found():
    (finding,) = check_quotations("“We are met on a great,” said Lincoln, “of that war.”", BUILT)
    assert finding.verdict is Verdict.ALTERED


def test_an_empty_record_and_empty_words():
    assert check("We are met on a field", record=()).verdict is Verdict.UNBOUND
    assert check("…").verdict is Verdict.FRAGMENT
    assert check("").verdict is Verdict.FRAGMENT
    assert check_quotations("No quotation here.", BUILT) == ()


def test_initials_and_lone_dashes_are_no_punctuation():
    record = (transcript("t", "en", [("A", "The U.S. economy — and the U.N. too — will grow.")]),)
    for text in (
        "The U.S. economy — and the U.N. too",
        "and the U.N. too — will grow",
        "economy – and the U.N",
    ):
        assert check(text, record=record).verdict is Verdict.VERBATIM


def test_what_blocks():
    finding = check("We are met on a great battle-field")
    blocking = {v for v in Verdict if blocks_publication(type(finding)(finding.quotation, v, 0.0))}
    assert blocking == {"altered", "spliced", "misattributed", "unbound", "stale", "unreviewed"}


def test_speakers_without_labels_are_not_misattributed():
    record = (
        transcript("t", "en", [("SPEAKER_00", "We left at night by boat."), ("", "The bridge fell down today.")]),
    )
    assert check("We left at night by boat", "Olena Koval", record=record).verdict is Verdict.VERBATIM
    assert check("The bridge fell down today", "Olena Koval", record=record).verdict is Verdict.VERBATIM


@pytest.mark.parametrize(
    "text",
    ["… [a] " * 400, "[" * 2000, "*** " * 2000, "the " * 3000, "… " * 3000 + "we are met", "who whom " * 500],
)
def test_hostile_quotations_end(text):
    assert check(text).verdict not in (Verdict.VERBATIM, Verdict.EDITED)
