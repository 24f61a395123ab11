"""Which letter each number was asked for, unit by unit (L17, L23), and which reserved numbers nobody used (E11, E15).

From the send register and the reservations alone. The secret series is its registrar's affair and is not in it (E29).
What is counted is counted in an index (`register_entry_asked`); only the lines that are shown are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

from saraban import _
from saraban.classification.levels import COVER
from saraban.errors import Forbidden
from saraban.ledger import clock
from saraban.ledger.numbers import SEND
from saraban.ledger.tables import RegisterEntry
from saraban.organisation import chart
from saraban.organisation.acting import current_person, person_name
from saraban.organisation.allow import VIEW, may, require
from saraban.organisation.functions import HEAD, OFFICER, REGISTRAR
from saraban.organisation.posts import posts_of
from saraban.routing.books import READ_BOOK
from saraban.routing.reservations import STANDING
from saraban.routing.tables import Reservation
from saraban.thai.dates import short

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
CHUNK = 1000
STATES = ("issued", "reserved", "expired", "cancelled")
COLUMNS: tuple[tuple[str, str], ...] = (
    ("number", _("column_letter_number", default="Number")),
    ("date", _("column_letter_date", default="Dated")),
    ("unit", _("column_asking_unit", default="Asked for by")),
    ("by", _("column_issued_by", default="Issued by")),
    ("purpose", _("column_purpose", default="Reserved for")),
    ("subject", _("column_subject", default="Subject")),
    ("to", _("column_to", default="To")),
    ("state", _("column_state", default="State")),
    ("expires", _("column_expires", default="Usable until")),
)
STATE_WORDS = {"issued": "ออกเลขแล้ว", "reserved": "จองไว้", "expired": "จองไว้ หมดกำหนด", "cancelled": "ยกเลิก"}
"""As the workbook says it."""


@dataclass(frozen=True)
class Wanted:
    """Which numbers of an agency are meant."""

    agency: str
    year: int
    series: str = ""
    unit: str = ""
    """The name of the unit that asked, as it stands in the register; empty for all."""
    unused: bool = False
    """Only what is reserved and was not used or given up."""
    only: tuple[str, ...] | None = None
    """The names of the units that the person may see; None for all of the agency."""

    def narrow(self, query: Query) -> Query:
        """The query, of these lines alone."""
        send = literal(SEND, literal_execute=True)  # as the index says it
        found = query.where(RegisterEntry.unit == self.agency, RegisterEntry.direction == send, RegisterEntry.year == self.year)
        if self.series:
            found = found.where(RegisterEntry.series == self.series)
        if self.unit:
            found = found.where(RegisterEntry.sender == self.unit)
        if self.only is not None:
            found = found.where(RegisterEntry.sender.in_(self.only))
        if self.unused:
            found = found.where(RegisterEntry.state == "reserved")
        return found

    @property
    def is_narrow(self) -> bool:
        """Whether some of the agency's numbers of the year are left out."""
        return bool(self.series or self.unit or self.unused or self.only is not None)


@dataclass(frozen=True)
class Line:
    """A number, and what became of it."""

    entry: RegisterEntry
    reservation: Reservation | None

    @property
    def state(self) -> str:
        """One of `STATES`."""
        if self.entry.state == "reserved" and self.reservation is not None and self.reservation.expires < clock.today():
            return "expired"  # whether the worker has marked it or not
        return self.entry.state

    @property
    def purpose(self) -> str:
        """What a reserved number was wanted for; of a letter that is secret now it says nothing."""
        if self.reservation is None or not self.reservation.purpose:
            return ""
        return COVER if self.entry.sealed else self.reservation.purpose

    @property
    def expires(self) -> date | None:
        """Until when a reserved number can be used; None for any other."""
        return self.reservation.expires if self.reservation is not None and self.entry.state == "reserved" else None


@dataclass(frozen=True)
class UnitNumbers:
    """How many numbers a unit asked for."""

    unit: str
    issued: int
    reserved: int
    cancelled: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.issued + self.reserved + self.cancelled


@dataclass(frozen=True)
class Report:
    """How many numbers each unit asked for, how many lines there are, and those of one page."""

    units: list[UnitNumbers]
    total: int
    lines: list[Line]


def readable(agency: Any, wanted: Wanted) -> Wanted:
    """What is wanted, narrowed to what the person may see: the agency's, or of the own units only.

    Raises Missing, Forbidden.
    """
    require(VIEW, agency)
    if may(READ_BOOK, agency):
        return wanted
    own = {post.unit for post in posts_of(current_person()) if post.function in (REGISTRAR, HEAD, OFFICER)}
    titles = tuple(info.title_th for info in chart.units(own).values() if info.agency == wanted.agency)
    if not titles:
        raise Forbidden()
    return replace(wanted, only=titles)


def summary(session: Session, wanted: Wanted) -> list[UnitNumbers]:
    """The units that asked, those that asked most first."""
    counted = replace(wanted, unit="").narrow(select(RegisterEntry.sender, RegisterEntry.state, func.count()))
    found: dict[str, dict[str, int]] = {}
    for unit, state, number in session.execute(counted.group_by(RegisterEntry.sender, RegisterEntry.state)):
        found.setdefault(unit, {})[state] = number
    units = [
        UnitNumbers(unit, states.get("issued", 0), states.get("reserved", 0), states.get("cancelled", 0))
        for unit, states in found.items()
    ]
    return sorted(units, key=lambda one: (-one.total, one.unit))


def report(session: Session, wanted: Wanted, start: int, size: int) -> Report:
    """The counts, and the lines of one page in the order in which the numbers were given."""
    units = summary(session, wanted)
    asked = [one for one in units if wanted.unit in ("", one.unit)]
    total = sum(one.total for one in asked)
    if start >= total:
        return Report(units, total, [])
    chosen = wanted.narrow(select(RegisterEntry.id))
    given: ColumnElement[datetime] = RegisterEntry.issued_at.expression
    if wanted.is_narrow:
        # Found by who asked, and then sorted: by an expression, else SQLite reads the year in order until it has enough.
        chosen = chosen.where(RegisterEntry.sender.in_([one.unit for one in asked]))
        given = func.coalesce(given, given)
    ids = session.scalars(chosen.order_by(given, RegisterEntry.id).offset(start).limit(size)).all()
    lines = _in_order(RegisterEntry.id.in_(ids))
    return Report(units, total, [Line(entry, kept) for entry, kept in session.execute(lines)])


def _in_order(*which: ColumnElement[bool]) -> Select[RegisterEntry, Reservation]:
    """Lines in the order in which they were given, with their reservations."""
    both = select(RegisterEntry, Reservation).outerjoin(Reservation, Reservation.entry_id == RegisterEntry.id)
    return both.where(*which).order_by(RegisterEntry.issued_at, RegisterEntry.id)


def line_json(line: Line) -> dict[str, Any]:
    """A line as REST shows it."""
    entry, kept = line.entry, line.reservation
    return {
        "number": entry.number,
        "date": entry.date.isoformat(),
        "series": entry.series,
        "seq": entry.seq,
        "unit": entry.sender,
        "by": entry.issued_by,
        "at": clock.iso(entry.issued_at),
        "subject": entry.subject,
        "to": entry.addressee,
        "state": line.state,
        "purpose": line.purpose,
        "reservation": kept.key if kept is not None and kept.state in STANDING else None,
        "expires": line.expires.isoformat() if line.expires else None,
    }


def lines(session: Session, wanted: Wanted) -> Iterator[list[str]]:
    """All lines as cells, read as they are taken."""
    names: dict[str, str] = {}
    for entry, kept in session.execute(wanted.narrow(_in_order()).execution_options(yield_per=CHUNK)):
        line = Line(entry, kept)
        if entry.issued_by not in names:
            names[entry.issued_by] = person_name(entry.issued_by)
        yield [
            entry.number,
            short(entry.date),
            entry.sender,
            names[entry.issued_by],
            line.purpose,
            entry.subject,
            entry.addressee,
            STATE_WORDS.get(line.state, line.state),
            short(line.expires) if line.expires else "",
        ]
