"""Sound out of any file FFmpeg reads: streamed, measured, and honest about what was damaged.

Lengths that a container gives are claims; every duration here is counted in decoded samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet
from numpy.typing import NDArray

from onrecord.audio.blocks import Block, milliseconds_at
from onrecord.audio.clock import MAX_HOURS, Clock
from onrecord.audio.convert import Resampler, as_float, cleaned, frame_samples, mix_weights, remixed, silence
from onrecord.audio.damage import Damage, DamageKind, DamageList
from onrecord.audio.seek import PREROLL_S, alignment, frames_around, joinable
from onrecord.audio.source import MAX_CHANNELS, open_source
from onrecord.errors import NotAudio, UnsupportedSound

SHORTFALL_MS = 500
"""A file that ends at least this much, and 1 %, before the length it gives was cut short."""
MOST_TRIES = 100
"""Errors in a row, without a sample between them, after which a file is given up."""
MOST_PACKETS = 200_000
"""More than an hour of any usual coding; counting them takes a second."""


class _NotFound(Exception):
    """A place in the file could not be told to the sample."""


@dataclass(frozen=True)
class MediaFacts:
    """What a file is. `bit_rate` (bits a second) is its own word, if any.

    `duration_ms` is that of the decoded sound where it was `measured`, else about that.
    """

    duration_ms: int
    container: str
    codec: str
    sample_rate: int
    channels: int
    bit_rate: int | None
    has_video: bool
    streams: int
    measured: bool = True


@dataclass(frozen=True, slots=True)
class _Passed:
    """A packet that was counted, not decoded."""

    sample_rate: int
    samples: int
    time: float | None


class Decoder:
    """A file's sound as a stream of blocks of about a second. Close it, or use it in a `with` statement.

    `damage` and `duration_ms` speak of what was read so far; both are complete when `blocks` is exhausted.
    Opening raises the errors of `onrecord.audio.source.open_source`.
    """

    def __init__(self, path: Path) -> None:
        self._source = open_source(path)
        self._damage = DamageList()
        self._clock = Clock(self._source)
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

    @property
    def number_format(self) -> str:
        """What the decoder gives: u8, s16, s24, s32, s64, flt or dbl; those of 24 and 64 bits come in 32."""
        return self._source.number_format

    @property
    def layout(self) -> str:
        """FFmpeg's name of the channel layout."""
        return self._source.stream.codec_context.layout.name

    @property
    def lossless(self) -> bool:
        """Whether the coding keeps every sample as it was recorded (PCM, FLAC, ALAC, …)."""
        return self._source.lossless

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

    def look(self) -> MediaFacts:
        """The file's facts at a glance: its first sound is decoded, the rest counted by packets, MOST_PACKETS at most.

        Past those the duration is the one that the file gives. Raises NotAudio when nothing can be decoded, and
        UnsupportedSound past 48 hours.
        """
        if self._started:
            raise ValueError("a Decoder is read once")
        self._started = True
        frames = self._frames()
        next(frames)
        source, clock = self._source, self._clock
        rate, unit = source.sample_rate, source.stream.time_base
        for number, packet in enumerate(self._packets()):
            if number == MOST_PACKETS:
                duration_ms = clock.promised_ms or clock.milliseconds
                break
            if packet.duration and unit:
                time = None if packet.pts is None else float(packet.pts * unit)
                clock.advance(_Passed(rate, round(packet.duration * unit * rate), time))
            self._check_length()
        else:
            duration_ms = clock.milliseconds
        return replace(self.facts(), duration_ms=duration_ms, measured=False)

    def blocks(self, *, sample_rate: int, channels: int = 1, from_sample: int = 0) -> Iterator[Block]:
        """The sound from start to end, once, at `sample_rate` Hz in `channels` channels.

        With `from_sample`, counted at `sample_rate`, from there on: the same samples, to the bit, as that part of the
        whole (in a file without damage before it). PCM, FLAC, ALAC, MP3 and Vorbis are entered there where the
        container allows; in other formats the sound before is decoded too.

        One channel is a mix in which speech keeps its weight (ITU-R BS.775). More than one: as in the file
        when it has as many, else the mix repeated. Damaged stretches are in `damage`. Raises NotAudio when
        nothing at all can be decoded, UnsupportedSound for too many channels on the way or past 48 hours.
        """
        if self._started:
            raise ValueError("a Decoder gives its blocks once")
        self._started = True
        return self._converted(sample_rate, channels, from_sample)

    def samples(self) -> Iterator[NDArray[np.generic]]:
        """The sound from start to end, once, as the decoder gives it: every number as in the file.

        Blocks of about a second, shape (channels, samples), in the file's own rate, channels and number format
        (24-bit numbers in the upper bits of 32). Nothing is mixed, resampled or repaired; gaps are silence. Raises
        what `blocks` raises, and UnsupportedSound where rate, channels or number format change on the way.
        """
        if self._started:
            raise ValueError("a Decoder gives its blocks once")
        self._started = True
        return self._as_coded()

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def _converted(self, sample_rate: int, channels: int, from_sample: int) -> Iterator[Block]:
        start, surplus = alignment(from_sample, self.sample_rate, sample_rate) if from_sample else (0, 0)
        sound = self._gathered(self._frames(), channels)
        if start and joinable(self._source):
            sound, start = self._joined(start, channels)
        rate = self.sample_rate
        resampler: Resampler | None = None
        for whole, rate in sound:
            block, start = whole[:, start:], max(0, start - whole.shape[1])
            if resampler is None or rate != resampler.source_rate:
                if resampler is not None:
                    yield from _if_any(resampler.flush())
                resampler = Resampler(rate, sample_rate, channels)
            resampled = resampler.push(block)
            yield from _if_any(resampled[:, surplus:])
            surplus = max(0, surplus - resampled.shape[1])
        if resampler is not None:
            yield from _if_any(resampler.flush()[:, surplus:])

    def _joined(self, start: int, channels: int) -> tuple[Iterator[tuple[Block, int]], int]:
        """The sound from near a source sample on, and how many samples before that one it has."""
        first, gap = next(self._frames())
        rate, began = first.sample_rate, first.time
        if began is not None and start >= gap + 2 * PREROLL_S * rate:
            try:
                for frames, packets in frames_around(self._source, began + (start - gap) / rate):
                    for number, frame in enumerate(frames):
                        here = gap + round((frame.time - began) * rate) if frame.time is not None else start + 1
                        if here > start or frame.sample_rate != rate:
                            raise _NotFound
                        if here + frame.samples > start:
                            self._clock.join(here)
                            rest = self._timed(frames[number:])
                            return self._gathered(chain(rest, self._frames(packets)), channels), start - here
            except (_NotFound, av.error.FFmpegError, IndexError):
                pass
        path = self._source.path
        self._source.close()
        self._source = open_source(path)
        self._clock, self._damage = Clock(self._source), DamageList()
        return self._gathered(self._frames(), channels), start

    def _as_coded(self) -> Iterator[NDArray[np.generic]]:
        held: list[NDArray[np.generic]] = []
        length, shape = 0, None
        for frame, gap in self._frames():
            numbers = frame_samples(frame)
            frame_shape = (frame.sample_rate, numbers.shape[0], numbers.dtype)
            if shape is None:
                shape = frame_shape
            elif shape != frame_shape:
                raise UnsupportedSound(path=self._source.path, what="the number of sample formats", value=2, limit=1)
            if gap and held:
                yield np.concatenate(held, axis=1)
                held, length = [], 0
            for first in range(0, gap, frame.sample_rate):
                yield silence(numbers.dtype, numbers.shape[0], min(frame.sample_rate, gap - first))
            held.append(numbers)
            length += frame.samples
            if length >= frame.sample_rate:
                yield np.concatenate(held, axis=1)
                held, length = [], 0
        if held:
            yield np.concatenate(held, axis=1)

    def _gathered(self, frames: Iterable[tuple[AudioFrame, int]], channels: int) -> Iterator[tuple[Block, int]]:
        """Frames of one format gathered to about a second, as clean float sound in `channels` channels."""
        held: list[NDArray[np.generic]] = []
        length, start_ms, shape = 0, 0, (0, 0, "")
        weights = mix_weights([])
        for frame, gap in frames:
            frame_shape = (frame.sample_rate, frame.layout.nb_channels, frame.format.name)
            if held and (gap or frame_shape != shape or length >= shape[0]):
                yield remixed(self._clean(held, start_ms, shape[0]), weights, channels), shape[0]
                held, length = [], 0
            for quiet in _silence(gap, frame.sample_rate, channels):
                yield quiet, frame.sample_rate
            if frame_shape != shape:
                shape = frame_shape
                weights = mix_weights([channel.name for channel in frame.layout.channels])
            if not held:
                start_ms = self._clock.milliseconds - milliseconds_at(frame.samples, frame.sample_rate)
            held.append(frame_samples(frame))
            length += frame.samples
        if held:
            yield remixed(self._clean(held, start_ms, shape[0]), weights, channels), shape[0]

    def _clean(self, held: list[NDArray[np.generic]], start_ms: int, rate: int) -> Block:
        block, bad = cleaned(as_float(np.concatenate(held, axis=1)))
        if bad.size:
            for run in np.split(bad, np.flatnonzero(np.diff(bad) > rate // 10) + 1):
                first, last = (start_ms + milliseconds_at(int(at), rate) for at in (run[0], run[-1] + 1))
                self._damage.add(first, last, DamageKind.NOT_A_NUMBER)
        return block

    def _frames(self, packets: Iterable[Packet[AudioStream]] | None = None) -> Iterator[tuple[AudioFrame, int]]:
        """Decoded frames, each with the number of samples of silence that belong before it."""
        clock, path = self._clock, self._source.path
        for packet in self._packets() if packets is None else packets:
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError):
                self._damage.add(clock.milliseconds, clock.milliseconds, DamageKind.UNDECODABLE)
                continue
            yield from self._timed(frames)
        if not clock.started:
            raise NotAudio(path=path, reason="it holds no sound that can be decoded")
        promised = clock.promised_ms
        if promised is not None and promised - clock.milliseconds > max(SHORTFALL_MS, promised // 100):
            self._damage.add(clock.milliseconds, promised, DamageKind.CUT_SHORT)

    def _timed(self, frames: Iterable[object]) -> Iterator[tuple[AudioFrame, int]]:
        clock, path = self._clock, self._source.path
        for frame in frames:
            if not isinstance(frame, AudioFrame) or frame.samples == 0:
                continue
            count = frame.layout.nb_channels
            if count > MAX_CHANNELS:
                raise UnsupportedSound(path=path, what="the number of channels", value=count, limit=MAX_CHANNELS)
            before, first = clock.milliseconds, not clock.started
            gap = clock.advance(frame)
            if gap and not first:
                self._damage.add(before, before + milliseconds_at(gap, frame.sample_rate), DamageKind.MISSING)
            self._check_length()
            yield frame, gap

    def _check_length(self) -> None:
        if self._clock.milliseconds > MAX_HOURS * 3_600_000:
            limit = f"{MAX_HOURS} hours"
            raise UnsupportedSound(path=self._source.path, what="the length", value="more", limit=limit)

    def _packets(self) -> Iterator[Packet[AudioStream]]:
        """Packets of the stream; an error is damage, and reading goes on after it while there is progress."""
        last, tries = -1, 0
        while tries < MOST_TRIES:
            try:
                yield from self._source.container.demux(self._source.stream)
                return
            # An index error is a packet of a stream that appeared only after the file was opened.
            except (av.error.FFmpegError, IndexError):
                here = self._clock.milliseconds
                self._damage.add(here, here, DamageKind.UNDECODABLE)
                last, tries = here, tries + 1 if here == last else 0


def decode(path: Path, *, sample_rate: int, channels: int = 1, from_sample: int = 0) -> Iterator[Block]:
    """A file's sound in blocks of about a second; see `Decoder.blocks`. Use `Decoder` to learn of damage."""
    with Decoder(path) as decoder:
        yield from decoder.blocks(sample_rate=sample_rate, channels=channels, from_sample=from_sample)


def probe(path: Path) -> MediaFacts:
    """A file's facts, its duration measured by decoding all of it (about 9 s for an hour of MP3)."""
    with Decoder(path) as decoder:
        for _ in decoder.blocks(sample_rate=decoder.sample_rate):
            pass
        return decoder.facts()


def look(path: Path) -> MediaFacts:
    """A file's facts at a glance, its duration not measured; see `Decoder.look` (a second at most)."""
    with Decoder(path) as decoder:
        return decoder.look()


def _if_any(block: Block) -> Iterator[Block]:
    if block.shape[1]:
        yield block


def _silence(samples: int, rate: int, channels: int) -> Iterator[Block]:
    for done in range(0, samples, rate):
        yield np.zeros((channels, min(rate, samples - done)), dtype=np.float32)
