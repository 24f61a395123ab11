"""How things stand for a person (L7, B8): what waits for them in each of their functions, as figures and never as rows.

Four statements, each along one index, over what is open alone: however many letters were closed before costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

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
AWAY = _("figure_away", default="Sent, not registered")
TASKS = _("figure_tasks", default="Given to me")
TASKS_OVERDUE = _("figure_tasks_overdue", default="Given to me, overdue")
TASKS_SOON = _("figure_tasks_soon", default="Given to me, due soon")


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

    @property
    def incoming(self) -> int:
        """How many are not registered."""
        return sum(self.states[state] for state in UNREGISTERED)


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
    found = Standing()
    if desks := places(units, secret=secret):
        _open(session, desks, found)
        away = at(desks, Delivery.from_unit), Delivery.state.in_(UNREGISTERED)  # type: ignore[arg-type]
        found.away = session.scalar(select(func.count()).select_from(Delivery).where(*away)) or 0
    ordinary = [] if secret else [unit for unit in headed if unit in units]
    if ordinary:
        waiting = Delivery.unit.in_(ordinary), Delivery.secrecy == NORMAL, Delivery.state == "registered", without_order()
        found.unordered = session.scalar(select(func.count()).select_from(Delivery).where(*waiting)) or 0
    if posts:
        _tasks(session, person, posts, found, secret)
    return found


def _open(session: Session, desks: Sequence[Place], found: Standing) -> None:
    late, soon = (func.sum(case((one, 1), else_=0)) for one in (Delivery.due_date < clock.today(), due_soon(Delivery.due_date)))
    asked = (
        select(Delivery.state, Delivery.kind, func.count(), late, soon)
        .where(at(desks, Delivery.unit), Delivery.state.in_(OPEN_STATES))  # type: ignore[arg-type]
        .group_by(Delivery.state, Delivery.kind)
    )
    for state, kind, count, overdue, near in session.execute(asked):
        found.states[state] += count
        found.kinds.setdefault(kind, Counter())[state] += count
        found.overdue += int(overdue or 0)
        found.soon += int(near or 0)


def _tasks(session: Session, person: str, posts: Sequence[str], found: Standing, secret: bool | None) -> None:
    due = func.coalesce(Assignment.due_date, Delivery.due_date)
    going = Delivery.state.in_(OPEN_STATES)
    late, soon = (func.sum(case((and_(going, one), 1), else_=0)) for one in (due < clock.today(), due_soon(due)))
    asked = (
        select(func.count(), late, soon)
        .select_from(Assignment)
        .join(Delivery, Delivery.id == Assignment.delivery_id)
        .where(Assignment.person == person, Assignment.state == "open", Assignment.unit.in_(posts))
        .where(Delivery.state.not_in(GONE), readable(person, secret=secret))
    )
    count, overdue, near = session.execute(asked).one()
    found.tasks, found.tasks_overdue, found.tasks_soon = count, int(overdue or 0), int(near or 0)


@dataclass(frozen=True)
class Figure:
    """One figure of the dashboard, and the list that it counts."""

    name: str
    function: str
    """As what the person has it: `registrar`, `head`, `desk` (either of them) or `person`."""
    title: str
    count: int
    tab: str
    """The tab of the desk that lists it; `away` is one of the letters'."""
    only: str = ""
    """What the tab is narrowed to."""
    asked: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """The query of the service that lists the same."""

    @property
    def service(self) -> str:
        """The service that lists the same."""
        return "@sent" if self.tab == "away" else "@inbox"


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
