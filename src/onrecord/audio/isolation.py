"""Work on files of unknown origin in a process of its own, with limits, so that they can do no harm.

FFmpeg reads some hundred formats in C; a file may be made to crash it, to fill the memory, to never end, or to take
it over. In the child a crash is an error message, memory and computing time have a limit, the environment (secrets,
database address) is not there, and on Linux no connection can be opened and no program started. What comes back is
JSON, rebuilt into the declared type, never unpickled.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import traceback
import types
import typing
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from onrecord.audio.seccomp import forbid_network_and_programs
from onrecord.audio.writer import temporary_prefix
from onrecord.errors import AudioError, DecodingFailed

MEMORY_BYTES = 3 * 1024**3
OPEN_FILES = 64
LEAST_SECONDS, SECONDS_PER_MEGABYTE, MOST_SECONDS = 600, 30, 4 * 3600
"""Computing time: enough for 48 hours of sound on a slow machine, by size, as few bytes can code much sound."""

P = ParamSpec("P")
R = TypeVar("R")


def isolated(function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """What the function gives, computed in a child process with limits that follow from the size of the file.

    The function is a module's own, with the file first among its arguments and a declared result of numbers, words and
    frozen dataclasses of them. Raises its audio errors, and DecodingFailed when it crashes or goes past a limit; a
    half-written file is removed.
    """
    size = 0
    with suppress(OSError):
        size = Path(str(arguments[0])).stat().st_size
    seconds = min(LEAST_SECONDS + size * SECONDS_PER_MEGABYTE // 10**6, MOST_SECONDS)
    return isolated_within(seconds, function, *arguments, **options)


def isolated_within(seconds: int, function: Callable[P, R], *arguments: P.args, **options: P.kwargs) -> R:
    """The same with a limit of its own on the computing time."""
    source = Path(str(arguments[0]))
    job = pickle.dumps((function.__module__, function.__qualname__, seconds, arguments, options))
    child = subprocess.Popen(
        [sys.executable, "-m", "onrecord.audio.isolation"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
    )  # fmt: skip
    try:
        answer, _ = child.communicate(job, timeout=3 * seconds + 60)
    except subprocess.TimeoutExpired as error:
        raise DecodingFailed(path=source, reason=f"no end after {3 * seconds + 60} s") from error
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        _remove_leftovers((*arguments, *options.values()), child.pid)
    if child.returncode != 0 or not answer:
        raise DecodingFailed(path=source, reason=_ended(child.returncode, seconds))
    try:
        return typing.cast(R, _result(json.loads(answer), function, source))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DecodingFailed(path=source, reason="an answer that makes no sense") from error


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}


def _ended(code: int, seconds: int) -> str:
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        return f"more than {seconds} s of computing time"
    if code < 0:
        return f"a crash of the decoder ({signal.Signals(-code).name})"
    return "a crash of the decoder"


def _remove_leftovers(arguments: tuple[Any, ...], pid: int) -> None:
    """What a child that was killed has half-written beside a path it was given."""
    for path in arguments:
        if isinstance(path, Path):
            for part in _parts(path, pid):
                part.unlink(missing_ok=True)


def _parts(path: Path, pid: int) -> Iterator[Path]:
    prefix = f"{temporary_prefix(path)}{pid}-"
    with suppress(OSError):
        yield from [part for part in path.parent.iterdir() if part.name.startswith(prefix)]


def _result(answer: dict[str, Any], function: Callable[..., Any], source: Path) -> Any:
    if "failed" in answer:
        raise DecodingFailed(path=source, reason=answer["failed"])
    if "error" in answer:
        kinds = {kind.code: kind for kind in AudioError.__subclasses__()}
        kind = kinds.get(answer["error"])
        if kind is None:
            raise DecodingFailed(path=source, reason=answer["error"])
        raise kind(**{str(name): value for name, value in answer["fields"].items()})
    return rebuilt(answer["result"], typing.get_type_hints(function)["return"])


def rebuilt(value: Any, kind: Any) -> Any:
    """A value of JSON as the declared type; TypeError when it is none."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        matching = [part for part in parts if (value is None) == (part is type(None))]
        return rebuilt(value, matching[0]) if matching else _no(value, kind)
    if origin is tuple and isinstance(value, list):
        return tuple(rebuilt(item, parts[0]) for item in value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
        hints = typing.get_type_hints(kind)
        return kind(**{field.name: rebuilt(value[field.name], hints[field.name]) for field in dataclasses.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind in (int, float, str, bool, type(None)) and type(value) is kind:
        return value
    return _no(value, kind)


def _no(value: Any, kind: Any) -> Any:
    raise TypeError(f"{value!r:.80} is no {kind}")


# --- in the child --------------------------------------------------------------------------------------------------


def main() -> None:
    """Do the job on standard input, and write what came of it to standard output."""
    module, name, seconds, arguments, options = pickle.load(sys.stdin.buffer)
    function = getattr(import_module(module), name)
    _limit(seconds)
    forbid_network_and_programs()
    try:
        answer = {"result": _plain(function(*arguments, **options))}
    except AudioError as error:
        fields = {key: value if isinstance(value, int | float | str) else str(value)
                  for key, value in error.fields.items()}  # fmt: skip
        answer = {"error": error.code, "fields": fields}
    except MemoryError:
        answer = {"failed": f"more than {MEMORY_BYTES // 1024**3} GB of memory"}
    except Exception as error:  # noqa: BLE001 - whatever happens in here is said out there
        traceback.print_exc()
        answer = {"failed": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer))


def _limit(seconds: int) -> None:
    limits = [
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ]
    for kind, value in limits:
        with suppress(ValueError, OSError):  # a system may have lower ones, or none of a kind
            resource.setrlimit(kind, (value, value))


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


if __name__ == "__main__":
    main()
