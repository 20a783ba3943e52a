"""Masks, decoding and web copies: how many times faster than the sound itself, and what of a masked word is left.

Run: python benchmarks/bleep.py [FILE] [--minutes 20]

Times are computing time of one core (children included), so that a busy machine does not change them much. The ffmpeg
command, where it is installed, does the usual recipe beside us: volume 0 between two times. Decoding and writing the
same file with nothing in between (PyAV alone) is the limit. "Left" is the correlation of what is in a masked span with
the word that was there, 0 for none; "changed elsewhere" counts samples that differ outside the masks.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import av
import numpy as np

from onrecord.audio import probe, web_copy
from onrecord.audio.blocks import Span
from onrecord.audio.decode import Decoder, decode, look
from onrecord.audio.encode import web_rate
from onrecord.audio.masked_copy import masked_copy
from onrecord.audio.writer import Coding, SoundWriter

RATE = 44_100
SPANS_A_MINUTE = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="sound to use; without it, noise with a rhythm of speech")
    parser.add_argument("--minutes", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = make_sources(folder, given.file, given.minutes)
        seconds = probe(sources[0]).duration_ms / 1000
        spans = [Span(at, at + 700) for at in range(5_000, int(seconds * 1000) - 2_000, 60_000 // SPANS_A_MINUTE)]
        print(f"{seconds / 60:.0f} min, mono, 44.1 kHz, {len(spans)} masks; times real time, one core\n")
        for source in sources:
            masks(folder, source, spans, seconds)
        reading(folder, sources, spans, seconds)


def masks(folder: Path, source: Path, spans: list[Span], seconds: float) -> None:
    out = folder / f"out{source.suffix}"
    limit = speed(lambda: copied(source, out), seconds) if source.suffix != ".mp3" else None
    rows: list[tuple[str, float | None, str]] = [
        ("onrecord bleep", speed(lambda: masked_copy(source, out, spans), seconds), left(source, out, spans))
    ]
    if shutil.which("ffmpeg"):
        out.unlink()
        command = ffmpeg_command(source, out, spans)
        rate = speed(lambda: subprocess.run(command, check=True, capture_output=True), seconds)
        rows.append(("ffmpeg volume=0", rate, left(source, out, spans)))
    else:
        rows.append(("ffmpeg: not installed", None, ""))
    print(f"{source.name}" + (f", limit (PyAV alone) {limit:,.0f} x" if limit else ""))
    for label, rate, rest in rows:
        print(f"  {label:24}" + (f"{rate:>8,.0f} x   {rest}" if rate else ""))
    print()


def reading(folder: Path, sources: list[Path], spans: list[Span], seconds: float) -> None:
    print(f"{'':18}{'decode':>10}{'look':>10}{'last second':>13}{'web copy':>10}{'with masks':>12}")
    last, web, widths = (int(seconds) - 1) * RATE, folder / "web.mp3", (10, 10, 13, 10, 12)
    for source in sources:
        jobs: list[Callable[[Path], object]] = [
            probe,
            look,
            lambda path: list(decode(path, sample_rate=RATE, from_sample=last)),
            lambda path: web_copy(path, web),
            lambda path: web_copy(path, web, masks=spans),
        ]
        figures = [f"{speed(partial(job, source), seconds):,.0f} x" for job in jobs]
        print(
            f"{source.name:18}" + "".join(f"{text:>{w}}" for text, w in zip(figures, widths, strict=True)), flush=True
        )
    rate = web_rate(8_000)
    print(f"\nweb copies are MP3; from 8 and 16 kHz at {rate} Hz, 64 kbit/s, else 96. Most memory: ", end="")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def make_sources(folder: Path, file: Path | None, minutes: int) -> list[Path]:
    """The same sound as WAV (16 and 24 bits), FLAC and MP3."""
    length = minutes * 60 * RATE
    if file is None:
        rng = np.random.default_rng(1)
        rhythm = np.clip(np.sin(np.arange(RATE * 60) / RATE * 2 * np.pi * 3.1), 0, None)
        minute = (0.1 * rng.standard_normal(RATE * 60) * rhythm).astype(np.float32)
    else:
        minute = np.concatenate([block[0] for block in decode(file, sample_rate=RATE)])
    codings = [
        ("a.wav", Coding("wav", "pcm_s16le", "s16")),
        ("b.wav", Coding("wav", "pcm_s24le", "s32")),
        ("c.flac", Coding("flac", "flac", "s16")),
        ("d.mp3", Coding("mp3", "libmp3lame", "fltp", 128_000, {"compression_level": "7"})),
    ]
    for name, coding in codings:
        with SoundWriter(folder / name, coding, sample_rate=RATE, layout="mono") as writer:
            for first in range(0, length, minute.size):
                part = minute[np.newaxis, : length - first]
                kinds = {"s16": (np.int16, 2**15 - 1), "s32": (np.int32, 2**31 - 256), "fltp": (np.float32, 1)}
                dtype, full = kinds[coding.number_format]
                writer.write((np.clip(part, -1, 1).astype(np.float64) * full).astype(dtype))
    return [folder / name for name, _ in codings]


def copied(source: Path, out: Path) -> None:
    """Decoding and writing with nothing in between."""
    codec = {"a.wav": "pcm_s16le", "b.wav": "pcm_s24le", "c.flac": "flac"}[source.name]
    with av.open(str(source)) as reading_from, av.open(str(out), "w") as writing:
        stream = writing.add_stream(codec, rate=RATE)
        stream.layout = "mono"
        for frame in reading_from.decode(audio=0):
            for packet in stream.encode(frame):
                writing.mux(packet)
        for packet in stream.encode(None):
            writing.mux(packet)


def left(source: Path, out: Path, spans: list[Span]) -> str:
    """What is left of the masked words, and what else was changed."""
    with Decoder(source) as one, Decoder(out) as other:
        before = np.concatenate(list(one.blocks(sample_rate=RATE)), axis=1)[0]
        after = np.concatenate(list(other.blocks(sample_rate=RATE)), axis=1)[0]
    size = min(before.size, after.size)
    worst, touched = 0.0, np.zeros(size, dtype=bool)
    for span in spans:
        word = slice(span.start_ms * RATE // 1000, span.end_ms * RATE // 1000)
        one, other = before[word].astype(np.float64), after[word].astype(np.float64)
        scale = np.sqrt((one**2).sum() * (other**2).sum())
        worst = max(worst, abs(float((one * other).sum() / scale)) if scale else 0.0)
        touched[max(0, word.start - RATE // 10) : word.stop + RATE // 10] = True
    changed = int((before[:size] != after[:size])[~touched].sum())
    return f"left {worst:.3f}, samples changed elsewhere {changed:,}, length {after.size - before.size:+}"


def ffmpeg_command(source: Path, out: Path, spans: list[Span]) -> list[str]:
    chosen = "+".join(f"between(t,{span.start_ms / 1000},{span.end_ms / 1000})" for span in spans)
    coding = ["-c:a", "pcm_s24le"] if source.name == "b.wav" else []
    gone = f"volume=0:enable='{chosen}'"
    return ["ffmpeg", "-y", "-i", str(source), "-af", gone, "-map_metadata", "-1", *coding, str(out)]


def speed(job: Callable[[], object], seconds: float) -> float:
    """Seconds of sound a second of computing, this process and its children; the better of two runs."""
    best = 0.0
    for _ in range(2):
        before = used()
        job()
        best = max(best, seconds / max(used() - before, 1e-9))
    return best


def used() -> float:
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    sys.exit(main())
