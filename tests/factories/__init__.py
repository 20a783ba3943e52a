"""Rows for tests, made by the services that make them in life. Every name and word in them is invented."""

import io
import wave
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from wagtail.models import Collection, Locale, Page

from onrecord.archive.models import Recording
from onrecord.archive.services import recording_add, web_copy_make
from onrecord.core.models import User
from onrecord.core.people import person_create
from onrecord.stories.models import HomePage, StoryIndexPage, StoryPage, StoryRecording, StoryStatement
from onrecord.stories.newsroom import newsroom_create
from onrecord.transcripts.models import TranscriptVersion
from onrecord.transcripts.services import transcript_import

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

CALL_VTT = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v A woman>The water came over the bridge at six and nobody told us.

00:00:04.000 --> 00:00:08.000
<v A man>They said the buses would leave on Tuesday, not before.

00:00:08.000 --> 00:00:12.000
<v A woman>We are not leaving without the animals.
"""

CALL_UK_VTT = """WEBVTT

00:00:00.000 --> 00:00:04.000
<v A woman>Вода перейшла міст о шостій, і ніхто нам не сказав.

00:00:04.000 --> 00:00:08.000
<v A man>Казали, що автобуси поїдуть у вівторок, не раніше.

00:00:08.000 --> 00:00:12.000
<v A woman>Без худоби ми не поїдемо.
"""


def sound(seconds: float = 12.0, *, seed: int = 1, rate: int = 16_000) -> bytes:
    """A WAV file of speech-like noise."""
    generator = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    samples = np.sin(2 * np.pi * 180 * time) * (0.3 + 0.2 * np.sin(2 * np.pi * 3 * time))
    samples += generator.normal(0, 0.02, samples.shape)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return target.getvalue()


def newsroom() -> HomePage:
    """Page tree and roles; also what Wagtail's migrations make, where a test emptied the tables."""
    Locale.objects.get_or_create(language_code="en")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    if Page.get_first_root_node() is None:
        Page.add_root(instance=Page(title="Root", slug="root", locale=Locale.objects.get(language_code="en")))
    return newsroom_create()


def person(role: str = "Editor", login: str = "") -> User:
    """Somebody with a role."""
    return person_create(login=login or f"{role.lower()}-{uuid4().hex[:6]}", password="a long test password", role=role)


def recording(
    *,
    title: str = "A call from the lower town",
    language: str = "en",
    seed: int = 1,
    prepared: bool = True,
    **kwargs: Any,
) -> Recording:
    """A recording with its web copy."""
    values: dict[str, Any] = {
        "publisher": "Velna Wire", "published_at": datetime(2024, 5, 4, 9, tzinfo=UTC),
        "url": "https://wire.example/call",
    }  # fmt: skip
    values.update(kwargs)
    added = recording_add(
        actor=None, stream=io.BytesIO(sound(seed=seed)), filename="call.wav", title=title, language=language, **values
    )
    return web_copy_make(str(added.recording.pk)) if prepared else added.recording


def transcript(
    row: Recording, text: str = CALL_VTT, *, language: str = "", filename: str = "call.vtt"
) -> TranscriptVersion:
    """A transcript, or a translation when `language` is another one than the recording's."""
    return transcript_import(actor=None, recording=row, data=text.encode(), filename=filename, language=language)


def story(
    *paragraphs: str,
    title: str = "Nobody told us, says a caller",
    recordings: Sequence[Recording] = (),
    statements: Sequence[dict[str, Any]] = (),
    publish: bool = False,
    body: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> StoryPage:
    """A draft story whose paragraphs are given as plain text; `publish` sends it through the gate."""
    newsroom()
    index = StoryIndexPage.objects.get()
    blocks = [{"id": str(uuid4()), "type": "paragraph", "value": f"<p>{text}</p>"} for text in paragraphs]
    page = StoryPage(title=title, dateline_date=date(2024, 5, 5), live=False, **fields)
    page.body = page._meta.get_field("body").to_python(blocks + (body or []))
    page.story_recordings = [StoryRecording(recording=row, sort_order=n) for n, row in enumerate(recordings)]
    page.statements = [StoryStatement(sort_order=n, **row) for n, row in enumerate(statements)]
    index.add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return StoryPage.objects.get(pk=page.pk)
