"""How the command speaks: progress on a terminal, plain lines elsewhere; errors on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

DONE, FINDINGS, BAD_INPUT = 0, 1, 2

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


class Steps(Protocol):
    """Tells how far a piece of work is."""

    def __call__(self, what: str) -> None: ...


def say_error(message: str) -> None:
    """One problem, in words, on standard error."""
    errors.print(
        f"[bold red]onrecord:[/] {message}" if errors.is_terminal else f"onrecord: {message}", markup=errors.is_terminal
    )


@contextmanager
def steps(total: int) -> Iterator[Steps]:
    """A bar over `total` steps on a terminal, one plain line a step elsewhere."""
    if not sys.stdout.isatty():
        done = 0

        def say(what: str) -> None:
            nonlocal done
            done += 1
            print(f"[{done}/{total}] {what}", flush=True)

        yield say
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)
        first = True

        def advance(what: str) -> None:
            nonlocal first
            progress.update(task, description=what, advance=0 if first else 1)
            first = False

        yield advance
        progress.update(task, completed=total, description="Done")
