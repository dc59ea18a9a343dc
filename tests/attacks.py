"""Ways in which a person at the database could try to change what is final, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from assessment.models.immutable.guarding import Guard
from assessment.models.immutable.rules import FRAMEWORK, FRAMEWORKS

# Ways that only SQLite knows to put a row in the place of another
ON_SQLITE = connection.vendor == "sqlite"
REPLACING = ["INSERT OR REPLACE", "REPLACE"] if ON_SQLITE else []
UPDATE_OVER = "UPDATE OR REPLACE" if ON_SQLITE else "UPDATE"


@contextmanager
def refused(message):
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        yield


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def columns(model):
    return [field.column for field in model._meta.concrete_fields if not field.primary_key]


def listed(names):
    return ", ".join(connection.ops.quote_name(name) for name in names)


def on_conflict(key, field):
    return f"ON CONFLICT ({key}) DO UPDATE SET {field} = excluded.{field}"


def emptied(model):
    """TRUNCATE on PostgreSQL; SQLite's word for it is DELETE."""
    connection.check_constraints()
    sql(("DELETE FROM {}" if ON_SQLITE else "TRUNCATE {} CASCADE").format(model._meta.db_table))
    connection.check_constraints()


def rows(model):
    return list(model.objects.order_by("pk").values())


def first_guards() -> Iterator[Guard]:
    """The guards as the first release had them: on the tables and columns that were there then."""
    there = connection.introspection.table_names()
    for guard in FRAMEWORKS:
        if guard.table == FRAMEWORK:
            yield replace(guard, allowed="NEW.state <> 'draft' AND NEW.name = OLD.name")
        elif guard.table in there:
            yield guard
