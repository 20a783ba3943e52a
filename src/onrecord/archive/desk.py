"""What other apps may add to the archive's pages in the desk, and how the desk writes times and sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.middleware.csrf import get_token
from django.utils.functional import Promise
from wagtail.admin.ui.components import Component

from onrecord.archive.models import Recording

WAVEFORM_BARS = 240


class RecordingPanel(Component):
    """A section of a recording's page. Upper apps subclass it and register the class."""

    order: ClassVar[int] = 100
    name: ClassVar[str] = ""
    heading: ClassVar[str | Promise] = ""
    icon: ClassVar[str] = "info-circle"

    def __init__(self, recording: Recording, user: AbstractBaseUser) -> None:
        self.recording = recording
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        return {
            "csrf_token": get_token(request),
            "recording": self.recording,
            "user": self.user,
            "panel": self,
            "request": request,
        }


class Companion(Protocol):
    """A form with what may come along with an added file: its transcript, say.

    `take` runs after the recording is stored and gives lines to show; it may raise OnrecordError, and the
    recording stays.
    """

    @property
    def form_class(self) -> type[forms.Form]: ...

    def take(self, *, actor: Any, recording: Recording, data: dict[str, Any]) -> Sequence[str]: ...


_panels: list[type[RecordingPanel]] = []
_companions: list[Companion] = []


def register_recording_panel(panel: type[RecordingPanel]) -> type[RecordingPanel]:
    """Add a section to every recording's page in the desk."""
    _panels.append(panel)
    return panel


def register_companion(companion: Companion) -> None:
    """Add fields to the form that takes recordings in."""
    _companions.append(companion)


def recording_panels(recording: Recording, user: AbstractBaseUser) -> list[RecordingPanel]:
    """The sections that upper apps add, in order."""
    return sorted((panel(recording, user) for panel in _panels), key=lambda panel: panel.order)


def companions() -> list[Companion]:
    """What may come along with an added file."""
    return list(_companions)


def clock(ms: int | None, *, precise: bool = False) -> str:
    """Milliseconds as 1:02 or 1:02:03, precise with thousandths; an en dash when unknown."""
    if ms is None:
        return "–"
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{ms % 1000:03}" if precise else text


def publisher_names(recording: Recording) -> str:
    """Who put the recording out, first publication first; expects `copies__publisher` prefetched."""
    return ", ".join(dict.fromkeys(copy.publisher.name for copy in recording.copies.all()))


def matching(recordings: QuerySet[Recording], query: str) -> QuerySet[Recording]:
    """Those whose title, language, publisher, file name or hash has each word of the query."""
    for word in query.split():
        recordings = recordings.filter(
            Q(title__icontains=word)
            | Q(language__iexact=word)
            | Q(copies__publisher__name__icontains=word)
            | Q(copies__filename__icontains=word)
            | Q(copies__sha256__startswith=word.lower())
        )
    return recordings.distinct() if query.strip() else recordings


def waveform_path(peaks: Sequence[int], *, bars: int = WAVEFORM_BARS) -> str:
    """An SVG path of upright strokes in a box `bars` wide and 100 high."""
    if not peaks:
        return ""
    count = min(bars, len(peaks))
    strokes = []
    for bar in range(count):
        part = peaks[bar * len(peaks) // count : max((bar + 1) * len(peaks) // count, bar * len(peaks) // count + 1)]
        half = max(1, round(max(part) / 2))
        strokes.append(f"M{bar * bars / count + 0.5:g} {50 - half}v{2 * half}")
    return "".join(strokes)
