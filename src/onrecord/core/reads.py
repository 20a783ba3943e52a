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
from typing import Any, TypeVar, cast

T = TypeVar("T")

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


_shared: ContextVar[dict[str, tuple[Any, frozenset[str]]] | None] = ContextVar("onrecord_shared", default=None)


@contextmanager
def sharing() -> Iterator[None]:
    """What `shared` makes inside the block is made once, for all pages that are baked in it."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def shared(name: str, make: Callable[[], T], *keys: str) -> T:
    """What `make` gives, covered by these keys; inside `sharing` made once and noted by every page that asks."""
    known = _shared.get()
    if known is None:
        with covered(*keys):
            return make()
    if name not in known:
        with reading() as reads, covered(*keys):
            known[name] = make(), frozenset(reads.keys)
    value, made_from = known[name]
    note(*made_from)
    return cast(T, value)


def share(name: str, value: object, *keys: str) -> None:
    """Have `shared` give this under the name, as if it had been made; inside `sharing` only."""
    known = _shared.get()
    if known is not None:
        known[name] = value, frozenset(keys)


def is_shared(name: str) -> bool:
    """Whether `shared` has made this already."""
    return name in (_shared.get() or ())


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
