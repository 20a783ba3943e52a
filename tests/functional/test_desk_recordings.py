"""Recordings in the desk: taken in, listed, looked at, renamed."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from onrecord.archive.models import Copy, Recording
from onrecord.transcripts.models import TranscriptVersion
from tests import factories

pytestmark = pytest.mark.django_db


def wav(name: str = "evening_call.wav", *, seed: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.sound(2, seed=seed), content_type="audio/wav")


def form(*files: SimpleUploadedFile, **fields: Any) -> dict[str, Any]:
    return {
        "files": list(files),
        "publisher": "Velna Wire",
        "published_at": "2024-05-04 09:00",
        "language": "en",
        "title": "An evening call",
        "url": "https://wire.example/call",
        **fields,
    }


def add(client: Client, data: dict[str, Any], **headers: str) -> Any:
    return client.post(reverse("recording_desk:add"), data, headers=headers)


def test_a_file_with_its_words_is_taken_in_without_scripts(reporter: Client) -> None:
    words = SimpleUploadedFile("call.vtt", factories.CALL_VTT.encode())
    translation = SimpleUploadedFile("call.uk.vtt", factories.CALL_UK_VTT.encode())
    data = form(wav(), transcript=words, translation=translation, translation_language="uk", translated_by="O. P.")
    response = reporter.post(reverse("recording_desk:add"), data, follow=True)
    recording = Recording.objects.get()
    assert response.redirect_chain[-1][0] == reverse("recording_desk:inspect", args=[recording.pk])
    assert (recording.title, recording.language, recording.added_by) == (
        "An evening call",
        "en",
        reporter.person,  # type: ignore[attr-defined]
    )
    assert recording.copies.get().url == "https://wire.example/call"
    assert TranscriptVersion.objects.count() == 2
    assert recording.transcripts.get(language="uk").made_by == "O. P."
    for shown in ("An evening call", "Velna Wire", recording.copies.get().sha256, "taken in"):
        assert shown in response.text


def test_several_files_at_once_take_their_names_as_titles(reporter: Client) -> None:
    response = add(reporter, form(wav("one.wav", seed=1), wav("two.wav", seed=2), title="", url=""))
    assert response["Location"] == reverse("recording_desk:index")
    assert set(Recording.objects.values_list("title", flat=True)) == {"one", "two"}


def test_what_belongs_to_one_file_is_refused_for_several(reporter: Client) -> None:
    response = add(reporter, form(wav(seed=1), wav(seed=2)))
    assert response.status_code == 422
    assert "belongs to one file" in response.text
    assert Recording.objects.count() == 0


def test_scripted_upload_is_answered_in_json(reporter: Client) -> None:
    answer = add(reporter, form(wav()), accept="application/json")
    assert answer.status_code == 200
    assert answer.json()["ok"]
    assert answer.json()["url"] == reverse("recording_desk:inspect", args=[Recording.objects.get().pk])


def test_the_same_bytes_are_filed_as_another_copy(reporter: Client) -> None:
    add(reporter, form(wav()))
    answer = add(reporter, form(wav(), publisher="Harbour Radio", title="", language=""), accept="application/json")
    assert answer.json()["lines"] == [
        "Already on record: filed as another copy of “An evening call”, by Harbour Radio."
    ]
    assert Recording.objects.count() == 1
    assert Copy.objects.count() == 2
    again = add(reporter, form(wav(), publisher="Harbour Radio"), accept="application/json").json()
    assert "Nothing was changed" in again["lines"][0]
    assert Copy.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"files": [SimpleUploadedFile("notes.mp3", b"only text")]},
            "files",
            "notes.mp3: this is not an audio",
        ),
        ({"files": [SimpleUploadedFile("empty.mp3", b"")]}, "files", "empty.mp3: the file is empty"),
        ({"files": []}, "files", "Choose at least one"),
        ({"title": ""}, "title", "Give the recording a title."),
        ({"language": ""}, "language", "Give the language spoken in it."),
        ({"language": "English"}, "language", "en, uk, ru"),
        ({"publisher": ""}, "publisher", "required"),
        ({"published_at": "2190-01-01 00:00"}, "published_at", "lies in the future"),
        ({"published_at": "soon"}, "published_at", "valid date"),
        ({"transcript": SimpleUploadedFile("t.vtt", b"WEBVTT\n\n")}, "transcript", "t.vtt"),
        (
            {"translation": SimpleUploadedFile("t.vtt", factories.CALL_UK_VTT.encode())},
            "translation_language",
            "language of the translation",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_errors_stand_at_their_field_and_nothing_is_stored(
    reporter: Client, changes: dict[str, Any], field: str, words: str
) -> None:
    data = {**form(wav()), **changes}
    answer = add(reporter, data, accept="application/json")
    assert answer.status_code == 422
    assert words in " ".join(answer.json()["errors"][field])
    for file in [*data["files"], data.get("transcript"), data.get("translation")]:
        if file:
            file.seek(0)
    page = add(reporter, data)
    assert page.status_code == 422
    assert words in page.text
    assert "https://wire.example/call" in page.text  # what was typed is kept
    assert Recording.objects.count() == 0


def test_a_moderator_may_not_add(desk_of: Any) -> None:
    response = add(desk_of("Moderator"), form(wav()))
    assert response.status_code == 302
    assert Recording.objects.count() == 0


def test_search_and_filters(editor: Client) -> None:
    factories.recording(prepared=False)
    other = factories.recording(title="A hearing", seed=2, publisher="District Court", language="uk", prepared=False)
    results = reverse("recording_desk:index_results")
    for query in ("?q=hearing", "?q=district+court", f"?q={other.copies.get().sha256[:10]}", "?language=uk",
                  f"?publisher={other.copies.get().publisher_id}"):  # fmt: skip
        text = editor.get(results + query).text
        assert "A hearing" in text, query
        assert "A call from the lower town" not in text, query


def test_a_list_takes_as_many_queries_for_one_as_for_many(
    editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for seed in range(5):
        factories.recording(title=f"Call {seed}", seed=seed + 1, publisher=f"Outlet {seed}", prepared=False)
    url = reverse("recording_desk:index_results")
    editor.get(url)
    with django_assert_max_num_queries(14):
        editor.get(url)


def test_a_failed_recording_says_why_and_can_be_tried_again(
    editor: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = factories.recording(prepared=False)
    Recording.objects.filter(pk=row.pk).update(status="failed", problem="The disk was full.")
    page = reverse("recording_desk:inspect", args=[row.pk])
    assert "The disk was full." in editor.get(page).text
    assert "The disk was full." in editor.get(reverse("wagtailadmin_home")).text
    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(reverse("recording_desk:web_copy", args=[row.pk]))
    assert response["Location"] == page
    row.refresh_from_db()
    assert row.status == Recording.Status.READY
    assert "Make the web copy again" in editor.get(page).text


def test_a_new_title_is_kept_in_the_custody(editor: Client) -> None:
    row = factories.recording(prepared=False)
    url = reverse("recording_desk:edit", args=[row.pk])
    response = editor.post(url, {"title": "The call at six", "description": "A woman and a man."})
    assert response["Location"] == reverse("recording_desk:inspect", args=[row.pk])
    event = row.custody.last()
    assert event is not None
    assert event.data["before"]["title"] == "A call from the lower town"
    assert "renamed or described anew" in editor.get(response["Location"]).text


def test_a_recording_cannot_be_deleted_from_the_desk(editor: Client) -> None:
    row = factories.recording(prepared=False)
    assert editor.post(f"/desk/recordings/{row.pk}/delete/").status_code == 404
