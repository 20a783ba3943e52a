"""The ways to find entries, and which one this newsroom uses."""

from functools import lru_cache

from django.conf import settings
from django.db import connection

from onrecord.search import elsewhere
from onrecord.search.asking import Backend
from onrecord.search.backends.opensearch import OpensearchBackend
from onrecord.search.backends.postgresql import PostgresqlBackend
from onrecord.search.backends.sqlite import SqliteBackend


def backend() -> Backend:
    """The search server that the settings name, or else the newsroom's own database."""
    own = _own(connection.vendor)
    if not elsewhere.is_on():
        return own
    return OpensearchBackend(elsewhere.client(), settings.OPENSEARCH_INDEX, instead=own)


@lru_cache
def _own(vendor: str) -> Backend:
    return SqliteBackend() if vendor == "sqlite" else PostgresqlBackend()
