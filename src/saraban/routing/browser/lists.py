"""What the pages' lists ask of the ledger beside `routing.queries`: no letter is woken for a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.tables import RegisterEntry
from saraban.organisation.acting import person_names
from saraban.organisation.functions import agency_of
from saraban.organisation.posts import in_force
from saraban.organisation.tables import Appointment
from saraban.routing.desks import Place, readable
from saraban.routing.queries import OPEN_STATES, UNREGISTERED, due_soon, without_order
from saraban.routing.secrets import open_assignments, open_delivery_row
from saraban.routing.tables import GONE, Assignment, Delivery, DeliveryStep

FAR = date(9999, 12, 31)
"""Where work without a date stands in a list by date."""


def tasks(
    session: Session, person: str, units: Sequence[str], start: int, size: int, *, secret: bool | None = None, only: str = ""
) -> tuple[int, list[tuple[Delivery, Assignment]]]:
    """The open work given to a person, what is due first at the top; how much there is, and a page of it.

    `only` is `late` or `soon`, or empty for all.
    """
    given = (
        select(Delivery, Assignment)
        .join(Assignment, Assignment.delivery_id == Delivery.id)
        .where(Assignment.person == person, Assignment.state == "open", Assignment.unit.in_(units), Delivery.state.not_in(GONE))
        .where(readable(person, secret=secret))
    )
    term = func.coalesce(Assignment.due_date, Delivery.due_date)
    if only:
        given = given.where(Delivery.state.in_(OPEN_STATES), due_soon(term) if only == "soon" else term < clock.today())
    total = session.scalar(select(func.count()).select_from(given.subquery())) or 0
    page = session.execute(given.order_by(func.coalesce(term, FAR), Delivery.id.desc()).offset(start).limit(size))
    found = [(row, one) for row, one in page]
    for row, one in found:
        open_assignments(row.letter_uid, [one])
        open_delivery_row(row)
    return total, found


def holders(session: Session, deliveries: Sequence[Delivery]) -> dict[int, list[str]]:
    """By delivery: the names of the persons who have it now."""
    ids = [row.id for row in deliveries if row.state == "registered"]
    found: dict[int, list[str]] = {}
    if ids:
        open_ = select(Assignment.delivery_id, Assignment.person).where(
            Assignment.delivery_id.in_(ids), Assignment.state == "open"
        )
        for delivery, person in session.execute(open_.order_by(Assignment.id)):
            found.setdefault(delivery, []).append(person)
    names = person_names(person for persons in found.values() for person in persons)
    return {delivery: [names[person] for person in persons] for delivery, persons in found.items()}


def by_keys(session: Session, keys: Sequence[str]) -> dict[str, Delivery]:
    """The deliveries of these keys."""
    if not keys:
        return {}
    return {row.key: row for row in session.scalars(select(Delivery).where(Delivery.key.in_(keys)))}


def next_unregistered(session: Session, desks: Sequence[Place]) -> Delivery | None:
    """What stands first on these desks and is not registered yet: the new before the seen."""
    for state in UNREGISTERED:
        for unit, level in desks:
            waiting = select(Delivery).where(Delivery.unit == unit, Delivery.state == state, Delivery.secrecy == level)
            found = session.scalars(waiting.order_by(Delivery.sent_at.desc(), Delivery.id.desc()).limit(1)).first()
            if found is not None:
                return found
    return None


def next_without_order(session: Session, units: Sequence[str]) -> Delivery | None:
    """What stands first on these ordinary desks, is registered and was given to nobody yet."""
    waiting = select(Delivery).where(
        Delivery.unit.in_(units), Delivery.state == "registered", Delivery.secrecy == NORMAL, without_order()
    )
    return session.scalars(waiting.order_by(Delivery.sent_at.desc(), Delivery.id.desc()).limit(1)).first()


@dataclass(frozen=True)
class Colleague:
    """Somebody to whom work can be given, in one of their posts."""

    person: str
    unit: str
    post: str


def colleagues(session: Session, agency: str, day: date, language: str) -> list[Colleague]:
    """Everybody with a post in the agency, each once, with the post that comes first."""
    rows = session.scalars(
        in_force(day)
        .where((Appointment.unit == agency) | Appointment.unit.startswith(f"{agency}.", autoescape=True))
        .order_by(Appointment.unit, Appointment.id)
    )
    found: dict[str, Colleague] = {}
    for row in rows:
        post = row.post_en if language == "en" and row.post_en else row.post_th
        found.setdefault(row.person, Colleague(row.person, row.unit, post))
    return list(found.values())


def deliveries_by_letter(
    session: Session, uids: Sequence[str], unit: str = "", *, secret: bool = False
) -> dict[str, list[Delivery]]:
    """By letter: its deliveries, to one unit or to all.

    Of ordinary letters, for one that was raised later stands in an ordinary book without an address; or of secret ones, whose
    reader the caller knows.
    """
    found: dict[str, list[Delivery]] = {}
    if uids:
        level = Delivery.secrecy != NORMAL if secret else Delivery.secrecy == NORMAL
        query = select(Delivery).where(Delivery.letter_uid.in_(uids), level)
        if unit:
            query = query.where(Delivery.unit == unit)
        for row in session.scalars(query.order_by(Delivery.id)):
            found.setdefault(row.letter_uid, []).append(row)
    return found


def sent_letters(
    session: Session, central: Sequence[str], owners: Sequence[str], year: int, start: int, size: int
) -> tuple[int, list[RegisterEntry]]:
    """The letters sent in a year, newest first: all that the agencies `central` sent, and what began in the units `owners`."""
    began = (
        select(DeliveryStep.id)
        .where(
            DeliveryStep.letter_uid == RegisterEntry.document_uid, DeliveryStep.what == "created", DeliveryStep.unit.in_(owners)
        )
        .exists()
    )
    agencies = {*central, *(agency_of(unit) for unit in owners)}
    lines = select(RegisterEntry).where(
        RegisterEntry.unit.in_(sorted(agencies)),
        RegisterEntry.direction == "send",
        RegisterEntry.year == year,
        RegisterEntry.document_uid.is_not(None),
        RegisterEntry.unit.in_(central) | began,
    )
    total = session.scalar(select(func.count()).select_from(lines.subquery())) or 0
    page = lines.order_by(RegisterEntry.issued_at.desc(), RegisterEntry.id.desc()).offset(start).limit(size)
    return total, list(session.scalars(page))
