"""Transcripts in the desk: opened, imported, read; what is typed there is in test_transcript_drafts."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onrecord.archive.services import web_copy_make
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.sound import outline_file, outline_make, outline_url
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(newsroom: object) -> TranscriptVersion:
    return factories.transcript(factories.recording(prepared=False))


def test_the_desk_opens_with_what_its_screen_needs(reporter: Client, version: TranscriptVersion) -> None:
    recording = version.transcript.recording
    page = reporter.get(reverse("transcript_desk:edit", args=[recording.pk]))
    assert "default-src" not in page.headers.get("Content-Security-Policy", "")
    soup = BeautifulSoup(page.text, "html.parser")
    desk = json.loads(soup.select_one("#or-desk").text)  # type: ignore[union-attr]
    assert desk["draft"] == reverse("transcript_desk:draft", args=[recording.pk])
    assert desk["durationMs"] == 12_000
    assert not [script for script in soup.select(".or-desk script") if not script.get("src")]


def test_without_a_transcript_the_desk_says_what_to_do_first(reporter: Client) -> None:
    recording = factories.recording(prepared=False)
    page = reporter.get(reverse("transcript_desk:edit", args=[recording.pk]))
    assert "Import a transcript first" in page.text


def test_a_long_recording_is_outlined_finely_by_the_worker(
    version: TranscriptVersion,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    recording = web_copy_make(str(version.transcript.recording_id))
    assert outline_url(recording) == ""  # what is short is drawn finely as it is
    monkeypatch.setattr("onrecord.transcripts.sound.MAX_PEAKS", 100)
    with django_capture_on_commit_callbacks(execute=True):
        url = outline_url(recording)  # asked for, it is made
    path = outline_file(recording)
    assert path is not None
    assert url.endswith(path.name)
    peaks = path.read_bytes()
    assert (len(peaks), max(peaks)) == (recording.duration_ms // 20, 100)  # type: ignore[operator]
    assert outline_make(str(recording.pk)) == path


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
    url = reverse("transcript_desk:edit", args=[version.transcript.recording_id])
    assert moderator.get(url).status_code == 302
    version_url = reverse("transcript_desk:version", args=[version.pk])
    assert "Restore" not in moderator.get(version_url).text
    assert moderator.post(version_url).status_code == 302
    assert version.transcript.versions.count() == 1
