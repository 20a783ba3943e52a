"""The command run as a process, and a newsroom served as in life."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("SECRET_KEY", "ONRECORD_DIR", "SITE_URL", "DATABASE_URL", "NEWSROOM_NAME", "DJANGO_SETTINGS_MODULE")
} | {"COLUMNS": "200"}


def onrecord(*arguments: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, in the newsroom of this folder."""
    where = ["--dir", str(folder)] if folder else []
    return subprocess.run(
        [sys.executable, "-m", "onrecord", *where, *map(str, arguments)],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=180, check=False,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Serving:
    """`onrecord serve` of a newsroom, on a free port unless one is given; what it says is in `serve.log` beside it."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        self.port = port or free_port()
        self.log = folder.with_name("serve.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "onrecord", "--dir", str(folder), "serve", "--port", str(self.port), *options],
                env=ENVIRONMENT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def wait(self, path: str, status: int = 200) -> None:
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            try:
                if self.get(path) == status:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"{path} did not answer {status}: {self.log.read_text()[-2000:]}")

    def group(self) -> set[int]:
        """Processes of its session."""
        shown = subprocess.run(["ps", "-eo", "pid=,sess="], capture_output=True, text=True, check=True).stdout
        return {
            int(pid) for pid, session in (row.split() for row in shown.splitlines()) if int(session) == self.process.pid
        }

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
