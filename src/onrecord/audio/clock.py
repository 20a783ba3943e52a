"""Where a decoder is in a file's time."""

from __future__ import annotations

from typing import Protocol

import av

from onrecord.audio.blocks import milliseconds_at
from onrecord.audio.source import Source

MAX_HOURS = 48
"""Longer than any recording; a file that decodes to more is a bomb (few bytes can code years of silence)."""
GAP_MS = 100
"""A jump of the file's clock by at least this is a gap; less is the jitter of container time stamps."""
LONGEST_GAP_MS = 600_000
"""A longer jump is a broken clock, not a gap, and is not filled."""


class Timed(Protocol):
    """A frame, as far as the clock looks at it: how many samples, at which rate, and the file's time in seconds."""

    @property
    def sample_rate(self) -> int: ...
    @property
    def samples(self) -> int: ...
    @property
    def time(self) -> float | None: ...


class Clock:
    """Counts delivered samples, and compares them with the file's own time stamps to find gaps."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._rate = source.sample_rate
        self._samples = 0
        """Delivered at the current rate."""
        self._earlier_ms = 0
        """Delivered at the rates before it."""
        start = source.container.start_time
        self._origin = None if start is None else start / av.time_base
        """The file's time stamp, in seconds, of what is delivered as time 0."""

    @property
    def milliseconds(self) -> int:
        return self._earlier_ms + milliseconds_at(self._samples, self._rate)

    @property
    def started(self) -> bool:
        return self._samples > 0 or self._earlier_ms > 0

    @property
    def promised_ms(self) -> int | None:
        """The length that the file gives for its stream, within reason; None when it gives none."""
        stream = self._source.stream
        if stream.duration is None or stream.time_base is None:
            return None
        promised = int(stream.duration * stream.time_base * 1000)
        if stream.bit_rate:
            promised += self._source.missing_bytes * 8_000 // stream.bit_rate
        return promised if 0 < promised <= MAX_HOURS * 3_600_000 else None

    def join(self, sample: int) -> None:
        """Go on as if this many samples had been delivered."""
        self._earlier_ms, self._samples = 0, sample

    def advance(self, frame: Timed) -> int:
        """Count the frame; gives the samples of silence that belong before it, counted too."""
        if frame.sample_rate != self._rate:
            self._earlier_ms = self.milliseconds
            self._samples, self._rate = 0, frame.sample_rate
        gap = self._gap_before(frame)
        self._samples += gap + frame.samples
        return gap

    def _gap_before(self, frame: Timed) -> int:
        if frame.time is None:
            return 0
        here = self.milliseconds / 1000
        if self._origin is None:
            self._origin = frame.time - here
        ahead = frame.time - self._origin - here
        if GAP_MS <= ahead * 1000 <= LONGEST_GAP_MS:
            return round(ahead * self._rate)
        if abs(ahead) * 1000 >= GAP_MS:
            self._origin = frame.time - here
        return 0
