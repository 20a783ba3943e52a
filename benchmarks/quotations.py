"""How fast quotations are checked against a large record, and what its index costs, beside a scan with rapidfuzz.

Run: python benchmarks/quotations.py [--words N …] [--quotations N]

The record is synthetic (see made_record.py): nobody said any of it. One core; CPU time of this process, since other
work on the machine would be in wall time. The scan is `rapidfuzz.fuzz.partial_ratio_alignment` over the texts of a part
of the same recordings in the same run, its time taken as growing with the words, which it does.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before NumPy

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from made_record import KINDS, RECORDING_WORDS, quotation, recording
from rapidfuzz.fuzz import partial_ratio_alignment

from onrecord.text.index import RecordIndex
from onrecord.text.quotations import Quotation
from onrecord.text.subtitles import write_srt, write_vtt
from onrecord.text.transcripts import Transcript
from onrecord.text.verdicts import check_quotation

MOST_MS, MOST_GROWTH, LEAST_WORDS, MOST_BYTES, MOST_COLD = 3.0, 1.5, 1_000_000, 20.0, 1.0
AT_ONCE, SCANNED_WORDS, SCANS, COLD_FILES = 50, 200_000, 5, 20


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--words", type=int, nargs="+", default=[1_000_000, 10_000_000])
    arguments.add_argument("--quotations", type=int, default=800)
    given = arguments.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    scan = _scan_ms()
    print(f"rapidfuzz scan: {scan:.1f} ms a million words a quotation")
    means: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        for words in sorted(given.words):
            index = Path(folder) / f"index-{words}"
            _build(index, words)
            means[words] = _ask(index, words, given.quotations, scan)
            _update(index, words)
        sizes = sorted(means)
        if len(sizes) > 1:
            _row("growth of time a quotation", means[sizes[-1]] / means[sizes[0]], "×", MOST_GROWTH)
        _cold(Path(folder))
    return 0


def _row(name: str, value: float, unit: str, limit: float, *, least: bool = False) -> None:
    """One figure beside its limit, and how much of the limit it is."""
    met = value >= limit if least else value <= limit
    word = "met" if met else "MISSED"
    print(f"  {name:34} {value:14,.2f} {unit:10} limit {limit:12,.1f}  ratio {value / limit:6.2f}  {word}")


def _build(folder: Path, words: int) -> None:
    """Index recordings as they come: ten million words as Python objects would fill the memory measured later.

    The time to make the recordings is taken off.
    """
    count, making = 0, 0.0

    def made() -> Iterator[tuple[str, str, list[Transcript]]]:
        nonlocal count, making
        total = max(1, words // RECORDING_WORDS)
        for first in range(0, total, AT_ONCE):
            start = time.process_time()
            gc.unfreeze()
            batch = [recording(n) for n in range(first, min(first + AT_ONCE, total))]
            count += sum(len(segment.words) for transcript in batch for segment in transcript.segments)
            gc.collect()
            gc.freeze()
            making += time.process_time() - start
            yield from ((transcript.id, "1", [transcript]) for transcript in batch)

    index = RecordIndex.open(folder, create=True)
    start = time.process_time()
    index.put_many(made())
    spent = time.process_time() - start - making
    gc.unfreeze()
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{count:,} words, synthetic")
    _row("indexing, parsed transcripts", count / spent, "words/s", LEAST_WORDS, least=True)
    _row("index on disk", size / count, "bytes/word", MOST_BYTES)


_READER = """
import sys
sys.path.insert(0, sys.argv[2])
import quotations
quotations.read_alone(sys.argv[1], int(sys.argv[3]), int(sys.argv[4]))
"""


def _ask(folder: Path, words: int, count: int, scan: float) -> float:
    """Time a quotation in a process that has only the index, in ms: printed, and the mean returned."""
    command = [sys.executable, "-c", _READER, str(folder), str(Path(__file__).parent), str(words), str(count)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    facts, *rows = output.splitlines()
    opened, before, after = map(float, facts.split())
    times: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        kind, spent = row.split()
        times[kind].append(float(spent))
    every = sorted(t for spent in times.values() for t in spent)
    mean = statistics.mean(every)
    _row("mean a quotation", mean, "ms", MOST_MS)
    print(f"  {'':34} median {statistics.median(every):.2f}, 99 of 100 under {every[int(0.99 * len(every))]:.2f} ms")
    print(f"  {'':34} " + ", ".join(f"{kind} {statistics.mean(times[kind]):.2f}" for kind in KINDS if times[kind]))
    print(f"  {'beside the scan':34} {scan * words / 1e6 / mean:14,.0f} × faster")
    print(f"  {'opening':34} {opened:14,.2f} ms; the reader's own memory grew by {after - before:,.0f} MB in all")
    return mean


def read_alone(folder: str, words: int, count: int) -> None:
    """Ask, and print the time to open, own memory before and after in MB, and for each quotation its kind and ms."""
    asked = [quotation(n, max(1, words // RECORDING_WORDS)) for n in range(count)]
    before = _own_memory()
    start = time.process_time()
    record = RecordIndex.open(Path(folder)).record()
    opened = time.process_time() - start
    for _, text in asked[: len(KINDS)]:
        check_quotation(Quotation.of(text), record)
    gc.collect()
    gc.freeze()
    rows = []
    for kind, text in asked:
        start = time.process_time()
        check_quotation(Quotation.of(text), record)
        rows.append(f"{kind} {1000 * (time.process_time() - start)}")
    print(1000 * opened, before, _own_memory())
    print("\n".join(rows))


def _own_memory() -> float:
    """MB that are this process's own; mapped pages belong to the file and go when memory is short."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("RssAnon")) / 1024


def _update(folder: Path, words: int) -> None:
    """Replace single recordings, ten times, joins of runs included."""
    index = RecordIndex.open(folder)
    changed = [recording(n) for n in range(0, max(1, words // RECORDING_WORDS), max(1, words // RECORDING_WORDS // 10))]
    spent = []
    for transcript in changed:
        start = time.process_time()
        index.put(transcript.id, [transcript])
        spent.append(1000 * (time.process_time() - start))
    print(f"  {'replacing a recording of an hour':34} {statistics.mean(spent):14,.1f} ms, at most {max(spent):,.1f} ms")


def _scan_ms() -> float:
    """What a scan of a million words costs a quotation, in ms."""
    made = [recording(n) for n in range(SCANNED_WORDS // RECORDING_WORDS)]
    texts = [" ".join(segment.text for segment in transcript.segments) for transcript in made]
    words = sum(text.count(" ") + 1 for text in texts)
    asked = [quotation(len(KINDS) * n + 3, len(made))[1] for n in range(SCANS)]
    start = time.process_time()
    for wanted in asked:
        for text in texts:
            partial_ratio_alignment(wanted, text)
    return 1000 * (time.process_time() - start) / SCANS / words * 1e6


def _cold(folder: Path) -> None:
    """`onrecord check` of one story against twenty hours in files, from nothing."""
    record = folder / "hours"
    record.mkdir()
    for n in range(COLD_FILES):
        transcript = recording(n)
        write, suffix = ((write_vtt, "vtt"), (write_srt, "srt"))[n % 2]
        (record / f"recording-{n}.{transcript.language}.{suffix}").write_text(
            write(transcript.segments, public=False), encoding="utf-8"
        )
    story = folder / "story.md"
    story.write_text("\n\n".join(f"“{quotation(n, COLD_FILES)[1]}”" for n in range(20)), encoding="utf-8")
    command = [sys.executable, "-m", "onrecord", "check", str(story), "--against", str(record), "--json"]
    spent, wall = [], []
    for _ in range(5):
        before, start = os.times(), time.perf_counter()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        after = os.times()
        wall.append(time.perf_counter() - start)
        spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
    print(f"onrecord check of a story with 20 quotations against {COLD_FILES} hours, a process of its own")
    _row("in all, CPU", statistics.median(spent), "s", MOST_COLD)
    print(f"  {'in all, wall':34} {statistics.median(wall):14,.2f} s (other work on the machine counts)")


if __name__ == "__main__":
    sys.exit(main())
