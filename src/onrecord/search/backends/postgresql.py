"""Search by PostgreSQL's tsvector and GIN."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from onrecord.search import asking
from onrecord.search.asking import Ask
from onrecord.search.backends.database import DatabaseBackend
from onrecord.search.tables import ENTRIES
from onrecord.text.searching import Query, Term

_KEYS, _LEMMAS = "AC", "BD"


class PostgresqlBackend(DatabaseBackend):
    MATCH = "e.vector @@ %s::tsquery"

    def query_text(self, query: Query) -> str:
        """Keys hold letters and digits alone and stand in quotes: no parser looks at what was typed."""
        return " & ".join([*map(_term, query.wanted), *(f"!{_term(term)}" for term in query.unwanted)])

    def _source(self, ask: Ask) -> str:
        return f"{ENTRIES} e"

    def _rank(self, ask: Ask) -> tuple[str, list[Any]]:
        # 1: a long text does not win by its length alone
        return "-ts_rank('{0.1, 0.2, 0.6, 1.0}', e.vector, %s::tsquery, 1)", [self.query_text(ask.query)]

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(asking.SECONDS * 1000)}")
            yield
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")

    def _was_stopped(self, error: OperationalError) -> bool:
        return getattr(error.__cause__, "sqlstate", "") == "57014"


def _term(term: Term) -> str:
    last = len(term.keys) - 1
    keys = [f"'{key}':{'*' if term.is_prefix and n == last else ''}{_KEYS}" for n, key in enumerate(term.keys)]
    return " | ".join([" <-> ".join(keys), *(f"'{lemma}':{_LEMMAS}" for lemma in term.lemmas)]).join("()")
