"""Triggers by which the database itself refuses every change to a published framework, on SQLite and PostgreSQL.

`install` drops and makes them anew after every migrate: on SQLite a migration that remakes a table loses its triggers
without a word. SQLite's INSERT OR REPLACE deletes without firing a delete trigger, so an id that is already
published is refused before the insert. On PostgreSQL the framework's row is share-locked, so that nothing slips in
while it is being published, and TRUNCATE is refused too.
"""

FRAMEWORK = "assessment_framework"
CONTENT = ("id", "code", "version", "language", "name", "about", "crosswalks", "published_at")
MESSAGE = "a published framework never changes"


def _framework_of(parent: str) -> str:
    return f"(SELECT framework_id FROM assessment_{parent} WHERE id = {{row}}.{parent}_id)"


# How each table's row finds its framework: a row must touch none that is published, by whichever way.
_OWN = "{row}.framework_id"
OWNERS = {
    "assessment_level": [_OWN],
    "assessment_source": [_OWN],
    "assessment_targetprofile": [_OWN],
    "assessment_lens": [_OWN],
    "assessment_dimension": [_OWN, _framework_of("lens")],
    "assessment_facet": [_OWN, _framework_of("dimension")],
    "assessment_criterion": [_OWN, _framework_of("facet")],
    "assessment_passage": [_framework_of("source")],
    "assessment_leveldescriptor": [_framework_of("criterion")],
    "assessment_citation": [_framework_of("criterion"), _framework_of("dimension")],
}
TABLES = (FRAMEWORK, *OWNERS)


def install(connection) -> None:
    """Makes all triggers anew; harmless to repeat."""
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection) -> None:
    """Takes all triggers away. Only for emptying a test database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in names(table, connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection) -> list[str]:
    """Names of the triggers that should be there and are not."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [name for table in TABLES for name in names(table, connection.vendor) if name not in present]


def names(table: str, vendor: str) -> list[str]:
    verbs = {"sqlite": ("insert", "update", "delete"), "postgresql": ("row", "truncate")}[vendor]
    return [f"immutable_{table}_{verb}" for verb in verbs]


def _sqlite():
    differs = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in CONTENT)
    taken = f"SELECT 1 FROM {FRAMEWORK} f WHERE f.state <> 'draft' AND"
    same_version = "f.code = NEW.code AND f.version = NEW.version"
    yield from _sqlite_triggers(
        FRAMEWORK,
        insert=f"EXISTS ({taken} (f.id = NEW.id OR ({same_version})))",
        update=(
            f"(OLD.state <> 'draft' AND (NEW.state = 'draft' OR {differs}))"
            f" OR EXISTS ({taken} f.id <> OLD.id AND (f.id = NEW.id OR ({same_version})))"
        ),
        delete="OLD.state <> 'draft'",
    )
    for table, owners in OWNERS.items():
        old, new = _published(owners, "OLD"), _published(owners, "NEW")
        taken = f"EXISTS (SELECT 1 FROM {table} t WHERE t.id = NEW.id AND {_published(owners, 't')})"
        yield from _sqlite_triggers(table, f"{new} OR {taken}", f"{old} OR {new} OR {taken}", old)


def _sqlite_triggers(table: str, insert: str, update: str, delete: str):
    for name, condition in zip(names(table, "sqlite"), (insert, update, delete), strict=True):
        verb = name.rsplit("_", 1)[1].upper()
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def _published(owners: list[str], row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {FRAMEWORK} p WHERE p.state <> 'draft' AND p.id IN ({_ids(owners, row)}))"


def _ids(owners: list[str], row: str) -> str:
    return ", ".join(owner.format(row=row) for owner in owners)


def _postgresql():
    differs = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in CONTENT)
    yield from _postgresql_triggers(
        FRAMEWORK,
        f"""IF TG_OP = 'DELETE' AND OLD.state <> 'draft' THEN {_RAISE} END IF;
            IF TG_OP = 'UPDATE' AND OLD.state <> 'draft' AND (NEW.state = 'draft' OR {differs}) THEN {_RAISE} END IF;""",
    )
    for table, owners in OWNERS.items():
        checks = "".join(
            f"""IF TG_OP <> '{other}' THEN
                PERFORM 1 FROM {FRAMEWORK} f WHERE f.id IN ({_ids(owners, row)}) FOR SHARE;
                PERFORM 1 FROM {FRAMEWORK} f WHERE f.id IN ({_ids(owners, row)}) AND f.state <> 'draft';
                IF FOUND THEN {_RAISE} END IF;
            END IF;"""
            for row, other in (("OLD", "INSERT"), ("NEW", "DELETE"))
        )
        yield from _postgresql_triggers(table, checks)


_RAISE = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';"


def _postgresql_triggers(table: str, checks: str):
    row, truncate = names(table, "postgresql")
    frozen = f"EXISTS (SELECT 1 FROM {FRAMEWORK} WHERE state <> 'draft')"
    for name, body, when in (
        (row, f"{checks} RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;", "INSERT OR UPDATE OR DELETE"),
        (truncate, f"IF {frozen} THEN {_RAISE} END IF; RETURN NULL;", "TRUNCATE"),
    ):
        each = "STATEMENT" if when == "TRUNCATE" else "ROW"
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
