"""Recordings: taken in once, kept as they came, known again, and checked."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from onrecord.archive import services
from onrecord.archive.models import Copy, CustodyEvent, Recording
from onrecord.audio.blocks import joined
from onrecord.audio.decode import decode
from onrecord.core.blobs import DiskFull, Integrity
from onrecord.errors import OnrecordError
from tests import factories
from tests.unit.audio import harmful
from tests.unit.audio.sounds import similarity

pytestmark = pytest.mark.django_db(transaction=True)


def add(data: bytes, filename: str = "call.wav", **changes: Any) -> services.Added:
    values: dict[str, Any] = {
        "actor": None, "publisher": "Velna Wire", "published_at": datetime(2024, 5, 4, tzinfo=UTC), "title": "A call",
        "language": "en", "url": "https://wire.example/call",
    } | changes  # fmt: skip
    return services.recording_add(stream=io.BytesIO(data), filename=filename, **values)


def stored_files() -> list[Path]:
    return [path for path in Path(settings.ORIGINALS_DIR).rglob("*") if path.is_file()]


def test_a_recording_is_stored_with_its_custody_and_made_audible() -> None:
    sound = factories.sound()
    added = add(sound)
    recording = Recording.objects.get()
    assert services.originals().path(added.copy.sha256).read_bytes() == sound
    assert [event.action for event in recording.custody.all()] == ["recording added", "web copy made"]
    assert recording.status == Recording.Status.READY
    assert recording.duration_ms == pytest.approx(12_000, abs=60)
    assert len(recording.peaks) > 100
    assert (Path(settings.MEDIA_ROOT) / recording.audio).read_bytes()[:2] in (b"ID", b"\xff\xfb", b"\xff\xf3")
    assert [check.result for check in services.originals_verify()] == [Integrity.VERIFIED] * 2


def test_the_same_bytes_become_another_copy() -> None:
    first = add(factories.sound())
    second = add(
        factories.sound(), publisher="Left Bank", published_at=datetime(2024, 5, 5, tzinfo=UTC), title="", url=""
    )
    assert second.known_recording
    assert not second.known_copy
    assert second.recording == first.recording
    assert [copy.publisher.name for copy in first.recording.copies.all()] == ["Velna Wire", "Left Bank"]
    assert len(stored_files()) == 1


def test_adding_the_same_copy_twice_changes_nothing() -> None:
    add(factories.sound())
    again = add(factories.sound())
    assert again.known_copy
    assert Copy.objects.count() == 1
    assert CustodyEvent.objects.filter(action="recording added").count() == 1


def test_other_bytes_can_be_filed_as_a_copy() -> None:
    first = add(factories.sound())
    cut = add(factories.sound(seconds=4, seed=2), publisher="Left Bank", copy_of=first.recording)
    assert cut.recording == first.recording
    assert len(stored_files()) == 2
    assert Recording.objects.get().duration_ms == pytest.approx(12_000, abs=60)


@pytest.mark.parametrize(
    ("data", "filename", "says"),
    [
        (b"", "empty.wav", "empty"),
        (b"this is not sound\n" * 200, "notes.mp3", "notes.mp3"),
        (factories.sound()[:30], "cut.wav", "cut.wav"),
    ],
    ids=["0 bytes", "not audio", "only a header"],
)
def test_what_is_not_sound_is_refused_and_nothing_is_stored(data: bytes, filename: str, says: str) -> None:
    with pytest.raises(OnrecordError, match=says):
        add(data, filename)
    assert stored_files() == []
    assert not Recording.objects.exists()


def test_a_truncated_file_is_kept_and_said_to_be_damaged() -> None:
    whole = factories.sound()
    recording = add(whole[: len(whole) // 2]).recording
    recording.refresh_from_db()
    assert recording.status == Recording.Status.READY
    assert recording.duration_ms == pytest.approx(6_000, abs=60)


def test_a_title_and_a_language_are_needed_for_what_is_new() -> None:
    with pytest.raises(services.MissingTitle, match="--title"):
        add(factories.sound(), title="")
    assert stored_files() == []


def test_a_date_in_the_future_is_refused() -> None:
    with pytest.raises(services.FutureDate, match="future"):
        add(factories.sound(), published_at=timezone.now() + timedelta(days=1))


def test_a_moderator_may_not_add() -> None:
    factories.newsroom()
    with pytest.raises(PermissionDenied):
        add(factories.sound(), actor=factories.person("Moderator"))
    assert stored_files() == []


def test_a_full_disk_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("onrecord.core.blobs.os.fsync", no_room)
    with pytest.raises(DiskFull):
        add(factories.sound())
    assert stored_files() == []
    assert not Recording.objects.exists()


def test_when_the_row_fails_the_file_is_unclaimed_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the process is killed here")

    monkeypatch.setattr(services, "record_event", fail)
    with pytest.raises(RuntimeError):
        add(factories.sound())
    assert not Recording.objects.exists()
    monkeypatch.undo()
    assert len(services.originals_unclaimed()) == 1
    assert add(factories.sound()).known_recording is False
    assert services.originals_unclaimed() == []


def test_damage_to_an_original_is_found() -> None:
    added = add(factories.sound())
    path = services.originals().path(added.copy.sha256)
    path.chmod(0o644)
    path.write_bytes(b"changed")
    results = {check.subject.split()[0]: check.result for check in services.originals_verify()}
    assert results == {"original": Integrity.FAILED, "custody": Integrity.VERIFIED}
    path.unlink()
    assert any(check.detail == "missing" for check in services.originals_verify())


@pytest.mark.parametrize("change", [{"actor": "somebody else"}, {"data": {}}, {"sequence": 9}])
def test_a_changed_history_is_found(change: dict[str, Any]) -> None:
    recording = add(factories.sound()).recording
    CustodyEvent.objects.filter(recording=recording, sequence=1).update(**change)
    assert [c.result for c in services.originals_verify() if c.subject == "custody"] == [Integrity.FAILED]


def test_history_is_append_only() -> None:
    event = add(factories.sound()).recording.custody.get(sequence=1)
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


def test_a_transcript_version_never_changes() -> None:
    version = factories.transcript(factories.recording())
    version.note = "other"
    with pytest.raises(TypeError):
        version.save()


MASKED = json.dumps(
    {"segments": [{"start": 0, "end": 4, "speaker": "A man", "text": "What damned pass",
                   "words": [{"word": "What", "start": 0.5, "end": 0.9},
                             {"word": "damned", "start": 1.0, "end": 1.6, "mask": "profanity"},
                             {"word": "pass", "start": 1.7, "end": 2.2}]}]}
)  # fmt: skip


def test_one_mask_drives_text_and_sound() -> None:
    recording = factories.recording()
    before = (Path(settings.MEDIA_ROOT) / recording.audio).read_bytes()
    clear = recording.audio
    factories.transcript(recording, MASKED, filename="call.json")
    recording.refresh_from_db()
    assert services.masks_of(recording) == (services.Span(1000, 1600),)
    assert recording.audio != clear
    assert not (Path(settings.MEDIA_ROOT) / clear).exists()
    assert (Path(settings.MEDIA_ROOT) / recording.audio).read_bytes() != before


def test_a_mask_without_measured_times_takes_the_whole_segment() -> None:
    recording = factories.recording()
    factories.transcript(recording, "WEBVTT\n\n00:00:02.000 --> 00:00:05.000\n<v A man>What {profanity|damned} pass\n")
    assert services.masks_of(recording) == (services.Span(2000, 5000),)


def test_without_a_masked_copy_nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = factories.recording()

    def fail(*args: object, **kwargs: object) -> None:
        raise OnrecordError(detail="no room")

    monkeypatch.setattr(services, "web_copy", fail)
    factories.transcript(recording, MASKED, filename="call.json")
    recording.refresh_from_db()
    assert recording.status == Recording.Status.FAILED
    assert recording.audio_url == ""
    assert list(Path(settings.MEDIA_ROOT).rglob("*.mp3")) == []


def test_half_written_files_of_killed_processes_are_removed_when_old() -> None:
    recording = factories.recording()
    folder = (Path(settings.MEDIA_ROOT) / recording.audio).parent
    (folder / ".audio-x.mp3.1-2.part").write_bytes(b"half")
    now = timezone.now().timestamp()
    assert services.leftovers_remove(older_than=now - 3600) == 0
    assert services.leftovers_remove(older_than=now + 3600) == 1
    assert [path.name for path in folder.iterdir()] == [Path(recording.audio).name]


def test_plain_sound_that_a_killed_engine_left_is_removed_after_a_day() -> None:
    left = Path(settings.INCOMING_DIR) / ".sound-abc"
    left.mkdir()
    (left / "sound.wav").write_bytes(b"sound")
    now = timezone.now().timestamp()
    assert services.leftovers_remove(older_than=now + 3600) == 0, "an engine may listen for hours"
    assert services.leftovers_remove(older_than=now + 25 * 3600) == 1
    assert not left.exists()


def test_what_shows_only_when_a_file_is_read_whole_is_said_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look lets it in; the worker says what is wrong; the original is kept."""
    monkeypatch.setattr("onrecord.audio.decode.MOST_PACKETS", 10)
    monkeypatch.setattr("onrecord.audio.decode.MAX_HOURS", 0.001)
    added = add(factories.sound(), "long call.wav")
    recording = Recording.objects.get()
    assert (recording.status, recording.audio_url) == (Recording.Status.FAILED, "")
    assert recording.problem.startswith("long call.wav: the length is more")
    assert services.originals().path(added.copy.sha256).read_bytes() == factories.sound()
    monkeypatch.undo()
    assert services.web_copy_make(str(recording.pk)).status == Recording.Status.READY


def test_until_the_worker_has_read_a_file_its_length_is_about_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_derive", [])
    recording = add(factories.sound()).recording
    assert (recording.status, recording.get_status_display()) == (Recording.Status.PENDING, "Being read")
    assert recording.duration_ms == pytest.approx(12_000, abs=60)
    assert recording.copies.get().facts["measured"] is False
    services.web_copy_make(str(recording.pk))
    assert recording.copies.get().facts["measured"] is True


def test_every_copy_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    first = add(factories.sound())
    cut = add(factories.sound(seconds=4, seed=2), "cut.wav", copy_of=first.recording)
    assert [copy.facts["measured"] for copy in first.recording.copies.order_by("pk")] == [True, True]
    assert Copy.objects.get(pk=cut.copy.pk).facts["duration_ms"] == 4_000
    monkeypatch.setattr("onrecord.audio.decode.MOST_PACKETS", 10)
    monkeypatch.setattr("onrecord.audio.decode.MAX_HOURS", 0.001)
    bad = add(factories.sound(seconds=9, seed=3), "bad.wav", copy_of=first.recording)
    assert "bad.wav: the length" in Copy.objects.get(pk=bad.copy.pk).facts["problem"]
    assert Recording.objects.get().status == Recording.Status.READY


def test_a_file_that_crashes_the_decoder_stops_nobody(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ISOLATE_DECODING = True
    whole = add(factories.sound(seconds=1, seed=5)).recording
    whole.refresh_from_db()
    assert whole.status == Recording.Status.READY
    monkeypatch.setattr(services, "web_copy", harmful.crash_copying)
    recording = add(factories.sound(), "made to harm.mp3").recording
    recording.refresh_from_db()
    assert recording.status == Recording.Status.FAILED
    assert recording.problem.startswith("made to harm.mp3: reading this file ended in a crash of the decoder")
    assert [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == [Path(whole.audio).name]
    with pytest.raises(OnrecordError, match=r"notes\.mp3: this is not an audio"):
        add(b"this is not sound" * 99, "notes.mp3")


def test_masks_follow_words_when_their_times_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after aligning: the copy with the old times is gone at once, and the new one has the word at its new time."""
    recording = factories.recording()
    factories.transcript(recording, MASKED, filename="call.json")
    recording.refresh_from_db()
    old = Path(settings.MEDIA_ROOT) / recording.audio
    heard = sound_of(old)
    scheduled: list[str] = []
    monkeypatch.setattr(services, "_derive", [scheduled.append])
    moved = MASKED.replace('"start": 1.0, "end": 1.6, "mask"', '"start": 2.6, "end": 3.2, "mask"')
    factories.transcript(recording, moved, filename="call.json")
    recording.refresh_from_db()
    assert services.masks_of(recording) == (services.Span(2600, 3200),)
    assert (recording.status, recording.audio_url, old.exists()) == (Recording.Status.PENDING, "", False)
    assert scheduled == [str(recording.pk)]
    services.web_copy_make(scheduled[0])
    recording.refresh_from_db()
    new = sound_of(Path(settings.MEDIA_ROOT) / recording.audio)
    original = sound_of(services.originals().path(recording.copies.get().sha256))
    assert similarity(heard[:, 16_000:25_600], original[:, 16_000:25_600]) < 0.1
    assert similarity(new[:, 16_000:25_600], original[:, 16_000:25_600]) > 0.9
    assert similarity(new[:, 41_600:51_200], original[:, 41_600:51_200]) < 0.1


def sound_of(path: Path) -> Any:
    return joined(list(decode(path, sample_rate=16_000)))
