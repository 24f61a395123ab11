"""Migrations make exactly the tables that the code describes, on each database."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from tests.ledger.places import Maker
from ZODB.Connection import Connection

from saraban.ledger import schema
from saraban.ledger.connection import engine_of, reader
from saraban.ledger.tables import Base


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


def test_migrations_go_back_and_forth(kind: str, maker: Maker) -> None:
    database = maker.make(kind).open()
    with database.transaction() as jar:
        engine = engine_of(jar)
        with engine.connect() as connection:
            if kind == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            configuration = schema.configuration()
            configuration.attributes["connection"] = connection
            command.downgrade(configuration, "base")
            connection.commit()
        assert not set(inspect(engine).get_table_names()) & set(Base.metadata.tables)
        assert schema.revision(jar) is None
        schema.upgrade(jar)
        with reader(jar) as session:
            assert set(inspect(session.connection()).get_table_names()) >= set(Base.metadata.tables)
    database.close()
