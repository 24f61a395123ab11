"""The figures of a report, from the ledger alone, bounded by the units and months that are asked for.

Volume goes by the month of arrival: of what came then, how much is registered, closed, still open, late. Times are calendar
time. A percentile is the shortest time within which at least that share was done (nearest rank), the same on each database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.numbers import SEND
from saraban.ledger.tables import RegisterEntry
from saraban.reports import periods
from saraban.reports.periods import Period
from saraban.routing.books import SECRET_SEND
from saraban.routing.desks import Place
from saraban.routing.queries import OPEN_STATES
from saraban.routing.standing import at
from saraban.routing.tables import Assignment, Delivery

STEPS = ("opened", "registered", "given", "closed", "whole")
"""Sent to opened, sent to registered, registered to given to somebody, registered to closed, sent to closed."""
ROWS_AT_ONCE = 5000
AGES = (3, 7, 30)
"""Days that part what lies open by how long it has been here."""


@dataclass
class Volume:
    """What came to a unit in a month, and what became of it; added up for several of them."""

    received: int = 0
    registered: int = 0
    closed: int = 0
    open: int = 0
    late: int = 0
    """Closed after its day, or open and past it."""
    sent: int = 0
    """Numbers of the send register that a letter has."""

    def add(self, other: Volume) -> None:
        """Adds another to this one."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class Times:
    """How long a step took."""

    step: str
    unit: str
    """Empty for all units."""
    month: int | None
    """The month of arrival; None for the whole period."""
    count: int
    median: int
    """Seconds within which at least half was done."""
    most: int
    """Seconds within which at least nine of ten were done."""


@dataclass
class Backlog:
    """What lies open now, whenever it came."""

    open: int = 0
    overdue: int = 0
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    """Up to each of `AGES` days, then longer."""

    def add(self, other: Backlog) -> None:
        """Adds another to this one."""
        self.open += other.open
        self.overdue += other.overdue
        self.ages = [mine + theirs for mine, theirs in zip(self.ages, other.ages, strict=True)]


@dataclass
class Report:
    """All of it."""

    period: Period
    units: list[str]
    months: dict[int, Volume]
    volumes: dict[str, Volume]
    """By unit."""
    times: list[Times]
    backlogs: dict[str, Backlog]
    """By unit."""

    @property
    def total(self) -> Volume:
        """The whole period."""
        found = Volume()
        for one in self.months.values():
            found.add(one)
        return found

    @property
    def backlog(self) -> Backlog:
        """All units together."""
        found = Backlog()
        for one in self.backlogs.values():
            found.add(one)
        return found

    def time(self, step: str, unit: str = "", month: int | None = None) -> Times | None:
        """How long a step took, if it was taken at all."""
        return next((one for one in self.times if (one.step, one.unit, one.month) == (step, unit, month)), None)


def report(session: Session, desks: Sequence[Place], period: Period) -> Report:
    """The report of some desks, each with the level that is its own."""
    units = list(dict.fromkeys(desk.unit for desk in desks))
    found = Report(
        period=period,
        units=units,
        months={one: Volume() for one in period.months},
        volumes={unit: Volume() for unit in units},
        times=[],
        backlogs=_backlogs(session, desks),
    )
    taken: dict[tuple[str, str, int | None], list[int]] = {}
    for row in session.execute(_arrived(desks, period).execution_options(yield_per=ROWS_AT_ONCE)):
        of = periods.index(clock.bangkok(row.sent_at).date())
        if of not in found.months:
            continue
        _count(found, row.unit, of, _volume(row))
        for step, seconds in _spans(row):
            for key in ((step, "", None), (step, row.unit, None), (step, "", of)):
                taken.setdefault(key, []).append(seconds)
    found.times = [_times(key, spans) for key, spans in taken.items()]
    for unit, day, count in session.execute(_sent(desks, period)):
        if (of := periods.index(day)) in found.months:
            _count(found, unit, of, Volume(sent=count))
    return found


def _count(found: Report, unit: str, of: int, volume: Volume) -> None:
    found.months[of].add(volume)
    found.volumes[unit].add(volume)


def _arrived(desks: Sequence[Place], period: Period) -> Select[Any]:
    """What came in the period, and when what happened to it."""
    given = select(func.min(Assignment.given_at)).where(Assignment.delivery_id == Delivery.id).scalar_subquery()
    columns: list[Any] = [
        Delivery.unit,
        Delivery.from_unit,
        Delivery.state,
        Delivery.sent_at,
        Delivery.opened_at,
        Delivery.registered_at,
        Delivery.closed_at,
        Delivery.due_date,
        given.label("given_at"),
    ]
    came = Delivery.sent_at >= period.begins, Delivery.sent_at < period.ends, Delivery.state != "recalled"
    return select(*columns).where(at(desks, Delivery.unit), *came)  # type: ignore[arg-type]


def _volume(row: Any) -> Volume:
    open_, closed = row.state in OPEN_STATES, row.state == "closed"
    ended = clock.bangkok(row.closed_at).date() if closed and row.closed_at else clock.today()
    late = row.due_date is not None and (open_ or closed) and ended > row.due_date
    return Volume(1, int(row.registered_at is not None), int(closed), int(open_), int(late))


def _spans(row: Any) -> Iterator[tuple[str, int]]:
    """The steps that were taken, and how many seconds each took."""
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
            yield step, int((end - begin).total_seconds())


def _times(key: tuple[str, str, int | None], spans: list[int]) -> Times:
    spans.sort()
    many = len(spans)
    return Times(*key, many, spans[(many + 1) // 2 - 1], spans[(many * 9 + 9) // 10 - 1])


def _sent(desks: Sequence[Place], period: Period) -> Select[Any]:
    """Numbers by the day of the register; secret letters have a send register of their own."""
    books = {SEND if desk.level == NORMAL else SECRET_SEND for desk in desks}
    last_day = period.after - timedelta(days=1)
    years = range(clock.buddhist_year(period.start), clock.buddhist_year(last_day) + 1)
    columns: list[Any] = [RegisterEntry.unit, RegisterEntry.date, func.count()]
    return (
        select(*columns)
        .where(
            RegisterEntry.unit.in_({desk.unit for desk in desks}),
            RegisterEntry.direction.in_(books),
            RegisterEntry.year.in_(years),
            RegisterEntry.date.between(period.start, last_day),
            RegisterEntry.state == "issued",
        )
        .group_by(RegisterEntry.unit, RegisterEntry.date)
    )


def _backlogs(session: Session, desks: Sequence[Place]) -> dict[str, Backlog]:
    here = at(desks, Delivery.unit), Delivery.state.in_(OPEN_STATES)  # type: ignore[arg-type]
    now = clock.now()
    parts = [case((Delivery.sent_at >= now - timedelta(days=age), 1), else_=0) for age in AGES]
    younger = (func.sum(one) for one in parts)
    found = {desk.unit: Backlog() for desk in desks}
    for unit, count, *within in session.execute(
        select(Delivery.unit, func.count(), *younger).where(*here).group_by(Delivery.unit)
    ):
        steps = [*map(int, within), count]
        found[unit].open = count
        found[unit].ages = [many - fewer for many, fewer in zip(steps, [0, *steps], strict=False)]
    late = select(Delivery.unit, func.count()).where(*here, Delivery.due_date < clock.today()).group_by(Delivery.unit)
    for unit, count in session.execute(late):
        found[unit].overdue = count
    return found
