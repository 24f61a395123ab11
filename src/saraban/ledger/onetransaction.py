"""One database transaction for ZODB and ledger: the ledger's SQL runs on RelStorage's own store connection.

The first statement of an act borrows the store connection that this ZODB connection's storage will use at commit; the
storage's `tpc_begin` then gets that same connection, begun and with its locks, from a stand-in for its pool. RelStorage's
COMMIT or ROLLBACK is the ledger's. Without a ZODB write in the transaction there is no RelStorage commit, and the data
manager below commits the connection itself.

RelStorage has no supported hook for this. All its private names that Saraban uses are in this module (and the adapter's
address in `engines.database_of`); `check_relstorage` refuses to start with a RelStorage that lacks them.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import defaultdict
from copy import copy
from typing import Any, NoReturn
from weakref import WeakSet

import transaction
from relstorage.adapters.connections import StoreConnectionPool
from relstorage.adapters.sqlite.drivers import Connection as SQLiteConnection
from relstorage.storage import RelStorage
from sqlalchemy.orm import Session, SessionTransaction
from transaction.interfaces import IDataManagerSavepoint, ISavepointDataManager
from ZODB.Connection import Connection
from zope.interface import implementer

from saraban.ledger import engines
from saraban.ledger.errors import LedgerBusy, LedgerMisuse


def check_relstorage() -> None:
    """Raises ImportError where the private names that this module leans on are not there."""
    needed = {
        "RelStorage._store_connection_pool": hasattr(RelStorage, "_store_connection_pool"),
        "StoreConnectionPool.borrow": hasattr(StoreConnectionPool, "borrow"),
        "StoreConnectionPool.replace": hasattr(StoreConnectionPool, "replace"),
        "StoreConnectionPool.borrowing": hasattr(StoreConnectionPool, "borrowing"),
        "sqlite Connection.return_to_repeatable_read": hasattr(SQLiteConnection, "return_to_repeatable_read"),
        "ZODB Connection._normal_storage": "_normal_storage" in Connection.__init__.__code__.co_names,
        "ZODB Connection._registered_objects": "_registered_objects" in Connection.__init__.__code__.co_names,
        "ZODB Connection._savepoint_storage": "_savepoint_storage" in Connection.__init__.__code__.co_names,
    }
    missing = [name for name, there in needed.items() if not there]
    if missing:
        raise ImportError(f"This RelStorage or ZODB is not the pinned one; missing: {', '.join(missing)}.")


check_relstorage()


class SharedSession(Session):
    """The session of a ZODB transaction: Zope commits or aborts it, nobody else."""

    def commit(self) -> NoReturn:
        """Refused: the ZODB transaction commits."""
        raise LedgerMisuse("The shared session is committed by the ZODB transaction.")

    def rollback(self) -> NoReturn:
        """Refused: abort or doom the ZODB transaction, or use a savepoint."""
        raise LedgerMisuse("The shared session is rolled back by the ZODB transaction.")


class _Handover:
    """Stands in for the storage's pool: hands out the connection that holds the ledger's locks, once."""

    def __init__(self, pool: Any, connection: Any, owner: OneTransaction) -> None:
        self._pool, self._connection, self._owner = pool, connection, owner
        self.taken = False

    def borrow(self) -> Any:
        if self.taken:
            return self._pool.borrow()
        self.taken = True
        return self._connection

    def replace(self, connection: Any) -> None:
        if connection is self._connection:
            self._owner.restore_pool()
        self._pool.replace(connection)

    def __getattr__(self, name: str) -> Any:
        # borrowing(commit=True) allocates object ids and commits: on a connection of its own, or it would commit the ledger.
        return getattr(self._pool, name)


class _Open(threading.local):
    """The shared sessions that this thread has open."""

    def __init__(self) -> None:
        self.managers: WeakSet[OneTransaction] = WeakSet()


_open = _Open()


def open_here(database: engines.Database) -> bool:
    """Has this thread a shared session on that database? A second writer would wait for it, that is for itself."""
    return any(manager.database == database for manager in _open.managers)


def storage_of(jar: Connection) -> Any:
    """The RelStorage behind a ZODB connection (not the temporary storage that a savepoint puts before it)."""
    storage = jar._normal_storage
    if not isinstance(storage, RelStorage):
        raise LedgerMisuse(f"The ledger lives in RelStorage's database, and this storage is a {type(storage).__name__}.")
    return storage


def has_written(jar: Connection) -> bool:
    """Is an object of this connection changed in the running transaction?"""
    return bool(jar._registered_objects or jar._added or jar._savepoint_storage is not None)


def join(jar: Connection) -> SharedSession:
    """The shared session of this ZODB connection's transaction; begins it at the first call."""
    txn = jar.transaction_manager.get()
    try:
        manager: OneTransaction | None = txn.data(jar)
    except KeyError:
        manager = None
    if manager is None or manager.over:
        manager = OneTransaction(jar, txn)
        txn.set_data(jar, manager)
    return manager.session


_PATIENCE_SECONDS = 0.002
_turns: defaultdict[engines.Database, threading.Lock] = defaultdict(threading.Lock)
"""Whose turn it is among the threads of this process to write SQLite's file."""


def _lock_file(cursor: Any, turn: threading.Lock) -> None:
    """Begins SQLite's write, or gives up after RelStorage's `commit-lock-timeout`.

    The threads of a process wait for each other's turn, without a pause between the one and the next. For other processes
    SQLite itself sleeps longer and longer between its tries, so that who came first is the last to get the lock: here
    everybody asks equally often.
    """
    milliseconds = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
    end = time.monotonic() + milliseconds / 1000
    if not turn.acquire(timeout=milliseconds / 1000):
        raise LedgerBusy("Other threads of this process write the database.")
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while not _begun(cursor):
            if time.monotonic() > end:
                raise LedgerBusy("Another process writes the database.")
            time.sleep(_PATIENCE_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret
    except BaseException:
        turn.release()
        raise
    finally:
        cursor.execute(f"PRAGMA busy_timeout={milliseconds}")


def _begun(cursor: Any) -> bool:
    try:
        cursor.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if not engines.retryable(error):
            raise
        return False
    return True


@implementer(ISavepointDataManager)
class OneTransaction:
    """Brings the ledger's session into the ZODB transaction."""

    def __init__(self, jar: Connection, txn: transaction.Transaction) -> None:
        self.transaction_manager = jar.transaction_manager
        self.over = False
        self._storage = storage_of(jar)
        self.database = engines.database_of(self._storage._adapter)
        self._is_sqlite = self.database.dialect == "sqlite"
        if self._is_sqlite and open_here(self.database):
            raise LedgerMisuse(
                "This thread already writes the ledger in another transaction: on SQLite it would wait for itself."
            )
        self._pool = self._storage._store_connection_pool
        self._lent = self._pool.borrow()
        self._handover = self._storage._store_connection_pool = _Handover(self._pool, self._lent, self)
        self._quiet: Any = None
        self._turn: threading.Lock | None = None
        try:
            self._dbapi = self._begin()
            engines.lending.dbapi = self._dbapi
            try:
                self.session = SharedSession(engines.borrowed(self.database.dialect), expire_on_commit=False)
                self._connection = self.session.connection()
            finally:
                engines.lending.dbapi = None
            txn.join(self)
        except BaseException:
            self.over = True
            self._give_back()
            raise
        self._open = _open.managers
        self._open.add(self)

    def _begin(self) -> Any:
        """The driver's connection, in a transaction that may write."""
        dbapi, cursor = self._lent.open_if_needed()
        self._lent.get_cursor()  # marks it as used: else RelStorage would restart it
        if self._is_sqlite:
            if dbapi.in_transaction:  # only the emptying of temporary tables
                dbapi.commit()
            turn = _turns[self.database]
            _lock_file(cursor, turn)
            self._turn = turn
            # RelStorage would commit here, in the middle of its vote, to be able to read what others commit.
            dbapi.return_to_repeatable_read = lambda: None
            self._quiet = dbapi
        return dbapi

    def restore_pool(self) -> None:
        """Puts the storage's own pool back; the next thread may write."""
        if self._quiet is not None:
            vars(self._quiet).pop("return_to_repeatable_read", None)
            self._quiet = None
        if self._storage is not None:
            self._storage._store_connection_pool = self._pool
            self._storage = None
        if self._turn is not None:
            self._turn.release()
            self._turn = None

    def _give_back(self) -> None:
        """Rolls back and returns the connection, unless the storage took it over and does so itself."""
        self.restore_pool()
        if not self._handover.taken:
            self._handover.taken = True
            self._pool.replace(self._lent)

    def _end_session(self) -> None:
        self.over = True
        self._open.discard(self)
        if not self._connection.closed:
            self._connection.invalidate()  # no more SQL for open savepoints: the transaction decides over them
        self.session.close()

    def _flush(self) -> None:
        session_transaction = self.session.get_transaction()
        if session_transaction is None or not session_transaction.is_active:
            raise LedgerMisuse("A statement of this act failed and was ignored: nothing can be committed.")
        self.session.flush()

    def abort(self, txn: Any) -> None:
        """Rolls back; also called alone, when a savepoint from before the first statement is rolled back."""
        if not self.over:
            self._end_session()
            self._give_back()

    def tpc_begin(self, txn: Any) -> None:
        """Keeps what the open savepoints hold."""
        while (nested := self.session.get_nested_transaction()) is not None:
            nested.commit()
        self._flush()

    def commit(self, txn: Any) -> None:
        """Writes what waits in the session."""
        self._flush()

    def tpc_vote(self, txn: Any) -> None:
        """Sorts before the storage: its statements run before RelStorage takes its commit locks."""
        self._flush()
        if self.database.dialect == "postgresql" and self._dbapi.info.transaction_status == 3:  # in error
            raise LedgerMisuse("A statement of this act failed and was ignored: PostgreSQL would answer COMMIT with ROLLBACK.")

    def tpc_finish(self, txn: Any) -> None:
        """Commits, if RelStorage has nothing to commit."""
        self._end_session()
        if not self._handover.taken:
            self._lent.commit()
            self._give_back()

    def tpc_abort(self, txn: Any) -> None:
        """Rolls back."""
        self.abort(txn)

    def sortKey(self) -> str:  # noqa: N802 - the interface's name
        """Before every storage."""
        return "\x00ledger"

    def savepoint(self) -> _Savepoint:
        """A savepoint of the database, for Plone's forms and copies."""
        return _Savepoint(self.session)


@implementer(IDataManagerSavepoint)
class _Savepoint:
    """May be rolled back to more than once, as the transaction package allows."""

    def __init__(self, session: SharedSession) -> None:
        self._session = session
        self._info = {key: copy(value) for key, value in session.info.items()}
        self._nested: SessionTransaction = session.begin_nested()

    def rollback(self) -> None:
        self._nested.rollback()
        # What the session remembers of this transaction (queued rows, locked series) was rolled back as well.
        self._session.info.clear()
        self._session.info.update({key: copy(value) for key, value in self._info.items()})
        self._nested = self._session.begin_nested()
