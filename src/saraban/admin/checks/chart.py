"""Agencies and units against their rows in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select

from saraban.admin.checks.finding import Finding, Progress
from saraban.ledger.connection import reader, session_of
from saraban.organisation.content import IChartUnit
from saraban.organisation.functions import local_roles
from saraban.organisation.subscribers import project
from saraban.organisation.tables import UnitRow


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
        elif (row.path, row.uid, row.title_th, row.letter_code) != (path, unit.UID(), unit.title, unit.letter_code or ""):
            yield Finding(path, "the ledger knows it otherwise", partial(project, unit))
        if unit.__ac_local_roles__ != local_roles(unit.unit_id):
            yield Finding(path, "its groups have other rights than its functions give", partial(_give_roles, unit))
        progress(1)
    for name in sorted(rows):
        yield Finding(name, "the ledger knows it, but it is not in the chart", partial(_forget, site, name))


def _units(site: Any) -> Iterator[Any]:
    waiting = list(site.agencies.objectValues()) if "agencies" in site else []
    while waiting:
        place = waiting.pop(0)
        if IChartUnit.providedBy(place):
            yield place
            waiting += place.objectValues()


def _give_roles(unit: Any) -> None:
    unit.__ac_local_roles__ = local_roles(unit.unit_id)
    unit.reindexObjectSecurity()


def _forget(site: Any, name: str) -> None:
    session_of(site).execute(delete(UnitRow).where(UnitRow.unit == name))
