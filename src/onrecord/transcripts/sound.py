"""What the transcript desk hears and draws: the original in pieces, and a fine outline of the web copy."""

from __future__ import annotations

import mimetypes
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_tasks import task

from onrecord.archive.models import Recording
from onrecord.archive.services import originals
from onrecord.audio.decode import decode
from onrecord.audio.waveform import FINEST_MS, MAX_PEAKS, PeakMeter

LARGEST_PIECE = 2 * 1024 * 1024
FINE_PEAKS = 12 * 3600 * 1000 // FINEST_MS
_OUTLINE_RATE = 8_000
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def original_piece(recording: Recording, request: HttpRequest) -> HttpResponse:
    """A piece of the file that the transcript is timed on, as it came in, for people who may change transcripts.

    They hear what readers must not; at most 2 MiB an answer, so that players ask for what they play. 404 without one.
    """
    copy = recording.timed_copy()
    path = originals().path(copy.sha256) if copy else None
    if copy is None or path is None or not path.exists():
        return HttpResponse("There is no original of this recording here.", status=404, content_type="text/plain")
    size = path.stat().st_size
    asked = _RANGE.fullmatch(request.headers.get("Range", "bytes=0-"))
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2]) if asked and asked[2] else size - 1, first + LARGEST_PIECE - 1, size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as stream:
        stream.seek(first)
        piece = stream.read(last - first + 1)
    return HttpResponse(
        piece,
        status=206,
        content_type=mimetypes.guess_type(copy.filename)[0] or "application/octet-stream",
        headers={
            "Accept-Ranges": "bytes",
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "sandbox",
        },
    )


def outline_file(recording: Recording) -> Path | None:
    """Where the fine outline of the web copy lies, one byte (0 to 100) per 20 ms or more; None without a web copy."""
    if not recording.audio:
        return None
    audio = Path(settings.MEDIA_ROOT) / recording.audio
    return audio.with_name(f"outline-{audio.stem}.bin")


def outline_url(recording: Recording) -> str:
    """Address of the fine outline; empty where the coarse one is as fine. Has it made where it is missing."""
    path = outline_file(recording)
    if path is None or len(recording.peaks) < MAX_PEAKS // 2:
        return ""
    if not path.exists():
        make_outline.enqueue(str(recording.pk))
    return f"{settings.MEDIA_URL}recordings/{recording.pk}/{path.name}"


def outline_make(recording_id: str) -> Path | None:
    """Make the fine outline from the web copy; may run twice."""
    recording = Recording.objects.get(pk=recording_id)
    path = outline_file(recording)
    if path is None or path.exists():
        return path
    meter = PeakMeter(_OUTLINE_RATE, FINE_PEAKS)
    for block in decode(Path(settings.MEDIA_ROOT) / recording.audio, sample_rate=_OUTLINE_RATE):
        meter.add(block)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".outline-", suffix=".part", delete=False) as target:
        target.write(bytes(meter.peaks()))
    os.chmod(target.name, 0o644)
    Path(target.name).replace(path)
    return path


@task()
def make_outline(recording_id: str) -> None:
    """Draw a long recording finely."""
    outline_make(recording_id)
