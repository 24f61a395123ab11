"""Notices within the site: what a person is to know about a delivery, until they have seen it (L3, E35; LINE comes beside it).

A notice names a delivery and says nothing of it: its subject is read at the moment of looking, by who may read it then. Only
`unkept` is for who may not, and shows no more than the agency's own unit and the level (`routing.keepers`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.organisation.functions import ADMINISTRATOR, HEAD, REGISTRAR, SECRET_REGISTRAR
from saraban.organisation.posts import in_force, posts_of
from saraban.organisation.tables import Appointment
from saraban.routing.desks import readable
from saraban.routing.secrets import open_delivery_row
from saraban.routing.tables import GONE, Assignment, Delivery, Notice

DUE_SOON, OVERDUE, URGENT_BY, CORRECTED, UNREAD = "due-soon", "overdue", "urgent-by", "corrected", "unread"
CLASSIFIED, UNKEPT = "classified", "unkept"
KINDS: dict[str, str] = {
    DUE_SOON: _("notice_due_soon", default="Due soon"),
    OVERDUE: _("notice_overdue", default="Overdue"),
    URGENT_BY: _("notice_urgent_by", default="Not registered in time"),
    CORRECTED: _("notice_corrected", default="Corrected by the sender"),
    UNREAD: _("notice_unread", default="Please read and acknowledge"),
    CLASSIFIED: _("notice_classified", default="Level of secrecy changed"),
    UNKEPT: _("notice_unkept", default="A secret letter that nobody keeps"),
}


@dataclass(frozen=True)
class Told:
    """A notice, and what the person may know of its delivery."""

    notice: Notice
    unit: str
    """The unit that received the letter."""
    secrecy: str
    """The letter's level now."""
    delivery: Delivery | None
    """Readable for the person; None in a notice of kind `unkept`."""


def tell(session: Session, kind: str, rows: Iterable[Delivery], at: datetime, functions: Collection[str] = (HEAD,)) -> int:
    """A notice for each who works on these deliveries, and for the holders of the functions in their units; how many.

    Of a secret one the unit's registrars of secret information stand in the place of all functions.
    """
    by_id = {row.id: row for row in rows}
    told: set[tuple[str, str, int]] = set()
    given = select(Assignment).where(Assignment.delivery_id.in_(list(by_id)), Assignment.state == "open")
    told.update((one.person, one.unit, one.delivery_id) for one in session.scalars(given))
    holders: dict[str, list[tuple[str, str]]] = {}
    wanted = in_force(clock.today()).where(
        Appointment.unit.in_({row.unit for row in by_id.values()}),
        Appointment.function.in_({*functions, SECRET_REGISTRAR}),
    )
    for post in session.scalars(wanted):
        holders.setdefault(post.unit, []).append((post.person, post.function))
    for row in by_id.values():
        meant = functions if row.secrecy == NORMAL else (SECRET_REGISTRAR,)
        told.update((person, row.unit, row.id) for person, function in holders.get(row.unit, ()) if function in meant)
    return tell_persons(session, kind, told, at)


def tell_unit(session: Session, kind: str, unit: str, row: Delivery, at: datetime, functions: Collection[str] = (HEAD,)) -> int:
    """A notice about a delivery for a unit that did not receive it: the letter's sender. Of a secret one as in `tell`."""
    meant = functions if row.secrecy == NORMAL else (SECRET_REGISTRAR,)
    asked = in_force(clock.today()).where(Appointment.unit == unit, Appointment.function.in_(meant))
    return tell_persons(session, kind, {(post.person, unit, row.id) for post in session.scalars(asked)}, at)


def tell_persons(session: Session, kind: str, told: Iterable[tuple[str, str, int]], at: datetime) -> int:
    """A notice for each (person, unit of the post, delivery); how many."""
    lines = [
        {"person": person, "unit": unit, "kind": kind, "delivery_id": delivery, "at": at}
        for person, unit, delivery in sorted(told)
    ]
    if lines:
        session.execute(insert(Notice), lines)
    return len(lines)


def forget(session: Session, kind: str, rows: Iterable[Delivery]) -> None:
    """Takes back what was told of these deliveries and is true no more."""
    session.execute(delete(Notice).where(Notice.delivery_id.in_([row.id for row in rows]), Notice.kind == kind))


DESK = (HEAD, REGISTRAR)
"""The functions of a unit's desk."""


def _mine(person: str, units: Sequence[str]) -> list[ColumnElement[bool]]:
    decides = [post.unit for post in posts_of(person) if post.function in (HEAD, ADMINISTRATOR)]
    may_know = or_(and_(Notice.kind != UNKEPT, readable(person)), and_(Notice.kind == UNKEPT, Notice.unit.in_(decides)))
    return [Notice.person == person, Notice.unit.in_(units), Delivery.state.not_in(GONE), may_know]


def unread(session: Session, person: str, units: Sequence[str]) -> int:
    """How many notices the person has not seen, in the units where they hold posts."""
    if not units:
        return 0
    asked = select(func.count()).select_from(Notice).join(Delivery, Delivery.id == Notice.delivery_id)
    return session.scalar(asked.where(*_mine(person, units), Notice.read_at.is_(None))) or 0


def listed(session: Session, person: str, units: Sequence[str], *, start: int, size: int) -> tuple[int, list[Told]]:
    """The person's notices, the newest first."""
    if not units:
        return 0, []
    mine = _mine(person, units)
    joined = select(Notice, Delivery).join(Delivery, Delivery.id == Notice.delivery_id).where(*mine)
    total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    page = session.execute(joined.order_by(Notice.id.desc()).offset(start).limit(size)).all()
    return total, [
        Told(notice, row.unit, row.secrecy, None if notice.kind == UNKEPT else open_delivery_row(row)) for notice, row in page
    ]


def seen(session: Session, person: str, at: datetime, ids: Sequence[int] | None = None) -> int:
    """Marks the person's notices as seen, all or those of these ids; how many were new."""
    mine = update(Notice).where(Notice.person == person, Notice.read_at.is_(None))
    if ids is not None:
        mine = mine.where(Notice.id.in_(ids))
    return int(session.connection().execute(mine.values(read_at=at)).rowcount)
