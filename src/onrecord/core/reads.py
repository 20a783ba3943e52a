"""What a page was made from: keys that whoever builds it notes while it is being rendered.

A key names something whose change readers would see: `story:12`, `series:3`, `recording:<id>`, `stories` (every list of
stories). While a page is baked, code that reads the database says so with `note`, or wraps its reading in
`covered("series:3")`: then the queries inside stand for that key and for nothing else. Queries that nobody covers are
noted by table (`any:stories`, `table:<name>`), which is always right and seldom exact. Outside a bake all of it does
nothing. The keys and who touches them are listed in docs/decisions/0023.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_TABLES = re.compile(r'(?:FROM|JOIN) \(?"(\w+)"')


class Reads:
    """The keys noted so far."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.covers = 0


_current: ContextVar[Reads | None] = ContextVar("onrecord_reads", default=None)


def note(*keys: str) -> None:
    """The page that is being made depends on these."""
    reads = _current.get()
    if reads is not None:
        reads.keys.update(keys)


@contextmanager
def covered(*keys: str) -> Iterator[None]:
    """Note these keys; they stand for all that the block asks of the database."""
    reads = _current.get()
    if reads is None:
        yield
        return
    reads.keys.update(keys)
    reads.covers += 1
    try:
        yield
    finally:
        reads.covers -= 1


@contextmanager
def reading() -> Iterator[Reads]:
    """Collect what is noted inside the block."""
    reads = Reads()
    token = _current.set(reads)
    try:
        yield reads
    finally:
        _current.reset(token)


def watcher(keys_of_table: Callable[[str], Iterable[str]]) -> Callable[..., Any]:
    """A wrapper for `connection.execute_wrapper` that notes the tables of queries that nobody covers."""

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        reads = _current.get()
        if reads is not None and not reads.covers:
            for table in _TABLES.findall(sql):
                reads.keys.update(keys_of_table(table))
        return execute(sql, params, many, context)

    return watch
