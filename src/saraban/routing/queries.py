"""Lists of deliveries, read from the ledger alone: desks, inbox, the sender's view, the movement of a letter.

A page of a desk is one short walk along an index for each unit and state, however many letters there are
(`platform/ledger.md`, inbox of a unit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, false, func, not_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from saraban.classification import vault
from saraban.ledger import clock
from saraban.routing.desks import Place, places, readable
from saraban.routing.secrets import open_assignments, open_delivery_row, open_steps
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

STATES = ("sent", "opened", "registered", "closed", "returned", "recalled")
SEEN_STATES = ("sent", "opened", "registered", "closed", "returned")
"""What a receiver's list shows: a recalled one is gone."""
UNREGISTERED = ("sent", "opened")
OPEN_STATES = (*UNREGISTERED, "registered")
SOON_DAYS = 3
"""From how many days before its end a term is due soon."""
SORTS: dict[str, ColumnElement[Any]] = {
    "sent_at": Delivery.sent_at,  # type: ignore[dict-item]
    "registered_at": Delivery.registered_at,  # type: ignore[dict-item]
    "receive_number": Delivery.receive_number,  # type: ignore[dict-item]
    "due_date": Delivery.due_date,  # type: ignore[dict-item]
    "letter_date": Delivery.letter_date,  # type: ignore[dict-item]
}

_ONWARD = aliased(Delivery)
"""Of a delivery that was passed on."""


@dataclass(frozen=True)
class Filter:
    """What a desk is asked for; empty means everything."""

    states: tuple[str, ...] = SEEN_STATES
    urgency: str = ""
    kind: str = ""
    follow_up: bool | None = None
    overdue: bool | None = None
    due_soon: bool | None = None
    without_order: bool = False
    """Only what nobody was given and no unit was sent yet."""
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
    return _marks(wanted) + _terms(wanted, Delivery.due_date)


def _marks(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.urgency:
        found.append(Delivery.urgency == wanted.urgency)
    if wanted.kind:
        found.append(Delivery.kind == wanted.kind)
    if wanted.follow_up is not None:
        found.append(Delivery.follow_up.is_(wanted.follow_up))
    if wanted.without_order:
        found.append(without_order())
    return found


def _terms(wanted: Filter, due: Any) -> list[ColumnElement[bool]]:
    """What is asked about the end of the term, which stands in the column `due`."""
    found: list[ColumnElement[bool]] = []
    for asked, condition in ((wanted.overdue, due < clock.today()), (wanted.due_soon, due_soon(due))):
        if asked is not None:
            fulfilled = and_(condition, Delivery.state.in_(OPEN_STATES))
            found.append(fulfilled if asked else or_(due.is_(None), ~fulfilled))
    return found


def due_soon(due: Any) -> ColumnElement[bool]:
    """A condition: a date that comes within `SOON_DAYS`, from today on."""
    found: ColumnElement[bool] = due.between(clock.today(), clock.today() + timedelta(days=SOON_DAYS))
    return found


def without_order() -> ColumnElement[bool]:
    """A condition: a delivery that was given to nobody and went on to no unit."""
    given = select(Assignment.id).where(Assignment.delivery_id == Delivery.id).exists()
    return and_(~given, ~select(_ONWARD.id).where(_ONWARD.parent_id == Delivery.id).exists())


def _pieces(desks: Sequence[Place], wanted: Filter) -> list[list[ColumnElement[bool]]]:
    """One condition for each walk along the index (unit, state, sent_at) or (unit, sent_at)."""
    rest = _conditions(wanted)
    here = [[Delivery.unit == desk.unit, Delivery.secrecy == desk.level] for desk in desks]
    if set(wanted.states) == set(SEEN_STATES):
        return [[*piece, Delivery.state != "recalled", *rest] for piece in here]
    return [[*piece, Delivery.state == state, *rest] for piece in here for state in wanted.states]


def _mine(person: str, units: Sequence[str], wanted: Filter, secret: bool | None) -> Select[int]:
    """What was given to the person: a date of the work itself goes before that of the letter."""
    given = select(Assignment.delivery_id).where(
        Assignment.person == person, Assignment.state == "open", Assignment.unit.in_(units)
    )
    if wanted.overdue is not None or wanted.due_soon is not None:
        due = func.coalesce(Assignment.due_date, Delivery.due_date)
        given = given.join(Delivery, Delivery.id == Assignment.delivery_id).where(*_terms(wanted, due)).correlate(None)
    here = Delivery.id.in_(given), Delivery.state.in_(wanted.states), readable(person, secret=secret), *_marks(wanted)
    return select(Delivery.id).where(*here)


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
    apart, key = _pieces(places(units, secret=secret), wanted), SORTS[wanted.sort_on]
    given = _mine(person, posts, wanted, secret).add_columns(key.label("key"), _among(apart)) if person and posts else None
    mine = given.cte("mine") if given is not None else None  # read once, for the page and for the count

    def walk(id_: Any, by: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        found = select(id_.label("id")).where(*conditions).order_by(*_order(wanted, by, id_)).limit(start + size)
        return select(found.subquery().c.id)

    walks = [walk(Delivery.id, key, *piece) for piece in apart] + ([walk(mine.c.id, mine.c.key)] if mine is not None else [])
    if not walks:
        return Page(0)
    total = count(apart, mine)
    to_me = Assignment.delivery_id == Delivery.id, Assignment.person == person, Assignment.unit.in_(posts)
    shown: list[Any] = [Delivery, total, *([Assignment] if mine is not None else [])]
    page = select(*shown).select_from(Delivery)
    page = page.outerjoin(Assignment, and_(*to_me)) if mine is not None else page
    page = page.where(Delivery.id.in_(select(union_all(*walks).subquery().c.id)))
    found = session.execute(page.order_by(*_order(wanted, key, Delivery.id)).offset(start).limit(size)).all()
    rows = [one[0] for one in found]
    assigned = {one[0].id: one[2] for one in found if mine is not None and one[2] is not None}
    for row in rows:
        if row.id in assigned:
            open_assignments(row.letter_uid, [assigned[row.id]])
        open_delivery_row(row)
    # Every row says how many there are; a page behind the last has none.
    return Page(found[0][1] if found else session.scalar(select(total)) or 0, rows, assigned)


def _order(wanted: Filter, by: Any, id_: Any) -> tuple[Any, Any]:
    return (by.desc(), id_.desc()) if wanted.descending else (by.asc(), id_.asc())


def _among(apart: Sequence[list[ColumnElement[bool]]]) -> ColumnElement[bool]:
    """A column: whether a delivery is in one of these pieces."""
    # A condition on a date that is not there is neither true nor false: such a row is not among them.
    found: ColumnElement[bool] = func.coalesce(or_(false(), *(and_(*piece) for piece in apart)), false())
    return found.label("among")


def count(apart: Sequence[list[ColumnElement[bool]]], mine: CTE | None) -> ColumnElement[int]:
    """How many deliveries there are in pieces that have none in common, and of `mine` that are in none of them."""
    counted = [select(func.count()).select_from(Delivery).where(*piece) for piece in apart]
    if mine is not None:
        counted.append(select(func.count()).select_from(mine).where(not_(mine.c.among)))
    found: ColumnElement[int] = reduce(add, (one.correlate(None).scalar_subquery() for one in counted))
    return found


def sent(
    session: Session,
    states: Sequence[str],
    *,
    start: int,
    size: int,
    units: Sequence[str] | None = None,
    secret: bool | None = None,
) -> Page:
    """A page of what the person's desks (only those in `units`) sent or passed on, the longest under way first.

    Of each desk the rows of its level alone.
    """
    here = [and_(Delivery.from_unit == desk.unit, Delivery.secrecy == desk.level) for desk in places(units, secret=secret)]
    if not here:
        return Page(0)
    found = and_(or_(*here), Delivery.state.in_(states))
    total = session.scalar(select(func.count()).select_from(Delivery).where(found)) or 0
    order = (Delivery.sent_at, Delivery.id)
    rows = list(session.scalars(select(Delivery).where(found).order_by(*order).offset(start).limit(size)))
    return Page(total, [open_delivery_row(row) for row in rows])


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
