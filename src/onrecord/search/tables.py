"""What the database keeps beside the entries to find words in them: SQLite's FTS5, PostgreSQL's tsvector with GIN.

Both are kept by the database itself, in the transaction that writes the entry. Words come as keys of letters and digits
with one space between them, and neither program cuts those any further, so that both find the same.
"""

from typing import Any

ENTRIES = "search_searchentry"
WORDS = "search_words"
COLUMNS = ("title_keys", "title_lemmas", "keys", "lemmas")
WEIGHTS = dict(zip(COLUMNS, "ABCD", strict=True))

_NAMES = ", ".join(COLUMNS)
_NEW = ", ".join(f"new.{name}" for name in COLUMNS)
_OLD = ", ".join(f"old.{name}" for name in COLUMNS)
_FORGET = f"INSERT INTO {WORDS}({WORDS}, rowid, {_NAMES}) VALUES ('delete', old.id, {_OLD})"
_TAKE_IN = f"INSERT INTO {WORDS}(rowid, {_NAMES}) VALUES (new.id, {_NEW})"
_SQLITE = [
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5({_NAMES}, content='{ENTRIES}', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")",
    f"CREATE TRIGGER IF NOT EXISTS {WORDS}_added AFTER INSERT ON {ENTRIES} BEGIN {_TAKE_IN}; END",
    f"CREATE TRIGGER IF NOT EXISTS {WORDS}_gone AFTER DELETE ON {ENTRIES} BEGIN {_FORGET}; END",
    f"CREATE TRIGGER IF NOT EXISTS {WORDS}_changed AFTER UPDATE OF {_NAMES} ON {ENTRIES} "
    f"BEGIN {_FORGET}; {_TAKE_IN}; END",
]
_VECTOR = " || ".join(f"setweight(to_tsvector('simple', {name}), '{weight}')" for name, weight in WEIGHTS.items())
_POSTGRESQL = [
    f"ALTER TABLE {ENTRIES} ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED",
    f"CREATE INDEX IF NOT EXISTS {WORDS} ON {ENTRIES} USING gin (vector)",
]


def tables_ensure(connection: Any) -> None:
    """Make what is missing of them; a later migration of the entries calls this again, for SQLite drops triggers."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite" and _is_complete(cursor):
            return  # it refuses to alter a table with changes that wait for the commit, also where nothing would change
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


def _is_complete(cursor: Any) -> bool:
    """Whether PostgreSQL has the column and its index."""
    cursor.execute(
        "SELECT COUNT(*) FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'vector' "
        "AND NOT attisdropped AND to_regclass(%s) IS NOT NULL",
        [ENTRIES, WORDS],
    )
    return bool(cursor.fetchone()[0])


def tables_refill(connection: Any) -> None:
    """Have FTS5 read every entry again; PostgreSQL's column cannot differ from its row."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {WORDS}({WORDS}) VALUES ('rebuild')")


def tables_drop(connection: Any) -> None:
    """Remove them, before the entries' own table goes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("added", "gone", "changed"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {WORDS}_{name}")
            cursor.execute(f"DROP TABLE IF EXISTS {WORDS}")
        else:
            cursor.execute(f"ALTER TABLE {ENTRIES} DROP COLUMN IF EXISTS vector")
