"""Who has not read a circular is reminded: by its sender with a button, and once by the worker (B9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session
from zope.event import notify

from saraban import _
from saraban.circulars.content import Circular
from saraban.circulars.entitled import entitled
from saraban.circulars.errors import NobodyToRemind
from saraban.circulars.events import CircularReminded
from saraban.circulars.tables import Receipt, is_circular
from saraban.classification.levels import NORMAL
from saraban.errors import Invalid
from saraban.ledger import clock
from saraban.ledger.acts import Act, act
from saraban.organisation.acting import current_actor
from saraban.organisation.functions import SECRET_REGISTRAR
from saraban.organisation.looking import Look
from saraban.organisation.posts import in_force
from saraban.organisation.tables import Appointment, UnitRow
from saraban.routing import notices
from saraban.routing.duties import BATCH, escalate
from saraban.routing.secrecy import require_sender
from saraban.routing.steps import write_steps
from saraban.routing.tables import GONE, Delivery, DutyMark, Notice

UNITS, PERSONS = "units", "persons"
AFTER = timedelta(days=3)
"""So long after it was sent the worker reminds the units that have not looked."""
NO_LONGER = timedelta(days=30)
"""So long after it was sent the worker reminds nobody any more."""


def remind(circular: Circular, data: Mapping[str, Any]) -> int:
    """Tells the desks of units where nobody has read it (`to`: `units`), or all who have not acknowledged it (`persons`).

    Who has a reminder that is not seen yet gets no second one, and above normal nobody gets one who may not read it. How many
    were told.
    Raises Forbidden, Missing, Invalid, NobodyToRemind.
    """
    require_sender(circular)
    to = data.get("to") or UNITS
    if to not in (UNITS, PERSONS):
        names = f"{UNITS}, {PERSONS}"
        raise Invalid(
            fields={"to": _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": names})}
        )
    uid = IUUID(circular)
    with act(circular, current_actor(circular.agency), "remind", uid) as current:
        session = current.session
        rows = current.lock(Delivery, Delivery.letter_uid == uid, Delivery.state.not_in(GONE))
        current.refresh()
        require_sender(circular)  # it may have been raised while we waited: then it is for others to remind, and to be reminded
        if circular.is_secret:
            told = _entitled_to_know(session, uid, rows, to)
        else:
            told = unread_desks(session, uid, rows) if to == UNITS else unacknowledged(session, uid, rows)
        told -= reminded(session, rows)
        if not told:
            raise NobodyToRemind()
        notices.tell_persons(session, notices.UNREAD, told, current.at)
        write_steps(current, "reminded", [], unit=circular.agency, letter_uid=uid)
        current.note(to=to, notices=len(told))
        notify(CircularReminded(circular, tuple(sorted(told)), current))
    return len(told)


Told = set[tuple[str, str, int]]
"""(person, unit of the post, delivery)."""


def unread_desks(session: Session, uid: str, rows: list[Delivery]) -> Told:
    """Registrars and heads of the units in whose agency nobody has opened it."""
    known = set(session.scalars(select(Receipt.agency).where(Receipt.circular_uid == uid).distinct()))
    waiting = {row.unit: row.id for row in rows if row.state == "sent" and row.agency not in known}
    posts = in_force(clock.today()).where(Appointment.unit.in_(list(waiting)), Appointment.function.in_(notices.DESK))
    return {(post.person, post.unit, waiting[post.unit]) for post in session.scalars(posts)}


def unacknowledged(session: Session, uid: str, rows: list[Delivery]) -> Told:
    """Everybody in the receiving agencies who has not said that they know it, each once."""
    first = {row.agency: row.id for row in reversed(rows)}
    known = set(
        session.scalars(select(Receipt.person).where(Receipt.circular_uid == uid, Receipt.acknowledged_at.is_not(None)))
    )
    found: dict[str, tuple[str, str, int]] = {}
    for person, unit, agency in session.execute(_staff().where(UnitRow.agency.in_(list(first)))):
        if person not in known:
            found.setdefault(person, (person, unit, first[agency]))
    return set(found.values())


def _entitled_to_know(session: Session, uid: str, rows: list[Delivery], to: str) -> Told:
    """Of a circular above normal the same, among those who may read it: registrars of secret information, or all of them."""
    receipts = list(session.scalars(select(Receipt).where(Receipt.circular_uid == uid)))
    read = {one.person for one in receipts}
    known = {one.person for one in receipts if one.acknowledged_at}
    may_read = entitled(session, rows)
    found: dict[str, tuple[str, str, int]] = {}
    for row in rows:
        here = may_read[row.id]
        if to == UNITS:
            waits = row.state == "sent" and not any(one.person in read for one in here)
            here = [one for one in here if one.desk and waits]
        for one in here:
            if one.person not in known:
                found.setdefault(one.person, (one.person, one.unit, row.id))
    return set(found.values())


def _staff() -> Any:
    today = clock.today()
    posts = in_force(today).subquery()
    return select(posts.c.person, posts.c.unit, UnitRow.agency).join(UnitRow, UnitRow.unit == posts.c.unit)


def staff_of(session: Session, agencies: list[str]) -> dict[str, int]:
    """How many people work in each agency."""
    staff = _staff().where(UnitRow.agency.in_(agencies)).subquery()
    counted = select(staff.c.agency, func.count(staff.c.person.distinct())).group_by(staff.c.agency)
    return dict(session.execute(counted).tuples().all())


def reminded(session: Session, rows: list[Delivery]) -> Told:
    """Who has a reminder that they have not seen."""
    waiting = select(Notice.person, Notice.unit, Notice.delivery_id).where(
        Notice.kind == notices.UNREAD, Notice.read_at.is_(None), Notice.delivery_id.in_([row.id for row in rows])
    )
    return {(person, unit, delivery) for person, unit, delivery in session.execute(waiting) if delivery is not None}


def forgotten(session: Session, now: datetime) -> list[Delivery]:
    """Circulars at which nobody in the receiving agency has looked for days, and of which nobody was reminded yet."""
    told = and_(DutyMark.delivery_id == Delivery.id, DutyMark.kind == notices.UNREAD)
    asked = (
        select(Delivery)
        .outerjoin(DutyMark, told)  # not as a condition: MariaDB would read the marks of all years for it
        .where(
            is_circular(),
            Delivery.state == "sent",
            Delivery.sent_at.between(now - NO_LONGER, now - AFTER),
            DutyMark.id.is_(None),
            ~looked_at(),
        )
    )
    return list(session.scalars(asked.order_by(Delivery.sent_at, Delivery.id).limit(BATCH)))


def looked_at() -> ColumnElement[bool]:
    """A condition: somebody in the receiving agency has read it; above normal, the unit's registrar of secret information."""
    here = and_(Receipt.circular_uid == Delivery.letter_uid, Receipt.agency == Delivery.agency)
    desk = in_force(clock.today()).where(
        Appointment.person == Receipt.person, Appointment.unit == Delivery.unit, Appointment.function == SECRET_REGISTRAR
    )
    return exists().where(here, or_(Delivery.secrecy == NORMAL, desk.correlate(Receipt, Delivery).exists()))


def _sent_on(row: Delivery) -> date:
    return clock.bangkok(row.sent_at).date()


class ReminderRound(Look):
    """Circulars that nobody reads."""

    verb = "fell-due"
    seconds = 60.0

    def waits(self, session: Session) -> bool:
        """Whether there is one of which nobody was reminded."""
        return bool(forgotten(session, clock.now()))

    def carry_out(self, current: Act) -> int:
        """Reminds a batch of units."""
        rows = forgotten(current.session, clock.now())
        if rows:
            escalate(current, notices.UNREAD, rows, _sent_on, notices.DESK)
        return len(rows)
