"""The translation memory over 100,000 translated segments: how long an editor waits for an offer.

Run: python benchmarks/translation_memory.py [--segments N] [--rounds N]
With DATABASE_URL set, the same in PostgreSQL (in a database of its own, which is emptied).

Asked are segments that the memory has, word for word and with a word in eight changed, and segments that it has nothing
like. Measured in one process: keys, index, rows, likeness, differences. Beside it in the same run, on the same
sentences, what RapidFuzz takes to compare one with all of them in memory (`process.extractOne`, `fuzz.ratio`), which
needs no index but every sentence at hand, and finds what our index may miss: how often the index finds as good a one is
printed.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
A_RECORDING = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-memory-") as folder:
        os.environ.update(
            {"ONRECORD_DIR": folder, "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "onrecord.config.settings"}
        )
        import django

        django.setup()
        run(options.segments, options.rounds)


def run(segments: int, rounds: int) -> None:
    import numpy as np
    from django.core.management import call_command
    from django.db import connection
    from rapidfuzz import fuzz, process

    from benchmarks.made_record import passages
    from onrecord.archive.models import Recording
    from onrecord.transcripts.memory import memory_offers

    call_command("migrate", verbosity=0)
    sentences, taken = fill(segments)
    print(f"{connection.vendor}, {len(sentences):,} segments; taken in at {len(sentences) / taken:,.0f} a second\n")
    rng = np.random.default_rng(11)
    chosen = [sentences[n] for n in rng.integers(0, len(sentences), rounds)]
    foreign = [" ".join(reversed(words)) for words in passages("en", rounds, np.random.default_rng(99))]
    asked = {"word for word": chosen, "one word in eight changed": [changed(s, rng) for s in chosen], "new": foreign}
    recording = Recording.objects.first()
    assert recording is not None
    print(f"{'asked':28} {'found':>7} {'median':>9} {'p99':>9}   {'all of them':>12} {'p99':>9}   as good a one")
    for name, texts in asked.items():
        found: list[float] = []
        best: list[float] = []

        def ours(text: str, found: list[float] = found) -> None:
            offers = memory_offers(
                text, from_language="en", to_language="uk", recording=recording, segment_id="", most=1
            )
            found.append(fuzz.ratio(offers[0].unit.source, text) if offers else 0.0)

        def all_of_them(text: str, best: list[float] = best) -> None:
            hit = process.extractOne(text, sentences, scorer=fuzz.ratio)
            best.append(hit[1] if hit else 0.0)

        mine, theirs = timed(ours, texts), timed(all_of_them, texts[: max(10, rounds // 5)])
        worth = [n for n in range(len(best)) if best[n] >= 70]
        good = sum(found[n] >= best[n] - 1 for n in worth)
        print(
            f"{name:28} {sum(map(bool, found)):7} {statistics.median(mine):7.1f}ms {p99(mine):7.1f}ms   "
            f"{statistics.median(theirs):10.1f}ms {p99(theirs):7.1f}ms   {good} of {len(worth)}"
        )


def changed(sentence: str, rng: object) -> str:
    """The sentence with one word in eight replaced, at least one."""
    words = sentence.split()
    for at in rng.choice(len(words), max(1, len(words) // 8), replace=False):  # type: ignore[attr-defined]
        words[at] = "zeppelin"
    return " ".join(words)


def fill(segments: int) -> tuple[list[str], float]:
    """Units as the memory has them, of talk that nobody said; the sentences, and the seconds of taking them in."""
    import numpy as np

    from benchmarks.made_record import passages
    from onrecord.archive.models import Recording
    from onrecord.text.memory import pair_keys
    from onrecord.transcripts.models import MemoryKey, MemoryUnit, Transcript

    now, rng, sentences, taken = datetime(2024, 1, 1, tzinfo=UTC), np.random.default_rng(7), [], 0.0
    for number in range(-(-segments // A_RECORDING)):
        recording = Recording.objects.create(title=f"Recording {number}", language="en", added_at=now)
        transcript = Transcript.objects.create(recording=recording, language="uk", is_translation=True)
        spoken = [" ".join(words) for words in passages("en", A_RECORDING, rng)]
        start = time.perf_counter()
        units = MemoryUnit.objects.bulk_create(
            [
                MemoryUnit(
                    transcript=transcript, segment_id=str(place), from_language="en", to_language="uk", source=text,
                    target=f"{text} (uk)", is_reviewed=place % 2 == 0, at=now,
                )
                for place, text in enumerate(spoken)
            ],
            batch_size=500,
        )  # fmt: skip
        keys = [MemoryKey(unit=unit, key=key) for unit in units for key in pair_keys(unit.source, "en>uk")]
        MemoryKey.objects.bulk_create(keys, batch_size=2000)
        taken += time.perf_counter() - start
        sentences += spoken
    return sentences[:segments], taken


def timed(act: Callable[[str], None], texts: Sequence[str]) -> list[float]:
    """Milliseconds of each."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        act(text)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


if __name__ == "__main__":
    main()
