"""What a unit's months hold, counted from the ledger: the one place where a report's figures come from.

The worker counts a month again when an act moved it and keeps what it found (`keeping.py`); where nothing is kept yet a
report counts here itself. What depends on today (what is open, what is late and open) is no part of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.ledger.tables import RegisterEntry
from saraban.reports import periods, spans
from saraban.routing.tables import Assignment, Delivery

ROWS_AT_ONCE = 5000
Key = tuple[str, str, int]
"""Unit, level (of what was sent: book) and month."""


@dataclass
class Came:
    """What came to a unit at one level in a month, what became of it, and how long it took."""

    received: int = 0
    registered: int = 0
    closed: int = 0
    late: int = 0
    """Closed after its day."""
    times: int = field(default=0, repr=False)
    """`spans`."""


def came(session: Session, units: Collection[str], levels: Collection[str], first: int, after: int) -> dict[Key, Came]:
    """The months from `first` on and before `after`, by the month of arrival; those in which something came."""
    begins = [periods.midnight(periods.first_day(month)) for month in range(first, after + 1)]
    found: dict[Key, Came] = defaultdict(Came)
    places: dict[Key, list[int]] = defaultdict(list)
    rows = session.execute(_arrived(units, levels, begins[0], begins[-1]).execution_options(yield_per=ROWS_AT_ONCE))
    for row in rows:
        key = row.unit, row.secrecy, first + bisect_right(begins, row.sent_at) - 1
        one = found[key]
        one.received += 1
        one.registered += row.registered_at is not None
        if row.state == "closed":
            one.closed += 1
            one.late += _is_late(row)
        places[key].extend(_places(row))
    for key, taken in places.items():
        found[key].times = spans.counted(taken)
    return dict(found)


def _arrived(units: Collection[str], levels: Collection[str], begins: datetime, ends: datetime) -> Select[Any]:
    given = select(func.min(Assignment.given_at)).where(Assignment.delivery_id == Delivery.id).scalar_subquery()
    columns: list[Any] = [
        Delivery.unit,
        Delivery.secrecy,
        Delivery.from_unit,
        Delivery.state,
        Delivery.sent_at,
        Delivery.opened_at,
        Delivery.registered_at,
        Delivery.closed_at,
        Delivery.due_date,
        given.label("given_at"),
    ]
    here = Delivery.unit.in_(units), Delivery.secrecy.in_(levels)
    return select(*columns).where(*here, Delivery.sent_at >= begins, Delivery.sent_at < ends, Delivery.state != "recalled")


def _is_late(row: Any) -> bool:
    return bool(row.due_date and row.closed_at and clock.bangkok(row.closed_at).date() > row.due_date)


def _places(row: Any) -> Iterator[int]:
    """Where each step that was taken is counted."""
    # What the registry itself enters is registered in the same moment: it says nothing about how long anybody took.
    through, closed = bool(row.from_unit), row.closed_at if row.state == "closed" else None
    for step, begin, end in (
        ("opened", row.sent_at, row.opened_at if through else None),
        ("registered", row.sent_at, row.registered_at if through else None),
        ("given", row.registered_at, row.given_at),
        ("closed", row.registered_at, closed),
        ("whole", row.sent_at, closed),
    ):
        if begin is not None and end is not None and end >= begin:
            yield spans.place(step, int((end - begin).total_seconds()))


def sent(session: Session, units: Collection[str], books: Collection[str], first: int, after: int) -> dict[Key, int]:
    """Numbers that a letter has, by the month of the register."""
    begin, end = periods.first_day(first), periods.first_day(after) - timedelta(days=1)
    around = periods.midnight(begin) - timedelta(days=1), periods.midnight(end) + timedelta(days=2)
    columns: list[Any] = [RegisterEntry.unit, RegisterEntry.direction, RegisterEntry.date, func.count()]
    asked = (
        select(*columns)
        .where(
            RegisterEntry.unit.in_(units),
            RegisterEntry.direction.in_(books),
            RegisterEntry.year.in_(range(clock.buddhist_year(begin), clock.buddhist_year(end) + 1)),
            RegisterEntry.issued_at.between(*around),  # what the index is ordered by
            RegisterEntry.date.between(begin, end),
            RegisterEntry.state == "issued",
        )
        .group_by(RegisterEntry.unit, RegisterEntry.direction, RegisterEntry.date)
    )
    found: Counter[Key] = Counter()
    for unit, book, day, count in session.execute(asked):
        found[unit, book, periods.index(day)] += count
    return dict(found)
