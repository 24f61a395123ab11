"""Agencies and units against their rows in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select

from saraban.admin.checks.finding import Finding, Progress
from saraban.ledger.connection import reader, session_of
from saraban.organisation.chart import info, successor_of, superiors
from saraban.organisation.content import IAgency, IChartUnit
from saraban.organisation.functions import HEAD, REGISTRAR, local_roles
from saraban.organisation.posts import holders
from saraban.organisation.subscribers import leads_back, project
from saraban.organisation.tables import UnitRow
from saraban.routing.queries import OPEN_STATES
from saraban.routing.tables import Delivery


def count(site: Any) -> int:
    """How many units the ledger knows."""
    with reader(site) as session:
        return session.scalar(select(func.count()).select_from(UnitRow)) or 0


def examine(site: Any, progress: Progress) -> Iterator[Finding]:
    """The chart is small: it is read as a whole."""
    with reader(site) as session:
        rows = {row.unit: row for row in session.scalars(select(UnitRow))}
    for unit in _units(site):
        path = "/".join(unit.getPhysicalPath())
        row = rows.pop(unit.unit_id, None)
        if row is None:
            yield Finding(path, "the ledger does not know it", partial(project, unit))
        elif _known(row) != (path, unit.UID(), unit.title, unit.letter_code or "", unit.valid_until, unit.successor or ""):
            yield Finding(path, "the ledger knows it otherwise", partial(project, unit))
        elif row.successor and _leads_back(site, row):
            yield Finding(path, f"its successor “{row.successor}” is not in the chart, or leads back to it", None)
        elif not info(row).active and _has_open(site, row.unit) and _nobody_follows(row):
            yield Finding(path, "it is over, letters are open on its desk, and it has no successor", None)
        if unit.__ac_local_roles__ != _roles(unit):
            yield Finding(path, "its groups have other rights than its functions give", partial(_give_roles, unit))
        progress(1)
    for name in sorted(rows):
        yield Finding(name, "the ledger knows it, but it is not in the chart", partial(_forget, site, name))


def _known(row: UnitRow) -> tuple[object, ...]:
    return row.path, row.uid, row.title_th, row.letter_code, row.valid_until, row.successor


def _leads_back(site: Any, row: UnitRow) -> bool:
    with reader(site) as session:
        return leads_back(session, row.unit, row.successor)


def _has_open(site: Any, unit: str) -> bool:
    asked = select(Delivery.id).where(Delivery.unit == unit, Delivery.state.in_(OPEN_STATES)).limit(1)
    with reader(site) as session:
        return session.scalar(asked) is not None


def _nobody_follows(row: UnitRow) -> bool:
    """A unit whose people still hold their posts needs no successor yet: it may be closed for routing only."""
    return successor_of(info(row)) is None and not holders(row.unit, REGISTRAR) and not holders(row.unit, HEAD)


def _units(site: Any) -> Iterator[Any]:
    waiting = list(site.agencies.objectValues()) if "agencies" in site else []
    while waiting:
        place = waiting.pop(0)
        if IChartUnit.providedBy(place):
            yield place
            waiting += place.objectValues()


def _roles(unit: Any) -> dict[str, list[str]]:
    """What its functions give, and those of the agencies above it; a unit inside an agency takes the latter from there."""
    return local_roles(unit.unit_id, superiors(unit.unit_id) if IAgency.providedBy(unit) else ())


def _give_roles(unit: Any) -> None:
    unit.__ac_local_roles__ = _roles(unit)
    unit.reindexObjectSecurity()


def _forget(site: Any, name: str) -> None:
    session_of(site).execute(delete(UnitRow).where(UnitRow.unit == name))
