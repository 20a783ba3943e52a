"""What newsrooms are sent: each ends in a clear message, nothing is half-stored, and no original is harmed.

Not audio, a truncated file, 0 bytes, a known file, a full disk: test_archive.py. A worker killed in the middle, files
beside bad ones: test_command.py.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onrecord.archive import services
from onrecord.archive.models import Copy, CustodyEvent, Recording
from onrecord.core.blobs import Integrity
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import as_text, latest_version
from tests import factories

pytestmark = pytest.mark.django_db

HOUR_MS = 3_600_000


@pytest.fixture(autouse=True)
def whole_afterwards(db: None) -> Iterator[None]:
    """What every case leaves behind: verified originals, none unclaimed, nothing half-received."""
    yield
    assert {check.result for check in services.originals_verify()} <= {Integrity.VERIFIED}
    assert services.originals_unclaimed() == []
    assert len(stored()) == Copy.objects.values("sha256").distinct().count()


def stored() -> list[Path]:
    return [path for path in Path(settings.ORIGINALS_DIR).rglob("*") if path.is_file()]


def send(client: Client, data: bytes, name: str, **fields: Any) -> Any:
    """The desk's form as its script sends it; what it answers."""
    return client.post(
        reverse("recording_desk:add"),
        {
            "files": [SimpleUploadedFile(name, data)], "publisher": "Velna Wire", "published_at": "2024-05-04 09:00",
            "language": "uk", "title": "A call", **fields,
        },
        headers={"accept": "application/json"},
    )  # fmt: skip


def long_wav(path: Path, hours: int) -> Path:
    """A WAV file of silence at the lowest rate that is taken; the file is sparse."""
    rate, samples = 1000, hours * 3600 * 1000
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    with path.open("wb") as file:
        file.write(struct.pack("<4sI4s", b"RIFF", 36 + samples, b"WAVE") + form + struct.pack("<4sI", b"data", samples))
        file.truncate(44 + samples)
    return path


def silent_film(path: Path) -> bytes:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def test_twelve_hours_are_taken_in(tmp_path: Path) -> None:
    """Its web copy is made by the worker, in minutes: not here (nothing is scheduled before the commit)."""
    path = long_wav(tmp_path / "session.wav", 12)
    with path.open("rb") as stream:
        added = services.recording_add(
            actor=None, stream=stream, filename="session.wav", publisher="Velna Wire", title="A night at the council",
            language="en", published_at=datetime(2024, 5, 4, tzinfo=UTC),
        )  # fmt: skip
    assert added.recording.duration_ms == 12 * HOUR_MS
    assert added.copy.size == path.stat().st_size
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGood evening.\n\n11:59:50.000 --> 11:59:58.000\nGood morning.\n"
    version = factories.transcript(added.recording, text)
    assert as_text(version).segments[-1].start_ms == 12 * HOUR_MS - 10_000
    assert version.warnings == []


def test_more_than_forty_eight_hours_are_refused(reporter: Client, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("onrecord.audio.decode.MAX_HOURS", 1)  # as slow as the hours it decodes before it knows
    answer = send(reporter, long_wav(tmp_path / "week.wav", 2).read_bytes(), "week.wav")
    assert answer.status_code == 422
    assert "week.wav" in answer.json()["errors"]["files"][0]
    assert "1 hours" in answer.json()["errors"]["files"][0]
    assert (stored(), Recording.objects.count()) == ([], 0)


def test_a_film_without_sound_is_refused(reporter: Client, tmp_path: Path) -> None:
    answer = send(reporter, silent_film(tmp_path / "bridge.mp4"), "bridge.mp4")
    assert answer.status_code == 422
    said = answer.json()["errors"]["files"][0]
    assert "bridge.mp4" in said
    assert "only video" in said
    assert str(tmp_path) not in said
    assert (stored(), Recording.objects.count(), CustodyEvent.objects.count()) == ([], 0, 0)


def test_a_file_that_is_here_already_is_not_stored_twice(reporter: Client) -> None:
    sound = factories.sound(3)
    send(reporter, sound, "call.wav")
    again = send(reporter, sound, "renamed.wav", publisher="Left Bank", title="", language="")
    assert again.status_code == 200
    assert "Already on record" in again.json()["lines"][0]
    assert (len(stored()), Recording.objects.count(), Copy.objects.count()) == (1, 1, 2)


ODD = """WEBVTT

00:00:00.000 --> 00:00:02.000
Вода прийшла вночі.

00:00:01.500 --> 00:00:02.500
І ніхто нам не сказав.

00:00:02.500 --> 00:00:09.000
Ми поїхали до школи.

00:00:20.000 --> 00:00:22.000
Потім повернулися.
"""


def test_captions_that_overlap_and_run_past_the_end_are_kept_and_told(reporter: Client) -> None:
    words = SimpleUploadedFile("call.vtt", ODD.encode())
    answer = send(reporter, factories.sound(3), "call.wav", transcript=words).json()
    told = " ".join(answer["lines"] + answer["warnings"])
    for part in ("overlaps", "runs past", "starts past"):
        assert part in told
    version = latest_version(Recording.objects.get(), "uk")
    assert version is not None
    assert len(version.segments) == 4
    assert max(segment.end_ms for segment in as_text(version).segments) <= Recording.objects.get().duration_ms


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("cp1251", "cp1251"),
        ("koi8-u", "koi8_u"),
        ("utf-16", ""),
        ("utf-16-le", "no byte order mark"),
        ("utf-8-sig", ""),
    ],
)
def test_captions_in_another_encoding_are_read(reporter: Client, encoding: str, told: str) -> None:
    words = SimpleUploadedFile("call.vtt", factories.CALL_UK_VTT.encode(encoding))
    answer = send(reporter, factories.sound(12), "call.wav", transcript=words).json()
    assert answer["ok"]
    assert told in " ".join(answer["lines"] + answer["warnings"])
    version = latest_version(Recording.objects.get(), "uk")
    assert version is not None
    assert as_text(version).segments[2].text == "Без худоби ми не поїдемо."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", "binary"),
        (b"WEBVTT\n\nnothing here\n", "no cue"),
        (factories.CALL_UK_VTT.encode("utf-16")[:-1], "utf-16"),
    ],
    ids=["0 bytes", "a picture", "no captions", "cut in the middle of a letter"],
)
def test_a_transcript_that_cannot_be_read_keeps_all_of_it_out(reporter: Client, data: bytes, says: str) -> None:
    answer = send(reporter, factories.sound(3), "call.wav", transcript=SimpleUploadedFile("call.vtt", data))
    assert answer.status_code == 422
    assert says in answer.json()["errors"]["transcript"][0].lower()
    assert (stored(), Recording.objects.count(), TranscriptVersion.objects.count()) == ([], 0, 0)


def test_a_translation_before_the_transcript_is_told_and_the_recording_stays(reporter: Client) -> None:
    words = SimpleUploadedFile("call.en.vtt", factories.CALL_VTT.encode())
    answer = send(reporter, factories.sound(12), "call.wav", translation=words, translation_language="en")
    assert answer.status_code == 200
    assert "add the transcript (uk) first" in answer.json()["warnings"][0]
    assert (Recording.objects.count(), TranscriptVersion.objects.count()) == (1, 0)
