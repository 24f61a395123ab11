"""How things stand for a person (L7, B8): what waits for them in each of their functions, as figures and never as rows.

One statement, whose parts each go along one index over what is open alone: however many letters were closed before costs
nothing. Rooms above add figures in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session
from zope.component import getUtilitiesFor
from zope.interface import Interface

from saraban import _
from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.routing.desks import Place, places, readable
from saraban.routing.queries import OPEN_STATES, UNREGISTERED, due_soon, without_order
from saraban.routing.tables import GONE, Assignment, Delivery

TO_REGISTER = _("figure_to_register", default="To register")
TO_ORDER = _("figure_to_order", default="Waiting for my order")
IN_PROGRESS = _("figure_in_progress", default="In progress")
OVERDUE = _("figure_overdue", default="Overdue")
DUE_SOON = _("figure_due_soon", default="Due soon")
TO_SIGN = _("figure_to_sign", default="Waiting for my signature")
SIGNED = _("figure_signed", default="Signed, to be dispatched")
AWAY = _("figure_away", default="Sent, not registered")
TASKS = _("figure_tasks", default="Given to me")
TASKS_OVERDUE = _("figure_tasks_overdue", default="Given to me, overdue")
TASKS_SOON = _("figure_tasks_soon", default="Given to me, due soon")

_AWAY: ColumnElement[str] = literal_column("'away'")
_UNORDERED: ColumnElement[str] = literal_column("'unordered'")
_TASKS: ColumnElement[str] = literal_column("'tasks'")
_NO_KIND: ColumnElement[str] = literal_column("''")
_NOUGHT: ColumnElement[int] = literal_column("0")


@dataclass
class Standing:
    """The figures of some desks and of their person."""

    states: Counter[str] = field(default_factory=Counter)
    """Open deliveries by state."""
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    """Open deliveries by kind of letter, and of each kind by state."""
    overdue: int = 0
    soon: int = 0
    unordered: int = 0
    """Registered, and given to nobody yet, where the person is the head."""
    away: int = 0
    """Sent from these desks, and not registered there yet."""
    tasks: int = 0
    """Open work given to the person."""
    tasks_overdue: int = 0
    tasks_soon: int = 0
    to_sign: int = 0
    """Letters in which the person has the turn to approve or sign."""
    signing: Counter[str] = field(default_factory=Counter)
    """Letters of these desks that wait for somebody's signature (`pending`), or are `signed` and not dispatched."""

    def add(self, what: str, kind: str, count: int, overdue: int, soon: int) -> None:
        """A line of the statement: a state and a kind of open deliveries, or another figure."""
        if what == "away":
            self.away = count
        elif what == "unordered":
            self.unordered = count
        elif what == "tasks":
            self.tasks, self.tasks_overdue, self.tasks_soon = count, overdue, soon
        else:
            self.states[what] += count
            self.kinds.setdefault(kind, Counter())[what] += count
            self.overdue += overdue
            self.soon += soon

    def add_signing(self, state: str, kind: str, count: int) -> None:
        """Letters of a kind that are `pending` or `signed`."""
        self.signing[state] += count
        self.kinds.setdefault(kind, Counter())[state] += count

    @property
    def incoming(self) -> int:
        """How many are not registered."""
        return sum(self.states[state] for state in UNREGISTERED)


@dataclass(frozen=True)
class Whose:
    """Whose figures are asked for."""

    person: str
    posts: Sequence[str]
    """The units where the person holds a post."""
    desks: Sequence[Place]
    secret: bool | None
    """Only what is above normal, or only what is not."""


class IMoreFigures(Interface):
    """Of a room above: its figures on the dashboard."""

    def add(found: Standing, session: Session, whose: Whose) -> None:  # noqa: N805
        """Adds the room's figures to the others."""


def at(desks: Sequence[Place], unit: ColumnElement[str]) -> ColumnElement[bool]:
    """A condition: a row of one of these desks, `unit` being the column that says whose it is."""
    levels = dict.fromkeys(desk.level for desk in desks)
    return or_(
        *(and_(Delivery.secrecy == level, unit.in_([desk.unit for desk in desks if desk.level == level])) for level in levels)
    )


def standing(
    session: Session,
    units: Sequence[str],
    person: str,
    posts: Sequence[str],
    headed: Sequence[str],
    *,
    secret: bool | None = None,
) -> Standing:
    """The figures of the person's desks in these units; `posts` are the units where they hold one, `headed` where they order.

    Secret rows count only for who handles them; `secret` asks for the secret or the ordinary desks alone.
    """
    desks = places(units, secret=secret)
    ordered = [] if secret else [unit for unit in headed if unit in units]
    parts = [*((_open(desks), _away(desks)) if desks else ()), *((_unordered(ordered),) if ordered else ())]
    parts += [_tasks(person, posts, secret)] if posts else []
    found = Standing()
    for what, kind, count, overdue, soon in session.execute(union_all(*parts)) if parts else ():
        found.add(what, kind, count, int(overdue or 0), int(soon or 0))
    for _name, room in getUtilitiesFor(IMoreFigures):
        room.add(found, session, Whose(person, posts, desks, secret))
    return found


def _counted(what: Any, kind: Any, *late_and_soon: Any) -> Select[Any]:
    """Lines of `Standing.add`."""
    return select(what, kind, func.count(), *late_and_soon)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _open(desks: Sequence[Place]) -> Select[Any]:
    late, soon = Delivery.due_date < clock.today(), due_soon(Delivery.due_date)
    here = at(desks, Delivery.unit), Delivery.state.in_(OPEN_STATES)  # type: ignore[arg-type]
    lines = _counted(Delivery.state, Delivery.kind, _sum(late), _sum(soon))
    return lines.where(*here).group_by(Delivery.state, Delivery.kind)


def _away(desks: Sequence[Place]) -> Select[Any]:
    sent = at(desks, Delivery.from_unit), Delivery.state.in_(UNREGISTERED)  # type: ignore[arg-type]
    return _counted(_AWAY, _NO_KIND, _NOUGHT, _NOUGHT).select_from(Delivery).where(*sent)


def _unordered(units: Sequence[str]) -> Select[Any]:
    waiting = Delivery.unit.in_(units), Delivery.secrecy == NORMAL, Delivery.state == "registered", without_order()
    return _counted(_UNORDERED, _NO_KIND, _NOUGHT, _NOUGHT).select_from(Delivery).where(*waiting)


def _tasks(person: str, posts: Sequence[str], secret: bool | None) -> Select[Any]:
    due = func.coalesce(Assignment.due_date, Delivery.due_date)
    going = Delivery.state.in_(OPEN_STATES)
    return (
        _counted(_TASKS, _NO_KIND, _sum(and_(going, due < clock.today())), _sum(and_(going, due_soon(due))))
        .select_from(Assignment)
        .join(Delivery, Delivery.id == Assignment.delivery_id)
        .where(Assignment.person == person, Assignment.state == "open", Assignment.unit.in_(posts))
        .where(Delivery.state.not_in(GONE), readable(person, secret=secret))
    )


@dataclass(frozen=True)
class Figure:
    """One figure of the dashboard, and the list that it counts."""

    name: str
    function: str
    """As what the person has it: `registrar`, `head`, `desk` (either of them) or `person`."""
    title: str
    count: int
    tab: str
    """The tab of the desk that lists it; `away` is one of the letters', `signing` a page of its own."""
    only: str = ""
    """What the tab is narrowed to."""
    asked: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """The query of the service that lists the same."""

    @property
    def service(self) -> str:
        """The service that lists the same."""
        return {"away": "@sent", "signing": "@waiting"}.get(self.tab, "@inbox")


def figures(found: Standing, *, desks: bool, registers: bool, heads: bool) -> list[Figure]:
    """What a person with these functions sees, in the order in which a day begins."""
    here, given = {"assigned": "0"}, {"assigned": "1"}
    registered = {**here, "state": "registered"}
    shown = []
    if registers:
        asked = {**here, "state": UNREGISTERED}
        shown.append(Figure("to-register", "registrar", TO_REGISTER, found.incoming, "incoming", asked=asked))
    if heads:
        waiting = {**registered, "without_order": "1"}
        shown.append(Figure("to-order", "head", TO_ORDER, found.unordered, "waiting", "without-order", waiting))
    if heads or found.to_sign:
        shown.append(Figure("to-sign", "person", TO_SIGN, found.to_sign, "signing", "mine", {"list": "mine"}))
    if registers:
        shown.append(Figure("signed", "registrar", SIGNED, found.signing["signed"], "signing", "signed", {"list": "signed"}))
    if desks:
        shown += [
            Figure("in-progress", "desk", IN_PROGRESS, found.states["registered"], "waiting", asked=registered),
            Figure("overdue", "desk", OVERDUE, found.overdue, "overdue", "late", {**here, "overdue": "1"}),
            Figure("due-soon", "desk", DUE_SOON, found.soon, "overdue", "soon", {**here, "due_soon": "1"}),
            Figure("away", "desk", AWAY, found.away, "away", asked={"state": UNREGISTERED}),
        ]
    shown.append(Figure("tasks", "person", TASKS, found.tasks, "tasks", asked=given))
    if found.tasks:
        late, soon = {**given, "overdue": "1"}, {**given, "due_soon": "1"}
        shown += [
            Figure("tasks-overdue", "person", TASKS_OVERDUE, found.tasks_overdue, "tasks", "late", late),
            Figure("tasks-due-soon", "person", TASKS_SOON, found.tasks_soon, "tasks", "soon", soon),
        ]
    return shown
