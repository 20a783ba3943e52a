"""How fast the transcript desk opens a hearing of 4,000 segments in two languages, and how fast a key is seen.

Run: python benchmarks/transcript_desk.py [--segments 4000] [--rounds 5]   (needs Chromium)

A newsroom is made and served as in life; Chromium opens the desk in a new window each round. Opening is counted from
the navigation until a segment can be typed in; typing from the press of a key to the frame that shows the letter. The
limit for opening is 2 seconds. `--cpu N` slows the browser down N times, as on an old laptop; `--newsroom DIR` uses a
newsroom that is there (a recording and a person are added to it).
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.processes import ENVIRONMENT, Serving  # noqa: E402

LIMIT_MS = 2000
PASSWORD = "a long benchmark password"
MAKE = """
import json, random, sys
sys.path.insert(0, {root!r})
from tests import factories
from onrecord.archive.models import Recording
from onrecord.core.models import User
from onrecord.core.people import person_create
if not User.objects.filter(username="bench"):
    person_create(login="bench", password={password!r}, role="Editor", name="Bench")
pick = random.Random(1)
def names(letters, count):
    return ["".join(pick.choice(letters) for _ in range(pick.randint(2, 9))) for _ in range(count)]
def cues(words):
    rows = []
    for n in range({count}):
        start = n * 2700
        line = pick.choices(words, k=pick.randint(5, 14))
        step = 2600 // len(line)
        timed = [
            {{"word": word, "start": (start + step * i) / 1000, "end": (start + step * i + step - 20) / 1000}}
            for i, word in enumerate(line)
        ]
        speaker = f"Voice {{n // 9 % 7}}"
        rows.append({{"start": start / 1000, "end": (start + 2600) / 1000, "speaker": speaker, "words": timed}})
    return json.dumps({{"segments": rows}})
row = factories.recording(title="A hearing of three hours", seed=random.SystemRandom().randrange(10**6), prepared=False)
Recording.objects.filter(pk=row.pk).update(duration_ms={count} * 2700)
row.refresh_from_db()
factories.transcript(row, cues(names("eariotnslcudp", 6000)), filename="a.json")
factories.transcript(row, cues(names("оаиеінтвсрлкд", 6000)), language="uk", filename="b.json")
print(row.pk)
"""
OPENED = """() => new Promise(resolve => {
    const field = "[data-controller=or-transcript][data-ready] .or-field[contenteditable]";
    const done = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    const look = () => document.querySelector(field) ? done() : setTimeout(look, 5);
    look();
})"""
PARTS = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const draft = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/draft/"));
    return {
        page: page.responseEnd,
        scripts: page.domContentLoadedEventStart,
        asked: draft.startTime,
        answered: draft.responseStart,
        words: draft.responseEnd,
        kilobytes: Math.round(draft.transferSize / 1024),
        times: performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/draft/")).length,
    };
}"""
TYPED = """() => new Promise(resolve => {
    document.addEventListener("keydown", () => {
        const pressed = performance.now();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
    }, { once: true, capture: true });
    window.listening = true;
})"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--cpu", type=float, default=1.0)
    parser.add_argument("--newsroom", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        newsroom = given.newsroom or Path(folder) / "newsroom"
        if not given.newsroom:
            url = "http://127.0.0.1:8000"
            _run("init", newsroom, "--name", "Benchmark", "--site-url", url, "--password", PASSWORD)
        code = MAKE.format(root=str(ROOT), password=PASSWORD, count=given.segments)
        recording = _run("--dir", newsroom, "manage", "shell", "-v", "0", "-c", code).split()[-1]
        serving = Serving(newsroom, "--no-worker")
        try:
            serving.wait("/desk/login/")
            opened, parts, keys = _measure(f"http://127.0.0.1:{serving.port}", recording, given)
        finally:
            serving.stop()
    _print(opened, parts, keys, given.segments)
    return 0 if statistics.median(opened) < LIMIT_MS else 1


def _run(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "onrecord", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def _measure(
    url: str, recording: str, given: argparse.Namespace
) -> tuple[list[float], list[dict[str, float]], list[float]]:
    opened: list[float] = []
    parts: list[dict[str, float]] = []
    keys: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto("/desk/login/")
        page.locator("[name=username]").fill("bench")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[type=submit]").first.click()
        page.wait_for_url("**/desk/")
        page.close()
        for number in range(given.rounds + 1):  # the first one fills the browser's cache of scripts
            page = context.new_page()
            if given.cpu > 1:
                context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": given.cpu})
            answer = page.goto(f"/desk/transcripts/{recording}/edit/", wait_until="commit")
            if answer is None or not answer.ok:
                raise SystemExit(f"The desk of {recording} did not open")
            took = float(page.evaluate(OPENED))
            if number:
                opened.append(took)
                parts.append(page.evaluate(PARTS))
                keys += _type(page, given.keys // given.rounds)
            page.close(run_before_unload=False)
        browser.close()
    return opened, parts, keys


def _type(page: Page, count: int) -> list[float]:
    page.locator(".or-field").nth(4).focus()
    page.keyboard.press("Control+End")
    took = []
    for number in range(count):
        pending: Any = page.evaluate_handle(f"() => {{ window.seen = ({TYPED})(); }}")
        page.keyboard.press("abcdefgh "[number % 9] if number % 9 < 8 else "Space")
        took.append(float(page.evaluate("() => window.seen")))
        pending.dispose()
        page.wait_for_timeout(120)
    return took


def _print(opened: list[float], parts: list[dict[str, float]], keys: list[float], segments: int) -> None:
    middle = {name: statistics.median(part[name] for part in parts) for name in parts[0]}
    print(f"{segments} segments, two languages; words as sent: {middle['kilobytes']:.0f} KB")
    print(f"open, until a segment can be typed in: {statistics.median(opened):,.0f} ms (limit {LIMIT_MS} ms)")
    print(f"  rounds: {', '.join(f'{value:,.0f}' for value in opened)} ms")
    at = {name: f"{middle[name]:,.0f}" for name in ("page", "scripts", "asked", "answered", "words")}
    print(
        f"  page {at['page']} · scripts {at['scripts']} · words asked for {at['asked']}, first byte {at['answered']},"
    )
    print(f"  last byte {at['words']} ms")
    ordered = sorted(keys)
    high = ordered[int(len(ordered) * 0.95)]
    print(f"key to frame: median {statistics.median(keys):.1f} ms, 95 % under {high:.1f} ms, {len(keys)} keys")


if __name__ == "__main__":
    sys.exit(main())
