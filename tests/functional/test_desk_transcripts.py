"""Transcripts in the desk: edited into versions, imported, never overwritten."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import latest_version, side_by_side
from tests import factories

pytestmark = pytest.mark.django_db

Rows = list[dict[str, str]]


@pytest.fixture
def version(newsroom: object) -> TranscriptVersion:
    return factories.transcript(factories.recording(prepared=False))


def opened(client: Client, version: TranscriptVersion) -> tuple[str, Rows, str]:
    """Address of the edit form, its rows and the version it is based on."""
    url = reverse("transcript_desk:edit", args=[version.transcript_id])
    soup = BeautifulSoup(client.get(url).text, "html.parser")
    return url, rows_in(soup), str(soup.select_one("[name=based_on]")["value"])  # type: ignore[index]


def rows_in(soup: BeautifulSoup) -> Rows:
    return [
        {name: _value(row.select_one(f"[name={name}]")) for name in ("id", "start", "end", "speaker", "text")}
        for row in soup.select("tbody tr")
    ]


def _value(field: Any) -> str:
    return field.text.strip() if field.name == "textarea" else field.get("value", "")


def save(client: Client, url: str, rows: Rows, based_on: str, **more: str) -> Any:
    data: dict[str, Any] = {"based_on": based_on, **more}
    for name in ("id", "start", "end", "speaker", "text"):
        data[name] = [row[name] for row in rows]
    return client.post(url, data)


def test_an_edit_becomes_the_next_version_with_a_note(reporter: Client, version: TranscriptVersion) -> None:
    url, rows, based_on = opened(reporter, version)
    rows[1]["text"] = "They said the buses would leave on {other|Tuesday}, not before."
    rows[1]["speaker"] = "A man, older"
    response = save(reporter, url, rows, based_on, note="Heard again")
    recording = version.transcript.recording
    assert response["Location"] == reverse("transcript_desk:read", args=[recording.pk])
    newest = latest_version(recording, "en")
    assert newest is not None
    assert (newest.number, newest.note, newest.created_by) == (2, "Heard again", reporter.person)  # type: ignore[attr-defined]
    before, after = version.segments[1], newest.segments[1]
    assert after["speaker"] == "A man, older"
    assert [word[0] for word in after["words"]] == [word[0] for word in before["words"]]  # words keep identity
    assert [word[5] for word in after["words"]].count("other") == 1
    assert "Heard again" in reporter.get(reverse("recording_desk:inspect", args=[recording.pk])).text
    old = reporter.get(reverse("transcript_desk:version", args=[version.pk])).text
    assert "This is an older version" in old


def test_rows_are_split_inserted_and_left_out(reporter: Client, version: TranscriptVersion) -> None:
    url, rows, based_on = opened(reporter, version)
    rows[0]["text"] = "The water came over the bridge at six\nand nobody told us."
    rows[1]["text"] = ""
    rows.append({"id": "", "start": "0:12.000", "end": "0:13.5", "speaker": "A man", "text": "Nobody."})
    save(reporter, url, rows, based_on)
    newest = latest_version(version.transcript.recording, "en")
    assert newest is not None
    texts = [" ".join(word[1] for word in segment["words"]) for segment in newest.segments]
    assert texts == [
        "The water came over the bridge at six",
        "and nobody told us.",
        "We are not leaving without the animals.",
        "Nobody.",
    ]
    assert (newest.segments[-1]["start_ms"], newest.segments[-1]["end_ms"]) == (12_000, 13_500)
    assert newest.segments[0]["end_ms"] == newest.segments[1]["start_ms"]


def test_translations_stay_locked_when_the_transcript_is_cut_up(reporter: Client, version: TranscriptVersion) -> None:
    recording = version.transcript.recording
    factories.transcript(recording, factories.CALL_UK_VTT, language="uk")
    url, rows, based_on = opened(reporter, version)
    rows[0]["text"] = "The water came over the bridge at six\nand nobody told us."
    save(reporter, url, rows, based_on)
    pairs = [(row.original.text, row.translations["uk"].text) for row in side_by_side(recording)]
    assert pairs[0] == (
        "The water came over the bridge at six",
        "Вода перейшла міст о шостій, і ніхто нам не сказав.",
    )
    assert pairs[1] == ("and nobody told us.", "")
    assert pairs[3][1] == "Без худоби ми не поїдемо."


def test_a_translation_is_edited_row_by_row(reporter: Client, version: TranscriptVersion) -> None:
    translation = factories.transcript(version.transcript.recording, factories.CALL_UK_VTT, language="uk")
    url, rows, based_on = opened(reporter, translation)
    rows[2]["text"] = "Без тварин ми не поїдемо."
    save(reporter, url, rows, based_on)
    pairs = side_by_side(version.transcript.recording)
    assert pairs[2].translations["uk"].text == "Без тварин ми не поїдемо."


def test_a_colleague_was_faster_and_both_texts_are_kept(
    reporter: Client, editor: Client, version: TranscriptVersion
) -> None:
    url, mine, based_on = opened(reporter, version)
    _, theirs, _ = opened(editor, version)
    theirs[0]["text"] = "The water came over the old bridge at six and nobody told us."
    save(editor, url, theirs, based_on)
    mine[0]["text"] = "The water came over the new bridge at six and nobody told us."
    refused = save(reporter, url, mine, based_on)
    assert refused.status_code == 409
    assert "old bridge" in refused.text
    assert "new bridge" in refused.text
    assert str(editor.person) in refused.text  # type: ignore[attr-defined]
    assert version.transcript.versions.count() == 2
    soup = BeautifulSoup(refused.text, "html.parser")
    again = save(reporter, url, rows_in(soup), str(soup.select_one("[name=based_on]")["value"]))  # type: ignore[index]
    assert again.status_code == 302
    assert version.transcript.versions.count() == 3


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("start", "soon", "Write times as"),
        ("end", "0:00", "ends before it starts"),
        ("text", "They said {nonsense|word} here", "is not a kind of mask"),
        ("text", "They said {profanity|word here", "Near"),
    ],
)
def test_a_wrong_row_is_marked_and_everything_typed_is_kept(
    reporter: Client, version: TranscriptVersion, field: str, typed: str, words: str
) -> None:
    url, rows, based_on = opened(reporter, version)
    rows[0]["text"] = "Typed before the mistake."
    rows[1][field] = typed
    response = save(reporter, url, rows, based_on)
    assert response.status_code == 422
    assert words in response.text
    assert "Typed before the mistake." in response.text
    assert version.transcript.versions.count() == 1


def test_nothing_changed_makes_no_version(reporter: Client, version: TranscriptVersion) -> None:
    url, rows, based_on = opened(reporter, version)
    save(reporter, url, rows, based_on)
    assert version.transcript.versions.count() == 1


def test_rows_without_scripts(reporter: Client, version: TranscriptVersion) -> None:
    url, rows, based_on = opened(reporter, version)
    page = save(reporter, url, rows, based_on, do="insert-0")
    assert len(rows_in(BeautifulSoup(page.text, "html.parser"))) == 4
    page = save(reporter, url, rows, based_on, do="delete-1")
    assert len(rows_in(BeautifulSoup(page.text, "html.parser"))) == 2
    assert version.transcript.versions.count() == 1


def test_a_file_is_imported_as_the_next_version(reporter: Client, version: TranscriptVersion) -> None:
    recording = version.transcript.recording
    file = SimpleUploadedFile("second.srt", b"1\n00:00:00,000 --> 00:00:04,000\nThe water came.\n")
    url = reverse("transcript_desk:import", args=[recording.pk])
    response = reporter.post(url, {"file": file, "language": "en", "note": "Second hearing"}, follow=True)
    assert "Imported as version 2." in response.text
    assert "The water came." in response.text


@pytest.mark.parametrize(
    ("name", "content", "language", "words"),
    [
        ("t.vtt", b"", "en", "empty"),
        ("t.json", b'{"segments": 3', "en", "t.json"),
        ("t.vtt", factories.CALL_UK_VTT.encode(), "not a tag", "en, uk, ru"),
    ],
)
def test_a_bad_import_changes_nothing(
    reporter: Client, version: TranscriptVersion, name: str, content: bytes, language: str, words: str
) -> None:
    url = reverse("transcript_desk:import", args=[version.transcript.recording_id])
    response = reporter.post(url, {"file": SimpleUploadedFile(name, content), "language": language})
    assert response.status_code == 422
    assert words in response.text
    assert TranscriptVersion.objects.count() == 1


def test_a_translation_needs_a_transcript_first(reporter: Client) -> None:
    recording = factories.recording(prepared=False)
    url = reverse("transcript_desk:import", args=[recording.pk])
    file = SimpleUploadedFile("t.vtt", factories.CALL_UK_VTT.encode())
    response = reporter.post(url, {"file": file, "language": "uk"})
    assert "add the transcript (en) first" in response.text


def test_a_moderator_reads_and_does_not_edit(desk_of: Any, version: TranscriptVersion) -> None:
    moderator = desk_of("Moderator")
    read = moderator.get(reverse("transcript_desk:read", args=[version.transcript.recording_id]))
    assert read.status_code == 200
    assert "Import a file" not in read.text
    url = reverse("transcript_desk:edit", args=[version.transcript_id])
    assert moderator.post(url, {"based_on": "1"}).status_code == 302
    assert version.transcript.versions.count() == 1
