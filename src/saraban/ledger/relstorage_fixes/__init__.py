"""Repairs of RelStorage 4.3.0, carried here until it has them; `zope.conf` loads them with `%import`.

SQLite: while it votes RelStorage commits its temporary rows, and does not delete them when the vote then fails on a
`readCurrent` check. The next transaction on that pooled connection would store the failed one's objects. The temporary
table is emptied before it is filled.

MariaDB: has no row alias in `INSERT … ON DUPLICATE KEY UPDATE`, which RelStorage takes for granted from a version number
that MariaDB passed long ago.

PostgreSQL: three temporary tables are emptied at each commit (files cut, indexes built anew), of which two are hardly ever
used: one when a conflict was resolved, one for files that are kept in the database. These two stay as they are at a commit; the
first is emptied before it is filled, and the second is only then left alone when files lie in a shared folder, where nothing
ever comes into it. A tenth of the server's work for a commit.
"""

from __future__ import annotations

from typing import Any

from relstorage.adapters.mysql.schema import MySQLVersionDetector
from relstorage.adapters.postgresql.mover import PostgreSQLObjectMover
from relstorage.adapters.sqlite.mover import Sqlite3ObjectMover


def _store_temps(self: Any, cursor: Any, states: Any) -> Any:
    cursor.execute("DELETE FROM temp_store")
    return _original_store_temps(self, cursor, states)


def _requires_values_upsert_alias(self: Any, cursor: Any) -> bool:
    if "mariadb" in (self.get_version(cursor) or "").lower():
        return False
    return bool(_original_requires_alias(self, cursor))


def _make_postgresql_mover(self: Any, driver: Any, options: Any, **others: Any) -> None:
    _original_make_postgresql_mover(self, driver, options, **others)
    self.files_lie_in_a_folder = bool(options.shared_blob_dir)


def _open_postgresql_store(self: Any, cursor: Any, restart: bool = False) -> None:
    # RelStorage creates the tables that are not there yet.
    if not restart:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS temp_store_replacements"
            " (zoid BIGINT NOT NULL PRIMARY KEY, prev_tid BIGINT NOT NULL, md5 CHAR(32), state BYTEA)"
        )
        if self.files_lie_in_a_folder:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS temp_blob_chunk"
                " (zoid BIGINT NOT NULL, chunk_num BIGINT NOT NULL, chunk OID, PRIMARY KEY (zoid, chunk_num))"
            )
    _original_open_postgresql_store(self, cursor, restart)


def _replace_postgresql_temps(self: Any, cursor: Any, states: Any) -> Any:
    cursor.execute("TRUNCATE temp_store_replacements")
    return _original_replace_postgresql_temps(self, cursor, states)


_original_store_temps = Sqlite3ObjectMover.store_temps
_original_requires_alias = MySQLVersionDetector.requires_values_upsert_alias
Sqlite3ObjectMover.store_temps = _store_temps
MySQLVersionDetector.requires_values_upsert_alias = _requires_values_upsert_alias

_original_make_postgresql_mover = PostgreSQLObjectMover.__init__
_original_open_postgresql_store = PostgreSQLObjectMover.on_store_opened
_original_replace_postgresql_temps = PostgreSQLObjectMover.replace_temps
PostgreSQLObjectMover.__init__ = _make_postgresql_mover
PostgreSQLObjectMover.on_store_opened = _open_postgresql_store
PostgreSQLObjectMover.replace_temps = _replace_postgresql_temps
