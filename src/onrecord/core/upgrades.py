"""Whether the database fits the program."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrations_pending() -> bool:
    """True when the program has migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
