"""Ordinary engines and borrowed ones: settings of each database, retryable errors, guards.

An ordinary engine is derived from RelStorage's own settings: the database is named once, in `zope.conf`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import MySQLdb
import psycopg2
from psycopg2.extensions import parse_dsn
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from saraban.ledger import dialects  # noqa: F401 - registers them
from saraban.ledger.errors import LedgerBusy, LedgerMisuse

LOCK_SECONDS = 30
"""How long anybody waits for another's lock; RelStorage's `commit-lock-timeout` is the same."""
REST_SECONDS = 2.0
"""How long a connection may lie unused before it is asked whether it still stands."""
SILENT = True
"""An error of the database goes into the log with its statement, and without the values: they are people's words."""
SIZES: Mapping[str, Any] = {"pool_size": 10, "max_overflow": 30, "hide_parameters": SILENT}
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_RETRY_PG = {"40001", "40P01", "55P03"}
_RETRY_MARIADB = {1205, 1213, 1020}


@dataclass(frozen=True)
class Database:
    """Where a RelStorage keeps its rows: enough to connect to the same database."""

    dialect: str
    """`sqlite`, `postgresql` or `mysql`."""
    address: str
    """File, DSN, or the sorted parameters: only to tell databases apart."""
    arguments: tuple[tuple[str, Any], ...]
    """What the driver's connect takes."""


def database_of(adapter: Any) -> Database:
    """The database of a RelStorage adapter."""
    kind = type(adapter).__name__
    if kind == "Sqlite3Adapter":
        path = adapter.connmanager.path
        return Database("sqlite", path, (("database", path),))
    if kind == "PostgreSQLAdapter":
        return Database("postgresql", adapter._dsn, (("dsn", adapter._dsn),))
    if kind == "MySQLAdapter":
        parameters = tuple(sorted(adapter._params.items()))
        return Database("mysql", repr(parameters), parameters)
    raise LedgerMisuse(f"The ledger does not know how to use {kind}.")


def retryable(error: BaseException | None) -> bool:
    """Did the database give up because somebody else was in the way?"""
    if error is None:
        return False
    if getattr(error, "pgcode", None) in _RETRY_PG:
        return True
    first = error.args[0] if error.args else None
    return first in _RETRY_MARIADB or "database is locked" in str(first)


def _translate(context: ExceptionContext) -> None:
    # A connection that broke counts as well: the next try has a new one.
    if retryable(context.original_exception) or context.is_disconnect:
        raise LedgerBusy(str(context.original_exception)) from context.original_exception


def _is_write(statement: str) -> bool:
    return statement.lstrip()[:7].upper().startswith(_WRITES)


def _refuse_writes_of_readers(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if connection.get_execution_options().get("ledger_reader") and _is_write(statement):
        raise LedgerMisuse("A reader does not write: use session_of() or alone().")


def _refuse_writes_without_begin(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    if _is_write(statement) and not cursor.connection.in_transaction:
        raise LedgerMisuse("A write without BEGIN IMMEDIATE would commit by itself.")


def _set_up_sqlite(dbapi: Any, record: Any) -> None:
    dbapi.isolation_level = None  # the driver never begins a transaction by itself
    cursor = dbapi.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a commit survives a power cut
    cursor.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _set_up_mariadb(dbapi: Any, record: Any) -> None:
    cursor = dbapi.cursor()
    cursor.execute(f"SET SESSION innodb_lock_wait_timeout={LOCK_SECONDS}")
    cursor.close()


def _rested(dbapi: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
    """Asks whether a connection still stands, if it was not used for a while: asking each time costs as much as a query."""
    if time.monotonic() - record.info.get("used_at", 0.0) < REST_SECONDS:
        return
    try:
        with closing(dbapi.cursor()) as cursor:
            cursor.execute("SELECT 1")
        dbapi.rollback()
    except (psycopg2.Error, MySQLdb.Error) as gone:
        raise DisconnectionError() from gone  # the pool makes another


def _used(dbapi: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _server(database: Database, *, reads: bool) -> Engine:
    """An engine of a server. One that only reads has no transactions: to begin and end one costs twice a small query."""
    arguments = dict(database.arguments)
    level: Mapping[str, Any] = (
        {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True} if reads else {"isolation_level": "READ COMMITTED"}
    )
    if database.dialect == "postgresql":
        dsn = arguments["dsn"]
        own = parse_dsn(dsn).get("options", "")
        options = f"{own} -c lock_timeout={LOCK_SECONDS}s -c idle_in_transaction_session_timeout=300s"
        engine = create_engine(
            "postgresql+reading://" if reads else "postgresql+psycopg2://",
            creator=lambda: psycopg2.connect(dsn, options=options, application_name="saraban ledger"),
            **level,
            **SIZES,
        )
    else:
        engine = create_engine("mysql+mysqldb://", connect_args={**arguments, "charset": "utf8mb4"}, **level, **SIZES)
        event.listen(engine, "connect", _set_up_mariadb)
    event.listen(engine, "checkout", _rested)
    event.listen(engine, "checkin", _used)
    return engine


def _sqlite(database: Database) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=dict(database.arguments)["database"]),
        connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False},
        **SIZES,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "before_cursor_execute", _refuse_writes_without_begin)
    return engine


def _guarded(engine: Engine) -> Engine:
    event.listen(engine, "handle_error", _translate)
    event.listen(engine, "before_cursor_execute", _refuse_writes_of_readers)
    return engine


class Lending(threading.local):
    """The database connection that this thread's next borrowed SQLAlchemy connection wraps."""

    dbapi: Any = None


lending = Lending()


def _borrowed(dialect: str) -> Engine:
    engine = create_engine(
        f"{dialect}+relstorage://",
        creator=lambda: lending.dbapi,
        poolclass=NullPool,
        pool_reset_on_return=None,
        hide_parameters=SILENT,
    )
    event.listen(engine, "handle_error", _translate)
    return engine


_lock = threading.Lock()
_ordinary_engines: dict[Database, Engine] = {}
_reading_engines: dict[Database, Engine] = {}
_borrowed_engines: dict[str, Engine] = {}


def ordinary(database: Database) -> Engine:
    """The engine for short writes of its own: one for each database."""
    with _lock:
        if database not in _ordinary_engines:
            made = _sqlite(database) if database.dialect == "sqlite" else _server(database, reads=False)
            _ordinary_engines[database] = _guarded(made)
        return _ordinary_engines[database]


def reading(database: Database) -> Engine:
    """The engine for lists and reports, who only read: what writes through it is refused."""
    with _lock:
        if database in _reading_engines:
            return _reading_engines[database]
    made = ordinary(database) if database.dialect == "sqlite" else _guarded(_server(database, reads=True))
    with _lock:
        return _reading_engines.setdefault(database, made.execution_options(ledger_reader=True))


def borrowed(dialect: str) -> Engine:
    """The engine whose connections are RelStorage's."""
    with _lock:
        if dialect not in _borrowed_engines:
            _borrowed_engines[dialect] = _borrowed(dialect)
        return _borrowed_engines[dialect]


def forget(database: Database) -> None:
    """Closes the pooled connections of a database that is about to go away."""
    with _lock:
        known = _ordinary_engines.pop(database, None), _reading_engines.pop(database, None)
    for engine in known:
        if engine is not None:
            engine.dispose()
