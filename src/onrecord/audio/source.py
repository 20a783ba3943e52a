"""Open a file of unknown origin for reading its sound, within bounds.

A published file may be anything: text with an audio name, a playlist that points at other files, a container
that claims a thousand streams. What is opened here is a local file in a container that holds its own sound;
the rest ends in an error that says what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from onrecord.errors import EmptyFile, NoAudioStream, NotAudio, UnreadableFile, UnsupportedSound

MAX_STREAMS = 64
MAX_CHANNELS = 32
MIN_RATE = 1_000
MAX_RATE = 768_000

# Containers with their sound inside. Left out on purpose: hls, dash, concat, image2, lavfi, sdp and whatever
# else opens a second file or address (FFmpeg's own list of demuxers has several hundred).
CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,asf_o,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,gsm,iff,latm,loas,"
    "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp2,mp3,mpc,mpc8,mpeg,mpegts,mxf,nut,ogg,oma,qcp,rm,shn,sox,spdif,"
    "tak,truehd,tta,voc,w64,wav,wtv,wv,xwma"
)
LOSSLESS_CODECS = {"flac", "alac", "ape", "dst", "shorten", "tak", "truehd", "mlp", "tta", "wavpack"}
# No other file, no address: not by the container's name, not by a playlist or a reference inside.
OPEN_OPTIONS = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}


@dataclass(frozen=True)
class Source:
    """An open file and its one stream of sound. Whoever opened it closes it."""

    path: Path
    container: InputContainer
    stream: AudioStream
    has_video: bool

    @property
    def sample_rate(self) -> int:
        return self.stream.codec_context.sample_rate

    @property
    def channels(self) -> int:
        return self.stream.codec_context.channels

    @property
    def format_name(self) -> str:
        """The container's short name: of several, the one that the file's name ends in, else the first."""
        names = self.container.format.name.split(",")
        suffix = self.path.suffix.lower().lstrip(".")
        return suffix if suffix in names else names[0]

    @property
    def codec_name(self) -> str:
        return self.stream.codec_context.codec.canonical_name

    @property
    def lossless(self) -> bool:
        name = self.codec_name
        return (name.startswith("pcm_") and name not in ("pcm_alaw", "pcm_mulaw")) or name in LOSSLESS_CODECS

    @property
    def number_format(self) -> str:
        """The decoder's numbers: u8, s16, s24 (in the upper bits of 32), s32, s64 (given in 32), flt or dbl."""
        context = self.stream.codec_context
        name = context.format.packed.name
        if name != "s32":
            return name
        header = context.extradata or b""
        if self.codec_name == "flac" and len(header) >= 34:  # STREAMINFO, RFC 9639, 8.2
            bits = ((header[12] & 1) << 4 | header[13] >> 4) + 1
        elif self.codec_name == "alac" and len(header) >= 36:
            bits = header[17]
        else:
            bits = 24 if "24" in self.codec_name else 32
        return "s24" if bits <= 24 else "s32"

    @property
    def missing_bytes(self) -> int:
        """What a WAV file lacks of the length in its header, which FFmpeg overlooks; 0 for others."""
        with self.path.open("rb") as file:
            head = file.read(12)
            size = file.seek(0, 2)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return 0
        stated = int.from_bytes(head[4:8], "little")
        return 0 if stated in (0, 0xFFFFFFFF) else max(0, stated + 8 - size)

    def close(self) -> None:
        self.container.close()


def open_source(path: Path) -> Source:
    """The file's best stream of sound, ready to decode.

    Raises EmptyFile, NotAudio, NoAudioStream, UnreadableFile or UnsupportedSound (too many streams or
    channels, a sample rate out of bounds).
    """
    head = _first_bytes(path)
    try:
        container = av.open(f"file:{path}", options=OPEN_OPTIONS, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError, OSError) as error:
        # The words of FFmpeg's own message ("Invalid data found") tell an editor nothing; the cause is in the
        # bytes.
        if head[4:8] == b"ftyp":
            raise UnreadableFile(path=path, reason="the file is incomplete, its index is missing") from error
        raise NotAudio(path=path, reason="no audio or video format was recognised") from error
    try:
        return _checked(path, container)
    except BaseException:
        container.close()
        raise


def _first_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise UnreadableFile(path=path, reason="it is not a file")
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise UnreadableFile(path=path, reason=error.strerror or "it could not be opened") from error
    if not head:
        raise EmptyFile(path=path)
    return head


def _checked(path: Path, container: InputContainer) -> Source:
    streams = container.streams
    _within(path, "the number of streams", len(streams), 1, MAX_STREAMS)
    has_video = any(not stream.disposition & Disposition.attached_pic for stream in streams.video)
    if not streams.audio:
        kinds = sorted({stream.type for stream in streams})
        raise NoAudioStream(path=path, found="only " + " and ".join(kinds))
    stream = streams.best("audio")
    if not isinstance(stream, AudioStream):
        raise NotAudio(path=path, reason="it holds no sound that can be decoded")
    # A stream in a codec that this FFmpeg has no decoder for comes without a context, whatever the types say.
    if getattr(stream, "codec_context", None) is None:
        raise NotAudio(path=path, reason="the codec of its sound is not known")
    source = Source(path=path, container=container, stream=stream, has_video=has_video)
    if source.sample_rate == 0 or source.channels == 0:
        raise NotAudio(path=path, reason="it holds no sound that can be decoded")
    _within(path, "the sample rate", source.sample_rate, MIN_RATE, MAX_RATE)
    _within(path, "the number of channels", source.channels, 1, MAX_CHANNELS)
    return source


def _within(path: Path, what: str, value: int, least: int, most: int) -> None:
    if value < least:
        raise UnsupportedSound(path=path, what=what, value=value, limit=least)
    if value > most:
        raise UnsupportedSound(path=path, what=what, value=value, limit=most)
