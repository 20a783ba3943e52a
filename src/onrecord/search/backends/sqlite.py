"""Search by SQLite's FTS5."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from onrecord.search import asking
from onrecord.search.asking import Ask
from onrecord.search.backends.database import DatabaseBackend
from onrecord.search.tables import ENTRIES, WORDS
from onrecord.text.searching import Query, Term

_KEYS = "{title_keys keys}"
_LEMMAS = "{title_lemmas lemmas}"
_STEPS = 20_000
"""Of SQLite's machine between two looks at the clock: about a millisecond."""


class SqliteBackend(DatabaseBackend):
    MATCH = f"{WORDS} MATCH %s"

    def query_text(self, query: Query) -> str:
        """Keys hold letters and digits alone, so that nothing typed can be read as FTS5's syntax."""
        wanted = " AND ".join(map(_term, query.wanted))
        unwanted = " OR ".join(map(_term, query.unwanted))
        return f"({wanted}) NOT ({unwanted})" if unwanted else wanted

    def _source(self, ask: Ask) -> str:
        # CROSS: SQLite must go from the words to the entries, and not ask for the words of each entry in turn
        return f"{WORDS} CROSS JOIN {ENTRIES} e ON e.id = {WORDS}.rowid" if ask.query else f"{ENTRIES} e"

    def _rank(self, ask: Ask) -> tuple[str, list[Any]]:
        return f"bm25({WORDS}, 10.0, 6.0, 2.0, 1.0)", []

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        connection.ensure_connection()
        deadline = time.monotonic() + asking.SECONDS
        raw = connection.connection
        raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            yield
        finally:
            raw.set_progress_handler(None, 0)

    def _was_stopped(self, error: OperationalError) -> bool:
        return "interrupted" in str(error)


def _term(term: Term) -> str:
    phrase = " ".join(term.keys)
    found = f'{_KEYS} : "{phrase}"{" *" if term.is_prefix else ""}'
    return " OR ".join([found, *(f'{_LEMMAS} : "{lemma}"' for lemma in term.lemmas)]).join("()")
