"""The figures of a report: what the worker keeps of whole months, and what is open at this moment.

Volume goes by the month of arrival: of what came then, how much is registered, closed, still open, late. Times are calendar
time. A percentile is the shortest time within which at least that share was done (nearest rank), the same on each database,
exact up to two minutes and beyond that right within one per cent (`spans`).

Where the worker has not counted everything yet, or is away, the same months are counted here (`counting`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.numbers import SEND
from saraban.reports import counting, periods, spans
from saraban.reports.counting import Came, Key
from saraban.reports.keeping import kept_as_of
from saraban.reports.periods import Period
from saraban.reports.tables import UnitMonth, UnitNumbers
from saraban.routing.books import SECRET_SEND
from saraban.routing.desks import Place
from saraban.routing.queries import OPEN_STATES
from saraban.routing.standing import at
from saraban.routing.tables import Delivery

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
    as_of: datetime
    """UTC; what was done later may be missing, except in what is open, which is counted as it is asked for."""
    months: dict[int, Volume]
    volumes: dict[str, Volume]
    """By unit."""
    backlogs: dict[str, Backlog]
    """By unit."""
    times: dict[tuple[str, int | None], dict[str, Times]] = field(default_factory=dict)
    """By unit (empty for all of them) and month of arrival (None for the whole period), then by step."""

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
        return self.times.get((unit, month), {}).get(step)

    def count(self, unit: str, month: int, volume: Volume) -> None:
        """Adds what is of a unit and a month; a month that has not begun counts nothing."""
        if month in self.months:
            self.months[month].add(volume)
            self.volumes[unit].add(volume)


def report(session: Session, desks: Sequence[Place], period: Period) -> Report:
    """The report of some desks, each with the level that is its own."""
    units = list(dict.fromkeys(desk.unit for desk in desks))
    as_of = kept_as_of(session)
    found = Report(
        period=period,
        units=units,
        as_of=as_of or clock.now(),
        months={one: Volume() for one in period.months},
        volumes={unit: Volume() for unit in units},
        backlogs={unit: Backlog() for unit in units},
    )
    came, sent = (_kept if as_of is not None else _counted)(session, desks, period)
    taken: dict[tuple[str, int | None], int] = defaultdict(int)
    for (unit, _level, month), one in came.items():
        found.count(unit, month, Volume(one.received, one.registered, one.closed, 0, one.late))
        for key in (("", None), (unit, None), ("", month)):
            taken[key] += one.times
    found.times = {key: {one.step: one for one in _times(histogram)} for key, histogram in taken.items()}
    for (unit, _book, month), many in sent.items():
        found.count(unit, month, Volume(sent=many))
    _open(session, desks, found)
    return found


def _times(histogram: int) -> Iterator[Times]:
    for step, count, median, most in spans.percentiles(histogram):
        yield Times(step, count, median, most)


def _by_level(desks: Sequence[Place]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for desk in desks:
        found.setdefault(desk.level, []).append(desk.unit)
    return found


def _books(desks: Sequence[Place]) -> list[str]:
    """Secret letters have a send register of their own, of all levels."""
    return sorted({SEND if desk.level == NORMAL else SECRET_SEND for desk in desks})


def _counted(session: Session, desks: Sequence[Place], period: Period) -> tuple[dict[Key, Came], dict[Key, int]]:
    came: dict[Key, Came] = {}
    within = period.first, period.first + periods.MONTHS
    for level, units in _by_level(desks).items():
        came |= counting.came(session, units, [level], *within)
    return came, counting.sent(session, {desk.unit for desk in desks}, _books(desks), *within)


def _kept(session: Session, desks: Sequence[Place], period: Period) -> tuple[dict[Key, Came], dict[Key, int]]:
    first, last = period.first, period.first + periods.MONTHS - 1
    here = or_(*(and_(UnitMonth.secrecy == level, UnitMonth.unit.in_(units)) for level, units in _by_level(desks).items()))
    months = session.scalars(select(UnitMonth).where(here, UnitMonth.month.between(first, last)))
    came = {
        (one.unit, one.secrecy, one.month): Came(one.received, one.registered, one.closed, one.late, spans.unpacked(one.times))
        for one in months
    }
    numbers = select(UnitNumbers.unit, UnitNumbers.book, UnitNumbers.month, UnitNumbers.sent).where(
        UnitNumbers.unit.in_({desk.unit for desk in desks}),
        UnitNumbers.book.in_(_books(desks)),
        UnitNumbers.month.between(first, last),
    )
    return came, {(unit, book, month): sent for unit, book, month, sent in session.execute(numbers)}


def _open(session: Session, desks: Sequence[Place], found: Report) -> None:
    """What is open now: in the months of the report, and as backlog whenever it came."""
    here = at(desks, Delivery.unit), Delivery.state.in_(OPEN_STATES)  # type: ignore[arg-type]
    now = clock.now()
    parts = [case((Delivery.sent_at >= now - timedelta(days=age), 1), else_=0) for age in AGES]
    younger = (func.sum(one) for one in parts)
    month = _month(found.period)
    for unit, of, count, *within in session.execute(
        select(Delivery.unit, month, func.count(), *younger).where(*here).group_by(Delivery.unit, month)
    ):
        steps = [*map(int, within), count]
        ages = [many - fewer for many, fewer in zip(steps, [0, *steps], strict=False)]
        found.backlogs[unit].add(Backlog(count, 0, ages))
        found.count(unit, of, Volume(open=count))
    # No index has both days: first those that are late, from the one that has the day on which they were due.
    late = select(Delivery.id).where(*here, Delivery.due_date < clock.today())
    counted = select(Delivery.unit, month, func.count()).where(Delivery.id.in_(late)).group_by(Delivery.unit, month)
    for unit, of, count in session.execute(counted):
        found.backlogs[unit].overdue += count
        found.count(unit, of, Volume(late=count))


def _month(period: Period) -> Any:
    """The month of the period in which a delivery came; 0 for any other time."""
    latest_first = reversed(range(period.first, period.first + periods.MONTHS))
    begins = [(Delivery.sent_at >= periods.midnight(periods.first_day(month)), month) for month in latest_first]
    return case((Delivery.sent_at >= period.ends, 0), *begins, else_=0)
