"""Who is cleared for which level, and where (`domain.md` 2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from zope.i18n import translate
from zope.interface import implementer

from saraban.classification.levels import CLEARED, LEVELS, WORDS, cleared_person, registrars
from saraban.classification.tables import Clearance
from saraban.ledger import clock
from saraban.ledger.connection import asking, reader
from saraban.organisation import chart, remembered
from saraban.organisation.acting import person_name
from saraban.organisation.functions import SECRET_REGISTRAR, TITLES
from saraban.organisation.pas import IGroupSource
from saraban.organisation.posts import Post, in_force, posts_of
from saraban.organisation.tables import Appointment


def valid(on: date) -> Select[Clearance]:
    """The clearances in force on a day: a query to narrow further."""
    return select(Clearance).where(
        Clearance.valid_from <= on, or_(Clearance.valid_until.is_(None), Clearance.valid_until >= on)
    )


_LEVELS = select(Clearance.level).where(
    Clearance.person == bindparam("person"),
    Clearance.valid_from <= bindparam("on"),
    or_(Clearance.valid_until.is_(None), Clearance.valid_until >= bindparam("on")),
)
"""Asked in every request: built once."""


def levels_of(person: str, context: Any = None) -> tuple[str, ...]:
    """The levels that a person is cleared for today, the lower first; remembered until a clearance or a post changes."""
    memo = remembered.memo("clearances", context)
    today = clock.today()
    if (person, today) not in memo:
        with asking(context) as connection:
            held = set(connection.scalars(_LEVELS, {"person": person, "on": today}))
        memo[person, today] = tuple(level for level in LEVELS if level in held)
    found: tuple[str, ...] = memo[person, today]
    return found


def is_cleared(person: str, level: str) -> bool:
    """Whether the person is cleared for the level."""
    return level in levels_of(person)


def registrar_levels(person: str, unit: str) -> tuple[str, ...]:
    """The levels that the person handles as registrar of secret information of a unit; none for everybody else."""
    if not any(post.unit == unit and post.function == SECRET_REGISTRAR for post in posts_of(person)):
        return ()
    return levels_of(person)


def registrar_places(person: str) -> list[tuple[str, str]]:
    """Unit and level of every secret desk of a person."""
    units = dict.fromkeys(post.unit for post in posts_of(person) if post.function == SECRET_REGISTRAR)
    return [(unit, level) for unit in units for level in levels_of(person)]


def ready_units(level: str, units: Iterable[str]) -> set[str]:
    """Those of the units that have a registrar of secret information who is cleared for the level."""
    today = clock.today()
    cleared = select(valid(today).where(Clearance.level == level).subquery().c.person)
    found: set[str] = set()
    with reader() as session:
        posts = in_force(today).where(
            Appointment.function == SECRET_REGISTRAR, Appointment.unit.in_(list(units)), Appointment.person.in_(cleared)
        )
        found.update(post.unit for post in session.scalars(posts))
    return found


@implementer(IGroupSource)
class ClearedGroups:
    """The groups that follow from clearances, for the user folder."""

    def groups(self, person: str, posts: Iterable[Post], context: Any) -> list[str]:
        """Each post counts with each level."""
        held = list(posts)
        found: dict[str, None] = {}
        for level in levels_of(person, context) if held else ():
            for post in held:
                found[cleared_person(post.unit, person, level)] = None
                if post.function == SECRET_REGISTRAR:
                    found[registrars(post.unit, level)] = None
        return list(found)

    def titled(self, group_id: str) -> str:
        """Unit and person, or unit alone, with the level."""
        who, _mark, level = group_id.rpartition(CLEARED)
        unit, _slash, person = who.partition("/")
        info = chart.unit(unit) if level in WORDS else None
        if info is None:
            return ""
        function = translate(TITLES[SECRET_REGISTRAR], target_language="th")
        return f"{info.title()}: {person_name(person) if person else function} ({WORDS[level]})"
