"""Transcripts as files: taken out of the desk masked or whole, and taken in in any encoding."""

import io
import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from onrecord.archive.models import Recording
from onrecord.transcripts.exporting import FORMATS, NothingToExport, UnknownExport, words_export
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.segments import segments_from_json
from onrecord.transcripts.services import transcript_import
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = json.dumps(
    {
        "language": "en",
        "segments": [
            {
                "start": 0,
                "end": 4,
                "speaker": "A woman",
                "words": [
                    {"word": "The", "start": 0.5, "end": 0.9},
                    {"word": "damn", "start": 1, "end": 1.6, "mask": "profanity"},
                    {"word": "bridge", "start": 1.8, "end": 2.4},
                ],
            },
            {
                "start": 4,
                "end": 8,
                "speaker": "A man",
                "words": [{"word": "Ask"}, {"word": "Koval", "mask": "name", "reads": "a neighbour"}],
            },
        ],
    }
)
UK = """WEBVTT

00:00.000 --> 00:04.000
<v Жінка>Цей {profanity|клятий} міст

00:04.000 --> 00:08.000
<v Чоловік>Спитай {name|Коваля}
"""
SECRET = re.compile("damn|Koval|клятий|Ковал")


@pytest.fixture
def call(newsroom: object) -> Recording:
    recording = factories.recording(prepared=False)
    transcript_import(actor=None, recording=recording, data=WORDS.encode(), filename="w.json")
    transcript_import(actor=None, recording=recording, data=UK.encode(), filename="uk.vtt", language="uk")
    return recording


def readable(data: bytes) -> str:
    """All that can be read in a file, of a Word document too."""
    if not data.startswith(b"PK"):
        return data.decode()
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_masked(reporter: Client, call: Recording, format: str) -> None:
    url = reverse("transcript_desk:download", args=[call.pk])
    answer = reporter.post(url, {"format": format, "language": "uk"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    text = readable(answer.content)
    assert "міст" in text
    assert not SECRET.search(text)
    assert call.custody.count() == call.custody.exclude(action="words taken out unmasked").count()


@pytest.mark.parametrize("format", [name for name, kind in FORMATS.items() if kind.whole])
def test_a_whole_copy_is_noted_and_comes_back_masked(reporter: Client, call: Recording, format: str) -> None:
    url = reverse("transcript_desk:download", args=[call.pk])
    answer = reporter.post(url, {"format": format, "language": "uk", "whole": "yes"})
    assert ".unmasked." in answer["Content-Disposition"]
    assert "клятий" in readable(answer.content)
    event = call.custody.get(action="words taken out unmasked")
    assert event.actor
    assert event.data["format"] == format
    name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])
    assert name
    before = TranscriptVersion.objects.filter(transcript__language="uk").first()
    version = transcript_import(actor=None, recording=call, data=answer.content, filename=name[1], language="uk")
    assert before
    assert [[(w.text, w.mask) for w in s.words] for s in segments_from_json(version.segments)] == [
        [(w.text, w.mask) for w in s.words] for s in segments_from_json(before.segments)
    ]


def test_what_players_load_is_never_whole(call: Recording) -> None:
    actor = factories.person("Editor")
    export = words_export(actor=actor, recording=call, format="podcast", language="en", whole=True)
    assert json.loads(export.data)["segments"][1]["body"] == "Ask a neighbour"
    assert not call.custody.filter(action="words taken out unmasked")


def test_two_columns_say_what_they_are_of(reporter: Client, call: Recording) -> None:
    url = reverse("transcript_desk:download", args=[call.pk])
    answer = reporter.post(url, {"format": "docx-two", "language": "uk"})
    text = readable(answer.content)
    for part in (
        call.title,
        str(call.pk),
        "version 1, 0 of 2 segments reviewed",
        "Transcript (en)",
        "Translation (uk)",
    ):
        assert part in text
    table = Document(io.BytesIO(answer.content)).tables[0]
    assert [cell.text for cell in table.rows[1].cells] == [
        "0:00.000 – 0:04.000\nA woman",
        "The d**n bridge",
        "Цей к****й міст",
    ]


def test_what_there_is_not_is_not_exported(call: Recording, reporter: Client) -> None:
    actor = factories.person("Editor")
    with pytest.raises(UnknownExport, match="no format pdf"):
        words_export(actor=actor, recording=call, format="pdf", language="en")
    with pytest.raises(NothingToExport, match="no words in pl"):
        words_export(actor=actor, recording=call, format="vtt", language="pl")
    url = reverse("transcript_desk:download", args=[call.pk])
    assert "There is no format pdf" in reporter.post(url, {"format": "pdf"}, follow=True).text
    assert reporter.get(url).status_code == 302


def test_who_only_reads_gets_masked_copies(desk_of: Any, call: Recording) -> None:
    moderator = desk_of("Moderator")
    url = reverse("transcript_desk:download", args=[call.pk])
    assert moderator.post(url, {"format": "vtt", "language": "en"}).status_code == 200
    assert 'name="whole"' not in moderator.get(reverse("transcript_desk:read", args=[call.pk])).text
    refused = moderator.post(url, {"format": "vtt", "language": "en", "whole": "yes"})
    assert refused.status_code == 302
    assert not call.custody.filter(action="words taken out unmasked")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8_u", "iso8859_5"])
def test_a_file_in_an_encoding_that_it_does_not_tell_is_asked_about(
    reporter: Client, call: Recording, encoding: str
) -> None:
    url = reverse("transcript_desk:import", args=[call.pk])
    words = "1\n00:00:00,000 --> 00:00:04,000\nЦей міст упав учора.\n"
    file = SimpleUploadedFile("стара.srt", words.encode(encoding))
    asked = reporter.post(url, {"file": file, "language": "uk"})
    assert asked.status_code == 422
    assert "Choose what reads right" in asked.text
    soup = BeautifulSoup(asked.text, "html.parser")
    choices = {choice["value"]: choice.find_parent("label").text for choice in soup.select("[name=encoding]")}
    assert "Цей міст упав учора." in choices[encoding]
    assert soup.select_one("[name=encoding][checked]")["value"] == encoding  # type: ignore[index]
    kept = {name: soup.select_one(f"[name={name}]")["value"] for name in ("kept", "kept_name")}  # type: ignore[index]
    done = reporter.post(url, {**kept, "encoding": encoding, "language": "uk"}, follow=True)
    assert "Imported as version 2." in done.text
    assert "Цей міст упав учора." in done.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file."),
        ({"kept": "no base64", "encoding": "cp1251"}, "Choose a file."),
        ({"kept": "eJwLVlHx0wMAA3oBSg==", "encoding": "rot13"}, "Choose a file."),
    ],
)
def test_nonsense_in_the_form_is_refused(reporter: Client, call: Recording, sent: dict[str, str], said: str) -> None:
    answer = reporter.post(reverse("transcript_desk:import", args=[call.pk]), {**sent, "language": "uk"})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_translator_works_in_word(reporter: Client, call: Recording) -> None:
    """Two columns go out, the right one is filled in, and it comes back as the translation."""
    url = reverse("transcript_desk:download", args=[call.pk])
    document = Document(io.BytesIO(reporter.post(url, {"format": "docx-two", "language": "uk"}).content))
    document.tables[0].rows[2].cells[2].text = "Запитай сусіда"
    stream = io.BytesIO()
    document.save(stream)
    file = SimpleUploadedFile("back.docx", stream.getvalue())
    done = reporter.post(
        reverse("transcript_desk:import", args=[call.pk]), {"file": file, "language": "uk"}, follow=True
    )
    assert "Imported as version 2." in done.text
    version = TranscriptVersion.objects.filter(transcript__language="uk").first()
    assert version
    assert [segment.text for segment in segments_from_json(version.segments)][1] == "Запитай сусіда"
