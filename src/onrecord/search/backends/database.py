"""Search in the newsroom's own database: what SQLite's and PostgreSQL's ways have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from onrecord.search.asking import MOST_COUNTED, Answer, Ask, Order, SearchTookTooLong
from onrecord.search.tables import ENTRIES
from onrecord.text.searching import Query

_ORDERS = {
    Order.BEST: "fit, e.published_at DESC, e.place, e.id",
    Order.NEWEST: "e.published_at DESC, e.recording_id, e.place, e.id",
    Order.OLDEST: "e.published_at, e.recording_id, e.place, e.id",
}


class DatabaseBackend(ABC):
    """Finds entries by one statement, which is stopped when it takes too long."""

    def find(self, ask: Ask) -> Answer:
        where, values = self._where(ask)
        source = self._source(ask)
        rank, rank_values = self._rank(ask) if ask.query and ask.order is Order.BEST else ("0", [])
        order = _ORDERS[ask.order if ask.query or ask.order is not Order.BEST else Order.NEWEST]
        rows = (
            f"SELECT e.id, {rank} AS fit FROM {source} WHERE {where} ORDER BY {order} "
            f"LIMIT {int(ask.limit)} OFFSET {int(ask.offset)}"
        )
        counted = f"SELECT COUNT(*) FROM (SELECT 1 FROM {source} WHERE {where} LIMIT {MOST_COUNTED}) AS some_of_them"
        try:
            with self._bounded(), connection.cursor() as cursor:
                cursor.execute(rows, [*rank_values, *values])
                ids = tuple(row[0] for row in cursor.fetchall())
                total = ask.offset + len(ids)
                if (ids and len(ids) == ask.limit) or (not ids and ask.offset):
                    cursor.execute(counted, values)
                    total = cursor.fetchone()[0]
        except OperationalError as error:
            if self._was_stopped(error):
                raise SearchTookTooLong from error
            raise
        return Answer(ids, total)

    def _where(self, ask: Ask) -> tuple[str, list[Any]]:
        tests: list[str] = []
        values: list[Any] = []

        def add(test: str, *given: Any) -> None:
            tests.append(test)
            values.extend(given)

        if ask.query:
            add(self.MATCH, self.query_text(ask.query))
        if ask.kinds:
            add(f"e.kind IN ({', '.join(['%s'] * len(ask.kinds))})", *ask.kinds)
        if ask.public_only:
            add("e.is_public")
        if ask.language:
            add("e.language = %s", ask.language)
        for key in ask.speaker:
            add("e.speaker_keys LIKE %s", f"% {key}%")
        if ask.since:
            add("e.published_at >= %s", connection.ops.adapt_datetimefield_value(ask.since))
        if ask.until:
            add("e.published_at < %s", connection.ops.adapt_datetimefield_value(ask.until))
        return " AND ".join(tests) or "1 = 1", values

    MATCH: str

    @abstractmethod
    def query_text(self, query: Query) -> str:
        """The query in the database's own language."""

    @abstractmethod
    def _source(self, ask: Ask) -> str: ...

    @abstractmethod
    def _rank(self, ask: Ask) -> tuple[str, list[Any]]:
        """An expression that is least for what fits best, and its values."""

    @abstractmethod
    @contextmanager
    def _bounded(self) -> Iterator[None]: ...

    @abstractmethod
    def _was_stopped(self, error: OperationalError) -> bool: ...


__all__ = ["ENTRIES", "DatabaseBackend"]
