"""Lists of circulars and of their readers, from the ledger alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, union_all
from sqlalchemy.orm import Session

from saraban.circulars.entitled import entitled, given_to
from saraban.circulars.reminders import staff_of
from saraban.circulars.tables import Receipt
from saraban.classification.clearances import levels_of
from saraban.classification.levels import NORMAL
from saraban.ledger.clock import BUDDHIST_ERA, iso
from saraban.letters.kinds import CIRCULAR
from saraban.organisation.acting import person_names
from saraban.routing.secrets import open_delivery_row
from saraban.routing.sender import GONE
from saraban.routing.tables import Delivery


@dataclass(frozen=True)
class Line:
    """A circular in a person's list."""

    delivery: Delivery
    read: bool
    acknowledged: bool


def _for(person: str, agencies: Sequence[str]) -> list[list[ColumnElement[bool]]]:
    """What a person may read, as conditions that have no row in common.

    Every circular that came to their agencies, and of those above normal what they were given to read: to everybody else these
    are not there, nor counted.
    """
    found: list[list[ColumnElement[bool]]] = [[Delivery.agency.in_(agencies), Delivery.secrecy == NORMAL]]
    if levels := levels_of(person):
        found.append([Delivery.secrecy.in_(levels), Delivery.id.in_(given_to(person))])
    return [[*piece, Delivery.kind == CIRCULAR.name, Delivery.state.not_in(GONE)] for piece in found]


def received(
    session: Session, person: str, agencies: Sequence[str], *, year: int = 0, issuer: str = "", start: int = 0, size: int = 50
) -> tuple[int, list[Line]]:
    """The circulars that a person reads in these agencies, unread first, latest first; each once, however many units got it."""
    more: list[ColumnElement[bool]] = []
    if issuer:
        more.append(Delivery.from_unit == issuer)
    if year:
        more.append(func.extract("year", Delivery.letter_date) == year - BUDDHIST_ERA)

    def first(piece: list[ColumnElement[bool]]) -> Select[Any]:
        return select(func.min(Delivery.id).label("id")).where(*piece, *more).group_by(Delivery.letter_uid)

    ids = union_all(*(first(piece) for piece in _for(person, agencies))).subquery()
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
    lines = [(row, opened is not None, known is not None) for row, opened, known in rows]
    return total, [Line(open_delivery_row(row), read, acknowledged) for row, read, acknowledged in lines]


def unread(session: Session, person: str, agencies: Sequence[str]) -> int:
    """How many circulars the person has not read."""
    seen = exists().where(Receipt.circular_uid == Delivery.letter_uid, Receipt.person == person)
    counted = (select(func.count(func.distinct(Delivery.letter_uid))).where(*piece, ~seen) for piece in _for(person, agencies))
    return sum(session.scalar(one) or 0 for one in counted)


def readers(
    session: Session, uid: str, rows: Sequence[Delivery], start: int = 0, size: int | None = None
) -> list[dict[str, Any]]:
    """For each receiving unit when it got, opened, registered and first acknowledged it, and its persons.

    `rows` are all deliveries of the circular, of which some are asked for. Above normal only those who may read it now are
    persons and `staff` is how many they are; it also says who of them has not (`waiting`), and who read it and may not any more
    (`earlier`): it was not secret then, or they lost the right.
    """
    people: dict[str, list[Receipt]] = {}
    for receipt in session.scalars(select(Receipt).where(Receipt.circular_uid == uid).order_by(Receipt.opened_at)):
        people.setdefault(receipt.agency, []).append(receipt)
    shown = rows[start:] if size is None else rows[start : start + size]
    if any(row.secrecy != NORMAL for row in shown):
        return _secret_readers(session, people, rows, shown)
    staff = staff_of(session, list(dict.fromkeys(row.agency for row in shown)))
    return [_unit_json(row, people.get(row.agency, []), staff.get(row.agency, 0)) for row in shown]


def _secret_readers(
    session: Session, people: dict[str, list[Receipt]], rows: Sequence[Delivery], shown: Sequence[Delivery]
) -> list[dict[str, Any]]:
    may_read = entitled(session, [row for row in rows if row.state not in GONE])
    here: dict[str, set[str]] = {}
    for row in rows:
        here.setdefault(row.agency, set()).update(one.person for one in may_read.get(row.id, ()))
    first = {row.agency: row.id for row in reversed(rows)}
    names = person_names({person for persons in here.values() for person in persons})
    found = []
    for row in shown:
        mine = {one.person: one.unit for one in may_read.get(row.id, ())}
        receipts = people.get(row.agency, [])
        read = [one for one in receipts if one.person in mine]
        seen = {one.person for one in read}
        gone = [one for one in receipts if row.id == first[row.agency] and one.person not in here[row.agency]]
        found.append(
            {
                **_unit_json(row, read, len(mine)),
                "waiting": [
                    {"person": person, "name": names[person], "unit": unit}
                    for person, unit in mine.items()
                    if person not in seen
                ],
                "earlier": [_person_json(one) for one in gone],
            }
        )
    return found


def _unit_json(row: Delivery, receipts: Sequence[Receipt], staff: int) -> dict[str, Any]:
    opened = [one.opened_at for one in receipts] + ([row.opened_at] if row.opened_at else [])
    known = [one.acknowledged_at for one in receipts if one.acknowledged_at]
    return {
        "unit": row.unit,
        "state": row.state,
        "sent_at": iso(row.sent_at),
        "opened_at": iso(min(opened)) if opened else None,
        "registered_at": iso(row.registered_at),
        "acknowledged_at": iso(min(known)) if known else None,
        "staff": staff,
        "persons": [_person_json(one) for one in receipts],
    }


def _person_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "person": receipt.person,
        "name": receipt.person_name,
        "unit": receipt.unit,
        "opened_at": iso(receipt.opened_at),
        "acknowledged_at": iso(receipt.acknowledged_at),
    }
