"""The audit trail as it is read: newest first, by whom, on what, which act, since when. Reading changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.ledger.audit import DONE, LATE
from saraban.ledger.tables import AuditRow

DAYS = 7
"""How far back one looks who names neither a person nor a thing: these have an index, all else is looked for row by row."""


@dataclass(frozen=True)
class Wanted:
    """Which rows; what is empty does not matter."""

    person: str = ""
    unit: str = ""
    act: str = ""
    uid: str = ""
    """UID of the document, key of the delivery, or id of what was acted upon."""
    refused: bool = False
    """Only what was refused."""
    since: date | None = None
    """A Bangkok day."""
    until: date | None = None
    """The last Bangkok day, itself included."""

    @property
    def first_day(self) -> date | None:
        """The day to begin with: the one that is asked for, else of a person or a thing all days, else the last `DAYS`."""
        if self.since is not None or self.person or self.uid:
            return self.since
        return (self.until or clock.today()) - timedelta(days=DAYS - 1)


def read(session: Session, wanted: Wanted, *, before: int | None = None, size: int = 50) -> list[AuditRow]:
    """So many rows, the newest first; `before` is the id of the last one of the page before."""
    rows = select(AuditRow).order_by(AuditRow.id.desc()).limit(size)
    if before is not None:
        rows = rows.where(AuditRow.id < before)
    for column, value in (
        (AuditRow.person, wanted.person),
        (AuditRow.unit, wanted.unit),
        (AuditRow.act, wanted.act),
        (AuditRow.uid, wanted.uid),
    ):
        if value:
            rows = rows.where(column == value)
    if wanted.refused:
        rows = rows.where(AuditRow.outcome != DONE)
    if (first := wanted.first_day) is not None:
        moment = _begin(first)
        rows = rows.where(AuditRow.id >= _first_since(session, moment - LATE), AuditRow.at >= moment)
    if wanted.until is not None:
        moment = _begin(wanted.until + timedelta(days=1))
        rows = rows.where(AuditRow.id < _first_since(session, moment + LATE), AuditRow.at < moment)
    return list(session.scalars(rows))


def _begin(day: date) -> datetime:
    """The first moment of a Bangkok day, as the tables keep it."""
    return datetime.combine(day, time()) - clock.AHEAD


def _first_since(session: Session, moment: datetime) -> int:
    """An id from which on rows are of this moment or later: found by halving, for ids follow time but for `LATE`, and times
    have no index."""
    ends = session.execute(select(AuditRow.id).order_by(AuditRow.id.desc()).limit(1)).scalar()
    low, high = 0, (ends or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = session.execute(
            select(AuditRow.id, AuditRow.at).where(AuditRow.id >= middle).order_by(AuditRow.id).limit(1)
        ).first()
        if row is None or row.at >= moment:
            high = middle
        else:
            low = row.id + 1
    return low
