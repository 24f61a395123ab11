"""Who keeps a letter above normal where it was received, and where nobody does (`domain.md` 2.4; E30).

A letter that is raised is gone for the staff who held it. Where no registrar of secret information is cleared for its level
nobody there has it any more, but prints may lie on desks. The head of that agency is told so, and nothing of the letter: the
post is told, not the person, so that it waits for the first who is appointed and passes from each head to the next.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from saraban.classification.clearances import ready_units, valid
from saraban.classification.levels import NORMAL
from saraban.classification.tables import Clearance
from saraban.ledger import clock
from saraban.organisation import chart
from saraban.organisation.functions import ADMINISTRATOR, HEAD, SECRET_REGISTRAR, group
from saraban.organisation.posts import in_force, posts_of
from saraban.organisation.tables import Appointment
from saraban.routing.tables import GONE, Delivery, Notice


def unkept(rows: Iterable[Delivery], level: str, owner: str) -> list[Delivery]:
    """The first delivery of each agency that holds the letter and has nobody to keep it at a level; none at normal.

    The agency whose letter it is, `owner`, is none of them: a level that it could not keep is refused.
    """
    held = [row for row in rows if row.state not in GONE and row.agency != owner]
    if level == NORMAL or not held:
        return []
    today = _today({row.unit for row in held})
    ready = ready_units(level, {*today, *today.values()})
    kept = {row.agency for row in held if not ready.isdisjoint((row.unit, today[row.unit]))}
    first: dict[str, Delivery] = {}
    for row in held:
        if row.agency not in kept:
            first.setdefault(row.agency, row)
    return list(first.values())


def heads(rows: Iterable[Delivery]) -> set[tuple[str, str, int]]:
    """The post of head of each agency, the agency, and the delivery: it is told to the post, be anybody appointed or not."""
    by_id = {row.id: row.agency for row in rows}
    today = _today(set(by_id.values()))
    return {(group(today[agency], HEAD), today[agency], id_) for id_, agency in by_id.items()}


def told_posts(person: str) -> tuple[list[str], ColumnElement[bool]]:
    """The posts whose notices a person may have, and a condition that tells which: of `Notice`, joined to `Delivery`.

    Who is head today has them, and an administrator as long as there is no head. They stand while nobody keeps the letter.
    """
    held = posts_of(person)
    heads = {post.unit for post in held if post.function == HEAD}
    deputies = {post.unit for post in held if post.function == ADMINISTRATOR} - heads
    if not heads | deputies:
        return [], false()
    post = in_force(clock.today())
    mine: list[ColumnElement[bool]] = [Notice.unit.in_(sorted(heads))]
    for unit, after in sorted(_today(deputies).items()):
        headed = post.where(Appointment.unit.in_({unit, after}), Appointment.function == HEAD)
        mine.append(and_(Notice.unit == unit, ~headed.exists()))
    cleared = valid(clock.today()).where(Clearance.level == Delivery.secrecy, Clearance.person == Appointment.person)
    kept = post.where(
        Appointment.unit.in_((Notice.unit, Delivery.unit)),
        Appointment.function == SECRET_REGISTRAR,
        cleared.exists().correlate(Appointment, Delivery),
    )
    return [group(unit, HEAD) for unit in sorted(heads | deputies)], and_(or_(*mine), ~kept.exists())


def _today(units: set[str]) -> dict[str, str]:
    """The units, and which stands in the place of each today: itself, or its successor (E33)."""
    known = chart.units(units)
    after = {unit: chart.successor_of(info) for unit, info in known.items()}
    return {unit: found.unit if (found := after.get(unit)) is not None else unit for unit in units}
