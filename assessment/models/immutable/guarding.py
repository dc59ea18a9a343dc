"""What a guard forbids, written as triggers of each database.

SQLite's INSERT OR REPLACE and UPDATE OR REPLACE delete without firing a delete trigger, so a row that would take the
place of a guarded one, by its id or by another unique key, is refused before it is written. On PostgreSQL the row on
which a guard rests is share-locked, so that nothing slips in while it is being published or approved, and TRUNCATE is
refused too.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """Which rows of a table are guarded.

    `guarded` says it of {row}, in SQL. `keys` are the sets of columns that are unique, the id aside. A change of a
    guarded row is let through where `allowed` holds, of OLD and NEW. By the statements in `entering` no row comes to
    be guarded, and by none one of which `wrong` holds. `locks`: what to share-lock on PostgreSQL before judging {row},
    as (table, ids).
    """

    table: str
    guarded: str
    message: str
    keys: tuple[tuple[str, ...], ...] = ()
    allowed: str = ""
    wrong: str = ""
    entering: tuple[str, ...] = ("INSERT", "UPDATE")
    locks: tuple[tuple[str, str], ...] = ()

    def of(self, row: str) -> str:
        return f"({self.guarded.format(row=row)})"

    @property
    def changing(self) -> str:
        """Whether an update changes what it must not. What is unknown, because of a NULL, is not allowed."""
        return f"({self.of('OLD')} AND ({self.allowed}) IS NOT TRUE)" if self.allowed else self.of("OLD")

    def writing(self, verb: str) -> list[str]:
        """Why the new row may not be written by this statement."""
        entering = [self.of("NEW")] if verb in self.entering else []
        return [*entering, *([f"({self.wrong.format(row='NEW')})"] if self.wrong else [])]


def names(table: str, vendor: str) -> list[str]:
    verbs = {"sqlite": ("insert", "update", "delete"), "postgresql": ("row", "truncate")}[vendor]
    return [f"immutable_{table}_{verb}" for verb in verbs]


def statements(guard: Guard, vendor: str) -> Iterator[str]:
    return {"sqlite": _sqlite, "postgresql": _postgresql}[vendor](guard)


def _sqlite(guard: Guard) -> Iterator[str]:
    conditions = {
        "INSERT": [*guard.writing("INSERT"), _taken(guard)],
        "UPDATE": [guard.changing, *guard.writing("UPDATE"), _taken(guard, "AND t.id <> OLD.id")],
        "DELETE": [guard.of("OLD")],
    }
    for name, (verb, reasons) in zip(names(guard.table, "sqlite"), conditions.items(), strict=True):
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {guard.table} WHEN {_any(reasons)}"
            f" BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )


def _taken(guard: Guard, others: str = "") -> str:
    """Whether a guarded row stands where the new one would go."""
    keys = (("id",), *guard.keys)
    places = _any(["(" + " AND ".join(f"t.{column} = NEW.{column}" for column in key) + ")" for key in keys])
    return f"EXISTS (SELECT 1 FROM {guard.table} t WHERE ({places}) AND {guard.of('t')} {others})"


def _any(conditions: list[str]) -> str:
    return " OR ".join(conditions)


def _postgresql(guard: Guard) -> Iterator[str]:
    refuse = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation';"
    row, truncate = names(guard.table, "postgresql")
    conditions = {
        "UPDATE": {"OLD": [guard.changing], "NEW": guard.writing("UPDATE")},
        "INSERT": {"NEW": guard.writing("INSERT")},
        "DELETE": {"OLD": [guard.of("OLD")]},
    }
    body = "".join(
        f"IF TG_OP = '{verb}' THEN {''.join(_judge(guard, *given, refuse) for given in rows.items())} END IF; "
        for verb, rows in conditions.items()
        if any(rows.values())
    )
    yield from _function(row, f"{body} RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;")
    yield f"DROP TRIGGER IF EXISTS {row} ON {guard.table}"
    yield (
        f"CREATE TRIGGER {row} BEFORE INSERT OR UPDATE OR DELETE ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {row}()"
    )
    body = f"IF EXISTS (SELECT 1 FROM {guard.table} t WHERE {guard.of('t')}) THEN {refuse} END IF; RETURN NULL;"
    yield from _function(truncate, body)
    yield f"DROP TRIGGER IF EXISTS {truncate} ON {guard.table}"
    yield (
        f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {guard.table} FOR EACH STATEMENT EXECUTE FUNCTION {truncate}()"
    )


def _judge(guard: Guard, row: str, reasons: list[str], refuse: str) -> str:
    if not reasons:
        return ""
    locks = "".join(
        f"PERFORM 1 FROM {table} WHERE id IN ({ids.format(row=row)}) FOR SHARE; " for table, ids in guard.locks
    )
    return f"{locks}IF {_any(reasons)} THEN {refuse} END IF; "


def _function(name: str, body: str) -> Iterator[str]:
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
