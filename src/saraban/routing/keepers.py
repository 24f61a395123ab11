"""Who keeps a letter above normal where it was received, and where nobody does (`domain.md` 2.4; E30).

A letter that is raised is gone for the staff who held it. Where no registrar of secret information is cleared for its level
nobody there has it any more, but prints may lie on desks. The head of that agency is told so, and nothing of the letter.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from saraban.classification.clearances import ready_units
from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.organisation import chart
from saraban.organisation.functions import ADMINISTRATOR, HEAD
from saraban.organisation.posts import in_force
from saraban.organisation.tables import Appointment
from saraban.routing.tables import GONE, Delivery


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


def heads(session: Session, rows: Iterable[Delivery]) -> set[tuple[str, str, int]]:
    """Person, agency of the post and delivery: the agencies' heads, and where one has none its administrators."""
    by_id = {row.id: row.agency for row in rows}
    today = _today(set(by_id.values()))
    holders: dict[tuple[str, str], set[str]] = {}
    asked = in_force(clock.today()).where(
        Appointment.unit.in_(set(today.values())), Appointment.function.in_((HEAD, ADMINISTRATOR))
    )
    for post in session.scalars(asked):
        holders.setdefault((post.unit, post.function), set()).add(post.person)
    found: set[tuple[str, str, int]] = set()
    for id_, agency in by_id.items():
        unit = today[agency]
        persons = holders.get((unit, HEAD)) or holders.get((unit, ADMINISTRATOR)) or set()
        found.update((person, unit, id_) for person in persons)
    return found


def _today(units: set[str]) -> dict[str, str]:
    """The units, and which stands in the place of each today: itself, or its successor (E33)."""
    known = chart.units(units)
    after = {unit: chart.successor_of(info) for unit, info in known.items()}
    return {unit: found.unit if (found := after.get(unit)) is not None else unit for unit in units}
