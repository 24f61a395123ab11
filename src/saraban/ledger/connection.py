"""The ways to the ledger: the act's shared session, readers, and short writes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Acquisition import aq_base, aq_chain
from sqlalchemy import Connection as SQLConnection
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from ZODB.Connection import Connection
from zope.component.hooks import getSite
from zope.globalrequest import getRequest

from saraban.ledger import engines, onetransaction
from saraban.ledger.errors import LedgerBusy, LedgerMisuse

__all__ = [
    "LedgerBusy",
    "LedgerMisuse",
    "alone",
    "asking",
    "begin_write",
    "engine_of",
    "jar_of",
    "reader",
    "refresh",
    "session_of",
    "written",
]


def _jar_in(context: Any) -> Connection | None:
    if isinstance(context, Connection):
        return context
    for item in aq_chain(context):
        jar = getattr(aq_base(item), "_p_jar", None)
        if jar is not None:
            return jar
    return None


def jar_of(context: Any = None) -> Connection:
    """The ZODB connection of an object; of the current site for an object that is not stored yet, or for None."""
    candidates = [context, getSite()]
    request = getRequest()
    if request is not None:
        candidates.append((request.get("PARENTS") or [None])[-1])
    for candidate in candidates:
        if candidate is not None and (jar := _jar_in(candidate)) is not None:
            return jar
    raise LedgerMisuse("Neither the object nor the current site has a ZODB connection.")


def session_of(context: Any) -> Session:
    """The shared session of this ZODB transaction. The first call begins the write: on SQLite it takes the file's lock.

    What it writes is committed by the ZODB transaction, or not at all.
    """
    return onetransaction.join(jar_of(context))


def written(context: Any) -> bool:
    """Has this ZODB transaction changed an object already (so that `refresh` is no longer possible)?"""
    return onetransaction.has_written(jar_of(context))


def refresh(context: Any) -> None:
    """A fresh ZODB snapshot under the locks that are held. Only before the first ZODB write.

    Whoever waited for a lock holds a snapshot from before; `jar.sync()` would throw the lock away.
    """
    jar = jar_of(context)
    if onetransaction.has_written(jar):
        raise LedgerMisuse("The snapshot cannot be refreshed after a ZODB write.")
    jar.newTransaction(None)


def _database(context: Any) -> engines.Database:
    return engines.database_of(onetransaction.storage_of(jar_of(context))._adapter)


def engine_of(context: Any = None) -> Engine:
    """The ordinary engine of the database that this object lives in."""
    return engines.ordinary(_database(context))


@contextmanager
def reader(context: Any = None) -> Iterator[Session]:
    """A session for lists and reports: reads what is committed, writes nothing, holds no lock."""
    with Session(engines.reading(_database(context)), expire_on_commit=False) as session:
        yield session


@contextmanager
def asking(context: Any = None) -> Iterator[SQLConnection]:
    """A reader of rows, not of objects: for what every request asks, at half the cost of a session."""
    with engines.reading(_database(context)).connect() as connection:
        yield connection


def begin_write(session: Session) -> None:
    """The first statement of a write on an ordinary session: takes SQLite's file lock, where waiting for it works."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def alone(context: Any = None) -> Iterator[Session]:
    """A short write of its own, committed at the end of the block: refusals, failed logins, the worker's bookkeeping.

    Not while this thread's shared session is open: on SQLite it would wait for itself.
    """
    database = _database(context)
    if onetransaction.open_here(database):
        raise LedgerMisuse("alone() while the shared session of this thread is open: commit or abort first.")
    with Session(engines.ordinary(database), expire_on_commit=False) as session:
        begin_write(session)
        yield session
        session.commit()
