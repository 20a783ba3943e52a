"""Readers write in: reports and comments a second that a served newsroom takes while it publishes, and nothing lost.

Run: python benchmarks/reports.py [--rate 200] [--seconds 60] [--database postgres://user@host/name] [--processes N]

Half of the messages are corrections, half are comments; each comes on a connection of its own, from a network of its
own, with a proof of work made beforehand. The load is open: a message is sent when its time has come, whether or not
earlier ones are answered, and its wait counts from that time, so a server that falls behind cannot hide it. A story
with 30 paragraphs is published every five seconds meanwhile. At the end the rows are counted: each answer of 201 must
be one row. Beside it, what the machine can do: the same number of bare inserts, each made durable, one after the other.
"""

import argparse
import asyncio
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PUBLISH_EVERY = 5.0
LIMIT_MS = 250

PREPARE = """
import json
from datetime import timedelta
from altcha import ChallengeOptionsV1, create_challenge_v1
from django.utils import timezone
from onrecord.readers import proofs
from onrecord.stories.models import StoryIndexPage, StoryPage
from onrecord.stories.newsroom import newsroom_create

if not StoryIndexPage.objects.exists():
    newsroom_create()
page = StoryPage(title="A story that many answer", live=False)
words = "The river rose over the lower bridge before anyone came to the school where we had carried blankets. "
page.body = StoryPage.body.field.to_python([{"type": "paragraph", "value": f"<p>{n}. {words}</p>"} for n in range(30)])
StoryIndexPage.objects.get().add_child(instance=page)
page.save_revision().publish()
expires = timezone.now() + timedelta(hours=1)
made = []
for number in range(COUNT):
    one = create_challenge_v1(ChallengeOptionsV1(
        proofs.ALGORITHM, proofs.MAX_NUMBER, hmac_key=proofs._key(), expires=expires, number=number % 50))
    made.append({"algorithm": one.algorithm, "challenge": one.challenge, "salt": one.salt,
                 "signature": one.signature, "number": number % 50})
page.refresh_from_db()
made = {"story": page.pk, "revision": page.live_revision_id, "block": page.body[0].id, "proofs": made}
json.dump(made, open(OUT, "w"))
"""
PUBLISH = """
import sys, time
from onrecord.stories.models import StoryPage
print("ready", flush=True)
for line in sys.stdin:
    page = StoryPage.objects.get(title="A story that many answer")
    page.standfirst = f"State {line.strip()}"
    started = time.perf_counter()
    page.save_revision().publish()
    print(f"{time.perf_counter() - started:.3f}", flush=True)
"""
COUNT_ROWS = """
from onrecord.readers.models import Comment, CorrectionReport
print(Comment.objects.count() + CorrectionReport.objects.count())
"""


@dataclass
class Outcome:
    """What became of the messages; waits in seconds from when each was due."""

    waits: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    late_starts: list[float] = field(default_factory=list)

    def add(self, answer: str, wait: float) -> None:
        self.answers[answer] = self.answers.get(answer, 0) + 1
        self.waits.append(wait)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rate", type=int, default=200)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--database", default="", help="PostgreSQL, emptied first; default: SQLite")
    options.add_argument("--port", type=int, default=8590)
    options.add_argument("--threads", type=int, default=4)
    options.add_argument("--processes", type=int, default=0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-reports-") as folder:
        return run(Path(folder) / "newsroom", given)


def run(folder: Path, given: argparse.Namespace) -> int:
    count = given.rate * given.seconds
    environment = {**os.environ, "TRUSTED_PROXIES": "1", "SITE_URL": f"http://127.0.0.1:{given.port}"}
    if given.database:
        environment["DATABASE_URL"] = given.database
    command = [sys.executable, "-m", "onrecord", "--dir", str(folder)]

    def onrecord(*arguments: str) -> str:
        return subprocess.run(
            [*command, *arguments], env=environment, check=True, capture_output=True, text=True
        ).stdout

    init = [sys.executable, "-m", "onrecord", "init", str(folder), "--password", "a benchmark password"]
    subprocess.run(init, env=environment, check=True, capture_output=True)
    made = folder / "made.json"
    onrecord("manage", "shell", "-v", "0", "-c", f"COUNT, OUT = {count}, {str(made)!r}\n{PREPARE}")
    prepared = json.loads(made.read_text())
    messages = [body(prepared, number) for number in range(count)]
    serving = subprocess.Popen(
        [*command, "serve", "--port", str(given.port), "--threads", str(given.threads),
         "--processes", str(given.processes)],
        env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    publishing = subprocess.Popen(
        [*command, "manage", "shell", "-v", "0", "-c", PUBLISH],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(given.port)
        assert publishing.stdout is not None
        publishing.stdout.readline()
        before = int(onrecord("manage", "shell", "-v", "0", "-c", COUNT_ROWS))
        outcome, published = asyncio.run(load(given, messages, publishing))
        stored = int(onrecord("manage", "shell", "-v", "0", "-c", COUNT_ROWS)) - before
    finally:
        for process in (publishing, serving):
            process.terminate()
            process.wait()
    return report(given, outcome, published, stored, folder)


def body(prepared: dict[str, object], number: int) -> tuple[str, bytes]:
    """Address and form of one message."""
    proof = b64encode(json.dumps(prepared["proofs"][number]).encode()).decode()  # type: ignore[index]
    common = {"story": prepared["story"], "altcha": proof, "website": "", "revision": prepared["revision"]}
    if number % 2:
        fields = {**common, "name": f"Reader {number}", "text": f"I was there, and it was so. {number}"}
        return "/comments/add/", urllib.parse.urlencode(fields).encode()
    fields = {
        **common, "suggestion": f"It was the upper bridge. {number}", "block_id": prepared["block"],
        "exact": "lower bridge", "prefix": "The river rose over the ", "suffix": " before anyone came",
        "start": 27, "end": 39,
    }  # fmt: skip
    return "/corrections/suggest/", urllib.parse.urlencode(fields).encode()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/challenge/", timeout=5).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the newsroom does not answer")


async def load(
    given: argparse.Namespace, messages: list[tuple[str, bytes]], publishing: "subprocess.Popen[str]"
) -> tuple[Outcome, list[float]]:
    """Send every message at its time; publish meanwhile."""
    outcome, published = Outcome(), []
    start = time.perf_counter() + 0.5

    async def publish() -> None:
        loop = asyncio.get_running_loop()
        for number in range(int(given.seconds / PUBLISH_EVERY)):
            await asyncio.sleep(max(0.0, start + number * PUBLISH_EVERY + 1 - time.perf_counter()))
            assert publishing.stdin is not None
            assert publishing.stdout is not None
            publishing.stdin.write(f"{number}\n")
            publishing.stdin.flush()
            published.append(float(await loop.run_in_executor(None, publishing.stdout.readline)))

    publisher = asyncio.create_task(publish())
    tasks = []
    for number, (address, content) in enumerate(messages):
        due = start + number / given.rate
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        outcome.late_starts.append(time.perf_counter() - due)
        network = f"{10 + number % 200}.{number // 200 % 250}.{number // 50_000}.7"
        tasks.append(asyncio.create_task(send(given.port, address, content, network, due, outcome)))
    await asyncio.gather(*tasks)
    await publisher
    return outcome, published


async def send(port: int, address: str, content: bytes, network: str, due: float, outcome: Outcome) -> None:
    head = (
        f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n"
        f"X-Forwarded-For: {network}\r\nConnection: close\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + content)
        answer = await asyncio.wait_for(reader.read(65_536), 60)
        writer.close()
        code = answer[9:12].decode() or "closed"
    except (OSError, TimeoutError) as error:
        code = type(error).__name__
    outcome.add(code, time.perf_counter() - due)


def report(given: argparse.Namespace, outcome: Outcome, published: list[float], stored: int, folder: Path) -> int:
    waits = sorted(outcome.waits)
    taken = outcome.answers.get("201", 0)
    at = {share: waits[min(len(waits) - 1, int(len(waits) * share))] * 1000 for share in (0.5, 0.99, 0.999)}
    database = "PostgreSQL" if given.database else "SQLite"
    print(f"{database}, {given.rate} messages a second for {given.seconds} s, {given.threads} threads, "
          f"{given.processes or 'usual'} process(es), a story published {len(published)} times meanwhile:")  # fmt: skip
    print(f"answered   {outcome.answers}")
    print(f"stored     {stored} rows for {taken} taken: {'nothing lost' if stored == taken else 'NOT THE SAME'}")
    spread = "   ".join(f"p{share * 100:g} {wait:.1f} ms" for share, wait in at.items())
    print(f"wait       {spread}   worst {waits[-1] * 1000:.1f} ms")
    print(f"publishing median {statistics.median(published) * 1000:.0f} ms" if published else "publishing not measured")
    print(f"our own lateness in sending: p99 {sorted(outcome.late_starts)[int(len(waits) * 0.99)] * 1000:.1f} ms")
    print(f"bare durable inserts on this disk: {bare(folder):.0f} a second")
    print(f"limit      p99 under {LIMIT_MS} ms: {'met' if at[0.99] < LIMIT_MS else 'MISSED'}")
    return 0 if stored == taken == len(waits) and at[0.99] < LIMIT_MS else 1


def bare(folder: Path, seconds: float = 2.0) -> float:
    """Single inserts a second that SQLite makes durable here, nothing else done: the limit without gathering them."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, text TEXT)")
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        connection.execute("INSERT INTO message (text) VALUES (?)", ["I was there, and it was so." * 4])
        count += 1
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
