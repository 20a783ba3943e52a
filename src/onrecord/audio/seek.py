"""Begin to decode in the middle of a file, at an exact sample.

A container's own search finds a packet near a time; where its sound lies is then told by its time stamp. That is exact
only where time stamps count samples, and the sound is the same to the bit only where a codec forgets what came before.
Whatever does not qualify is decoded from its beginning, which is slower and always right.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet

from onrecord.audio.source import Source

PREROLL_S = 1
"""Decoded before the wanted sample and thrown away: an MP3 frame may need twenty frames before it."""
FORGETTING = {"flac", "alac", "mp3", "mp3float", "mp2", "vorbis", "pcm_alaw", "pcm_mulaw"}
"""Codecs (beside plain numbers) whose sound is the same to the bit wherever decoding began, after the preroll."""
SEARCHABLE = {"wav", "w64", "aiff", "au", "flac", "mov", "mp4", "m4a", "3gp"}
"""Containers that find a packet by time exactly; in others the packets before are read and passed over."""
FILTER_SAMPLES = 64
"""More than the resampler's filter reaches on either side, at the lower of its rates."""


def alignment(sample: int, source_rate: int, target_rate: int) -> tuple[int, int]:
    """Where to begin for output from `sample` on at `target_rate`: source sample, and output samples to leave out.

    The resampler, started there, computes the same output samples as one that was started at the beginning.
    """
    step = source_rate // math.gcd(source_rate, target_rate)
    before = sample * source_rate // target_rate - FILTER_SAMPLES * max(1, -(-source_rate // target_rate))
    start = max(0, before // step * step) if source_rate != target_rate else sample
    return start, sample - start * target_rate // source_rate


def joinable(source: Source) -> bool:
    """Whether decoding may begin in the middle of this file and give the same."""
    unit = source.stream.time_base
    if unit is None or Fraction(1, source.sample_rate) % unit:
        return False
    name = source.codec_name
    return name in FORGETTING or (name.startswith("pcm_") and source.lossless)


def frames_around(source: Source, seconds: float) -> Iterator[tuple[list[AudioFrame], Iterator[Packet[AudioStream]]]]:
    """From shortly before a time of the file's clock: the frames of each packet, with the packets that follow."""
    after = seconds - PREROLL_S
    unit = source.stream.time_base or Fraction(1)
    if set(source.container.format.name.split(",")) & SEARCHABLE:
        source.container.seek(int(after / unit), stream=source.stream)
    source.stream.codec_context.flush_buffers()
    packets = source.container.demux(source.stream)
    for packet in packets:
        if packet.pts is not None and packet.duration and float((packet.pts + packet.duration) * unit) <= after:
            continue
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):  # what the preroll is for
            continue
        yield [frame for frame in frames if isinstance(frame, AudioFrame) and frame.samples], packets
