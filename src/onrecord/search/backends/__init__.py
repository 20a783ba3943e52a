"""The ways to find entries, and which one this newsroom uses."""

from functools import lru_cache

from django.db import connection

from onrecord.search.asking import Backend
from onrecord.search.backends.postgresql import PostgresqlBackend
from onrecord.search.backends.sqlite import SqliteBackend


def backend() -> Backend:
    """That of the newsroom's own database."""
    return _backend(connection.vendor)


@lru_cache
def _backend(vendor: str) -> Backend:
    return SqliteBackend() if vendor == "sqlite" else PostgresqlBackend()
