"""Triggers by which the database itself refuses what must never happen, on SQLite and PostgreSQL.

Three kinds: a published framework never changes, nor does an approved round, and what is only added to (events,
versions of answers, frozen results) is never changed or taken away. `install` drops and makes all of them anew after
every migrate: on SQLite a migration that remakes a table loses its triggers without a word.
"""

from assessment.models.immutable.guarding import names, statements
from assessment.models.immutable.rules import GUARDS

__all__ = ["GUARDS", "MESSAGES", "TABLES", "install", "missing", "remove"]
TABLES = tuple(guard.table for guard in GUARDS)
MESSAGES = {guard.table: guard.message for guard in GUARDS}


def install(connection) -> None:
    """Makes all triggers anew; harmless to repeat."""
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in statements(guard, connection.vendor):
                cursor.execute(statement)


def remove(connection) -> None:
    """Takes all triggers away. Only for emptying a test database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in names(table, connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection) -> list[str]:
    """Names of the triggers that should be there and are not, or are switched off."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [name for table in TABLES for name in names(table, connection.vendor) if name not in present]
