"""Giving and ending clearances: in writing, by the head of the agency (`domain.md` 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from saraban import _
from saraban.classification import clearances
from saraban.classification.levels import LEVELS
from saraban.classification.tables import Clearance
from saraban.errors import REQUIRED, Forbidden, Invalid, Missing
from saraban.ledger import clock
from saraban.ledger.acts import act
from saraban.ledger.connection import reader
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import require
from saraban.organisation.posts import forget_posts, in_force, posts_of
from saraban.organisation.tables import Appointment

CLEAR = "Saraban: Clear person"
SEE = "Saraban: See clearances"
_DATE = _("error_field_date", default="This is not a date (year-month-day).")


def give(agency: Any, data: Mapping[str, Any]) -> Clearance:
    """Clears a person of the agency for a level, by a written order; nobody clears themselves.

    Raises Forbidden, Missing, Invalid.
    """
    require(CLEAR, agency)
    person, level = data.get("user"), data.get("level")
    if person == current_person():
        raise Forbidden()
    wrong: dict[str, str] = {}
    if not isinstance(person, str) or not any(post.agency == agency.unit_id for post in posts_of(person)):
        wrong["user"] = _(
            "error_user_elsewhere", default="“${user}” holds no post in this agency.", mapping={"user": str(person)}
        )
    if level not in LEVELS:
        wrong["level"] = _("error_field_choice", default="This must be one of: ${names}.", mapping={"names": ", ".join(LEVELS)})
    order = data.get("order_number")
    if not isinstance(order, str) or not order.strip() or len(order) > 200:
        wrong["order_number"] = REQUIRED
    days = {name: _day(data.get(name), name, wrong) for name in ("order_date", "valid_from", "valid_until")}
    if days["order_date"] is None and "order_date" not in wrong:
        wrong["order_date"] = REQUIRED
    if wrong:
        raise Invalid(fields=wrong)
    with act(agency, current_actor(agency.unit_id), "clear") as current:
        row = Clearance(
            person=person,
            level=level,
            order_number=str(order).strip(),
            order_date=days["order_date"],
            valid_from=days["valid_from"] or clock.today(),
            valid_until=days["valid_until"],
            given_by=current.actor.person,
            given_at=current.at,
        )
        current.session.add(row)
        current.session.flush()
        current.note(clearance=row.id, person=person, level=level)
    forget_posts()
    return row


def _day(value: Any, name: str, wrong: dict[str, str]) -> date | None:
    if value in (None, ""):
        return None
    try:
        found = datetime.strptime(value, "%Y-%m-%d").date()
        if not 1900 <= found.year <= 2200:
            raise ValueError
    except (TypeError, ValueError):
        wrong[name] = _DATE
        return None
    return found


def end(agency: Any, id_: Any) -> Clearance:
    """Ends a clearance today: from now on it counts no more. Raises Forbidden, Missing."""
    require(CLEAR, agency)
    with act(agency, current_actor(agency.unit_id), "end-clearance") as current:
        rows = current.lock(Clearance, Clearance.id == (id_ if type(id_) is int and 0 < id_ < 2**63 else -1))
        if not rows or not any(post.agency == agency.unit_id for post in posts_of(rows[0].person)):
            raise Missing()
        row = rows[0]
        row.valid_until = min(row.valid_until or date.max, clock.today() - timedelta(days=1))
        current.note(clearance=row.id, person=row.person, level=row.level)
    forget_posts()
    return row


def in_agency(agency: Any) -> list[Clearance]:
    """The clearances of those who hold a post in the agency today, ended ones too. Raises Forbidden, Missing."""
    require(SEE, agency)
    unit = agency.unit_id
    persons = select(_posts_in(unit).subquery().c.person)
    with reader(agency) as session:
        return list(session.scalars(select(Clearance).where(Clearance.person.in_(persons)).order_by(Clearance.id)))


def persons_in(agency: Any) -> list[str]:
    """Those who hold a post in the agency today, of whom some may be cleared. Raises Forbidden, Missing."""
    require(CLEAR, agency)
    with reader(agency) as session:
        return list(dict.fromkeys(post.person for post in session.scalars(_posts_in(agency.unit_id))))


def _posts_in(agency: str) -> Select[Appointment]:
    """The appointments in force today in an agency and its units."""
    return in_force(clock.today()).where(
        or_(Appointment.unit == agency, Appointment.unit.startswith(f"{agency}.", autoescape=True))
    )


def cleared_in(agency: str, level: str) -> list[str]:
    """The persons with a post in the agency today who are cleared for the level, by their units; asks no permission."""
    today = clock.today()
    cleared = select(clearances.valid(today).where(Clearance.level == level).subquery().c.person)
    with reader() as session:
        posts = _posts_in(agency).where(Appointment.person.in_(cleared)).order_by(Appointment.unit, Appointment.id)
        return list(dict.fromkeys(post.person for post in session.scalars(posts)))
