"""Triggers that make a table append-only: no UPDATE, no DELETE, whoever asks."""

from __future__ import annotations

from alembic import op

_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
# INSERT OR REPLACE deletes without firing a DELETE trigger.
_SQLITE_REPLACE = """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRESQL_FUNCTION = """CREATE FUNCTION saraban_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
_POSTGRESQL = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION saraban_append_only()"""
_MARIADB = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{table} is append-only'"""
VERBS = {
    "sqlite": ("update", "delete", "replace"),
    "postgresql": ("update", "delete", "truncate"),
    "mysql": ("update", "delete"),
}


def forbid_changes(keys: dict[str, str]) -> None:
    """Makes tables (name: primary key) append-only."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(_POSTGRESQL_FUNCTION)
    for table, key in keys.items():
        for verb in VERBS[dialect]:
            if dialect == "postgresql":
                statement = _POSTGRESQL.format(table=table, verb=verb)
            elif dialect == "mysql":
                statement = _MARIADB.format(table=table, verb=verb)
            elif verb == "replace":
                statement = _SQLITE_REPLACE.format(table=table, key=key)
            else:
                statement = _SQLITE.format(table=table, verb=verb)
            op.execute(statement)


def allow_changes(tables: list[str]) -> None:
    """Takes the triggers away."""
    dialect = op.get_bind().dialect.name
    for table in tables:
        for verb in VERBS[dialect]:
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if dialect == "postgresql" else ""))
    if dialect == "postgresql":
        op.execute("DROP FUNCTION saraban_append_only()")
