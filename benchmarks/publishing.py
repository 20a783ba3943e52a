"""From the editor's Publish to the page that a reader gets: a story with 30 quotations.

Run: python benchmarks/publishing.py

Measured in one process on SQLite on disk, as `onrecord serve` does it: the gate, the transaction, and the story's own
page baked with its compressed variants. Beside it the limit: the same bytes written and made durable by themselves, and
Wagtail's own publishing of the same revision without the gate.
"""

import io
import os
import statistics
import sys
import tempfile
import time
import wave
from datetime import UTC, datetime
from pathlib import Path

QUOTATIONS, ROUNDS = 30, 15
WORDS = [
    "the",
    "river",
    "rose",
    "over",
    "the",
    "lower",
    "bridge",
    "before",
    "anyone",
    "came",
    "to",
    "the",
    "school",
    "where",
    "we",
    "had",
    "carried",
    "blankets",
    "water",
    "lamps",
    "and",
    "everything",
    "else",
    "that",
    "forty",
    "families",
    "would",
    "need",
    "until",
    "the",
    "boats",
    "came",
    "back",
    "from",
    "the",
    "mill",
    "on",
    "the",
    "other",
    "bank",
]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        os.environ |= {
            "ONRECORD_DIR": folder,
            "SECRET_KEY": "benchmark",
            "DJANGO_SETTINGS_MODULE": "onrecord.config.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        _measure(Path(folder))
    return 0


def _measure(folder: Path) -> None:
    from django.db import transaction
    from wagtail.models import Page

    from onrecord.archive.services import recording_add, web_copy_make
    from onrecord.stories.models import StoryIndexPage, StoryPage, StoryRecording
    from onrecord.stories.newsroom import newsroom_create
    from onrecord.transcripts.services import transcript_import

    newsroom_create()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 300))
    sound.seek(0)
    recording = recording_add(
        actor=None, stream=sound, filename="call.wav", publisher="Wire", published_at=datetime(2024, 5, 4, tzinfo=UTC),
        title="A call", language="en",
    ).recording  # fmt: skip
    web_copy_make(str(recording.pk))
    lines = [
        " ".join(WORDS[(number * 7 + k * 3 + number // 5) % len(WORDS)] for k in range(12)) + f" {number}"
        for number in range(300)
    ]
    cues = "\n\n".join(
        f"{n // 60:02}:{n % 60:02}.000 --> {n // 60:02}:{n % 60:02}.900\n<v A woman>{line}"
        for n, line in enumerate(lines)
    )
    transcript_import(actor=None, recording=recording, data=f"WEBVTT\n\n{cues}\n".encode(), filename="call.vtt")
    page = StoryPage(title="Thirty quotations", live=False)
    page.body = StoryPage.body.field.to_python(
        [{"type": "paragraph", "value": f"<p>She said: “{lines[n * 9]}.”</p>"} for n in range(QUOTATIONS)]
    )
    page.story_recordings = [StoryRecording(recording=recording, sort_order=0)]
    StoryIndexPage.objects.get().add_child(instance=page)
    baked = folder / "public" / "stories" / page.slug / "index.html"

    ours, plain, limit = [], [], []
    for number in range(ROUNDS):
        page = StoryPage.objects.get(pk=page.pk)
        page.standfirst = f"Round {number}"
        revision = page.save_revision()
        started = time.perf_counter()
        revision.publish()
        while f"Round {number}".encode() not in baked.read_bytes():
            time.sleep(0.001)
        ours.append(time.perf_counter() - started)

        page = StoryPage.objects.get(pk=page.pk)
        revision = page.save_revision()
        with transaction.atomic():
            started = time.perf_counter()
            Page.publish(page, revision)
            plain.append(time.perf_counter() - started)
            transaction.set_rollback(True)

        content = baked.read_bytes()
        started = time.perf_counter()
        with (folder / "limit").open("wb") as target:
            target.write(content)
            os.fsync(target.fileno())
        limit.append(time.perf_counter() - started)

    middle = {
        name: statistics.median(times) * 1000 for name, times in {"ours": ours, "plain": plain, "limit": limit}.items()
    }
    print(f"{QUOTATIONS} quotations, transcript of {len(lines)} segments, median of {ROUNDS}:")
    print(f"publish to page visible, with the gate   {middle['ours']:8.1f} ms   worst {max(ours) * 1000:.1f} ms")
    print(
        f"Wagtail's publish alone, nothing baked   {middle['plain']:8.1f} ms   "
        f"{middle['ours'] / middle['plain']:.1f}× of it is ours"
    )
    print(f"writing the same bytes durably           {middle['limit']:8.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
