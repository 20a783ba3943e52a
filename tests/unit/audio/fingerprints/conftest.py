"""Stores to test with: one of eight synthetic recordings, and an empty one of each kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from onrecord.audio.fingerprints import LocalStore, PostgresStore, Store
from tests.unit.audio.fingerprints.reposting import made, speech

VOICES = ("en-us+m3", "en-gb+f4", "en-us+m7", "en-gb+m1", "en-us+f1", "en-gb+m5", "en-us", "en-gb")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    """Eight recordings of half a minute: speech-0 to speech-7."""
    store = LocalStore(tmp_path_factory.mktemp("library") / "index")
    store.add_all([(f"speech-{n}", made(speech(n, 30, voice))) for n, voice in enumerate(VOICES)])
    return store


@pytest.fixture(params=["local", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind; PostgreSQL's is skipped where there is no server."""
    if request.param == "local":
        local = LocalStore(tmp_path / "index")
        yield local
        local.close()
        return
    address = os.environ.get("POSTGRES_TEST_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    try:
        server = psycopg.connect(address, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL server here")
    schema = f"fingerprints_{uuid4().hex[:12]}"
    with server:
        server.execute(f"CREATE SCHEMA {schema}")
        server.execute(f"SET search_path TO {schema}")
        try:
            yield PostgresStore(server)
        finally:
            server.execute(f"DROP SCHEMA {schema} CASCADE")
