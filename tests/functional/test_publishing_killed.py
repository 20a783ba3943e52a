"""A bake that is killed is taken up where it stopped, and ends in the files of one that was not."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import ENVIRONMENT, ROOT, onrecord

STORIES = 70
FILL = f"""
import sys
sys.path.insert(0, {str(ROOT / "benchmarks")!r})
from onrecord.cli.django_setup import open_newsroom
open_newsroom()
import baking
baking.newsroom_fill({STORIES})
"""


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with stories that were never baked."""
    folder = tmp_path_factory.mktemp("killed") / "newsroom"
    made = onrecord("init", folder, "--password", "a long test password")
    assert made.returncode == 0, made.stderr
    subprocess.run(
        [sys.executable, "-c", FILL], env={**ENVIRONMENT, "ONRECORD_DIR": str(folder)}, check=True, cwd=folder
    )
    return folder


def stories_baked(newsroom: Path) -> int:
    return len(list(newsroom.glob("public/stories/*/index.html")))


def files(newsroom: Path) -> dict[str, bytes]:
    folder = newsroom / "public"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_killed_bake_is_taken_up_and_ends_right(newsroom: Path) -> None:
    before = stories_baked(newsroom)
    bake = subprocess.Popen(
        [sys.executable, "-m", "onrecord", "--dir", str(newsroom), "bake"], env={**ENVIRONMENT, "BAKE_PROCESSES": "1"},
        start_new_session=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while stories_baked(newsroom) < before + 5:
        assert bake.poll() is None, "it was done before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(bake.pid, signal.SIGKILL)
    bake.wait()
    assert stories_baked(newsroom) < STORIES
    done = onrecord("worker", "--once", folder=newsroom)
    assert done.returncode == 0, done.stderr
    assert stories_baked(newsroom) == STORIES + 1
    torn = len(list(newsroom.glob("public/**/.baking-*")))  # the one that was being written
    whole = onrecord("bake", folder=newsroom)
    assert re.search(rf"\b0 written, \d+ unchanged, {torn} removed", whole.stdout), whole.stdout
    ending = files(newsroom)
    for folder in ("stories", "embed"):
        shutil.rmtree(newsroom / "public" / folder)
    by_two = subprocess.run(
        [sys.executable, "-m", "onrecord", "--dir", str(newsroom), "bake"], env={**ENVIRONMENT, "BAKE_PROCESSES": "2"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert by_two.returncode == 0, by_two.stderr
    written = re.search(r"(\d+) written", by_two.stdout)
    assert written
    assert int(written[1]) > 600  # so many that each process has some
    assert files(newsroom) == ending
