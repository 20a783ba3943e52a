"""How near words are put to where they are said, how fast, and what is flagged; beside aeneas where it is installed.

Run: python benchmarks/alignment.py [NAME…] [--aeneas PYTHON]

Sets: synthetic speech with exact times (alignment_sets.py; Festival's voices where they are installed) and, where the
folder ../shared/data is, two real recordings with machine-made times, good to about 50 ms. Cells: median/90th
percentile/maximum of |start - true start| in ms. `lost` counts words more than 0.5 s away; `unflagged` those more than
1 s away in segments without a flag; `false` flagged segments whose words are all within 0.5 s; `unspoken` sentences of
the text that are not in the sound, and how many of them were flagged. Speed is seconds of sound per second of CPU on
one core, synthesis included, without starting Python and compiling.

aeneas 1.7.3 needs an environment of its own (NumPy before 1.25): name its Python with --aeneas or AENEAS_PYTHON.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before NumPy: what a second core does is counted too

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from alignment_sets import Case, cases, write

from onrecord.audio.alignment import Flag, align

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "align"
AENEAS_LANGUAGES = {"en": "eng", "ru": "rus", "uk": "ukr"}
Times = Sequence[Sequence[int | None]]


@dataclass(frozen=True)
class Task:
    """A recording, its text, and the true starts of its words in ms (None: not said)."""

    name: str
    language: str
    audio: Path
    text: Path
    segments: Sequence[Sequence[str]]
    starts_ms: Times


def tasks(folder: Path) -> Iterator[Task]:
    """Every set, made in a folder one at a time."""
    for path in sorted(SHARED.glob("*.json")):
        rows = json.loads(path.read_text())
        words = [[word["word"] for word in row["words"]] for row in rows["segments"]]
        starts = [[word["start_ms"] for word in row["words"]] for row in rows["segments"]]
        yield Task(path.stem, rows["language"], path.with_suffix(".flac"), path.with_suffix(".txt"), words, starts)
    for make in cases():
        case: Case = make()
        audio, text = write(case, folder)
        yield Task(case.name, case.language, audio, text, case.segments, case.starts_ms)
        audio.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="Only sets with one of these in their name.")
    parser.add_argument("--quick", action="store_true", help="Only the real recordings and one set a language.")
    parser.add_argument("--aeneas", default=os.environ.get("AENEAS_PYTHON", ""), help="Python with aeneas.")
    options = parser.parse_args()
    if options.quick:
        options.names += ["cold-corpus-3", "librivox", "espeak", "nsh ru phone"]
    _warm_up()
    print(f"{'':46}{'words':>20}{'≤100':>6}{'sentences':>18}", end="")
    print(f"{'lost':>5}{'unflagged':>10}{'false':>7}{'unspoken':>9}  speed")
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        for task in tasks(Path(folder)):
            if not options.names or any(name in task.name for name in options.names):
                _ours(task)
                if options.aeneas and not any(None in starts for starts in task.starts_ms):
                    _aeneas(task, options.aeneas, Path(folder))
    return 0


def _warm_up() -> None:
    """Compile, where the results of an earlier run are not kept."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        case = next(iter(cases()))()
        audio, _ = write(case, Path(folder))
        align(audio, case.segments[:3], language=case.language)


def _ours(task: Task) -> None:
    started = time.process_time()
    found = align(task.audio, task.segments, language=task.language)
    spent = time.process_time() - started
    words, sentences = [], []
    unflagged = false = unspoken = told = 0
    for segment, starts in zip(found.segments, task.starts_ms, strict=True):
        if starts[0] is None:
            unspoken += 1
            told += segment.flag is not Flag.NONE
            continue
        errors = [
            abs(word.start_ms - start) for word, start in zip(segment.words, starts, strict=True) if start is not None
        ]
        words += errors
        sentences.append(abs(segment.start_ms - starts[0]))
        if segment.flag is Flag.NONE:
            unflagged += sum(error > 1000 for error in errors)
        else:
            false += max(errors) <= 500
    row = f"{task.name[:46]:46}{_cell(words):>20}{_near(words):>6.0%}{_cell(sentences):>18}"
    row += f"{sum(error > 500 for error in words):5}{unflagged:10}{f'{false}/{len(sentences)}':>7}"
    row += f"{f'{told}/{unspoken}' if unspoken else '':>9}{found.duration_ms / 1000 / spent:5.0f} ×"
    print(row, flush=True)


def _aeneas(task: Task, python: str, folder: Path) -> None:
    """The same by aeneas: once with a fragment a sentence, once with one a word."""
    true = [list(starts) for starts in task.starts_ms]
    cells, speeds, near = [], [], 0.0
    for level, lines in (
        ("words", [word for words in task.segments for word in words]),
        ("sentences", [" ".join(s) for s in task.segments]),
    ):
        text, out = folder / "aeneas.txt", folder / "aeneas.json"
        text.write_text("\n".join(lines) + "\n", encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [python, "-m", "aeneas.tools.execute_task", str(task.audio), str(text),
             f"task_language={AENEAS_LANGUAGES[task.language]}|os_task_file_format=json|is_text_type=plain", str(out),
             *(["--presets-word"] if level == "words" else [])],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            print(f"    aeneas failed: {(done.stdout + done.stderr).strip()[-120:]}")
            return
        starts = [float(row["begin"]) * 1000 for row in json.loads(out.read_text())["fragments"]]
        wanted = [start for row in true for start in row] if level == "words" else [row[0] for row in true]
        errors = [abs(start - float(at or 0)) for start, at in zip(starts, wanted, strict=True)]
        cells.append(_cell(errors))
        near = near if cells[1:] else _near(errors)
        speeds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    sound = float(task.starts_ms[-1][-1] or 0) / 1000
    lost = f"{'    aeneas':46}{cells[0]:>20}{near:>6.0%}{cells[1]:>18}{'':31}{sound / speeds[0]:5.0f} ×"
    print(lost, flush=True)


def _cell(errors: Sequence[float]) -> str:
    ordered = np.sort(errors)
    return f"{np.median(ordered):.0f}/{np.quantile(ordered, 0.9):.0f}/{ordered[-1]:.0f}"


def _near(errors: Sequence[float]) -> float:
    return float(np.mean(np.asarray(errors) <= 100))


if __name__ == "__main__":
    sys.exit(main())
