"""Makes and migrates the ledger's tables, in RelStorage's own database."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from saraban.ledger import onetransaction
from saraban.ledger.connection import engine_of, jar_of
from saraban.ledger.engines import database_of
from saraban.ledger.errors import LedgerMisuse
from saraban.ledger.tables import Base

TABLE_MODULES = (
    "saraban.ledger.tables",
    "saraban.organisation.tables",
    "saraban.classification.tables",
    "saraban.routing.tables",
    "saraban.registers.tables",
    "saraban.circulars.tables",
    "saraban.search.tables",
    "saraban.reports.tables",
    "saraban.signing.tables",
)
"""The tables of all rooms. Names, not imports: the ledger is below them."""
MIGRATIONS = Path(__file__).parent / "migrations"


def metadata() -> MetaData:
    """Every table that a migrated database has."""
    for name in TABLE_MODULES:
        import_module(name)
    return Base.metadata


def configuration() -> Config:
    """Alembic's, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(context: Any = None, revision: str = "head") -> None:
    """Brings the tables to a revision; nothing happens where they are there already."""
    jar = jar_of(context)
    if onetransaction.open_here(database_of(onetransaction.storage_of(jar)._adapter)):
        raise LedgerMisuse("Tables are made outside the shared session: commit or abort first.")
    config = configuration()
    with engine_of(jar).connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


create_tables = upgrade


def revision(context: Any = None) -> str | None:
    """The revision that the database is at; None without tables."""
    with engine_of(context).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
