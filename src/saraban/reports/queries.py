"""The figures of a report, by SQL alone, bounded by the units and months that are asked for.

Volume goes by the month of arrival: of what came then, how much is registered, closed, still open, late. Times are calendar
time. A percentile is the shortest time within which at least that share was done (nearest rank), the same on each database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.numbers import SEND
from saraban.ledger.tables import RegisterEntry
from saraban.reports.periods import Period
from saraban.reports.sqltime import AHEAD, month, seconds
from saraban.routing.books import SECRET_SEND
from saraban.routing.desks import Place
from saraban.routing.queries import OPEN_STATES
from saraban.routing.standing import at
from saraban.routing.tables import Assignment, Delivery

STEPS = ("opened", "registered", "given", "closed", "whole")
"""Sent to opened, sent to registered, registered to given to somebody, registered to closed, sent to closed."""
_DAY = 86_400
_SECONDS_AHEAD = int(AHEAD.total_seconds())
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
    months = {one: Volume() for one in period.months}
    volumes = {unit: Volume() for unit in units}
    for unit, of, volume in [*_received(session, desks, period), *_sent(session, desks, period)]:
        if of in months:
            months[of].add(volume)
            volumes[unit].add(volume)
    return Report(period, units, months, volumes, _times(session, desks, period), _backlogs(session, desks))


def _arrived(desks: Sequence[Place], period: Period) -> list[ColumnElement[bool]]:
    came = and_(Delivery.sent_at >= period.begins, Delivery.sent_at < period.ends)
    return [at(desks, Delivery.unit), came, Delivery.state != "recalled"]  # type: ignore[arg-type]


def _received(session: Session, desks: Sequence[Place], period: Period) -> list[tuple[str, int, Volume]]:
    dialect = session.get_bind().dialect.name
    when = month(dialect, Delivery.sent_at).label("of")
    over = seconds(dialect, Delivery.closed_at) + _SECONDS_AHEAD >= seconds(dialect, Delivery.due_date) + _DAY
    late = or_(
        and_(Delivery.state.in_(OPEN_STATES), Delivery.due_date < clock.today()),
        and_(Delivery.state == "closed", Delivery.due_date.is_not(None), over),
    )
    figures = (Delivery.registered_at.is_not(None), Delivery.state == "closed", Delivery.state.in_(OPEN_STATES), late)
    marked = (case((one, 1), else_=0).label(f"figure{number}") for number, one in enumerate(figures))
    inner = select(Delivery.unit, when, *marked).where(*_arrived(desks, period)).subquery()
    sums = (func.sum(inner.c[f"figure{number}"]) for number in range(len(figures)))
    asked = select(inner.c.unit, inner.c.of, func.count(), *sums).group_by(inner.c.unit, inner.c.of)
    return [(unit, int(of), Volume(*map(int, counted))) for unit, of, *counted in session.execute(asked)]


def _sent(session: Session, desks: Sequence[Place], period: Period) -> list[tuple[str, int, Volume]]:
    """By the day of the register; secret letters have a send register of their own."""
    books = {SEND if desk.level == NORMAL else SECRET_SEND for desk in desks}
    when = month(session.get_bind().dialect.name, RegisterEntry.issued_at).label("of")
    years = range(clock.buddhist_year(period.start), clock.buddhist_year(period.after) + 1)
    inner = (
        select(RegisterEntry.unit, when)
        .where(
            RegisterEntry.unit.in_({desk.unit for desk in desks}),
            RegisterEntry.direction.in_(books),
            RegisterEntry.year.in_(years),
            RegisterEntry.issued_at >= period.begins,
            RegisterEntry.issued_at < period.ends,
            RegisterEntry.state == "issued",
        )
        .subquery()
    )
    asked = select(inner.c.unit, inner.c.of, func.count()).group_by(inner.c.unit, inner.c.of)
    return [(unit, int(of), Volume(sent=count)) for unit, of, count in session.execute(asked)]


def _times(session: Session, desks: Sequence[Place], period: Period) -> list[Times]:
    spans = union_all(*_spans(session.get_bind().dialect.name, desks, period)).cte("spans")
    found = []
    for unit, of in ((None, None), (spans.c.unit, None), (None, spans.c.of)):
        keys = [spans.c.step, *(key for key in (unit, of) if key is not None)]
        found += [
            Times(
                row.step,
                row.unit if unit is not None else "",
                int(row.of) if of is not None else None,
                row.many,
                int(row.median),
                int(row.most),
            )
            for row in session.execute(_ranked(spans, keys))
        ]
    return found


def _ranked(spans: Any, keys: list[Any]) -> Select[Any]:
    """Nearest rank: the first value at or below which lies at least that share of all."""
    rank = func.row_number().over(partition_by=keys, order_by=spans.c.taken)
    many = func.count().over(partition_by=keys)
    ranked = select(*keys, spans.c.taken, rank.label("rank"), many.label("many")).subquery()
    named = [ranked.c[key.name] for key in keys]
    return select(
        *named,
        func.max(ranked.c.many).label("many"),
        func.min(case((ranked.c.rank * 2 >= ranked.c.many, ranked.c.taken))).label("median"),
        func.min(case((ranked.c.rank * 10 >= ranked.c.many * 9, ranked.c.taken))).label("most"),
    ).group_by(*named)


def _spans(dialect: str, desks: Sequence[Place], period: Period) -> list[Select[Any]]:
    given = select(func.min(Assignment.given_at)).where(Assignment.delivery_id == Delivery.id).scalar_subquery()
    when = month(dialect, Delivery.sent_at).label("of")

    def span(step: str, begin: Any, end: Any) -> Select[Any]:
        taken = seconds(dialect, end) - seconds(dialect, begin)
        columns: list[Any] = [literal(step).label("step"), Delivery.unit.label("unit"), when, taken.label("taken")]
        return select(*columns).where(*_arrived(desks, period)).where(begin.is_not(None), end.is_not(None), end >= begin)

    # What the registry itself enters is registered in the same moment: it says nothing about how long anybody took.
    through = Delivery.from_unit != ""
    return [
        span("opened", Delivery.sent_at, Delivery.opened_at).where(through),
        span("registered", Delivery.sent_at, Delivery.registered_at).where(through),
        span("given", Delivery.registered_at, given),
        span("closed", Delivery.registered_at, Delivery.closed_at).where(Delivery.state == "closed"),
        span("whole", Delivery.sent_at, Delivery.closed_at).where(Delivery.state == "closed"),
    ]


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
