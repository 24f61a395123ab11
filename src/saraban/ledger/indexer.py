"""The indexer: takes committed outbox rows and writes the catalog, in batches, in ZODB transactions of its own.

The rows are read with an ordinary session, then the transaction begins (a snapshot not older than the rows), and the rows
are deleted by id with what they asked for. One indexer at a time, by a lease; a second one would only meet conflicts.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from transaction.interfaces import TransientError

from saraban.ledger import clock, outbox
from saraban.ledger.connection import alone, jar_of, reader, session_of
from saraban.ledger.indexable import Indexable, Places
from saraban.ledger.tables import OutboxRow

BATCH = 100
TRIES = 5
logger = logging.getLogger(__name__)


class _CannotIndexError(Exception):
    """One object in the batch is the trouble."""

    def __init__(self, path: str, error: Exception) -> None:
        super().__init__(path)
        self.path, self.error = path, error


def _due(site: Any, limit: int) -> list[OutboxRow]:
    query = (
        select(OutboxRow)
        .where(OutboxRow.kind == outbox.INDEX, OutboxRow.state == outbox.WAITING, OutboxRow.due_at <= clock.now())
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    with reader(site) as session:
        return list(session.execute(query).scalars())


def _write_catalog(places: Places, path: str) -> None:
    """Brings the catalog to what the object is now, whatever the row said: it may have changed again since."""
    catalog, obj = places.site.portal_catalog, places.object_at(path)
    if obj is not None and getattr(obj, "indexable", True):
        catalog.catalog_object(Indexable(obj, catalog, places), path, idxs=list(getattr(obj, "catalog_indexes", None) or ()))
    elif catalog._catalog.uids.get(path) is not None:
        catalog.uncatalog_object(path)


def _index(site: Any, rows: Sequence[OutboxRow]) -> None:
    manager = jar_of(site).transaction_manager
    manager.begin()
    places = Places(site)
    for path in dict.fromkeys(row.subject for row in rows):  # several rows of one object: once
        try:
            _write_catalog(places, path)
        except TransientError:
            raise
        except Exception as error:  # whatever an indexer of some field raises
            raise _CannotIndexError(path, error) from error
    # What changed is written out here, before the rows are touched: the commit only copies it while it holds SQLite's file.
    manager.savepoint(optimistic=True)
    outbox.done(session_of(site), [row.id for row in rows])
    manager.get().note("index")
    manager.commit()


def _put_off(site: Any, rows: Sequence[OutboxRow], trouble: _CannotIndexError) -> None:
    """Lets the others pass; the object is tried again later, and in the end shown to the administrator."""
    logger.warning("cannot index %s", trouble.path, exc_info=trouble.error)
    with alone(site) as session:
        for row in rows:
            if row.subject == trouble.path:
                row.attempts += 1
                outbox.failed(session, row, f"{type(trouble.error).__name__}: {trouble.error}")


def index_once(site: Any, limit: int = BATCH) -> int:
    """Indexes what is due, at most `limit` rows; how many rows are dealt with. Begins and ends the ZODB transaction."""
    jar = jar_of(site)
    jar.transaction_manager.abort()
    for attempt in range(TRIES):
        rows = _due(site, limit)
        if not rows:
            return 0
        try:
            _index(site, rows)
        except TransientError:
            jar.transaction_manager.abort()
            if attempt == TRIES - 1:
                logger.warning("the catalog is busy; %s rows wait", len(rows))
                return 0
            time.sleep(0.02 * 2**attempt)
        except _CannotIndexError as trouble:
            jar.transaction_manager.abort()
            _put_off(site, rows, trouble)
            return len([row for row in rows if row.subject == trouble.path])
        except BaseException:
            jar.transaction_manager.abort()
            raise
        else:
            jar.cacheGC()
            return len(rows)
    return 0


def index_all(site: Any, limit: int = BATCH) -> int:
    """Indexes until nothing is due; how many rows."""
    total = 0
    while number := index_once(site, limit):
        total += number
    return total
