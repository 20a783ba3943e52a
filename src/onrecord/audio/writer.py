"""A sound file written whole or not at all, without a word about where it comes from."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from numpy.typing import NDArray

from onrecord.errors import EncodeFailed

_DEPTHS = {"u8": np.uint8, "s16": np.int16, "s32": np.int32, "flt": np.float32, "dbl": np.float64}


@dataclass(frozen=True)
class Coding:
    """How a file is coded: container, codec, and the number format (FFmpeg's name) that its encoder takes.

    `bit_rate` 0 leaves it to the codec; `largest` is what the container can hold, in bytes.
    """

    container: str
    codec: str
    number_format: str
    bit_rate: int = 0
    options: dict[str, str] = field(default_factory=dict)
    container_options: dict[str, str] = field(default_factory=dict)
    largest: int | None = None


class SoundWriter:
    """Writes blocks of numbers to `path`. The file appears when `finish` returns, and not at all after an error.

    Use it in a `with` statement: leaving it normally finishes, leaving it by an exception discards. `layout` is
    FFmpeg's name of a channel layout. Nothing but sound is written: no tags, no encoder names, no time of making, so
    that the same sound gives the same bytes. Raises EncodeFailed when the disk is full, the folder is not writable,
    or the format cannot hold such sound.
    """

    def __init__(self, path: Path, coding: Coding, *, sample_rate: int, layout: str) -> None:
        self._path = path
        self._coding = coding
        self._layout = layout
        self._sample_rate = sample_rate
        self._samples = 0
        self._temporary = path.with_name(f"{temporary_prefix(path)}{os.getpid()}-{threading.get_ident()}.part")
        self._file = self._opened()
        try:
            options = {"fflags": "+bitexact", **coding.container_options}
            self._container: OutputContainer = av.open(self._file, "w", format=coding.container, options=options)
            self._stream = self._added_stream()
        except (OSError, ValueError, av.error.FFmpegError) as error:
            self._file.close()
            self._temporary.unlink(missing_ok=True)
            raise EncodeFailed(path=path, reason=_reason(error)) from error

    def write(self, block: NDArray[np.generic]) -> None:
        """Append a block of shape (channels, samples) in the coding's number format."""
        if block.shape[1] == 0:
            return
        name = self._coding.number_format
        if block.dtype != _DEPTHS[name.removesuffix("p")]:
            raise ValueError(f"{block.dtype} numbers given where {name} is written")
        array = block if name.endswith("p") else block.T.reshape(1, -1)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(array), format=name, layout=self._layout)
        frame.sample_rate = self._sample_rate
        frame.pts = self._samples
        self._samples += block.shape[1]
        self._encode(frame)

    def finish(self) -> None:
        """Complete the file, make it durable and give it its name."""
        if self._samples == 0:
            self.discard()
            raise EncodeFailed(path=self._path, reason="there was no sound to write")
        self._encode(None)
        try:
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
        if self._coding.largest is not None and self._file.tell() > self._coding.largest:
            self.discard()
            raise EncodeFailed(path=self._path, reason=f"it is too long for {self._coding.container.upper()}")

    def _added_stream(self) -> AudioStream:
        coding = self._coding
        options: dict[str, Any] = {**coding.options, "flags": "+bitexact"}
        stream = self._container.add_stream(coding.codec, rate=self._sample_rate, options=options)
        assert isinstance(stream, AudioStream)
        if coding.bit_rate:
            stream.bit_rate = coding.bit_rate
        stream.layout = self._layout
        stream.format = coding.number_format
        return stream

    def _opened(self) -> BinaryIO:
        try:
            return self._temporary.open("wb")
        except OSError as error:
            raise EncodeFailed(path=self._path, reason=_reason(error)) from error


def temporary_prefix(path: Path) -> str:
    """How the names of half-written files of `path` begin; they end in `.part`."""
    return f".{path.name}."


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
