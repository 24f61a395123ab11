"""Many rows that share most of their values, written by one statement.

A circular to 850 units is 850 rows that differ in three columns of thirty. The shared values are said once and the others in
one JSON text, so that the statement is the same for any number of rows and is compiled once: written out, its parameters cost
more than the database does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Insert, Table, bindparam, insert, literal_column, select, text
from sqlalchemy.orm import DeclarativeBase, Session

Row = TypeVar("Row", bound=DeclarativeBase)
Different = Sequence[Mapping[str, str | int | None]]
"""What each row has of its own: the same columns in each, texts and whole numbers alone."""


def insert_alike(session: Session, kind: type[DeclarativeBase], same: Mapping[str, Any], rows: Different) -> None:
    """A row of this kind for each of `rows`, in their order; a column that neither names has its default."""
    if rows:
        session.execute(*_prepared(session, kind, same, rows))


def made_alike(session: Session, kind: type[Row], same: Mapping[str, Any], rows: Different) -> list[Row]:
    """The same, and what was written, in any order."""
    if not rows:
        return []
    statement, values = _prepared(session, kind, same, rows)
    return list(session.scalars(select(kind).from_statement(statement.returning(kind)), values))


def _prepared(
    session: Session, kind: type[DeclarativeBase], same: Mapping[str, Any], rows: Different
) -> tuple[Insert, dict[str, Any]]:
    table = kind.metadata.tables[kind.__tablename__]
    statement = _statement(table, tuple(same), tuple(rows[0]), session.get_bind().dialect.name)
    different = json.dumps([{f"c{at}": value for at, value in enumerate(row.values())} for row in rows])
    return statement, {"rows": different, **{f"same_{name}": value for name, value in same.items()}}


@cache
def _statement(table: Table, same: tuple[str, ...], different: tuple[str, ...], database: str) -> Insert:
    shared = [bindparam(f"same_{name}", type_=table.c[name].type).label(name) for name in same]
    types = {f"c{at}": table.c[name].type.compile() for at, name in enumerate(different)}
    own: list[ColumnElement[Any]] = [literal_column(f"each_row.{alias}") for alias in types]
    source = text(_SOURCES[database](types))
    return insert(table).from_select([*same, *different], select(*shared, *own).select_from(source))


def _of_postgresql(types: Mapping[str, str]) -> str:
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    return f"json_to_recordset(CAST(:rows AS json)) AS each_row ({columns})"


def _of_mariadb(types: Mapping[str, str]) -> str:
    # Without a word it takes the database's own character set, which need not know Thai.
    sets = {name: " CHARACTER SET utf8mb4" if type_.startswith("VARCHAR") else "" for name, type_ in types.items()}
    columns = ", ".join(f"{name} {type_}{sets[name]} PATH '$.{name}'" for name, type_ in types.items())
    return f"JSON_TABLE(:rows, '$[*]' COLUMNS ({columns})) AS each_row"


def _of_sqlite(types: Mapping[str, str]) -> str:
    columns = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in types)
    return f"(SELECT {columns} FROM json_each(:rows)) AS each_row"  # noqa: S608 - names of our own


_SOURCES = {"postgresql": _of_postgresql, "mysql": _of_mariadb, "mariadb": _of_mariadb, "sqlite": _of_sqlite}
