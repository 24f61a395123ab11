"""The worker keeps what reports count, so that a report costs the same however much the ledger holds.

First it counts the whole ledger, unit by unit. After that every act tells by the step that it writes (`delivery_step`, L28)
which delivery it moved: the month of that delivery is counted again, in all levels, since a letter may have left one. So no
request writes anything for a report, and no order of commits matters: what is kept is what the ledger says when it is asked.

A step may be committed after steps with higher ids (PostgreSQL and MariaDB give ids when a row is written): steps are looked
for again for as long as the audit trail waits for late rows, `audit.LATE`.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saraban.classification.levels import LEVELS, NORMAL
from saraban.ledger import clock
from saraban.ledger.audit import LATE
from saraban.ledger.connection import alone, reader
from saraban.ledger.errors import LedgerBusy
from saraban.ledger.tables import RegisterEntry
from saraban.organisation.looking import Watch
from saraban.reports import counting, periods, spans
from saraban.reports.counting import Came, Key
from saraban.reports.tables import Mark, UnitMonth, UnitNumbers
from saraban.routing.books import SENT
from saraban.routing.tables import Delivery, DeliveryStep

EVERY = timedelta(seconds=20)
"""How old figures become before the worker looks what moved."""
STALE = timedelta(minutes=5)
"""Where the worker is away, a report counts itself from then on."""
SLICE = 2000
"""Most steps in one batch."""
REST = 4
"""How many times as long as a batch took the worker does other work: a month in which a unit gets very much costs more."""
SLICE_SECONDS = 0.5
"""How long a batch of the first count takes, about."""
ANEW = 200_000
"""So many steps are dearer to follow than the whole ledger is to count again."""
AT_ONCE = 500
"""Most ids in one statement."""
EVERY_LEVEL = (NORMAL, *LEVELS)
NUMBERING = ("dispatched", "cancelled")
"""The steps with which a number gets its letter, or loses it."""
_ONE = 1

Months = dict[int, set[str]]
"""By month: units."""


@dataclass
class Found:
    """A batch: months that were counted, what was found in them, and what the mark says afterwards."""

    months: Months = field(default_factory=lambda: defaultdict(set))
    came: dict[Key, Came] = field(default_factory=dict)
    numbers: Months = field(default_factory=lambda: defaultdict(set))
    sent: dict[Key, int] = field(default_factory=dict)
    mark: dict[str, Any] = field(default_factory=dict)
    work: int = 0


def kept_as_of(session: Session) -> datetime | None:
    """As of when the kept figures are; None where there are none that may be shown."""
    as_of = session.scalar(select(Mark.as_of).where(Mark.id == _ONE))
    return as_of if as_of is not None and as_of > clock.now() - STALE else None


class Steps:
    """Which steps are not counted yet. What this process remembers saves work; without it some are counted twice."""

    def __init__(self) -> None:
        self._reached = 0
        self._seen: set[int] = set()
        self._before: tuple[int, datetime] | None = None
        """An id that was the last one, and when. Who had been given a lower one has ended once `LATE` has passed."""

    def waiting(self, session: Session, settled: int) -> list[int]:
        """The next ones, at most a slice and what came late."""
        self._reached = max(self._reached, settled)
        newer = list(session.scalars(_ids(DeliveryStep.id > self._reached).limit(SLICE)))
        if len(newer) == SLICE:
            return newer
        earlier = session.scalars(_ids(DeliveryStep.id > settled, DeliveryStep.id <= self._reached))
        return [one for one in earlier if one not in self._seen] + newer

    def settled(self, settled: int, ids: list[int], now: datetime) -> int:
        """Up to which id nothing can come any more, once these are counted; `now` is from before they were asked for."""
        last = max([self._reached, *ids])
        if self._before is None:
            self._before = last, clock.now()
        elif now >= self._before[1] + LATE:
            settled, self._before = max(settled, self._before[0]), (last, clock.now())
        return settled

    def done(self, ids: list[int], settled: int) -> None:
        """These are counted, and committed."""
        self._reached = max([self._reached, *ids])
        self._seen = {one for one in self._seen.union(ids) if one > settled}


def _ids(*where: Any) -> Any:
    return select(DeliveryStep.id).where(*where).order_by(DeliveryStep.id)


class FiguresRound(Watch):
    """Keeps the figures within a minute of the ledger."""

    seconds = 5.0

    def __init__(self) -> None:
        super().__init__()
        self._steps = Steps()

    def waits(self, session: Session) -> bool:
        """Whether the figures are old enough, or not all there."""
        mark = session.get(Mark, _ONE)
        if mark is None:
            return True
        if mark.as_of is None:
            # What was being written when the mark was made has ended by then: the first count sees it.
            return clock.now() >= mark.begun + LATE
        return clock.now() >= mark.as_of + EVERY

    def batch(self, site: Any) -> int:
        """Counts first, without a lock; then writes, unless another worker did meanwhile."""
        begun = time.monotonic()
        with reader(site) as session:
            mark = session.get(Mark, _ONE)
            last = session.scalar(select(func.max(DeliveryStep.id))) or 0
            if mark is not None and mark.unit is None and last - mark.settled > ANEW:
                mark = None
            ids, found = self._count(session, mark) if mark is not None else ([], Found())
        with alone(site) as session:
            if mark is None:
                _begin(session, last)
            elif not _write(session, mark.turn, found):
                return 0
        self._steps.done(ids, found.mark.get("settled", 0))
        if ids:
            self._next = time.monotonic() + REST * (time.monotonic() - begun)
        return found.work

    def _count(self, session: Session, mark: Mark) -> tuple[list[int], Found]:
        if mark.unit is not None:
            return [], first_count(session, mark.unit, mark.month)
        now = clock.now()
        ids = self._steps.waiting(session, mark.settled)
        found = moved(session, ids)
        if len(ids) < SLICE:
            found.mark = {"as_of": now, "settled": self._steps.settled(mark.settled, ids, now)}
        return ids, found


def _begin(session: Session, last: int) -> None:
    """Forgets what is kept, and sets the mark before the first unit."""
    turn = session.scalar(select(Mark.turn).where(Mark.id == _ONE).with_for_update()) or 0
    for table in (UnitMonth, UnitNumbers, Mark):
        session.execute(delete(table))
    mark = {"id": _ONE, "turn": turn + 1, "settled": last, "begun": clock.now(), "unit": "", "month": _over()}
    try:
        session.execute(insert(Mark), mark)
    except IntegrityError as error:  # another worker made it at this moment
        raise LedgerBusy("the figures are begun") from error


def _over() -> int:
    """The month after this one."""
    return periods.index(clock.today()) + 1


def first_count(session: Session, unit: str, month: int) -> Found:
    """The next months of a unit, a year at a time, then the next unit, for about as long as a batch takes."""
    found, over, until = Found(work=1), _over(), time.monotonic() + SLICE_SECONDS
    at: str | None = unit
    while at is not None and time.monotonic() < until:
        if month >= over:
            at = _next_unit(session, at)
            month = _first_month(session, at) if at is not None else over
            continue
        after = min(month + periods.MONTHS, over)
        for one in range(month, after):
            found.months[one].add(at)
            found.numbers[one].add(at)
        found.came |= counting.came(session, [at], EVERY_LEVEL, month, after)
        found.sent |= counting.sent(session, [at], SENT, month, after)
        month = after
    found.mark = {"unit": at, "month": month}
    return found


def _next_unit(session: Session, unit: str) -> str | None:
    """The first unit after another, in the order of the database."""
    heres = (Delivery.unit, RegisterEntry.unit)
    nexts = union_all(*(select(func.min(here).label("unit")).where(here > unit) for here in heres)).subquery()
    return session.scalar(select(func.min(nexts.c.unit)))


def _first_month(session: Session, unit: str) -> int:
    """In which anything came or was sent."""
    came = session.scalar(select(func.min(Delivery.sent_at)).where(Delivery.unit == unit, Delivery.secrecy.in_(EVERY_LEVEL)))
    sent = session.scalar(
        select(func.min(RegisterEntry.year)).where(RegisterEntry.unit == unit, RegisterEntry.direction.in_(SENT))
    )
    months = [_over()]
    if came is not None:
        months.append(periods.index(clock.bangkok(came).date()))
    if sent is not None:
        months.append((sent - clock.BUDDHIST_ERA) * periods.MONTHS)
    return min(months)


def moved(session: Session, steps: list[int]) -> Found:
    """The months that these steps moved, as they are now."""
    found = Found(work=len(steps))
    for some in _pieces(steps):
        wanted = DeliveryStep.id.in_(some)
        letter = Delivery.letter_uid == DeliveryStep.letter_uid, DeliveryStep.delivery_id.is_(None)
        for how in ((Delivery.id == DeliveryStep.delivery_id,), letter):
            asked = select(Delivery.unit, Delivery.sent_at).join_from(DeliveryStep, Delivery, how[0]).where(wanted, *how[1:])
            for unit, at in session.execute(asked):
                found.months[periods.index(clock.bangkok(at).date())].add(unit)
        lines = (
            select(RegisterEntry.unit, RegisterEntry.date)
            .join_from(DeliveryStep, RegisterEntry, RegisterEntry.document_uid == DeliveryStep.letter_uid)
            .where(wanted, DeliveryStep.what.in_(NUMBERING), RegisterEntry.direction.in_(SENT))
        )
        for unit, day in session.execute(lines):
            found.numbers[periods.index(day)].add(unit)
    for month, units in found.months.items():
        found.came |= counting.came(session, units, EVERY_LEVEL, month, month + 1)
    for month, units in found.numbers.items():
        found.sent |= counting.sent(session, units, SENT, month, month + 1)
    return found


def _pieces(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _write(session: Session, turn: int, found: Found) -> bool:
    """Puts what was found in the place of what was kept; False where the mark has moved since."""
    mark = session.scalar(select(Mark).where(Mark.id == _ONE).with_for_update())
    if mark is None or mark.turn != turn:
        return False
    came = (
        {
            "unit": unit, "secrecy": level, "month": month, "received": one.received, "registered": one.registered,
            "closed": one.closed, "late": one.late, "times": spans.packed(one.times),
        }
        for (unit, level, month), one in found.came.items()
    )  # fmt: skip
    numbers = ({"unit": unit, "book": book, "month": month, "sent": many} for (unit, book, month), many in found.sent.items())
    _replace(session, UnitMonth, found.months, came)
    _replace(session, UnitNumbers, found.numbers, numbers)
    session.execute(update(Mark).where(Mark.id == _ONE).values(turn=turn + 1, **found.mark))
    return True


def _replace(session: Session, table: Any, months: Months, rows: Iterable[dict[str, Any]]) -> None:
    for month, units in months.items():
        session.execute(delete(table).where(table.month == month, table.unit.in_(units)))
    values = list(rows)
    if values:
        session.execute(insert(table), values)
