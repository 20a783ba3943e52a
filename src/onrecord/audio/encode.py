"""The web copy's format: MP3, constant bit rate, written whole or not at all.

Why MP3: it is the one lossy format that every browser plays, Chromium built without proprietary codecs
included (AAC is not in those). Why constant bit rate at 44.1 or 48 kHz: a player that follows a link to a
moment (`#t=754.2`) asks the server for bytes at a place that it computes from the time. With constant bit
rate the place is right to one frame (24–26 ms); a variable one has a table of 100 entries for the whole file,
half a minute off in an hour. MPEG-1 rates are those that all decoders seek in correctly; the half rates
(MPEG-2) are not. An Info header carries encoder delay and padding, so that sample 0 of the sound is sample 0
in the player.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer

from onrecord.audio.blocks import Block
from onrecord.errors import EncodeFailed

WEB_RATES = (44_100, 48_000)
BIT_RATE = 96_000
"""Bits a second for one channel: transparent for speech at these rates, 43 MB an hour."""

# No ID3 block, no encoder names: the same sound gives the same bytes, and nothing of the source is told.
_MUXER_OPTIONS = {"id3v2_version": "0", "write_id3v1": "0", "write_xing": "1", "fflags": "+bitexact"}
# LAME's quality scale, 0 slow to 9 fast; 7 costs half of the default's time and is not told apart on speech.
_ENCODER_OPTIONS = {"compression_level": "7", "flags": "+bitexact"}


def web_rate(source_rate: int) -> int:
    """The rate to encode at: the one of the two web rates that the source's rate divides into more simply."""
    return 44_100 if source_rate % 11_025 == 0 else 48_000


class Mp3Writer:
    """Writes blocks to `path` as MP3. The file appears when `finish` returns, and not at all after an error.

    Use it in a `with` statement: leaving it normally finishes, leaving it by an exception discards. Samples
    beyond full scale are clipped. Raises EncodeFailed when the disk is full or the folder is not writable.
    """

    def __init__(self, path: Path, *, sample_rate: int, channels: int = 1, bit_rate: int = BIT_RATE) -> None:
        if sample_rate not in WEB_RATES or channels not in (1, 2):
            raise ValueError(f"MP3 copies have {WEB_RATES} Hz and 1 or 2 channels, not {sample_rate} Hz and {channels}")
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        self._layout = "mono" if channels == 1 else "stereo"
        self._sample_rate = sample_rate
        self._samples = 0
        self._file = self._opened()
        self._container: OutputContainer = av.open(self._file, "w", format="mp3", options=_MUXER_OPTIONS)
        stream = self._container.add_stream("libmp3lame", rate=sample_rate, options=_ENCODER_OPTIONS)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = bit_rate
        stream.layout = self._layout
        stream.format = "fltp"
        self._stream = stream

    def write(self, block: Block) -> None:
        """Append a block of shape (channels, samples)."""
        if block.shape[1] == 0:
            return
        clipped = np.ascontiguousarray(np.clip(block, -1.0, 1.0), dtype=np.float32)
        frame = AudioFrame.from_ndarray(clipped, format="fltp", layout=self._layout)
        frame.sample_rate = self._sample_rate
        frame.pts = self._samples
        self._samples += block.shape[1]
        self._encode(frame)

    def finish(self) -> None:
        """Complete the file, make it durable and give it its name."""
        if self._samples == 0:
            self.discard()
            raise EncodeFailed(path=self._path, reason="there was no sound to write")
        try:
            self._encode(None)
            self._container.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            os.replace(self._temporary, self._path)
            _sync_folder(self._path.parent)
        except (OSError, av.error.FFmpegError) as error:
            self.discard()
            raise EncodeFailed(path=self._path, reason=_reason(error)) from error

    def discard(self) -> None:
        """Drop what was written; may be called at any time, twice too."""
        try:
            # The reason for discarding may be met again while the muxer empties its buffer.
            with suppress(OSError, av.error.FFmpegError):
                self._container.close()
        finally:
            with suppress(OSError):
                self._file.close()
            self._temporary.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None:
            self.finish()
        else:
            self.discard()

    def _encode(self, frame: AudioFrame | None) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except (OSError, av.error.FFmpegError) as error:
            self.discard()
            raise EncodeFailed(path=self._path, reason=_reason(error)) from error

    def _opened(self) -> BinaryIO:
        try:
            return self._temporary.open("wb")
        except OSError as error:
            raise EncodeFailed(path=self._path, reason=_reason(error)) from error


def write_mp3(
    blocks: Iterable[Block], path: Path, *, sample_rate: int, channels: int = 1, bit_rate: int = BIT_RATE
) -> None:
    """Write a stream of blocks as an MP3 file, whole or not at all; see Mp3Writer."""
    with Mp3Writer(path, sample_rate=sample_rate, channels=channels, bit_rate=bit_rate) as writer:
        for block in blocks:
            writer.write(block)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
