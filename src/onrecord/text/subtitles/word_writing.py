"""Word files out: a head that says what the words are of, and a table with a row a segment, a column a language.

python-docx makes the document; the table is written as XML of its own, for it makes long ones in a time that grows
with the square of the rows. What is written here `word_reading` reads back: times, speakers, and each language.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from onrecord.text.subtitles.writing import reading
from onrecord.text.transcripts import Segment

SERIF, SANS = "Georgia", "Arial"
_GREY = "5F5A52"
_LINE = "D8D2C6"
_FIRST_CM, _WHOLE_CM = 3.6, 17.4
_DXA = 567  # twentieths of a point in a centimetre
_EPOCH = datetime(2000, 1, 1)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class WordSide:
    """A column: its language, its title ("Translation"), and whether it is reviewed, in words."""

    language: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class WordHead:
    """What stands above the words; `facts` are name and value, `warning` is set off, `first` heads the first column."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sides: tuple[WordSide, ...]
    first: str
    warning: str = ""


def write_docx(head: WordHead, rows: Sequence[Sequence[Segment]], *, public: bool) -> bytes:
    """The document; each of `rows` has a segment for every side, times and speaker are the first one's."""
    document = Document()
    _set_up(document, head)
    title = document.add_paragraph()
    _run(title, head.title, font=SERIF, size=18, bold=True)
    title.paragraph_format.space_after = Pt(4)
    if head.warning:
        warning = document.add_paragraph()
        _run(warning, head.warning, size=10, bold=True, color="A3231F")
    for name, value in (*head.facts, *((f"{side.title} ({side.language})", side.status) for side in head.sides)):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        _run(line, f"{name}: ", size=9, color=_GREY)
        _run(line, value, size=9)
    document.add_paragraph().paragraph_format.space_after = Pt(2)
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(_table(head, rows, public=public)))  # before the section's properties
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_up(document: WordDocument, head: WordHead) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _clean(head.title), "", ""
    properties.created = properties.modified = _EPOCH
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = SANS, Pt(10)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(footer, f"{head.warning or head.title} · ", size=8, color="A3231F" if head.warning else _GREY)
    _page_number(footer)


def _run(
    paragraph: Paragraph, text: str, *, font: str = SANS, size: float, bold: bool = False, color: str = "1C1B19"
) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(color)


def _page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _table(head: WordHead, rows: Sequence[Sequence[Segment]], *, public: bool) -> str:
    width = round((_WHOLE_CM - _FIRST_CM) / len(head.sides) * _DXA)
    widths = [round(_FIRST_CM * _DXA), *([width] * len(head.sides))]
    titles = [head.first, *(f"{side.title} ({side.language})" for side in head.sides)]
    cells = "".join(
        _cell(w, _paragraph([(title, 8.5, SANS, True, _GREY, "")])) for w, title in zip(widths, titles, strict=True)
    )
    parts = [
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblBorders><w:top w:val="single" w:sz="8" w:color="{_GREY}"/><w:bottom w:val="single" w:sz="4" '
        f'w:color="{_LINE}"/><w:insideH w:val="single" w:sz="4" w:color="{_LINE}"/></w:tblBorders>'
        '<w:tblCellMar><w:top w:w="70" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="70" w:type="dxa"/>'
        '<w:right w:w="140" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{w}"/>' for w in widths),
        f"</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>",
    ]
    for row in rows:
        first = row[0]
        start = _paragraph([(f"{_clock(first.start_ms)} – {_clock(first.end_ms)}", 8, SANS, False, _GREY, "")])
        speaker = " ".join(first.speaker.split())
        voice = _paragraph([(speaker, 9, SANS, True, "1C1B19", "")]) if speaker else ""
        words = [
            _cell(w, _paragraph([(reading(segment.words, public=public), 10.5, SERIF, False, "1C1B19", side.language)]))
            for w, side, segment in zip(widths[1:], head.sides, row, strict=True)
        ]
        parts.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(widths[0], start + voice)}{''.join(words)}</w:tr>")
    return "".join([*parts, "</w:tbl>"])


def _cell(width: int, paragraphs: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def _paragraph(runs: Sequence[tuple[str, float, str, bool, str, str]]) -> str:
    """A paragraph of (text, size, font, bold, colour, language)."""
    parts = ['<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="264" w:lineRule="auto"/></w:pPr>']
    for text, size, font, bold, color, language in runs:
        parts.append(
            f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>{"<w:b/>" if bold else ""}'
            f'<w:color w:val="{color}"/><w:sz w:val="{round(size * 2)}"/>'
            f"{f'<w:lang w:val={quoteattr(language)}/>' if language else ''}</w:rPr>"
            f'<w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r>'
        )
    return "".join([*parts, "</w:p>"])


def _clock(at_ms: int) -> str:
    """1:02.345, or 1:02:03.456."""
    seconds, milliseconds = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours}:{minutes:02}:{seconds:02}.{milliseconds:03}" if hours else f"{minutes}:{seconds:02}.{milliseconds:03}"
    )


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
