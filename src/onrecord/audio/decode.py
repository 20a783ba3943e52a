"""Sound out of any file FFmpeg reads: streamed, measured, and honest about what was damaged.

Lengths that a container gives are claims; every duration here is counted in decoded samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.packet import Packet
from numpy.typing import NDArray

from onrecord.audio.blocks import Block, milliseconds_at
from onrecord.audio.convert import Resampler, as_float, cleaned, frame_samples, mix_weights, remixed
from onrecord.audio.damage import Damage, DamageKind, DamageList
from onrecord.audio.source import Source, open_source
from onrecord.errors import NotAudio, UnreadableFile, UnsupportedSound

MAX_HOURS = 48
"""Longer than any recording; a file that decodes to more is a bomb (a few bytes can code years of silence)."""
GAP_MS = 100
"""A jump of the file's clock by at least this is a gap; less is the jitter of container time stamps."""
LONGEST_GAP_MS = 600_000
"""A longer jump is a broken clock, not a gap, and is not filled."""
SHORTFALL_MS = 500
"""A file that ends at least this much, and 1 %, before the length it gives was cut short."""
MAX_ERRORS_IN_A_ROW = 10_000


@dataclass(frozen=True)
class MediaFacts:
    """What a file is. `duration_ms` is measured; `bit_rate` (bits a second) is the file's claim, None without one."""

    duration_ms: int
    container: str
    codec: str
    sample_rate: int
    channels: int
    bit_rate: int | None
    has_video: bool
    streams: int


class Decoder:
    """A file's sound as a stream of blocks of about a second. Close it, or use it in a `with` statement.

    `damage` and `duration_ms` speak of what was read so far; both are complete when `blocks` is exhausted.
    Opening raises the errors of `onrecord.audio.source.open_source`.
    """

    def __init__(self, path: Path) -> None:
        self._source = open_source(path)
        self._damage = DamageList()
        self._clock = _Clock(self._source)
        self._started = False

    @property
    def sample_rate(self) -> int:
        """The file's own rate in Hz."""
        return self._source.sample_rate

    @property
    def channels(self) -> int:
        return self._source.channels

    @property
    def damage(self) -> tuple[Damage, ...]:
        return tuple(self._damage)

    @property
    def duration_ms(self) -> int:
        return self._clock.milliseconds

    def facts(self) -> MediaFacts:
        """The file's facts, with the duration of what was read so far."""
        source = self._source
        return MediaFacts(
            duration_ms=self.duration_ms,
            container=source.format_name,
            codec=source.codec_name,
            sample_rate=source.sample_rate,
            channels=source.channels,
            bit_rate=source.stream.bit_rate or source.container.bit_rate or None,
            has_video=source.has_video,
            streams=len(source.container.streams),
        )

    def blocks(self, *, sample_rate: int, channels: int = 1) -> Iterator[Block]:
        """The sound from start to end, once, at `sample_rate` Hz in `channels` channels.

        One channel is a mix in which speech keeps its weight (ITU-R BS.775). More than one: as in the file when it has
        as many, else the mix repeated. Damaged stretches are in `damage`. Raises NotAudio when nothing at all can be
        decoded, UnsupportedSound past 48 hours.
        """
        if self._started:
            raise ValueError("a Decoder gives its blocks once")
        self._started = True
        return self._converted(sample_rate, channels)

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _converted(self, sample_rate: int, channels: int) -> Iterator[Block]:
        resampler: Resampler | None = None
        rate = 0
        for block, block_rate in self._gathered(channels):
            if resampler is None or block_rate != rate:
                if resampler is not None:
                    yield from _if_any(resampler.flush())
                rate = block_rate
                resampler = Resampler(rate, sample_rate, channels)
            yield from _if_any(resampler.push(block))
        if resampler is not None:
            yield from _if_any(resampler.flush())

    def _gathered(self, channels: int) -> Iterator[tuple[Block, int]]:
        """Frames of one format gathered to about a second, as clean float sound in `channels` channels."""
        held: list[NDArray[np.generic]] = []
        length, shape = 0, (0, 0, "")
        start = 0
        weights = mix_weights([])
        for frame, gap in self._frames():
            frame_shape = (frame.sample_rate, frame.layout.nb_channels, frame.format.name)
            if held and (gap or frame_shape != shape or length >= shape[0]):
                yield self._finished(held, start, shape[0], weights, channels), shape[0]
                held, length = [], 0
            if gap:
                yield from ((silence, frame.sample_rate) for silence in _silence(gap, frame.sample_rate, channels))
            if frame_shape != shape:
                shape = frame_shape
                weights = mix_weights([channel.name for channel in frame.layout.channels])
            if not held:
                start = self._clock.milliseconds - milliseconds_at(frame.samples, frame.sample_rate)
            held.append(frame_samples(frame))
            length += frame.samples
        if held:
            yield self._finished(held, start, shape[0], weights, channels), shape[0]

    def _finished(
        self, held: list[NDArray[np.generic]], start_ms: int, rate: int, weights: NDArray[np.float32], channels: int
    ) -> Block:
        block, bad = cleaned(as_float(np.concatenate(held, axis=1)))
        if bad.size:
            for run in np.split(bad, np.flatnonzero(np.diff(bad) > rate // 10) + 1):
                first, last = (start_ms + milliseconds_at(int(at), rate) for at in (run[0], run[-1] + 1))
                self._damage.add(first, last, DamageKind.NOT_A_NUMBER)
        return remixed(block, weights, channels)

    def _frames(self) -> Iterator[tuple[AudioFrame, int]]:
        """Decoded frames, each with the number of samples of silence that belong before it."""
        clock = self._clock
        for packet in self._packets():
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError):
                self._damage.add(clock.milliseconds, clock.milliseconds, DamageKind.UNDECODABLE)
                continue
            for frame in frames:
                if not isinstance(frame, AudioFrame) or frame.samples == 0:
                    continue
                before, first = clock.milliseconds, clock.samples == 0
                gap = clock.advance(frame)
                if gap and not first:
                    self._damage.add(before, before + milliseconds_at(gap, frame.sample_rate), DamageKind.MISSING)
                if clock.milliseconds > MAX_HOURS * 3_600_000:
                    raise UnsupportedSound(
                        path=self._source.path, what="the length", value=f"over {MAX_HOURS} h", limit=f"{MAX_HOURS} h"
                    )
                yield frame, gap
        if clock.samples == 0:
            raise NotAudio(path=self._source.path, reason="it holds no sound that can be decoded")
        promised = clock.promised_ms
        if promised is not None and promised - clock.milliseconds > max(SHORTFALL_MS, promised // 100):
            self._damage.add(clock.milliseconds, promised, DamageKind.CUT_SHORT)

    def _packets(self) -> Iterator[Packet]:
        """Packets of the stream; a read error is damage, and reading goes on after it as long as there is progress."""
        errors, stuck_at = 0, -1
        while True:
            try:
                for packet in self._source.container.demux(self._source.stream):
                    errors = 0
                    yield packet
                return
            except (av.error.FFmpegError, OSError) as error:
                if isinstance(error, OSError) and not isinstance(error, av.error.FFmpegError):
                    raise UnreadableFile(path=self._source.path, reason=error.strerror or str(error)) from error
                self._damage.add(self._clock.milliseconds, self._clock.milliseconds, DamageKind.UNDECODABLE)
                errors += 1
                if errors > MAX_ERRORS_IN_A_ROW or self._clock.samples == stuck_at:
                    return
                stuck_at = self._clock.samples


class _Clock:
    """Counts delivered samples, and compares them with the file's own time stamps to find gaps."""

    def __init__(self, source: Source) -> None:
        self.samples = 0
        """Delivered so far, in samples of the current rate; only zero means zero after a change of rate."""
        self._source = source
        self._rate = source.sample_rate
        self._done_ms = 0
        start = source.container.start_time
        self._origin = None if start is None else start / av.time_base

    @property
    def milliseconds(self) -> int:
        return self._done_ms + milliseconds_at(self.samples, self._rate)

    @property
    def promised_ms(self) -> int | None:
        """The length that the file gives for its stream, within reason; None when it gives none."""
        stream = self._source.stream
        if stream.duration is None or stream.time_base is None:
            return None
        promised = int(stream.duration * stream.time_base * 1000)
        return promised if 0 < promised <= MAX_HOURS * 3_600_000 else None

    def advance(self, frame: AudioFrame) -> int:
        """Count the frame; gives the samples of silence that belong before it, counted too."""
        if frame.sample_rate != self._rate:
            self._done_ms = self.milliseconds
            self.samples, self._rate = 0, frame.sample_rate
        gap = self._gap_before(frame)
        self.samples += gap + frame.samples
        return gap

    def _gap_before(self, frame: AudioFrame) -> int:
        if frame.pts is None or frame.time_base is None:
            return 0
        stamp = float(frame.pts * frame.time_base)
        here = self.milliseconds / 1000
        if self._origin is None:
            self._origin = stamp - here
        ahead = stamp - self._origin - here
        if GAP_MS / 1000 <= ahead <= LONGEST_GAP_MS / 1000:
            return round(ahead * self._rate)
        if abs(ahead) >= GAP_MS / 1000:
            self._origin = stamp - here
        return 0


def decode(path: Path, *, sample_rate: int, channels: int = 1) -> Iterator[Block]:
    """A file's sound in blocks of about a second; see `Decoder.blocks`. Use `Decoder` to learn of damage."""
    with Decoder(path) as decoder:
        yield from decoder.blocks(sample_rate=sample_rate, channels=channels)


def probe(path: Path) -> MediaFacts:
    """A file's facts, its duration measured by decoding all of it (about a second for an hour of MP3... see docs)."""
    with Decoder(path) as decoder:
        for _ in decoder.blocks(sample_rate=decoder.sample_rate):
            pass
        return decoder.facts()


def _if_any(block: Block) -> Iterator[Block]:
    if block.shape[1]:
        yield block


def _silence(samples: int, rate: int, channels: int) -> Iterator[Block]:
    for done in range(0, samples, rate):
        yield np.zeros((channels, min(rate, samples - done)), dtype=np.float32)
