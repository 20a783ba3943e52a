"""Engines for tests: they say numbers, slowly, and end as their parameters tell them. They run in a real child."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onrecord.transcripts.engines.errors import ModelUnusable
from onrecord.transcripts.engines.interface import Event, Fact, Order, Piece, Progress

RUN = "tests.functional.fake_engines:count"


def count(order: Order) -> Iterator[Event]:
    """A second of sound, and a word, at each step; `at` is the step at which the parameter `then` happens once."""
    wanted: dict[str, Any] = dict(order.parameters)
    total = int(wanted.get("steps", 5))
    if "spoil" in wanted:
        raise ModelUnusable(model=order.model, reason="it is made of cheese", setting="WHISPER_MODEL")
    yield Progress(order.done, total * 1000)
    yield Fact("language", order.language or "en")
    for step in range(order.done // 1000, total):
        if wanted.get("at") == step and _first_time(wanted):
            _happen(str(wanted["then"]))
        time.sleep(float(wanted.get("pause", 0)))
        words = [[f"word{step}", step * 1000 + 100, step * 1000 + 900]]
        yield Piece({"start_ms": step * 1000, "end_ms": step * 1000 + 950, "words": words}, (step + 1) * 1000)


def _first_time(wanted: dict[str, Any]) -> bool:
    marker = wanted.get("marker")
    if not marker:
        return True
    seen = Path(str(marker)).exists()
    Path(str(marker)).touch()
    return not seen


def _happen(what: str) -> None:
    if what == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "exit":
        os._exit(3)
    elif what == "memory":
        bytearray(1 << 44)
    elif what == "bad-alloc":
        raise RuntimeError("std::bad_alloc")
    elif what == "error":
        raise ValueError("the model lost its way")
    elif what == "hang":
        time.sleep(600)
