"""Who holds which post today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, join, literal, or_, select
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.ledger.connection import asking, reader
from saraban.organisation import remembered
from saraban.organisation.functions import CAPACITY_WORDS, agency_of
from saraban.organisation.tables import Appointment, UnitRow
from saraban.organisation.usercache import forget_users


@dataclass(frozen=True)
class Post:
    """A post in force: where, as what, and in whose place."""

    unit: str
    agency: str
    function: str
    post_th: str
    post_en: str = ""
    capacity: str = "own"
    acting_for: str = ""
    inherited: bool = False
    """The unit is over and its desk has passed to the one where the post is held (E33): what is open is dealt with, no more."""

    def title(self, language: str = "th") -> str:
        """The post as written below a signature, the capacity included (`domain.md` 1.1)."""
        thai = language != "en"
        title = self.post_th if thai or not self.post_en else self.post_en
        if self.capacity == "own" or not self.acting_for:
            return title
        words = CAPACITY_WORDS[self.capacity]
        return f"{title} {words[0]}{self.acting_for}" if thai else f"{title}, {words[1]} {self.acting_for}"


def in_force(on: date) -> Select[Appointment]:
    """The appointments in force on a day: a query to narrow further."""
    return select(Appointment).where(
        Appointment.valid_from <= on, or_(Appointment.valid_until.is_(None), Appointment.valid_until >= on)
    )


_MOST_PASSED = 8
"""As often as a desk can have passed on."""
_HELD = (
    select(
        Appointment.id,
        literal(0).label("passed"),
        Appointment.unit,
        Appointment.function,
        Appointment.post_th,
        Appointment.post_en,
        Appointment.capacity,
        Appointment.acting_for,
    )
    .where(
        Appointment.person == bindparam("person"),
        Appointment.valid_from <= bindparam("on"),
        or_(Appointment.valid_until.is_(None), Appointment.valid_until >= bindparam("on")),
    )
    .cte("held", recursive=True)
)
_HERE = _HELD.union_all(
    select(
        _HELD.c.id,
        _HELD.c.passed + 1,
        UnitRow.unit,
        _HELD.c.function,
        _HELD.c.post_th,
        _HELD.c.post_en,
        _HELD.c.capacity,
        _HELD.c.acting_for,
    )
    .select_from(join(_HELD, UnitRow, UnitRow.successor == _HELD.c.unit))
    .where(_HELD.c.passed < _MOST_PASSED, or_(UnitRow.active.is_(False), UnitRow.valid_until < bindparam("on")))
)
_POSTS = select(*_HERE.c).order_by(_HERE.c.passed, _HERE.c.id)
"""The posts of a person, then the same in the units whose desks have passed to theirs. Asked in every request: built once."""


def read_posts(session: Session | Connection, person: str, on: date) -> tuple[Post, ...]:
    """A person's posts in force on a day, in the order of their appointment; then those in units that theirs succeed."""
    rows = session.execute(_POSTS, {"person": person, "on": on})
    return tuple(
        Post(
            unit=row.unit,
            agency=agency_of(row.unit),
            function=row.function,
            post_th=row.post_th,
            post_en=row.post_en,
            capacity=row.capacity,
            acting_for=row.acting_for,
            inherited=bool(row.passed),
        )
        for row in rows
    )


def posts_of(person: str, on: date | None = None, *, context: Any = None) -> tuple[Post, ...]:
    """A person's posts in force (today, unless said); remembered until a post changes."""
    on = on or clock.today()
    memo = remembered.memo("posts", context)
    key = (person, on)
    if key not in memo:
        with asking(context) as connection:
            memo[key] = read_posts(connection, person, on)
    found: tuple[Post, ...] = memo[key]
    return found


def forget_posts() -> None:
    """After a change of appointments, clearances or units, in its transaction: nobody remembers them any more."""
    remembered.changed()
    forget_users()


def holders(unit: str, function: str, on: date | None = None) -> tuple[str, ...]:
    """The persons who hold a function in a unit."""
    with reader() as session:
        rows = in_force(on or clock.today()).where(Appointment.unit == unit, Appointment.function == function)
        return tuple(dict.fromkeys(row.person for row in session.scalars(rows.order_by(Appointment.id))))
