"""The process in which an engine runs: what it breaks, it breaks there.

A model may not fit in memory, a library may crash, a download may hang. In a child of the worker each of these is a
message, work is cancelled by killing it, and its memory is given back. Order in by standard input, events out by
standard output, both as JSON; nothing of it is on the command line or in the environment.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from onrecord.transcripts.engines.errors import (
    EngineDied,
    EngineFailed,
    EngineOutOfMemory,
    error_of,
    is_lack_of_memory,
)
from onrecord.transcripts.engines.interface import Event, Fact, Order, Piece, Progress

LOOK_EVERY_S = 0.5
_SECRETS = ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")
_KINDS: dict[str, type[Progress] | type[Piece] | type[Fact]] = {"progress": Progress, "piece": Piece, "fact": Fact}


def engine_events(run: str, order: Order, *, memory_mb: int, each: Callable[[], None]) -> Iterator[Event]:
    """What the engine yields, in a child process; `each` is called at least twice a second, and may raise to end it.

    `run` names the generator, `package.module:function`. `memory_mb` is the most that the child may take (0: what
    there is). Raises the engine's EngineFailed, EngineOutOfMemory, EngineDied.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "onrecord.transcripts.engines.child", str(os.getpid())],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
        start_new_session=True,  # Ctrl-C is for the parent, which ends the child
    )  # fmt: skip
    assert child.stdin
    assert child.stdout
    try:
        with suppress(BrokenPipeError), child.stdin as stdin:
            stdin.write(json.dumps({"run": run, "memory_mb": memory_mb, "order": dataclasses.asdict(order)}).encode())
        for line in _lines(child.stdout, each):
            message = json.loads(line)
            if message["kind"] == "end":
                return
            if message["kind"] == "error":
                raise error_of(message["code"], {"engine": order.engine, "model": order.model, **message["fields"]})
            yield _KINDS[message["kind"]](**message["event"])
        raise _ended(child.wait(), order)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()


def _lines(stream: IO[bytes], each: Callable[[], None]) -> Iterator[bytes]:
    """Lines as they come; a last one without an end is left out, as its writer died in it."""
    begun = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            each()
            if not selector.select(LOOK_EVERY_S):
                continue
            read = os.read(stream.fileno(), 1 << 16)
            if not read:
                return
            *whole, begun = (begun + read).split(b"\n")
            yield from whole


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _ended(code: int, order: Order) -> EngineFailed:
    if code == -signal.SIGKILL:  # ours are not waited for: this one came from the system, which was out of memory
        return EngineOutOfMemory(engine=order.engine, model=order.model)
    reason = signal.Signals(-code).name if code < 0 else f"status {code}"
    return EngineDied(engine=order.engine, model=order.model, reason=reason)


# --- in the child --------------------------------------------------------------------------------------------------


def main() -> None:
    """Carry out the order on standard input, telling on standard output what comes of it."""
    _die_with_parent()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries print

    def tell(kind: str, **values: Any) -> None:
        out.write(json.dumps({"kind": kind, **values}) + "\n")
        out.flush()

    job = json.load(sys.stdin)
    _limit(job["memory_mb"])
    names = {kind: name for name, kind in _KINDS.items()}
    module, _, function = job["run"].partition(":")
    try:
        for event in getattr(import_module(module), function)(Order(**job["order"])):
            tell(names[type(event)], event=dataclasses.asdict(event))
        tell("end")
    except EngineFailed as error:
        tell("error", code=error.code, fields={name: str(value) for name, value in error.fields.items()})
    except Exception as error:  # noqa: BLE001 - whatever happens in here is said out there
        kind = EngineOutOfMemory if is_lack_of_memory(error) else EngineFailed
        tell("error", code=kind.code, fields={"reason": f"{type(error).__name__}: {error}"[:300]})


def _die_with_parent() -> None:
    """On Linux, have the system end this process when its worker is killed; elsewhere its next line ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):  # it died before we asked
            sys.exit(1)


def _limit(memory_mb: int) -> None:
    """Behind everything else for computing time, first in line when memory runs out."""
    os.nice(10)
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("800")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_mb:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1024**2, memory_mb * 1024**2))


if __name__ == "__main__":
    main()
