"""Repairs of RelStorage 4.3.0, carried here until it has them; `zope.conf` loads them with `%import`.

SQLite: while it votes RelStorage commits its temporary rows, and does not delete them when the vote then fails on a
`readCurrent` check. The next transaction on that pooled connection would store the failed one's objects. The temporary
table is emptied before it is filled.

MariaDB: has no row alias in `INSERT … ON DUPLICATE KEY UPDATE`, which RelStorage takes for granted from a version number
that MariaDB passed long ago.

PostgreSQL: see `postgresql`.
"""

from __future__ import annotations

from typing import Any

from relstorage.adapters.mysql.schema import MySQLVersionDetector
from relstorage.adapters.sqlite.mover import Sqlite3ObjectMover

from saraban.ledger.relstorage_fixes import postgresql


def _store_temps(self: Any, cursor: Any, states: Any) -> Any:
    cursor.execute("DELETE FROM temp_store")
    return _original_store_temps(self, cursor, states)


def _requires_values_upsert_alias(self: Any, cursor: Any) -> bool:
    if "mariadb" in (self.get_version(cursor) or "").lower():
        return False
    return bool(_original_requires_alias(self, cursor))


_original_store_temps = Sqlite3ObjectMover.store_temps
_original_requires_alias = MySQLVersionDetector.requires_values_upsert_alias
Sqlite3ObjectMover.store_temps = _store_temps
MySQLVersionDetector.requires_values_upsert_alias = _requires_values_upsert_alias
postgresql.install()
