"""What falls due: found by the worker, told once for each date to who has the work and to the head of the unit (L12, E35)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.orm import Session
from zope.event import notify

from saraban.ledger import clock
from saraban.ledger.acts import Act
from saraban.organisation.functions import HEAD
from saraban.organisation.looking import Look
from saraban.routing import notices
from saraban.routing.events import DeliveriesFellDue
from saraban.routing.queries import OPEN_STATES, SOON_DAYS
from saraban.routing.tables import Delivery, DutyMark

BATCH = 200
"""Most deliveries told of in one transaction."""
KINDS = (notices.OVERDUE, notices.DUE_SOON, notices.URGENT_BY)
UNREGISTERED = ("sent", "opened")


def _not_told(kind: str) -> ColumnElement[bool]:
    """For this date nobody was told yet: a postponed one is told again when the new date comes."""
    if kind == notices.URGENT_BY:
        return ~exists().where(DutyMark.delivery_id == Delivery.id, DutyMark.kind == kind)
    return ~exists().where(DutyMark.delivery_id == Delivery.id, DutyMark.kind == kind, DutyMark.due == Delivery.due_date)


def due_now(session: Session, kind: str, today: date, now: datetime) -> list[Delivery]:
    """Deliveries that fell due in this way and of which nobody was told, a batch of them."""
    conditions: dict[str, tuple[ColumnElement[bool], ...]] = {
        notices.OVERDUE: (Delivery.state.in_(OPEN_STATES), Delivery.due_date < today),
        notices.DUE_SOON: (
            Delivery.state.in_(OPEN_STATES),
            Delivery.due_date >= today,
            Delivery.due_date <= today + timedelta(days=SOON_DAYS),
        ),
        notices.URGENT_BY: (Delivery.state.in_(UNREGISTERED), Delivery.urgent_by < now),
    }
    asked = select(Delivery).where(*conditions[kind], _not_told(kind)).order_by(Delivery.id).limit(BATCH)
    return list(session.scalars(asked))


def _due_date(kind: str) -> Callable[[Delivery], date | None]:
    """The date for which it is told."""
    if kind == notices.URGENT_BY:
        return lambda row: clock.bangkok(row.urgent_by).date() if row.urgent_by else None
    return lambda row: row.due_date


def escalate(
    current: Act,
    kind: str,
    rows: Sequence[Delivery],
    due: Callable[[Delivery], date | None],
    functions: Collection[str] = (HEAD,),
) -> None:
    """Notes that it was told, tells it, and lets the rooms above tell it in their way."""
    marks = [{"delivery_id": row.id, "kind": kind, "due": due(row), "at": current.at} for row in rows]
    current.session.execute(insert(DutyMark), marks)
    told = notices.tell(current.session, kind, rows, current.at, functions)
    current.note(kind=kind, deliveries=[row.key for row in rows], notices=told)
    notify(DeliveriesFellDue(kind, tuple(rows), current))


class DueRound(Look):
    """What falls due, every few seconds."""

    verb = "fell-due"
    seconds = 10.0

    def waits(self, session: Session) -> bool:
        """Whether something fell due of which nobody was told."""
        today, now = clock.today(), clock.now()
        return any(due_now(session, kind, today, now) for kind in KINDS)

    def carry_out(self, current: Act) -> int:
        """Tells of a batch of one kind."""
        today, now = clock.today(), clock.now()
        for kind in KINDS:
            if rows := due_now(current.session, kind, today, now):
                escalate(current, kind, rows, _due_date(kind))
                return len(rows)
        return 0
