"""Lists of circulars and of their readers, from the ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session

from saraban.circulars.reminders import staff_of
from saraban.circulars.tables import Receipt
from saraban.ledger.clock import BUDDHIST_ERA, iso
from saraban.letters.kinds import CIRCULAR
from saraban.routing.tables import Delivery

GONE = ("recalled", "returned")


@dataclass(frozen=True)
class Line:
    """A circular in a person's list."""

    delivery: Delivery
    read: bool
    acknowledged: bool


def received(
    session: Session, person: str, agencies: Sequence[str], *, year: int = 0, issuer: str = "", start: int = 0, size: int = 50
) -> tuple[int, list[Line]]:
    """The circulars that came to these agencies, unread first, latest first; each once, however many units got it."""
    first = (
        select(func.min(Delivery.id).label("id"))
        .where(Delivery.agency.in_(agencies), Delivery.kind == CIRCULAR.name, Delivery.state.not_in(GONE))
        .group_by(Delivery.letter_uid)
    )
    if issuer:
        first = first.where(Delivery.from_unit == issuer)
    if year:
        first = first.where(func.extract("year", Delivery.letter_date) == year - BUDDHIST_ERA)
    ids = first.subquery()
    total = session.scalar(select(func.count()).select_from(ids)) or 0
    mine = and_(Receipt.circular_uid == Delivery.letter_uid, Receipt.person == person)
    rows = session.execute(
        select(Delivery, Receipt.opened_at, Receipt.acknowledged_at)
        .join(ids, ids.c.id == Delivery.id)
        .outerjoin(Receipt, mine)
        .order_by(case((Receipt.id.is_(None), 0), else_=1), Delivery.sent_at.desc(), Delivery.id.desc())
        .offset(start)
        .limit(size)
    )
    return total, [Line(row, opened is not None, known is not None) for row, opened, known in rows]


def unread(session: Session, person: str, agencies: Sequence[str]) -> int:
    """How many circulars the person has not read."""
    seen = exists().where(Receipt.circular_uid == Delivery.letter_uid, Receipt.person == person)
    return (
        session.scalar(
            select(func.count(func.distinct(Delivery.letter_uid))).where(
                Delivery.agency.in_(agencies), Delivery.kind == CIRCULAR.name, Delivery.state.not_in(GONE), ~seen
            )
        )
        or 0
    )


def readers(session: Session, uid: str, rows: Sequence[Delivery]) -> list[dict[str, Any]]:
    """For each receiving unit when it got, opened, registered and first acknowledged it, and its persons."""
    people: dict[str, list[Receipt]] = {}
    for receipt in session.scalars(select(Receipt).where(Receipt.circular_uid == uid).order_by(Receipt.opened_at)):
        people.setdefault(receipt.agency, []).append(receipt)
    staff = staff_of(session, list(dict.fromkeys(row.agency for row in rows)))
    found = []
    for row in rows:
        here = people.get(row.agency, [])
        opened = [one.opened_at for one in here] + ([row.opened_at] if row.opened_at else [])
        known = [one.acknowledged_at for one in here if one.acknowledged_at]
        found.append(
            {
                "unit": row.unit,
                "state": row.state,
                "sent_at": iso(row.sent_at),
                "opened_at": iso(min(opened)) if opened else None,
                "registered_at": iso(row.registered_at),
                "acknowledged_at": iso(min(known)) if known else None,
                "staff": staff.get(row.agency, 0),
                "persons": [
                    {
                        "person": one.person,
                        "name": one.person_name,
                        "unit": one.unit,
                        "opened_at": iso(one.opened_at),
                        "acknowledged_at": iso(one.acknowledged_at),
                    }
                    for one in here
                ],
            }
        )
    return found
