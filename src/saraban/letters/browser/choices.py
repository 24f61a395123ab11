"""What a person may choose in the forms: the units they write for, and who signs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import or_
from zope.component.hooks import getSite

from saraban.ledger import clock
from saraban.ledger.connection import reader
from saraban.letters.operations import DRAFT
from saraban.organisation import chart
from saraban.organisation.acting import UNIT_COOKIE, best_post, current_person, person_names
from saraban.organisation.allow import may
from saraban.organisation.functions import HEAD, agency_of
from saraban.organisation.posts import Post, in_force, posts_of
from saraban.organisation.tables import Appointment


def acting_unit(request: Any) -> str:
    """The unit in which the person acts now; empty where they hold no post."""
    post = best_post(posts_of(current_person()), request.cookies.get(UNIT_COOKIE, ""))
    return post.unit if post is not None else ""


def agency_object(agency: str) -> Any:
    """The agency's object, without asking; None where there is none."""
    agencies = getSite()._getOb("agencies", None)
    return agencies._getOb(agency, None) if agencies is not None else None


def own_units(request: Any, language: str, permission: str = DRAFT) -> list[tuple[str, str]]:
    """Id and name of each unit for which the person may act by the permission, the acting one first."""
    first = acting_unit(request)
    held = dict.fromkeys(post.unit for post in posts_of(current_person()) if not post.inherited)
    known = chart.units(held)
    allowed = {
        agency: (found := agency_object(agency)) is not None and may(permission, found)
        for agency in dict.fromkeys(map(agency_of, held))
    }
    mine = [known[unit] for unit in held if unit in known and allowed[agency_of(unit)]]
    return [(info.unit, info.title(language)) for info in sorted(mine, key=lambda info: info.unit != first)]


def signatories(agency: str, language: str) -> list[tuple[str, str]]:
    """Id, and name with post, of the heads in an agency: those who sign."""
    found: dict[str, str] = {}
    with reader() as session:
        query = in_force(clock.today()).where(
            Appointment.function == HEAD, or_(Appointment.unit == agency, Appointment.unit.like(f"{agency}.%"))
        )
        for row in session.scalars(query.order_by(Appointment.unit, Appointment.id)):
            found.setdefault(row.person, row.post_en if language == "en" and row.post_en else row.post_th)
    names = person_names(found)
    return [(person, f"{names[person]} – {post}") for person, post in found.items()]


def signing_post(person: str, unit: str, on: date | None = None) -> Post | None:
    """The post in which somebody signs for a unit: as its head, or the head of what it belongs to. Today, unless said."""
    held = posts_of(person, on)
    return best_post(tuple(post for post in held if post.function == HEAD) or held, unit)
