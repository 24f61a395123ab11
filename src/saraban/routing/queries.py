"""Lists of deliveries, read from the ledger alone: desks, inbox, the sender's view, the movement of a letter.

A page of a desk is one short walk along an index for each unit and state, however many letters there are
(`platform/ledger.md`, inbox of a unit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from saraban.classification import vault
from saraban.ledger import clock
from saraban.routing.desks import Place, places, readable
from saraban.routing.secrets import open_assignments, open_delivery_row, open_steps
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

STATES = ("sent", "opened", "registered", "closed", "returned", "recalled")
SEEN_STATES = ("sent", "opened", "registered", "closed", "returned")
"""What a receiver's list shows: a recalled one is gone."""
OPEN_STATES = ("sent", "opened", "registered")
SORTS: dict[str, ColumnElement[Any]] = {
    "sent_at": Delivery.sent_at,  # type: ignore[dict-item]
    "registered_at": Delivery.registered_at,  # type: ignore[dict-item]
    "receive_number": Delivery.receive_number,  # type: ignore[dict-item]
    "due_date": Delivery.due_date,  # type: ignore[dict-item]
    "letter_date": Delivery.letter_date,  # type: ignore[dict-item]
}


@dataclass(frozen=True)
class Filter:
    """What a desk is asked for; empty means everything."""

    states: tuple[str, ...] = SEEN_STATES
    urgency: str = ""
    kind: str = ""
    follow_up: bool | None = None
    overdue: bool | None = None
    sort_on: str = "sent_at"
    descending: bool = True


@dataclass
class Page:
    """A page of a list, and how many there are in all."""

    total: int
    rows: list[Delivery] = field(default_factory=list)
    assigned: dict[int, Assignment] = field(default_factory=dict)
    """By delivery id: what was given to the person who asks."""


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.urgency:
        found.append(Delivery.urgency == wanted.urgency)
    if wanted.kind:
        found.append(Delivery.kind == wanted.kind)
    if wanted.follow_up is not None:
        found.append(Delivery.follow_up.is_(wanted.follow_up))
    if wanted.overdue is not None:
        late = and_(Delivery.due_date < clock.today(), Delivery.state.in_(OPEN_STATES))
        found.append(late if wanted.overdue else or_(Delivery.due_date.is_(None), ~late))
    return found


def _pieces(desks: Sequence[Place], wanted: Filter) -> list[list[ColumnElement[bool]]]:
    """One condition for each walk along the index (unit, state, sent_at) or (unit, sent_at)."""
    rest = _conditions(wanted)
    here = [[Delivery.unit == desk.unit, Delivery.secrecy == desk.level] for desk in desks]
    if set(wanted.states) == set(SEEN_STATES):
        return [[*piece, Delivery.state != "recalled", *rest] for piece in here]
    return [[*piece, Delivery.state == state, *rest] for piece in here for state in wanted.states]


def _mine(person: str, units: Sequence[str], wanted: Filter) -> list[ColumnElement[bool]]:
    given = select(Assignment.delivery_id).where(
        Assignment.person == person, Assignment.state == "open", Assignment.unit.in_(units)
    )
    return [Delivery.id.in_(given), Delivery.state.in_(wanted.states), readable(person), *_conditions(wanted)]


def desk(
    session: Session,
    units: Sequence[str],
    wanted: Filter,
    *,
    start: int,
    size: int,
    person: str = "",
    posts: Sequence[str] = (),
    secret: bool | None = None,
) -> Page:
    """A page of the deliveries to these units, and of what was assigned to the person in the units where they hold posts.

    Of each unit the rows of the levels for which the logged-in person has its desk: nobody else sees or counts a secret one.
    `secret` asks for the secret or the ordinary desks alone.
    """
    pieces = _pieces(places(units, secret=secret), wanted)
    if person and posts:
        pieces.append(_mine(person, posts, wanted))
    if not pieces:
        return Page(0)
    key = SORTS[wanted.sort_on]
    order = (key.desc(), Delivery.id.desc()) if wanted.descending else (key.asc(), Delivery.id.asc())

    def walk(conditions: list[ColumnElement[bool]]) -> Select[Any]:
        inner = select(Delivery.id.label("id")).where(*conditions).order_by(*order).limit(start + size).subquery()
        return select(inner.c.id)

    ids = union_all(*(walk(piece) for piece in pieces)).subquery()
    rows = list(
        session.scalars(select(Delivery).where(Delivery.id.in_(select(ids.c.id))).order_by(*order).offset(start).limit(size))
    )
    assigned = {}
    if person and rows:
        given = select(Assignment).where(Assignment.person == person, Assignment.delivery_id.in_([row.id for row in rows]))
        assigned = {one.delivery_id: one for one in session.scalars(given) if one.unit in posts}
    total = count(session, pieces)
    for row in rows:
        if row.id in assigned:
            open_assignments(row.letter_uid, [assigned[row.id]])
        open_delivery_row(row)
    return Page(total, rows, assigned)


def count(session: Session, pieces: Sequence[list[ColumnElement[bool]]]) -> int:
    """How many deliveries fulfil at least one of the pieces; the last may overlap the others."""
    if len(pieces) == 1:
        return session.scalar(select(func.count()).select_from(Delivery).where(*pieces[0])) or 0
    ids = union_all(*(select(Delivery.id.label("id")).where(*piece) for piece in pieces)).subquery()
    return session.scalar(select(func.count(func.distinct(ids.c.id)))) or 0


@dataclass(frozen=True)
class Counts:
    """What waits on a desk."""

    new: int
    seen: int
    registered: int
    overdue: int
    tasks: int
    """Open work given to the person."""


def counts(session: Session, units: Sequence[str], person: str, posts: Sequence[str], *, secret: bool | None = None) -> Counts:
    """The figures on the tabs of a desk, in two statements; secret rows count only for who handles them."""
    late = func.sum(case((Delivery.due_date < clock.today(), 1), else_=0))
    found: dict[str, int] = {}
    overdue = 0
    desks = places(units, secret=secret)
    if desks:
        levels = dict.fromkeys(desk.level for desk in desks)
        here = or_(
            *(
                and_(Delivery.secrecy == level, Delivery.unit.in_([desk.unit for desk in desks if desk.level == level]))
                for level in levels
            )
        )
        asked = select(Delivery.state, func.count(), late).where(here, Delivery.state.in_(OPEN_STATES)).group_by(Delivery.state)
        for state, number, too_late in session.execute(asked):
            found[state] = number
            overdue += int(too_late or 0)
    tasks = 0
    if posts:
        tasks = (
            session.scalar(
                select(func.count())
                .select_from(Assignment)
                .join(Delivery, Delivery.id == Assignment.delivery_id)
                .where(Assignment.person == person, Assignment.state == "open", Assignment.unit.in_(posts))
                .where(readable(person, secret=secret))
            )
            or 0
        )
    return Counts(found.get("sent", 0), found.get("opened", 0), found.get("registered", 0), overdue, tasks)


def deliveries_of(session: Session, letter_uid: str) -> list[Delivery]:
    """Where a letter went, in the order of sending: for who may see the letter."""
    rows = list(session.scalars(select(Delivery).where(Delivery.letter_uid == letter_uid).order_by(Delivery.id)))
    return [open_delivery_row(row) for row in rows]


def steps_of(session: Session, letter_uid: str) -> list[DeliveryStep]:
    """All that happened to a letter, oldest first (L28, L29): for who may see the letter."""
    asked = select(DeliveryStep).where(DeliveryStep.letter_uid == letter_uid).order_by(DeliveryStep.at, DeliveryStep.id)
    steps = list(session.scalars(asked))
    open_steps(steps)
    return steps


def assignments_of(session: Session, delivery_id: int) -> list[Assignment]:
    """To whom a delivery was given: for who may see it."""
    given = list(session.scalars(select(Assignment).where(Assignment.delivery_id == delivery_id).order_by(Assignment.id)))
    if any(vault.is_sealed(one.instruction) for one in given):
        row = session.get(Delivery, delivery_id)
        open_assignments(row.letter_uid if row is not None else "", given)
    return given
