"""An index of fingerprints in PostgreSQL, for newsrooms with many machines.

Seeds are rows in a table partitioned by the hash of their key, so that a look-up goes to one partition, and codes are
rows of a few seconds partitioned by the hash of their recording. Every row of a partitioned table carries the column
it is partitioned by, and nothing is unique beyond it: what Citus asks of a table that it spreads over machines.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from onrecord.audio.fingerprints.codes import SEED_EVERY, Fingerprint
from onrecord.audio.fingerprints.lookup import CROWDED, FLIPS, OTHER_WRONG, halves, keys_to_try
from onrecord.audio.fingerprints.model import Codes, packed, same_kind
from onrecord.audio.fingerprints.places import Places, Stretch
from onrecord.audio.fingerprints.spectrum import Floats

PARTITIONS = 16
_BITS = 26
"""Upper bits of a key that rows are found by; a row's `key` has the table's number above them."""
_CHUNK = 256
"""Frames in a row of codes: 8 s."""
_FRAME_BITS = 24
"""Bits of a place below the number of its recording: 149 hours."""

_TABLES = """
CREATE TABLE IF NOT EXISTS fingerprint_recordings (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE,
    frames integer NOT NULL, duration_ms integer NOT NULL, constants text NOT NULL);
CREATE TABLE IF NOT EXISTS fingerprint_codes (
    recording integer NOT NULL, chunk integer NOT NULL, proof bytea NOT NULL, seed bytea NOT NULL,
    PRIMARY KEY (recording, chunk)) PARTITION BY HASH (recording);
CREATE TABLE IF NOT EXISTS fingerprint_seeds (
    key integer NOT NULL, other integer NOT NULL, recording integer NOT NULL, frame integer NOT NULL)
    PARTITION BY HASH (key);
CREATE INDEX IF NOT EXISTS fingerprint_seeds_key ON fingerprint_seeds (key);
"""
# The limit is for buckets that are crowded: what everybody says tells nothing, and is not read to its end.
_LOOK_UP = """
SELECT asked.at, seed.recording, seed.frame FROM unnest(%b::integer[], %b::integer[], %b::integer[])
AS asked (key, other, at) CROSS JOIN LATERAL (
    SELECT * FROM fingerprint_seeds WHERE fingerprint_seeds.key = asked.key LIMIT %b) AS seed
WHERE bit_count((seed.other # asked.other)::bit(32)) <= %b
"""


class PostgresStore:
    """Fingerprints in a PostgreSQL database (14 or newer), by a connection that the caller owns.

    Each change is one transaction, or a savepoint within the caller's. Tables are made when they are not there.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        with connection.transaction():
            # Two that start at once would both find no tables.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('onrecord fingerprints'))")
            found = connection.execute("SELECT to_regclass('fingerprint_seeds')").fetchone()
            if found is not None and found[0] is None:
                connection.execute(_TABLES)
                for table in ("fingerprint_codes", "fingerprint_seeds"):
                    for number in range(PARTITIONS):
                        connection.execute(
                            f"CREATE TABLE {table}_{number} PARTITION OF {table} "
                            f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                        )

    def add(self, name: str, fingerprint: Fingerprint) -> None:
        same_kind(name, fingerprint.algorithm, fingerprint.version, fingerprint.constants)
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            self._remove(name)
            row = self._connection.execute(
                "INSERT INTO fingerprint_recordings (name, frames, duration_ms, constants) VALUES (%s, %s, %s, %s) "
                "RETURNING id",
                [name, fingerprint.proof.size, fingerprint.duration_ms, fingerprint.constants],
            ).fetchone()
            assert row is not None
            self._copy(row[0], fingerprint)

    def remove(self, name: str) -> None:
        with self._connection.transaction():
            self._remove(name)

    def names(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM fingerprint_recordings").fetchall()
        return sorted(name for (name,) in rows)

    def reader(self) -> PostgresReader:
        return PostgresReader(self._connection)

    def close(self) -> None:
        """Nothing: the connection is the caller's."""

    def _copy(self, recording: int, fingerprint: Fingerprint) -> None:
        cursor = self._connection.cursor()
        with cursor.copy("COPY fingerprint_codes FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "int4", "bytea", "bytea"])
            for chunk, first in enumerate(range(0, fingerprint.proof.size, _CHUNK)):
                proof = fingerprint.proof[first : first + _CHUNK]
                seed = fingerprint.seed[first // SEED_EVERY : (first + _CHUNK) // SEED_EVERY]
                copy.write_row([recording, chunk, proof.astype("<u8").tobytes(), seed.astype("<u8").tobytes()])
        keys, others, frames = _rows(fingerprint.seed)
        with cursor.copy("COPY fingerprint_seeds FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "int4", "int4", "int4"])
            for key, other, frame in zip(keys.tolist(), others.tolist(), frames.tolist(), strict=True):
                copy.write_row([key, other, recording, frame])

    def _remove(self, name: str) -> None:
        row = self._connection.execute(
            "DELETE FROM fingerprint_recordings WHERE name = %s RETURNING id", [name]
        ).fetchone()
        if row is None:
            return
        gone = self._connection.execute(
            "DELETE FROM fingerprint_codes WHERE recording = %s RETURNING chunk, seed", [row[0]]
        ).fetchall()
        seed = np.frombuffer(b"".join(codes for _, codes in sorted(gone)), "<u8").astype(np.uint64)
        # By key, so that only the rows' own partitions are read.
        self._connection.execute(
            "DELETE FROM fingerprint_seeds WHERE recording = %s AND key = ANY(%s)",
            [row[0], np.unique(_rows(seed)[0]).tolist()],
        )


class PostgresReader:
    """The index by a connection. Recordings added meanwhile are found, those removed meanwhile are not."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._chunks: dict[tuple[int, int], Codes] = {}
        self._stretches: dict[int, Stretch | None] = {}

    def seeds(self, soft: Floats, flips: int) -> tuple[NDArray[np.int64], Places]:
        # More keys cost more here than they find: a row is read a hundred times slower than an entry of a segment.
        heard = packed(soft)
        rows, places = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for table in (0, 1):
            keys = keys_to_try(soft, table, _BITS, min(flips, FLIPS)).astype(np.int64) + (table << _BITS)
            at = np.repeat(np.arange(len(soft)), keys.shape[1])
            other = _signed(halves(heard, table)[1])[at]
            asked = [keys.ravel().tolist(), other.tolist(), at.tolist()]
            with self._connection.transaction():
                # Compiling the query takes ten times as long as it does.
                self._connection.execute("SET LOCAL jit = off")
                answer = self._connection.execute(_LOOK_UP, [*asked, CROWDED, OTHER_WRONG], binary=True).fetchall()
            found = np.array(answer, dtype=np.int64).reshape(-1, 3)
            rows.append(found[:, 0])
            places.append((found[:, 1] << _FRAME_BITS) + found[:, 2])
        return np.concatenate(rows), np.concatenate(places)

    def proof(self, places: Places) -> Codes:
        recording, frame = places >> _FRAME_BITS, places & ((1 << _FRAME_BITS) - 1)
        chunk, inside = frame // _CHUNK, frame % _CHUNK
        wanted, which = np.unique((recording << _FRAME_BITS) + chunk, return_inverse=True)
        pairs = [(int(one) >> _FRAME_BITS, int(one) & ((1 << _FRAME_BITS) - 1)) for one in wanted]
        self._fetch([pair for pair in pairs if pair not in self._chunks])
        table = np.stack([self._chunks[pair] for pair in pairs]) if pairs else np.zeros((1, _CHUNK), dtype=np.uint64)
        return np.asarray(table[which, inside], dtype=np.uint64)

    def stretch(self, place: int) -> Stretch | None:
        recording = place >> _FRAME_BITS
        if recording not in self._stretches:
            row = self._connection.execute(
                "SELECT name, frames, duration_ms FROM fingerprint_recordings WHERE id = %s", [recording]
            ).fetchone()
            self._stretches[recording] = row and Stretch(row[0], recording << _FRAME_BITS, row[1], row[2])
        return self._stretches[recording]

    def _fetch(self, pairs: list[tuple[int, int]]) -> None:
        if not pairs:
            return
        self._chunks |= {pair: np.zeros(_CHUNK, dtype=np.uint64) for pair in pairs}
        rows = self._connection.execute(
            "SELECT recording, chunk, proof FROM fingerprint_codes JOIN unnest(%s::integer[], %s::integer[]) "
            "AS asked (recording, chunk) USING (recording, chunk)",
            [[recording for recording, _ in pairs], [chunk for _, chunk in pairs]],
            binary=True,
        ).fetchall()
        for recording, chunk, codes in rows:
            self._chunks[recording, chunk][: len(codes) // 8] = np.frombuffer(codes, "<u8")


def _rows(seed: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Keys, other halves and frames of the rows of seed codes."""
    live = np.flatnonzero(seed)
    pairs = [halves(seed[live], table) for table in (0, 1)]
    keys = [(key >> np.uint32(32 - _BITS)).astype(np.int64) + (table << _BITS) for table, (key, _) in enumerate(pairs)]
    return np.concatenate(keys), np.concatenate([_signed(other) for _, other in pairs]), np.tile(live * SEED_EVERY, 2)


def _signed(words: NDArray[np.uint32]) -> NDArray[np.int64]:
    return words.view(np.int32).astype(np.int64)
