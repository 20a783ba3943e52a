"""Damaged and hostile files by the thousand, decoded in a child that may crash.

Longer than in the tests: python -m tests.unit.audio.fuzzing --cases 20000 --seed 5
A case that fails is named as `format/seed/number`; `--only mp3/5/1234 --keep FILE` writes it.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from onrecord.audio.blocks import Span
from onrecord.audio.decode import Decoder, decode, look
from onrecord.audio.masked_copy import masked_copy
from onrecord.errors import AudioError
from tests.unit.audio.sounds import voice_like, write_media

SECONDS_A_CASE = 20
"""More than any of these small files may take on a busy machine."""

FORMATS: dict[str, dict[str, object]] = {
    "wav": {"codec": "pcm_s16le"},
    "float.wav": {"codec": "pcm_f32le", "channels": 2},
    "eight.wav": {"codec": "pcm_s24le", "channels": 8},
    "aiff": {"codec": "pcm_s16be"},
    "au": {"codec": "pcm_s16be"},
    "flac": {"codec": "flac"},
    "mp3": {"codec": "libmp3lame", "metadata": {"title": "t" * 50}},
    "m4a": {"codec": "aac"},
    "front.m4a": {"codec": "aac", "options": {"movflags": "faststart"}, "channels": 8},
    "mp4": {"codec": "aac", "video": True},
    "fragments.mp4": {"codec": "aac", "options": {"movflags": "frag_keyframe+empty_moov"}},
    "opus.ogg": {"codec": "libopus", "rate": 48_000},
    "vorbis.ogg": {"codec": "vorbis", "channels": 2, "encoder_options": {"strict": "experimental"}},
    "mka": {"codec": "libopus", "rate": 48_000},
    "webm": {"codec": "libopus", "rate": 48_000},
    "film.mkv": {"codec": "flac", "video": True},
    "ts": {"codec": "mp2"},
    "mpg": {"codec": "mp2", "video": True},
    "avi": {"codec": "libmp3lame", "video": True},
    "flv": {"codec": "libmp3lame", "rate": 44_100},
    "wma": {"codec": "wmav2", "rate": 44_100, "bit_rate": 128_000},
    "ac3": {"codec": "ac3", "rate": 48_000},
    "caf": {"codec": "alac"},
    "wv": {"codec": "wavpack"},
    "tta": {"codec": "tta"},
    "gsm.wav": {"codec": "adpcm_ms"},
    "aac": {"codec": "aac"},
}


def good_files(folder: Path) -> dict[str, bytes]:
    """One second of sound in every format that this FFmpeg writes."""
    made = {}
    for name, given in FORMATS.items():
        values = dict(given)
        rate, channels = int(values.pop("rate", 16_000)), int(values.pop("channels", 1))  # type: ignore[call-overload]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                path = write_media(folder / f"good.{name}", voice_like(1, rate, channels=channels), rate, **values)  # type: ignore[arg-type]
            except (ValueError, OSError):  # an encoder that this build lacks
                continue
        made[name] = path.read_bytes()
    return made


def damaged(good: bytes, dice: random.Random) -> bytes:
    """The file with one to three kinds of damage."""
    data = bytearray(good)
    for _ in range(dice.randint(1, 3)):
        if not data:
            break
        dice.choice(KINDS)(data, dice)
    return bytes(data)


def flip_bits(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 5, 30))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def flip_head(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 2, 4))):
        data[dice.randrange(min(len(data), 600))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def lose_middle(data: bytearray, dice: random.Random) -> None:
    first = dice.randrange(len(data))
    del data[first : first + dice.randrange(1, 3_000)]


def repeat(data: bytearray, dice: random.Random) -> None:
    first = dice.randrange(len(data))
    part = data[first : first + dice.randrange(1, 5_000)]
    at = dice.randrange(len(data))
    data[at:at] = part * dice.choice((1, 2, 20))


def shuffle(data: bytearray, dice: random.Random) -> None:
    size = dice.choice((16, 188, 512, 2_000))
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    first, second = dice.randrange(len(parts)), dice.randrange(len(parts))
    parts[first], parts[second] = parts[second], parts[first]
    data[:] = b"".join(parts)


def lie_about_length(data: bytearray, dice: random.Random) -> None:
    """A 16- or 32-bit number that looks like a length becomes absurd."""
    width = dice.choice((2, 4, 4, 8))
    at = dice.randrange(max(1, min(len(data), dice.choice((64, 1_000, len(data)))) - width))
    value = dice.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, len(data), len(data) * 2))
    order = dice.choice(("big", "little"))
    data[at : at + width] = (value & (1 << 8 * width) - 1).to_bytes(width, order)  # type: ignore[arg-type]


def fill(data: bytearray, dice: random.Random) -> None:
    first = dice.randrange(len(data))
    last = min(len(data), first + dice.randrange(1, 2_000))
    data[first:last] = bytes([dice.choice((0, 0xFF, 0xAA))]) * (last - first)


KINDS = [flip_bits, flip_head, cut, lose_middle, repeat, shuffle, lie_about_length, lie_about_length, fill]


def case(files: dict[str, bytes], seed: int, number: int) -> tuple[str, bytes]:
    """The name and bytes of one case; the same for the same numbers."""
    dice = random.Random(f"{seed}/{number}")
    name = dice.choice(sorted(files))
    data = damaged(files[name], dice)
    if dice.random() < 0.05:  # the rest of another format
        data = data[: dice.randrange(len(data) + 1)] + files[dice.choice(sorted(files))]
    return name, data


def try_case(path: Path, number: int) -> None:
    """Decode a file to the end, or be told why not. Raises AssertionError for a result that is not right."""
    try:
        with Decoder(path) as decoder:
            samples = 0
            for block in decoder.blocks(sample_rate=16_000):
                assert block.ndim == 2, "shape"
                assert block.dtype == np.float32, "dtype"
                assert np.isfinite(block).all(), "not finite"
                samples += block.shape[1]
            assert samples, "no sound and no error"
            assert abs(decoder.duration_ms - samples / 16) <= 60 + 5 * len(decoder.damage), (
                f"{decoder.duration_ms} ms and {samples / 16} ms of samples"
            )
            for damage in decoder.damage:
                assert 0 <= damage.start_ms <= damage.end_ms, "damage"
        assert look(path).duration_ms >= 0, "look"
        if number % 5 == 0:
            part = sum(block.shape[1] for block in decode(path, sample_rate=16_000, from_sample=8_000))
            assert part == max(0, samples - 8_000), "a part of other length than the whole has there"
            out = path.with_name("masked.wav")
            try:
                masked_copy(path, out, [Span(200, 300)])
            finally:
                out.unlink(missing_ok=True)
    except AudioError as error:
        said = str(error).strip()
    else:
        return
    assert said.endswith("."), "an error without a sentence"


def run(first: int, last: int, seed: int) -> None:
    """In the child: cases in order, each announced before it begins."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = good_files(folder)
        for number in range(first, last):
            format_name, data = case(files, seed, number)
            print(f"{format_name}/{seed}/{number}", flush=True)
            path = folder / f"case.{format_name}"
            path.write_bytes(data)
            signal.alarm(SECONDS_A_CASE)
            try:
                try_case(path, number)
            except Exception as error:  # noqa: BLE001 - any that is not ours is a finding
                print(f"!{type(error).__name__}: {error}", flush=True)
            signal.alarm(0)
            path.unlink()


def failures(cases: int, seed: int, *, first: int = 0) -> Iterator[str]:
    """The cases that crashed, hung, or ended in another error than ours; each with its name."""
    number = first
    while number < first + cases:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.audio.fuzzing", "--child", str(number), str(first + cases), str(seed)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert child.stdout is not None
        last = ""
        with child:
            for line in child.stdout:
                if line.startswith("!"):
                    yield f"{last}: {line[1:].strip()}"
                else:
                    last = line.strip()
        if child.returncode == 0:
            return
        if not last:
            yield f"the child did not begin ({child.returncode})"
            return
        yield f"{last}: ended by {signal.Signals(-child.returncode).name if child.returncode < 0 else 'an error'}"
        number = int(last.rpartition("/")[2]) + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one case, to be written to --keep")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--child", nargs=3, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        run(*given.child)
        return
    if given.only:
        _, seed, number = given.only.rsplit("/", 2)
        with tempfile.TemporaryDirectory() as name:
            given.keep.write_bytes(case(good_files(Path(name)), int(seed), int(number))[1])
        return
    began = time.monotonic()
    found = 0
    for failure in failures(given.cases, given.seed):
        found += 1
        print(failure, flush=True)
    print(f"{given.cases} cases in {time.monotonic() - began:.0f} s, {found} failed")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
