"""RelStorage on PostgreSQL spends a third of the server's work for a commit on emptying tables, and asks for what it knows.

* Three temporary tables of each connection are emptied by every commit: their files are cut, their indexes built anew, and the
  plans of all statements that name them are made again. Here rows are deleted before new ones come, and the files are cut
  when some hundreds of rows have passed. A vote always comes before a move, and empties first: nothing of an earlier
  transaction is ever moved.
* `SET lock_timeout` and its COMMIT came before each transaction, though the session keeps the value; it also told whether the
  connection still stood. A connection is asked so when it was not for a while.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from relstorage.adapters.postgresql.locker import PostgreSQLLocker
from relstorage.adapters.postgresql.mover import PostgreSQLObjectMover
from relstorage.storage.tpc.vote import AbstractVote

ROWS = 300
"""So many rows pass through a temporary table before its file is cut: deleted rows stay in it until then."""
REST_SECONDS = 2.0
"""How long a connection is taken to stand, and to keep its settings, without being asked."""
_OBJECTS = "zoid BIGINT NOT NULL PRIMARY KEY, prev_tid BIGINT NOT NULL, md5 CHAR(32), state BYTEA"
_CHUNKS = "zoid BIGINT NOT NULL, chunk_num BIGINT NOT NULL, chunk OID, PRIMARY KEY (zoid, chunk_num)"


@dataclass
class _Known:
    """What is known of a connection to the server."""

    rows: int = 0
    """That have passed through its temporary table since the file was cut."""
    asked_at: float = -REST_SECONDS
    """When its settings were made last, in seconds of the monotonic clock."""


_known: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()


def _make_mover(self: Any, driver: Any, options: Any, **others: Any) -> None:
    _original_make_mover(self, driver, options, **others)
    self.files_lie_in_a_folder = bool(options.shared_blob_dir)


def _open_store(self: Any, cursor: Any, restart: bool = False) -> None:
    """Creates the tables that RelStorage would create, without `ON COMMIT DELETE ROWS`; it creates those that are not there."""
    if not restart:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS temp_store ({_OBJECTS})")
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS temp_store_replacements ({_OBJECTS})")
        if self.files_lie_in_a_folder:  # nothing ever comes into it
            cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS temp_blob_chunk ({_CHUNKS})")
    _original_open_store(self, cursor, restart)


def _flush_temps(self: Any, cursor: Any) -> None:
    """The beginning of every vote: the table of what is to be stored holds this transaction's objects, and nothing else."""
    if isinstance(self.shared_state.adapter.mover, PostgreSQLObjectMover):
        known = _known.setdefault(cursor.connection, _Known())
        known.rows += len(self.shared_state.temp_storage)
        cursor.execute("DELETE FROM temp_store" if known.rows < ROWS else "TRUNCATE temp_store")
        if known.rows >= ROWS:
            known.rows = 0
    _original_flush_temps(self, cursor)


def _replace_temps(self: Any, cursor: Any, states: Any) -> Any:
    cursor.execute("TRUNCATE temp_store_replacements")
    return _original_replace_temps(self, cursor, states)


def _set_lock_timeout(self: Any, cursor: Any, restart: bool = False) -> None:
    known, now = _known.setdefault(cursor.connection, _Known()), time.monotonic()
    if restart and now - known.asked_at < REST_SECONDS:
        return
    _original_set_lock_timeout(self, cursor, restart)
    known.asked_at = now


_original_make_mover = PostgreSQLObjectMover.__init__
_original_open_store = PostgreSQLObjectMover.on_store_opened
_original_replace_temps = PostgreSQLObjectMover.replace_temps
_original_flush_temps = AbstractVote._flush_temps_to_db
_original_set_lock_timeout = PostgreSQLLocker._on_store_opened_set_row_lock_timeout


def install() -> None:
    """Puts the repairs in their places."""
    PostgreSQLObjectMover.__init__ = _make_mover
    PostgreSQLObjectMover.on_store_opened = _open_store
    PostgreSQLObjectMover.replace_temps = _replace_temps
    AbstractVote._flush_temps_to_db = _flush_temps
    PostgreSQLLocker._on_store_opened_set_row_lock_timeout = _set_lock_timeout
