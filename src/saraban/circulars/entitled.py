"""Who may read a circular above normal: its receipts, reminders and lists are for them, and name and count nobody else.

Of a receiver these are its registrars of secret information who are cleared for the level, to whom the work was given, and who
was let in by name (`domain.md` 2.4); all of them only as long as they are cleared and hold the post.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from saraban.classification.clearances import registrar_places, valid
from saraban.classification.tables import Clearance, NeedToKnow
from saraban.ledger import clock
from saraban.organisation import chart
from saraban.organisation.functions import SECRET_REGISTRAR
from saraban.organisation.posts import in_force, posts_of
from saraban.organisation.tables import Appointment
from saraban.routing.tables import Assignment, Delivery


@dataclass(frozen=True)
class Entitled:
    """A person who may read it."""

    person: str
    unit: str
    """The unit of the post in which they read it."""
    desk: bool
    """Whether as its registrar of secret information."""


def entitled(session: Session, rows: Sequence[Delivery]) -> dict[int, list[Entitled]]:
    """By delivery: who may read a secret circular because it came there, its registrars first, each person once.

    `rows` are the deliveries of one circular that were not recalled or returned.
    """
    if not rows:
        return {}
    others = _named(session, rows)
    places = _places({*(row.unit for row in rows), *(one.unit for given in others.values() for one in given)})
    cleared = select(valid(clock.today()).where(Clearance.level == rows[0].secrecy).subquery().c.person)
    posts = in_force(clock.today()).where(
        Appointment.unit.in_({place for here in places.values() for place in here}), Appointment.person.in_(cleared)
    )
    held = [(post.unit, post.person, post.function) for post in session.scalars(posts.order_by(Appointment.id))]
    staff = {(unit, person) for unit, person, _function in held}
    found = {}
    for row in rows:
        desk = [
            Entitled(person, row.unit, desk=True)
            for unit, person, function in held
            if function == SECRET_REGISTRAR and unit in places[row.unit]
        ]
        named = [one for one in others[row.id] if any((place, one.person) in staff for place in places[one.unit])]
        found[row.id] = list({one.person: one for one in (*named, *desk)}.values())
        found[row.id].sort(key=lambda one: not one.desk)
    return found


def _named(session: Session, rows: Sequence[Delivery]) -> dict[int, list[Entitled]]:
    """Who was given the work, or let in by the receiving agency, whether or not they are still cleared."""
    found: dict[int, list[Entitled]] = {row.id: [] for row in rows}
    given = select(Assignment).where(Assignment.delivery_id.in_(list(found))).order_by(Assignment.id)
    for one in session.scalars(given):
        found[one.delivery_id].append(Entitled(one.person, one.unit, desk=False))
    first = {row.agency: row.id for row in reversed(rows)}
    let_in = select(NeedToKnow).where(
        NeedToKnow.letter_uid == rows[0].letter_uid, NeedToKnow.withdrawn_at.is_(None), NeedToKnow.agency.in_(list(first))
    )
    for known in session.scalars(let_in.order_by(NeedToKnow.id)):
        found[first[known.agency]].append(Entitled(known.person, known.unit, desk=False))
    return found


def _places(units: Iterable[str]) -> dict[str, set[str]]:
    """For each unit where its posts are held: there, and where its desk passed to when it was over (E33)."""
    known = chart.units(units)
    successors = {unit: chart.successor_of(info) for unit, info in known.items()}
    return {unit: {unit, *([there.unit] if (there := successors.get(unit)) is not None else [])} for unit in units}


def given_to(person: str, row: Any, level: str) -> ColumnElement[bool]:
    """A condition: a delivery of a secret circular (`row` is its table) of a level is one that the person was given to read.

    Whether they are cleared for the level is still to be asked.
    """
    units = list({post.unit for post in posts_of(person)})
    desks = [unit for unit, handled in registrar_places(person) if handled == level]
    work = exists().where(Assignment.delivery_id == row.id, Assignment.person == person, Assignment.unit.in_(units))
    let_in = exists().where(
        NeedToKnow.letter_uid == row.letter_uid,
        NeedToKnow.person == person,
        NeedToKnow.agency == row.agency,
        NeedToKnow.withdrawn_at.is_(None),
        NeedToKnow.unit.in_(units),
    )
    return or_(row.unit.in_(desks), work, let_in)
