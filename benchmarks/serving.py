"""How fast a published story is served: by `onrecord serve`, by nginx from the same file, by Wagtail on request.

Run: python benchmarks/serving.py   (needs wrk; nginx is measured where it is installed)

All three run in one go, one after the other in three rounds, each server held to one core and the load generator to
another where there are two: first whole answers, compressed, then 304 to readers who have the page. The figures that
count are the ratios of the medians.
"""

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 32
ACCEPT = "Accept-Encoding: br, gzip"


def main() -> int:
    if not shutil.which("wrk"):
        print("wrk is not installed (Debian: apt-get install wrk): nothing to measure with.")
        return 0
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        Path(folder).chmod(0o755)  # nginx's worker is another user
        newsroom = Path(folder) / "newsroom"
        command = [sys.executable, "-m", "onrecord", "demo", "--dir", str(newsroom), "--no-serve"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        story = max((newsroom / "public" / "stories").glob("*/index.html"), key=lambda path: path.stat().st_size)
        path = f"/stories/{story.parent.name}/"
        print(
            f"Story {path}: {story.stat().st_size:,} bytes, {_size(story, '.br'):,} as Brotli, "
            f"{_size(story, '.gz'):,} as gzip"
        )
        ports = {name: _free_port() for name in ("onrecord serve", "nginx", "Wagtail on request")}
        with _servers(newsroom, Path(folder), ports) as running:
            urls = {name: f"http://127.0.0.1:{ports[name]}{path}" for name in running}
            _measure("whole answers", {name: (url, []) for name, url in urls.items()})
            known = {name: (url, ["-H", f"If-None-Match: {tag}"]) for name, url in urls.items() if (tag := _tag(url))}
            _measure("304, nothing new", known)
    return 0


def _measure(what: str, loads: dict[str, tuple[str, list[str]]]) -> None:
    """Load one server after the other, in rounds; print the medians and ours over theirs."""
    found: dict[str, list[float]] = {name: [] for name in loads}
    for _ in range(ROUNDS):
        for name, (url, more) in loads.items():
            found[name].append(_load(url, more))
    medians = {name: statistics.median(rates) for name, rates in found.items()}
    print(f"{what}:")
    for name, rate in medians.items():
        print(f"  {name:20} {rate:10,.0f} requests/s   rounds: {', '.join(f'{r:,.0f}' for r in found[name])}")
    ours = medians["onrecord serve"]
    for name, rate in medians.items():
        if name != "onrecord serve":
            print(f"  onrecord serve / {name}: {ours / rate:.2f}×")


def _tag(url: str) -> str:
    """The entity tag that a server gives, if it answers a request with it by 304."""
    encoding = {"Accept-Encoding": ACCEPT.partition(": ")[2]}
    with urllib.request.urlopen(urllib.request.Request(url, headers=encoding), timeout=5) as answer:
        tag = str(answer.headers.get("ETag", ""))
    try:
        urllib.request.urlopen(
            urllib.request.Request(url, headers={**encoding, "If-None-Match": tag}), timeout=5
        ).close()
    except urllib.error.HTTPError as error:
        return tag if error.code == 304 else ""
    return ""


@contextmanager
def _servers(newsroom: Path, folder: Path, ports: dict[str, int]) -> Iterator[list[str]]:
    environment = {**os.environ, "ONRECORD_DIR": str(newsroom)}
    commands = {
        "onrecord serve": [
            sys.executable, "-m", "onrecord", "serve", "--no-worker", "--port", str(ports["onrecord serve"]),
        ],
        "Wagtail on request": [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error",
            "--blocking-threads", "2", "--port", str(ports["Wagtail on request"]), "onrecord.config.wsgi:application",
        ],
    }  # fmt: skip
    if shutil.which("nginx"):
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"""worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 1024; }}
            http {{ access_log off; sendfile on; tcp_nopush on; gzip_static on; keepalive_requests 1000000;
              types {{ text/html html; }}
              server {{ listen 127.0.0.1:{ports["nginx"]}; root {newsroom}/public; index index.html; }} }}"""
        )
        commands["nginx"] = ["nginx", "-c", str(configuration)]
    if os.cpu_count() and shutil.which("taskset"):
        commands = {name: ["taskset", "-c", "0", *command] for name, command in commands.items()}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands.values()
    ]
    try:
        for name in commands:
            _wait(f"http://127.0.0.1:{ports[name]}/")
        yield list(commands)
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(timeout=20)


def _load(url: str, more: list[str]) -> float:
    pinned = ["taskset", "-c", "1"] if (os.cpu_count() or 1) > 1 and shutil.which("taskset") else []
    command = [*pinned, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", ACCEPT, *more, url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{url} answered with errors:\n{printed}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if match is None:
        raise SystemExit(printed)
    return float(match.group(1))


def _wait(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{url} did not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _size(story: Path, suffix: str) -> int:
    return story.with_name(story.name + suffix).stat().st_size


if __name__ == "__main__":
    sys.exit(main())
