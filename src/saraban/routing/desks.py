"""On which desks the logged-in person works: ordinary ones, and those of secret information by level.

An ordinary desk shows and counts no secret row, and a secret desk no other: a registrar of secret information is no registrar.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement

from saraban.classification.clearances import levels_of, registrar_places
from saraban.classification.levels import NORMAL
from saraban.organisation.acting import current_person
from saraban.organisation.desks import desk_units
from saraban.routing.tables import Delivery


class Place(NamedTuple):
    """The rows of one unit at one level."""

    unit: str
    level: str


def places(units: Iterable[str] | None = None, *, secret: bool | None = None) -> list[Place]:
    """The desks of the person; only those of some units, only the secret or only the ordinary ones."""
    mine = [] if secret else [Place(unit, NORMAL) for unit in desk_units()]
    if secret is not False:
        mine += [Place(unit, level) for unit, level in registrar_places(current_person())]
    if units is None:
        return mine
    wanted = set(units)
    return [place for place in mine if place.unit in wanted]


def all_units(*, secret: bool | None = None) -> list[str]:
    """The units at which the person has a desk of any kind, or of one kind."""
    return list(dict.fromkeys(place.unit for place in places(secret=secret)))


def readable(person: str, *, secret: bool | None = None) -> ColumnElement[bool]:
    """A condition: the rows of levels that a person is cleared for, for lists of what was given to persons."""
    ordinary = [] if secret else [NORMAL]
    return Delivery.secrecy.in_([*ordinary, *(() if secret is False else levels_of(person))])
