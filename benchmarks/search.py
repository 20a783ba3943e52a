"""Search over 100,000 segments of talk: how long a reader waits.

Run: python benchmarks/search.py [--segments N] [--rounds N]
With DATABASE_URL set, the same in PostgreSQL: give it an empty database.

Measured in one process on SQLite on disk: parsing, finding, reading the rows, marking the words: all that the page does
but its template. Beside it in the same run, on the same rows, what a plain `LIKE '%word%'` takes for its first page in
the same order, without forms of words, ranking and marks. Also what it costs to take the segments in.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
A_RECORDING = 500
QUERIES = {
    "a seldom word": "bridge",
    "a common word": "water",
    "the commonest": "the",
    "two words": "water house",
    "a phrase": '"in the"',
    "another form": "roads",
    "Ukrainian, another form": "дорогою",
    "Russian, another form": "дорогами",
    "without a word": "water -night",
    "what begins so": "wat*",
    "a speaker's": "water",
    "nothing there": "zeppelin",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--segments", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-search-") as folder:
        os.environ.update(
            {"ONRECORD_DIR": folder, "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "onrecord.config.settings"}
        )
        import django

        django.setup()
        run(options.segments, options.rounds)


def run(segments: int, rounds: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # a story is published, and baked
    taken = fill(segments)
    from onrecord.search.models import SearchEntry

    count = SearchEntry.objects.count()
    print(
        f"{connection.vendor}, {count:,} entries; taken in at {count / taken:,.0f} a second (words bent and written)\n"
    )
    print(f"{'query':28} {'found':>7} {'median':>10} {'p99':>10}   {'LIKE median':>12} {'p99':>10}   {'ratio':>6}")
    for name, words in QUERIES.items():
        show(name, words, rounds)


def show(name: str, words: str, rounds: int) -> None:
    from django.db import connection

    from onrecord.search.finding import Wish, search_site

    wish = Wish(words=words, speaker="woman" if name == "a speaker's" else "", among="moments")
    found = search_site(wish)
    plain = words.split(" -")[0].strip('"*')
    scan = (
        "SELECT id FROM search_searchentry WHERE kind = 'moment' AND text LIKE %s "
        "ORDER BY published_at DESC, id LIMIT 20"
    )

    def like() -> None:
        with connection.cursor() as cursor:
            cursor.execute(scan, [f"%{plain}%"])
            cursor.fetchall()

    ours, theirs = timed(lambda: search_site(wish), rounds), timed(like, max(5, rounds // 4))
    total = found.totals["moments"]
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(
        f"{name:28} {total if total < 1000 else '1000+':>7} {statistics.median(ours):8.1f}ms {p99(ours):8.1f}ms   "
        f"{statistics.median(theirs):10.1f}ms {p99(theirs):8.1f}ms   {ratio:5.1f}x"
    )


def fill(segments: int) -> float:
    """Recordings that one published story names, with talk that nobody said; gives the seconds of taking them in."""
    import numpy as np

    from benchmarks.made_record import passages
    from onrecord.archive.models import Recording
    from onrecord.search.entries import _with_words
    from onrecord.search.models import SearchEntry
    from onrecord.stories.models import StoryPage, StoryRecording
    from tests import factories

    now = datetime(2024, 1, 1, tzinfo=UTC)
    recordings = [
        Recording(
            title=f"Recording {n}",
            language=("en", "uk", "en", "ru")[n % 4],
            added_at=now,
            status="ready",
            audio="x.mp3",
        )
        for n in range(-(-segments // A_RECORDING))
    ]
    Recording.objects.bulk_create(recordings)
    story = factories.story("Nothing is quoted here.", publish=True)
    StoryRecording.objects.bulk_create(StoryRecording(page=story, recording=row) for row in recordings)
    assert StoryPage.objects.cleared().count() == 1
    taken = 0.0
    rng = np.random.default_rng(7)
    for n, recording in enumerate(recordings):
        rows = []
        for place, words in enumerate(passages(recording.language, A_RECORDING, rng)):
            rows.append(
                SearchEntry(
                    key=f"moment:{recording.pk}:{recording.language}:{place}", kind="moment", recording=recording,
                    segment_id=str(place), place=place, language=recording.language, text=" ".join(words),
                    speaker=("A woman", "A man", "The operator")[place % 3], start_ms=place * 4000,
                    end_ms=place * 4000 + 4000, published_at=now + timedelta(hours=n), is_public=True,
                )
            )  # fmt: skip
        start = time.perf_counter()
        SearchEntry.objects.bulk_create([_with_words(row) for row in rows], batch_size=500)
        taken += time.perf_counter() - start
    return taken


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    result = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        result.append((time.perf_counter() - start) * 1000)
    return result


def p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, round(0.99 * len(values)))]


if __name__ == "__main__":
    main()
