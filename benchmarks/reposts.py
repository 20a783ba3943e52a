"""Reposts: how many are found after what was done to them, what is wrongly found, and what it costs.

Run: python benchmarks/reposts.py [--quick] [--excerpts N] [--hours H] [--seconds 3 5 10 30]

Recordings come from ../shared/data/reposts where that is there, else from espeak-ng (synthetic speech, and it
says so). Excerpts are of recordings over 40 s: of the others, meetings, some seconds hold next to no speech.
Each is changed as reposts are and looked for; negatives are other speech, noise, music, tones, clicks and
digits. Beside us: Chromaprint's `fpcalc` with an exhaustive search, where it is installed, and audfprint, where
AUDFPRINT names its folder (and AUDFPRINT_PYTHON a Python with what it needs); and the figures that were measured for
them once on 30 excerpts a cell. `--hours` builds an index of that many hours (recordings with an eighth of their bits
changed) and times queries against it; 1000 takes 3 GB of disk and a few minutes, 10000 takes 50 GB. Times are of the
processor, on one core.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from onrecord.audio.fingerprints import Fingerprint, LocalStore, fingerprint
from onrecord.audio.fingerprints.codes import fingerprint_of, sound
from onrecord.audio.fingerprints.matching import matches, sound_queries
from onrecord.audio.fingerprints.places import Reader
from onrecord.audio.fingerprints.spectrum import RATE, Floats
from onrecord.audio.fingerprints.training import mixed, music, pink
from tests.unit.audio.fingerprints.conftest import VOICES
from tests.unit.audio.fingerprints.reposting import faster, reposted, speech, stretched

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "reposts"
ROWS = (
    "clean",
    "phone",
    "noise 10 dB",
    "noise 0 dB",
    "speed +2",
    "speed -2",
    "speed +5",
    "speed -5",
    "speed +10",
    "speed -10",
    "tempo +5",
    "tempo -5",
    "tempo +10",
    "pitch +1",
    "music 0 dB",
    "voice 0 dB",
    "room",
    "phone, speed +3",
)
ONCE = """
Measured once on real speech, 30 excerpts a cell, 5 s / 10 s / 30 s:
                                audfprint      Olaf           Chromaprint
clean                           30/30/30       28/30/30       30/30/30
phone band, GSM, mp3 32k        14/27/30       9/18/27        28/28/29
pink noise 0 dB                 18/29/30       16/25/28       28/30/30
speed ±2 % (of 60)              1/4/15         18/37/49       56/60/59
speed ±5 % (of 60)              0/0/0          5/11/17        9/1/0
tempo ±5 % (of 60)              15/42/56       50/57/60       60/60/45
music over it, 0 dB             21/29/30       19/24/28       8/5/3
another voice over it, 0 dB     21/28/30       21/25/29       12/13/18
false positives                 0/234          1/234          37/78 at 5 s
indexing, x real time a core    209            562            1,742
index, MB an hour               0.64           6.2            0.11
"""
_PIECE = 1 << 24
_AUDFPRINT_SAYS = re.compile(
    r"^Matched .* at +(?P<here>[\d.]+) s in .* to time +(?P<there>[\d.]+) s in (?P<name>.+) with ", re.M
)
Searcher = Callable[[Floats], list[tuple[str, float]]]
"""Names and starts in seconds, best first, of what a piece of sound is."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few excerpts, 5 and 10 s: under two minutes")
    parser.add_argument("--excerpts", type=int, default=12)
    parser.add_argument("--seconds", type=int, nargs="+", default=[3, 5, 10, 30])
    parser.add_argument("--hours", type=float, default=0)
    given = parser.parse_args()
    if given.quick:
        given.excerpts, given.seconds, given.hours = 3, [5, 10], given.hours or 20
    recordings, negatives, beds = _material()
    total = sum(item.size for item in recordings.values()) / RATE
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        store, made = _indexed(recordings, Path(folder) / "index", total)
        ours = _ours(store.reader())
        _recall("onrecord", ours, recordings, beds, given.excerpts, given.seconds)
        _speeds(store.reader(), recordings, given.excerpts)
        _negatives(ours, negatives, given.excerpts)
        for name, searcher in _peers(recordings, Path(folder)):
            _recall(name, searcher, recordings, beds, min(given.excerpts, 6), given.seconds)
        if given.hours:
            _scale(made, recordings, given.hours, Path(folder) / "large")
        _cold(recordings, Path(folder))
    print(ONCE)
    return 0


def _material() -> tuple[dict[str, Floats], list[Floats], dict[str, Floats]]:
    """Recordings to find, other speech, and what is laid over."""
    if DATA.is_dir():
        print(f"Real speech: {DATA}")
        read = {
            part: {p.stem: np.concatenate(list(sound(p))) for p in sorted((DATA / part).iterdir())}
            for part in ("index", "negative", "mix")
        }
        beds = {"music": next(v for k, v in read["mix"].items() if "music" in k), "voice": read["mix"]["voice"]}
        return read["index"], list(read["negative"].values()), beds
    print("Synthetic speech (espeak-ng); for real speech put recordings into ../shared/data/reposts")
    rng = np.random.default_rng(1)
    recordings = {f"speech-{n}": speech(n, 120, voice) for n, voice in enumerate(VOICES)}
    beds = {"music": music(60 * RATE, rng), "voice": speech(999, 60, "en-gb+f4", 70)}
    return recordings, [speech(500 + n, 60, "en-us+f4") for n in range(4)], beds


def _indexed(recordings: dict[str, Floats], folder: Path, total: float) -> tuple[LocalStore, dict[str, Fingerprint]]:
    start = time.process_time()
    made = {name: fingerprint_of([item], name) for name, item in recordings.items()}
    coding = time.process_time() - start
    store = LocalStore(folder)
    store.add_all(list(made.items()))
    size = sum(path.stat().st_size for path in folder.iterdir())
    line = f"Fingerprints: {total / coding:,.0f} x real time"
    if DATA.is_dir():
        start = time.process_time()
        for path in (DATA / "index").iterdir():
            fingerprint(path)
        line += f", with decoding {total / (time.process_time() - start):,.0f} x"
    print(f"{line}; index {size / 1e6 / (total / 3600):.2f} MB an hour ({total / 60:.0f} minutes)\n")
    return store, made


def _ours(reader: Reader) -> Searcher:
    def search(piece: Floats) -> list[tuple[str, float]]:
        found = matches(sound_queries([piece]), reader)
        return [(match.name, (match.start_ms - match.query_start_ms * match.speed) / 1000) for match in found]

    return search


def _changed(piece: Floats, row: str, beds: dict[str, Floats], seed: int) -> tuple[Floats, float]:
    rng = np.random.default_rng(seed)
    if row == "noise 10 dB":
        return mixed(piece, pink(piece.size, rng), 10), 1.0
    if row in ("music 0 dB", "voice 0 dB"):
        bed = np.tile(beds[row.split()[0]], 2)
        at = int(rng.integers(bed.size // 2))
        return mixed(piece, bed[at : at + piece.size], 0), 1.0
    if row == "pitch +1":
        up = 2 ** (1 / 12)
        return stretched(faster(piece, up), 1 / up), 1.0
    if row == "phone, speed +3":
        return faster(reposted(piece, "phone", seed)[0], 1.03), 1.03
    return reposted(piece, row.replace(" +", "+").replace(" -", "-"), seed)


def _excerpts(
    recordings: dict[str, Floats], count: int, seconds: int, seed: int = 7
) -> Iterator[tuple[str, float, Floats]]:
    rng = np.random.default_rng([seed, seconds])
    names = [name for name, item in recordings.items() if item.size > max(40, seconds + 1) * RATE]
    for number in range(count):
        name = names[number % len(names)]
        at = int(rng.integers(recordings[name].size - seconds * RATE))
        yield name, at / RATE, recordings[name][at : at + seconds * RATE]


def _recall(
    title: str,
    search: Searcher,
    recordings: dict[str, Floats],
    beds: dict[str, Floats],
    excerpts: int,
    lengths: list[int],
) -> None:
    print(f"{title}: right recording within half a second, of {excerpts}")
    print(f"{'':18}" + "".join(f"{seconds:>6} s" for seconds in lengths))
    wrong, hits, asked = 0, 0, 0
    for row in ROWS:
        cells = []
        for seconds in lengths:
            right = 0
            for seed, (name, at, piece) in enumerate(_excerpts(recordings, excerpts, seconds)):
                found = search(_changed(piece, row, beds, seed)[0])
                ok = bool(found) and found[0][0] == name and abs(found[0][1] - at) <= 0.5
                right += ok
                wrong += bool(found) and not ok
                asked += 1
            hits += right
            cells.append(f"{right:>8}")
        print(f"{row:18}" + "".join(cells), flush=True)
    print(f"found {hits / asked:.1%} of {asked}, wrong recording or place {wrong}\n")


def _speeds(reader: Reader, recordings: dict[str, Floats], excerpts: int) -> None:
    for seconds in (5, 10):
        errors = []
        for speed in (0.9, 0.95, 1.02, 1.05, 1.1):
            for _, _, piece in _excerpts(recordings, excerpts, seconds, 9):
                found = matches(sound_queries([faster(piece, speed)]), reader)
                errors += [abs(found[0].speed / speed - 1) * 100] if found else [100.0]
        median, most = np.median(errors), max(errors)
        print(f"Speed of {seconds} s: error median {median:.2f} %, largest {most:.2f} % of {len(errors)}")
    print()


def _negatives(search: Searcher, negatives: list[Floats], excerpts: int) -> None:
    rng = np.random.default_rng(3)
    tried: Counter[str] = Counter()
    false: Counter[str] = Counter()

    def one(kind: str, piece: Floats) -> None:
        tried[kind] += 1
        false[kind] += bool(search(np.asarray(piece, dtype=np.float32)))

    for number in range(25 * excerpts):
        seconds = (3, 5, 10, 30)[number % 4]
        source = negatives[number % len(negatives)]
        at = int(rng.integers(max(1, source.size - seconds * RATE)))
        piece = source[at : at + seconds * RATE]
        row = ("clean", "phone", "noise 0 dB", "speed +5", "tempo -5", "room")[number % 6]
        one("other speech", _changed(piece, row, {}, number)[0])
    for number in range(4 * excerpts):
        time_s = np.arange(8 * RATE) / RATE
        one("music", music(8 * RATE, rng))
        one("noise", pink(8 * RATE, rng))
        one("tones", np.sin(2 * np.pi * rng.uniform(200, 3_000) * time_s) * (np.sin(time_s * (1 + number)) > 0))
        one("clicks", (np.arange(time_s.size) % int(rng.integers(800, 8_000)) == 0) * 0.9)
        one("digits", speech(2_000 + number, 6, "en-us+m5", number % 90))
    print(f"False positives: {sum(false.values())} of {sum(tried.values())} ({dict(tried)}; false: {dict(+false)})\n")


def _peers(recordings: dict[str, Floats], folder: Path) -> Iterator[tuple[str, Searcher]]:
    if shutil.which("fpcalc"):
        yield "Chromaprint, exhaustive search", _chromaprint(recordings, folder)
    else:
        print("Chromaprint: fpcalc is not installed, left out")
    program = Path(os.environ.get("AUDFPRINT", "-")) / "audfprint.py"
    if program.is_file():
        yield "audfprint", _audfprint(program, recordings, folder)
    else:
        print("audfprint: AUDFPRINT names no folder with it, left out\n")


def _wav(piece: Floats, path: Path) -> Path:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(piece / max(1.0, np.abs(piece).max()), -1, 1) * 32_000).astype("<i2").tobytes())
    return path


def _chromaprint(recordings: dict[str, Floats], folder: Path) -> Searcher:
    step_s = 0.1238

    def code(piece: Floats) -> np.ndarray:
        command = ["fpcalc", "-raw", "-json", "-length", "0", str(_wav(piece, folder / "piece.wav"))]
        done = subprocess.run(command, capture_output=True, text=True)
        return np.array(json.loads(done.stdout)["fingerprint"] if done.stdout else [], dtype=np.uint32)

    known = {name: code(item) for name, item in recordings.items()}

    def search(piece: Floats) -> list[tuple[str, float]]:
        mine = code(piece)
        best = (1.0, "", 0.0)
        for name, theirs in known.items():
            if 4 < mine.size <= theirs.size:
                windows = np.lib.stride_tricks.sliding_window_view(theirs, mine.size)
                wrong = np.bitwise_count(windows ^ mine).mean(axis=1) / 32
                at = int(wrong.argmin())
                best = min(best, (float(wrong[at]), name, at * step_s))
        return [(best[1], best[2])] if best[0] < 0.36 else []

    return search


def _audfprint(program: Path, recordings: dict[str, Floats], folder: Path) -> Searcher:
    (folder / "peer").mkdir(exist_ok=True)
    paths = [str(_wav(item, folder / "peer" / f"{name}.wav")) for name, item in recordings.items()]
    base = [os.environ.get("AUDFPRINT_PYTHON", sys.executable), str(program)]
    database = str(folder / "peer" / "known.pklz")
    subprocess.run([*base, "new", "--dbase", database, *paths], check=True, capture_output=True)

    def search(piece: Floats) -> list[tuple[str, float]]:
        query = str(_wav(piece, folder / "piece.wav"))
        command = [*base, "match", "--dbase", database, "-R", query]
        said = subprocess.run(command, capture_output=True, text=True).stdout
        if (match := _AUDFPRINT_SAYS.search(said)) is None:
            return []
        return [(Path(match["name"]).stem, float(match["there"]) - float(match["here"]))]

    return search


def _scale(made: dict[str, Fingerprint], recordings: dict[str, Floats], hours: float, folder: Path) -> None:
    """Queries against an index of `hours` hours, of which the first recording is there once as it is."""
    from onrecord.audio.fingerprints.places import Stretch
    from onrecord.audio.fingerprints.segment import write_segment

    rng = np.random.default_rng(2)
    own = next(name for name, item in recordings.items() if item.size > 40 * RATE)
    others = [name for name in made if name != own]
    pool = [made[name] for name in others]
    length = sum(item.proof.size for item in pool) * 0.032 / 3600
    copies = max(1, round(hours / length))
    folder.mkdir()
    start = time.process_time()
    seeds = np.concatenate([item.seed for item in pool])
    proofs = np.concatenate([item.proof for item in pool])
    proof = np.memmap(folder / "proof", np.uint64, "w+", shape=(copies * proofs.size + made[own].proof.size,))
    seed = np.memmap(folder / "seed", np.uint64, "w+", shape=(proof.size // 2,))
    stretches, at = [], 0
    for copy in range(copies):
        for target, codes in ((proof, proofs), (seed, seeds)):
            bits = [rng.integers(0, 2**64, codes.size, dtype=np.uint64) for _ in range(3)]
            spoiled = np.where(codes == 0, codes, codes ^ (bits[0] & bits[1] & bits[2]))
            target[copy * codes.size : (copy + 1) * codes.size] = spoiled
        for name, item in zip(others, pool, strict=True):
            stretches.append(Stretch(f"{name} {copy}", at, item.proof.size, item.duration_ms))
            at += item.proof.size
    stretches.append(Stretch(own, at, made[own].proof.size, made[own].duration_ms))
    proof[at:], seed[at // 2 :] = made[own].proof, made[own].seed
    pieces = [seed[first : first + _PIECE] for first in range(0, seed.size, _PIECE)]
    write_segment(folder / "000001.seg", stretches, [proof], pieces)
    (folder / "proof").unlink()
    (folder / "seed").unlink()
    listed = {"format": "onrecord fingerprint index 1", "segments": [{"file": "000001.seg", "removed": []}]}
    (folder / "segments.json").write_text(json.dumps(listed))
    size = (folder / "000001.seg").stat().st_size / 1e6 / hours
    print(f"{hours:,.0f} hours: made in {time.process_time() - start:.0f} s, {size:.2f} MB an hour")
    reader = LocalStore(folder).reader()
    times, right, asked = [], 0, 0
    for row in ("clean", "noise 0 dB", "speed +5", "tempo -5"):
        for _, at_s, piece in _excerpts({own: recordings[own]}, 6, 10):
            query = _changed(piece, row, {}, 1)[0]
            matches(sound_queries([query]), reader)
            start = time.process_time()
            found = matches(sound_queries([query]), reader)
            times.append(time.process_time() - start)
            right += bool(found) and found[0].name == own and abs(found[0].start_ms / 1000 - at_s) < 11
            asked += 1
    median, slow = 1000 * np.median(times), 1000 * np.quantile(times, 0.9)
    print(f"10 s queries: median {median:.0f} ms, 90 % within {slow:.0f} ms; found {right} of {asked}\n")


def _cold(recordings: dict[str, Floats], folder: Path) -> None:
    name, item = next(iter(recordings.items()))
    path = _wav(item[RATE : 11 * RATE], folder / "cold.wav")
    start = time.perf_counter()
    command = [sys.executable, "-m", "onrecord", "find", str(path), "--against", str(folder / "index"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    right = done.returncode == 1 and json.loads(done.stdout)[0]["matches"][0]["recording"] == name
    print(f"`onrecord find` of 10 s from nothing: {elapsed:.2f} s ({'found' if right else 'NOT found'})")


if __name__ == "__main__":
    sys.exit(main())
