"""Migrations make exactly the tables that the code describes, on each database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, Table, insert, inspect, select
from tests.ledger.places import Maker
from ZODB.Connection import Connection

from saraban.ledger import schema
from saraban.ledger.connection import alone, engine_of, reader
from saraban.ledger.tables import Base
from saraban.routing.tables import Notice, NoticeSeen


def test_migrated_database_is_what_the_code_describes(jar: Connection) -> None:
    wanted = schema.metadata()
    with engine_of(jar).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                # RelStorage's own tables live beside ours.
                "include_object": lambda obj, name, type_, reflected, other: type_ != "table" or name in wanted.tables,
            },
        )
        assert compare_metadata(context, wanted) == []


def test_upgrade_twice_does_nothing(jar: Connection) -> None:
    before = schema.revision(jar)
    schema.upgrade(jar)
    assert schema.revision(jar) == before is not None


def take_down(engine: Engine, to: str = "base") -> None:
    """Back to a revision, or to a database without tables."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        configuration = schema.configuration()
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, to)
        connection.commit()


OLD = "0008"
"""The revision of the first cities."""
VALUES = {str: "x", int: 1, bool: True, bytes: b"x", datetime: datetime(2026, 1, 5, 9, 30), date: date(2026, 1, 5)}


def test_rows_of_an_old_database_are_kept(kind: str, maker: Maker) -> None:
    """One in each table, from then until now."""
    database = maker.make(kind).open()
    with database.transaction() as jar:
        engine = engine_of(jar)
        take_down(engine)
        schema.upgrade(jar, OLD)
        there = set(inspect(engine).get_table_names()) & set(schema.metadata().tables)
        old = MetaData()
        old.reflect(engine, only=sorted(there))
        with engine.connect() as connection:
            empty = [table for table in old.sorted_tables if connection.execute(select(table)).first() is None]
        rows = {table: values_of(table) for table in empty}
        with alone(jar) as session:
            for table, values in rows.items():
                session.execute(insert(table), values)
        schema.upgrade(jar)
        with engine.connect() as connection:
            for table, values in rows.items():
                kept = connection.execute(select(table)).mappings().one()
                assert {name: kept[name] for name in values} == values, table.name
        assert len(rows) > 10
    database.close()


def values_of(table: Table) -> dict[str, Any]:
    """Something for each column that must have it."""
    return {column.name: VALUES[column.type.python_type] for column in table.columns if not column.nullable}


def test_what_heads_were_told_becomes_their_posts(kind: str, maker: Maker) -> None:
    """Two heads had a notice each, which one of them has seen: it is one notice, and that one's mark; so back and forth."""
    database = maker.make(kind).open()
    seen, told = datetime(2026, 2, 1, 9), datetime(2026, 1, 5, 9, 30)
    with database.transaction() as jar:
        engine = engine_of(jar)
        take_down(engine, "0017")
        old = MetaData()
        old.reflect(engine, only=["notice", "delivery"])
        delivery, notice = old.tables["delivery"], old.tables["notice"]
        common = {"unit": "medical", "delivery_id": 1, "at": told, "read_at": None}
        rows = [
            {**common, "person": "director.medical", "kind": "classified", "read_at": seen},
            {**common, "person": "director.medical", "kind": "unkept"},
            {**common, "person": "deputy.medical", "kind": "unkept", "read_at": seen},
            {**common, "person": "director.drainage", "unit": "drainage", "kind": "unkept"},
        ]
        with alone(jar) as session:
            session.execute(insert(delivery), {**values_of(delivery), "id": 1})
            for row in rows:
                session.execute(insert(notice), row)
        for _time in range(2):
            schema.upgrade(jar)
            with reader(jar) as session:
                found = [
                    (row.id, row.person, row.kind, row.read_at) for row in session.scalars(select(Notice).order_by(Notice.id))
                ]
                marks = [(mark.notice_id, mark.person) for mark in session.scalars(select(NoticeSeen))]
            assert [line[:3] for line in found] == [
                (1, "director.medical", "classified"),
                (2, "medical:head", "unkept"),
                (4, "drainage:head", "unkept"),
            ]
            assert [line[3] is None for line in found] == [False, True, True]
            assert marks == [(2, "deputy.medical")]
            take_down(engine, "0017")
    database.close()


def test_migrations_go_back_and_forth(kind: str, maker: Maker) -> None:
    database = maker.make(kind).open()
    with database.transaction() as jar:
        engine = engine_of(jar)
        take_down(engine)
        assert not set(inspect(engine).get_table_names()) & set(Base.metadata.tables)
        assert schema.revision(jar) is None
        schema.upgrade(jar)
        with reader(jar) as session:
            assert set(inspect(session.connection()).get_table_names()) >= set(Base.metadata.tables)
    database.close()
