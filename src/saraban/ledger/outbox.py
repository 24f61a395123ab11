"""The outbox: work that waits until after the commit. Rows are written in the act's own transaction.

Order is kept for each subject (an object's path, a message's recipient): a row is not handed out while an earlier row of
its kind and subject waits. A row that failed for good no longer holds up the ones behind it, and stays visible until
somebody retries or drops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased
from zope.interface import Interface

from saraban.ledger import clock
from saraban.ledger.tables import OutboxRow

INDEX = "index"
WAITING = "waiting"
FAILED = "failed"
ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
CLAIM = timedelta(minutes=5)
"""How long a deliverer has for a row before another one may try it."""
_INSERT = insert(OutboxRow.metadata.tables[OutboxRow.__tablename__])


class IDeliverer(Interface):
    """A named utility; its name is the kind of outbox rows that it delivers."""

    def deliver(context: Any, row: OutboxRow) -> None:  # noqa: N805 - an interface's method
        """Does what the row says, in its own transaction; raises if it could not. May happen twice: must bear it."""


class IRound(Interface):
    """A named utility that deals with its own rows in batches. Only the worker that holds the indexer's lease calls it."""

    def round(site: Any) -> int:  # type: ignore[empty-body]  # noqa: N805
        """One batch, in transactions of its own; how many rows are dealt with. Does not raise because somebody is away."""


class IGathering(IRound):
    """A round of which a batch that is not full may wait for more: its commits cost as much for one row as for many."""


@dataclass(frozen=True)
class Waiting:
    """What the outbox holds."""

    waiting: dict[str, int]
    """By kind."""
    failed: dict[str, int]
    oldest: datetime | None
    """Since when the longest waiting row is due."""


@dataclass(frozen=True)
class Put:
    """A row to be written."""

    kind: str
    operation: str
    subject: str
    uid: str = ""
    payload: str = ""
    due_at: datetime | None = None
    """UTC; at once where it is None."""


def put(
    session: Session,
    kind: str,
    operation: str,
    subject: str,
    uid: str = "",
    payload: str = "",
    due_at: datetime | None = None,
) -> None:
    """Adds a row to the running transaction."""
    put_all(session, [Put(kind, operation, subject, uid, payload, due_at)])


def put_all(session: Session, rows: Iterable[Put]) -> None:
    """Adds rows to the running transaction, in one statement."""
    now = clock.now()
    values = [
        {
            "kind": row.kind,
            "operation": row.operation,
            "subject": row.subject,
            "uid": row.uid,
            "payload": row.payload,
            "created_at": now,
            "due_at": row.due_at or now,
            "attempts": 0,
            "state": WAITING,
            "error": "",
        }
        for row in rows
    ]
    if values:
        session.execute(_INSERT, values)


def _next_of_its_subject() -> ColumnElement[bool]:
    earlier = aliased(OutboxRow)
    return ~exists().where(
        earlier.kind == OutboxRow.kind,
        earlier.subject == OutboxRow.subject,
        earlier.state == WAITING,
        earlier.id < OutboxRow.id,
    )


def take(session: Session, kind: str, limit: int = 20, claim: timedelta = CLAIM) -> list[OutboxRow]:
    """Rows that are due, for this worker alone until the claim ends. Commit the session, then deliver, then `done`.

    Workers side by side skip what another is taking (on SQLite the file's lock lets one take at a time).
    """
    now = clock.now()
    due = and_(OutboxRow.kind == kind, OutboxRow.state == WAITING, OutboxRow.due_at <= now)
    # Candidates first, without locks, more than are wanted: MariaDB would lock every row that it sorts, and leave the
    # second worker nothing. By their keys it locks only what it takes.
    candidates = select(OutboxRow.id).where(due, _next_of_its_subject()).order_by(OutboxRow.id).limit(limit * 5)
    query = (
        select(OutboxRow)
        .with_hint(OutboxRow, "FORCE INDEX (PRIMARY)", "mysql")
        .where(OutboxRow.id.in_(session.scalars(candidates).all()), due)
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = list(session.execute(query).scalars())
    for row in rows:
        row.attempts += 1
        row.due_at = now + claim
    session.flush()
    return rows


def is_due(session: Session, kind: str) -> bool:
    """Is there something to take? Reads only, so that idle workers do not lock SQLite's file."""
    query = select(OutboxRow.id).where(
        OutboxRow.kind == kind, OutboxRow.state == WAITING, OutboxRow.due_at <= clock.now(), _next_of_its_subject()
    )
    return session.execute(query.limit(1)).first() is not None


def give_back(session: Session, row: OutboxRow) -> None:
    """Returns a taken row untried."""
    values = {"attempts": row.attempts - 1, "due_at": clock.now()}
    session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(**values))


def done(session: Session, ids: Sequence[int]) -> None:
    """Forgets rows that are delivered. By id only: ids are not committed in order."""
    if ids:
        session.execute(delete(OutboxRow).where(OutboxRow.id.in_(ids)))


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5 s, 10 s, 20 s … one hour."""
    return min(FIRST_WAIT * 2 ** max(attempts - 1, 0), LONGEST_WAIT)


def failed(session: Session, row: OutboxRow, error: str, attempts: int = ATTEMPTS) -> bool:
    """Notes a failure of a taken row; True if it was the last attempt and the row now waits for a person."""
    last = row.attempts >= attempts
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(
            attempts=row.attempts,
            due_at=clock.now() + back_off(row.attempts),
            state=FAILED if last else WAITING,
            error=error[:2000],
        )
    )
    return last


def retry(session: Session, row_id: int) -> bool:
    """Lets a failed row be tried again, from the start; False if there is none."""
    fresh = {"state": WAITING, "attempts": 0, "due_at": clock.now()}
    statement = update(OutboxRow).where(OutboxRow.id == row_id, OutboxRow.state == FAILED).values(**fresh)
    return session.connection().execute(statement).rowcount > 0


def drop(session: Session, row_id: int) -> bool:
    """Gives up a failed row; False if there is none."""
    statement = delete(OutboxRow).where(OutboxRow.id == row_id, OutboxRow.state == FAILED)
    return session.connection().execute(statement).rowcount > 0


def failures(session: Session, limit: int = 100) -> list[OutboxRow]:
    """What could not be done, for the administrator's page."""
    query = select(OutboxRow).where(OutboxRow.state == FAILED).order_by(OutboxRow.id).limit(limit)
    return list(session.execute(query).scalars())


def waiting(session: Session) -> Waiting:
    """How much waits, and since when."""
    counts: dict[str, dict[str, int]] = {WAITING: {}, FAILED: {}}
    rows = session.execute(select(OutboxRow.state, OutboxRow.kind, func.count()).group_by(OutboxRow.state, OutboxRow.kind))
    for state, kind, number in rows:
        counts[state][kind] = number
    due = and_(OutboxRow.state == WAITING, OutboxRow.due_at <= clock.now())
    oldest = session.execute(select(func.min(OutboxRow.due_at)).where(due)).scalar()
    return Waiting(counts[WAITING], counts[FAILED], oldest)


def lag(session: Session, kind: str = INDEX) -> float:
    """Seconds since the oldest waiting row of a kind was written; 0.0 when nothing waits."""
    query = select(func.min(OutboxRow.created_at)).where(OutboxRow.kind == kind, OutboxRow.state == WAITING)
    oldest = session.execute(query).scalar()
    return max((clock.now() - oldest).total_seconds(), 0.0) if oldest is not None else 0.0
