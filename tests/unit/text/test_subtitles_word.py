"""Word files: what people make, what we make, and what is meant to do harm."""

import io
import zipfile

import pytest
from docx import Document

from onrecord.errors import NotSubtitles
from onrecord.text.subtitles import read_subtitles
from onrecord.text.subtitles.word_writing import WordHead, WordSide, write_docx
from onrecord.text.transcripts import Segment, Word


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def paragraphs(*texts):
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    return saved(document)


def table(*rows):
    document = Document()
    document.add_paragraph("What was heard")
    made = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text
    return saved(document)


def rows(data, **options):
    parsed = read_subtitles(data, "x.docx", **options)
    assert parsed.format == "word"
    return [(s.start_ms, s.end_ms, s.speaker, s.text) for s in parsed.segments]


def test_paragraphs_with_labels_and_times():
    data = paragraphs("[0:05] A woman: Where are\nyou?", "", "[0:09.5] A man: On the bridge.", "[0:12] It fell.")
    assert rows(data, duration_ms=15_000) == [
        (5000, 9500, "A woman", "Where are you?"),
        (9500, 12000, "A man", "On the bridge."),
        (12000, 15000, "A man", "It fell."),
    ]


def test_paragraphs_without_times_are_spread_over_the_recording():
    found = rows(paragraphs("A woman: Where?", "A man: There."), duration_ms=8000)
    assert [row[2:] for row in found] == [("A woman", "Where?"), ("A man", "There.")]
    assert (found[0][0], found[-1][1]) == (0, 8000)


@pytest.mark.parametrize(
    ("made", "language", "wanted"),
    [
        (
            [("Time", "Speaker", "Text"), ("0:01", "A woman", "Go"), ("0:04", "A man", "No")],
            "",
            [(1000, 4000, "A woman", "Go"), (4000, 4000, "A man", "No")],
        ),
        (
            [("0:01 - 0:02", "Go home now"), ("0:04 - 0:05.5", "No")],
            "",
            [(1000, 2000, "", "Go home now"), (4000, 5500, "", "No")],
        ),
        ([("A woman", "Go"), ("A man", "No")], "", [(0, 0, "A woman", "Go"), (0, 0, "A man", "No")]),
        (
            [("", "Слова (uk)", "Words (en)"), ("0:01\nA woman", "Іди", "Go"), ("0:04\nA man", "Ні", "No")],
            "en",
            [(1000, 4000, "A woman", "Go"), (4000, 4000, "A man", "No")],
        ),
    ],
)
def test_tables(made, language, wanted):
    assert rows(table(*made), language=language) == wanted


def test_a_table_that_does_not_name_the_language_gives_its_first_column_and_says_so():
    data = table(("Time", "Слова (uk)", "Words (en)"), ("0:01", "Іди", "Go"), ("0:04", "Ні", "No"))
    parsed = read_subtitles(data, "x.docx", language="pl")
    assert [s.text for s in parsed.segments] == ["Іди", "Ні"]
    assert "the first was read" in parsed.warnings[0]


def test_words_taken_out_with_tracked_changes_are_not_read():
    document = Document()
    paragraph = document.add_paragraph("A woman: yes")
    gone = paragraph._p.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}del", {})
    run = paragraph.add_run(" never")._r
    for text in run.findall("{*}t"):
        text.tag = text.tag.replace("}t", "}delText")
    paragraph._p.append(gone)
    gone.append(run)
    assert rows(saved(document))[0][3] == "yes"


def archive(words=b"", name="word/document.xml"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, words)
    return stream.getvalue()


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><d>&j;</d>"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (archive(BOMB), "declares entities"),
        (archive(b" " * 60_000_000), "60 MB"),
        (archive(b"<w>", "other.xml"), "not a Word document"),
        (archive(b"<w:document xmlns:w='w'><w:p>"), "broken"),
        (archive(b"<w:document xmlns:w='w'/>"), "no words"),
        (paragraphs("A woman: yes")[:-300], "damaged"),
        (b"PK\x03\x04" + bytes(5000), "damaged"),
        (b"x" * 65_000_000, "too much"),
    ],
)
def test_what_is_damaged_or_hostile_is_refused(data, said):
    with pytest.raises(NotSubtitles, match=said):
        read_subtitles(data, "x.docx")


def test_what_lies_about_its_size_is_refused():
    data = bytearray(archive(b"x" * 60_000_000))
    for at in (22, data.rindex(b"PK\x01\x02") + 24):  # in the file's own head and in the directory
        data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(NotSubtitles):
        read_subtitles(bytes(data), "x.docx")


SEGMENT = Segment(
    "s1", 500, 2000, "A woman", (Word("w1", "Damn\x0b,", 500, 900, True, "profanity"), Word("w2", "go", 900, 2000))
)
HEAD = WordHead("A call", (("Publisher", "The Gazette"),), (WordSide("en", "Transcript", "reviewed by Edda"),), "Time")


def test_what_is_written_opens_in_a_word_processor_and_is_masked():
    document = Document(io.BytesIO(write_docx(HEAD, [(SEGMENT,)], public=True)))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert said.startswith("A call\nPublisher: The Gazette\nTranscript (en): reviewed by Edda")
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells == [["Time", "Transcript (en)"], ["0:00.500 – 0:02.000\nA woman", "D**n\ufffd, go"]]
    assert document.core_properties.author == ""


def test_a_whole_copy_says_so_on_every_page():
    head = WordHead("A call", (), HEAD.sides, "Time", warning="Masked words can be read here")
    document = Document(io.BytesIO(write_docx(head, [(SEGMENT,)], public=False)))
    assert document.paragraphs[1].text == "Masked words can be read here"
    assert "Masked words can be read here" in document.sections[0].footer.paragraphs[0].text
    assert "{profanity|Damn" in document.tables[0].rows[1].cells[1].text
