"""Whose report a person may read: a whole agency's for its central registry and its head, else that of the own unit."""

from __future__ import annotations

from typing import Any

from saraban.classification.clearances import registrar_places
from saraban.classification.levels import NORMAL
from saraban.errors import Forbidden, Missing
from saraban.ledger.connection import reader
from saraban.organisation import chart
from saraban.organisation.acting import current_person
from saraban.organisation.allow import VIEW, at, may
from saraban.organisation.functions import agency_of
from saraban.organisation.posts import posts_of
from saraban.routing.books import READ_BOOK
from saraban.routing.desks import Place

READ_ALL = "Saraban: Read reports of the agency"
"""Held on an agency: all its units, as figures."""


def desks(agency: Any, unit: str = "", *, secret: bool = False) -> list[Place]:
    """What the report covers: one unit, or the most that the person may read of the agency.

    An ordinary report counts nothing secret; one of secret letters is for who registers them, and counts their levels alone.
    Raises Missing, Forbidden.
    """
    if not may(VIEW, agency):
        raise Missing()
    id_: str = agency.unit_id
    if (unit and (info := chart.unit(unit)) is None) or (unit and info is not None and info.agency != id_):
        raise Missing()
    if secret:
        places = [Place(*one) for one in registrar_places(current_person()) if agency_of(one[0]) == id_]
    else:
        places = [Place(one, NORMAL) for one in units(agency)]
    found = [place for place in places if not unit or place.unit == unit]
    if not found:
        raise Forbidden()
    return found


def units(agency: Any) -> list[str]:
    """The units of an agency whose ordinary report the person may read, in the order of the chart."""
    with reader(agency) as session:
        below = chart.descendants(session, agency.unit_id)
    every = [agency.unit_id, *(info.unit for info in below)]
    if may(READ_ALL, agency):
        return every
    held = {post.unit for post in posts_of(current_person())}
    return [one for one in every if one in held and _reads(one)]


def _reads(unit: str) -> bool:
    info = chart.unit(unit)
    return info is not None and may(READ_BOOK, at(info.path))


def agencies(site: Any) -> list[Any]:
    """The agencies of whose units the person may read some report."""
    ids = dict.fromkeys(agency_of(post.unit) for post in posts_of(current_person()))
    found = [site.agencies._getOb(id_) for id_ in ids]
    return [agency for agency in found if units(agency) or secret_places(agency)]


def secret_places(agency: Any) -> bool:
    """Whether the person registers secret letters of the agency."""
    return any(agency_of(unit) == agency.unit_id for unit, _level in registrar_places(current_person()))
