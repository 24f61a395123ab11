"""SQLAlchemy dialects: for a database connection whose transaction belongs to RelStorage, and for PostgreSQL's readers.

Whatever a session does, the borrowed ones never commit, roll back or close: RelStorage's COMMIT or ROLLBACK ends the ledger's
work. Savepoints work as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.mysql.mysqldb import MySQLDialect_mysqldb
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2, PGExecutionContext_psycopg2
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class Borrowed:
    """Leaves the connection as RelStorage set it up, and its transaction open."""

    def on_connect(self) -> Callable[[Any], None] | None:
        """Nothing: RelStorage set the connection up."""
        return None

    def on_connect_url(self, url: Any) -> Callable[[Any], None] | None:
        """The same."""
        return self.on_connect()

    def do_nothing(self, *args: Any) -> None:
        """For what RelStorage does."""

    do_begin = do_commit = do_rollback = do_close = do_terminate = do_nothing
    set_isolation_level = reset_isolation_level = do_nothing


class SQLite(Borrowed, SQLiteDialect_pysqlite):  # type: ignore[misc]  # does less than the dialect
    """RelStorage on SQLite."""

    supports_statement_cache = True


class PostgreSQL(Borrowed, PGDialect_psycopg2):
    """RelStorage on PostgreSQL."""

    supports_statement_cache = True


class MariaDB(Borrowed, MySQLDialect_mysqldb):
    """RelStorage on MariaDB."""

    supports_statement_cache = True

    def on_connect(self) -> Callable[[Any], None]:
        """Makes sure that text goes through in UTF-8."""

        def speak_utf8(dbapi: Any) -> None:
            # RelStorage sends bytes and does not care; the ledger's Thai text does.
            if dbapi.character_set_name() != "utf8mb4":
                dbapi.set_character_set("utf8mb4")

        return speak_utf8


class _Held(PGExecutionContext_psycopg2):
    """A long list is read piece by piece without a transaction around it."""

    def create_server_side_cursor(self) -> Any:
        """A cursor that outlives its statement's own transaction."""
        return self._dbapi_connection.cursor(f"list_{id(self):x}", withhold=True)


class Reading(PGDialect_psycopg2):
    """PostgreSQL for those who only read."""

    supports_statement_cache = True
    execution_ctx_cls = _Held


registry.register("postgresql.reading", __name__, Reading.__name__)
for _database, _class in (("sqlite", SQLite), ("postgresql", PostgreSQL), ("mysql", MariaDB)):
    registry.register(f"{_database}.relstorage", __name__, _class.__name__)
