"""The chart as pickers, desks and reports ask for it: from the ledger, without waking an object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from saraban import _
from saraban.ledger import clock
from saraban.ledger.connection import asking, reader
from saraban.organisation import remembered
from saraban.organisation.content import MAX_UNIT_ID, UNIT_ID
from saraban.organisation.tables import UnitName, UnitRow
from saraban.thai.folding import fold


@dataclass(frozen=True)
class UnitInfo:
    """A unit of the chart, today."""

    unit: str
    agency: str
    parent: str
    title_th: str
    title_en: str
    abbreviation: str
    kind: str
    letter_code: str
    active: bool
    """May letters be sent to it today."""
    path: str
    uid: str
    valid_until: date | None = None
    successor: str = ""
    """The unit to which its desk passes when it is over."""

    def title(self, language: str = "th") -> str:
        """The name in a language, Thai where there is no other."""
        return self.title_en if language == "en" and self.title_en else self.title_th


def info(row: UnitRow | Row[Any], on: date | None = None) -> UnitInfo:
    """What a row says of its unit on a day."""
    on = on or clock.today()
    standing = (row.valid_from is None or row.valid_from <= on) and (row.valid_until is None or row.valid_until >= on)
    return UnitInfo(
        unit=row.unit,
        agency=row.agency,
        parent=row.parent,
        title_th=row.title_th,
        title_en=row.title_en,
        abbreviation=row.abbreviation,
        kind=row.kind,
        letter_code=row.letter_code,
        active=row.active and standing,
        path=row.path,
        uid=row.uid,
        valid_until=row.valid_until,
        successor=row.successor,
    )


_CODE_IN_ONE = re.compile(r"(?<!\S)([ก-ฮ]{2})(?=\d)")
"""A letter code as many write it: กท0403, which stands as กท 0403."""

_UNITS = select(*UnitRow.__table__.c).where(UnitRow.unit.in_(bindparam("ids", expanding=True)))
"""Asked in almost every request: built once, and of rows."""


_AGENCIES = select(*UnitRow.__table__.c).where(UnitRow.unit == UnitRow.agency).order_by(UnitRow.position, UnitRow.unit)


def units(ids: Iterable[str], session: Session | None = None) -> dict[str, UnitInfo]:
    """The units of these ids, remembered until the chart changes; an id that is no unit's is left out.

    Inside a verb give its session: then what the verb itself wrote is seen.
    """
    today, wanted = clock.today(), list(dict.fromkeys(ids))
    if session is not None:
        return _units(session, wanted, today)
    memo = remembered.memo("units")
    asked = [id_ for id_ in wanted if (id_, today) not in memo and _may_be(id_)]
    found = {}
    if asked:
        with asking() as connection:
            found = _units(connection, asked, today)
        memo.update({(id_, today): unit for id_, unit in found.items()})
    found.update({id_: memo[id_, today] for id_ in wanted if (id_, today) in memo})
    return {id_: found[id_] for id_ in wanted if id_ in found}


def _may_be(id: str) -> bool:
    """Whether a word could be a unit's id: a sender's name as typed is none, and nobody asks for it."""
    return len(id) <= MAX_UNIT_ID and UNIT_ID.fullmatch(id) is not None


def _units(session: Session | Connection, ids: Sequence[str], today: date) -> dict[str, UnitInfo]:
    return {row.unit: info(row, today) for row in session.execute(_UNITS, {"ids": ids})}


def unit(id: str, session: Session | None = None) -> UnitInfo | None:
    """The unit of an id, or None."""
    return units([id], session).get(id)


def agencies(routing_only: bool = True) -> list[UnitInfo]:
    """The agencies in the order of the chart; only those that letters may be sent to, unless said."""
    today = clock.today()
    with asking() as connection:
        found = [info(row, today) for row in connection.execute(_AGENCIES)]
    return [agency for agency in found if agency.active or not routing_only]


def superiors(agency: str, session: Session | None = None) -> list[str]:
    """The agencies above an agency, the nearest first."""
    found: list[str] = []
    here = unit(agency, session)
    while here is not None and here.parent and here.parent not in found:
        found.append(here.parent)
        here = unit(here.parent, session)
    return found


def descendants(session: Session, id: str) -> list[UnitInfo]:
    """The units below a unit, at every depth, each after its parent."""
    top = session.get(UnitRow, id)
    if top is None:
        return []
    children: dict[str, list[UnitRow]] = {}
    for row in session.scalars(
        select(UnitRow).where(UnitRow.agency == top.agency, UnitRow.unit != top.agency).order_by(UnitRow.position, UnitRow.unit)
    ):
        children.setdefault(row.parent, []).append(row)
    found: list[UnitInfo] = []
    waiting = list(reversed(children.get(id, [])))
    while waiting:
        row = waiting.pop()
        found.append(info(row))
        waiting.extend(reversed(children.get(row.unit, [])))
    return found


def _matching(text: str, parent: str) -> Select[UnitRow]:
    """Every word stands in the unit's own names or in its agency's, and one at least in its own: พระนคร ทะเบียน, กท๐๔๐๓."""
    query = select(UnitRow)
    agency = aliased(UnitRow)
    own = []
    for word in _CODE_IN_ONE.sub(r"\1 ", fold(text)).split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        own.append(UnitRow.fold.like(f"%{escaped}%", escape="\\"))
        above = exists().where(agency.unit == UnitRow.agency, agency.fold.like(f"%{escaped}%", escape="\\"))
        query = query.where(or_(own[-1], above))
    if own:
        query = query.where(or_(*own))
    if parent:
        query = query.where(UnitRow.parent == parent)
    return query


def search_units(
    session: Session, text: str = "", parent: str = "", start: int = 0, size: int = 25, active_only: bool = False
) -> tuple[int, list[UnitInfo]]:
    """How many units match, and a page of them: agencies first, in the order of the chart."""
    query = _matching(text, parent)
    if active_only:
        today = clock.today()
        query = query.where(
            UnitRow.active.is_(True),
            func.coalesce(UnitRow.valid_from, today) <= today,
            func.coalesce(UnitRow.valid_until, today) >= today,
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = ((UnitRow.unit != UnitRow.agency).asc(), UnitRow.position, UnitRow.unit)
    page = session.scalars(query.order_by(*order).offset(start).limit(size))
    return total, [info(row) for row in page]


def find_units(text: str = "", parent: str = "", limit: int = 20) -> list[UnitInfo]:
    """Units that letters may be sent to, whose name or code holds every word of a text: for the picker."""
    with reader() as session:
        return search_units(session, text, parent, size=limit, active_only=True)[1]


def recipient_groups() -> list[tuple[str, str, list[str]]]:
    """The groups of recipients that can be chosen at once: id, title, unit ids."""
    routed = agencies()

    def of_kind(kind: str) -> list[str]:
        return [agency.unit for agency in routed if agency.kind == kind]

    return [
        ("all-agencies", _("recipients_all_agencies", default="All agencies"), [agency.unit for agency in routed]),
        ("all-districts", _("recipients_all_districts", default="All district offices"), of_kind("district")),
        ("all-departments", _("recipients_all_departments", default="All departments"), of_kind("department")),
    ]


def successor_of(unit: UnitInfo) -> UnitInfo | None:
    """The unit that stands today in the place of one that is over, however often it was replaced; None where nobody does."""
    seen: set[str] = set()
    found: UnitInfo | None = unit
    while found is not None and not found.active:
        if not found.successor or found.unit in seen:
            return None
        seen.add(found.unit)
        found = units([found.successor]).get(found.successor)
    return found


def name_at(session: Session, id: str, at: datetime) -> tuple[str, str]:
    """The Thai and English name that a unit bore at a time: an old letter shows the old name (E33)."""
    query = select(UnitName).where(UnitName.unit == id, UnitName.until > at).order_by(UnitName.until, UnitName.id)
    old = session.scalars(query.limit(1)).first()
    if old is not None:
        return old.title_th, old.title_en
    row = session.get(UnitRow, id)
    return (row.title_th, row.title_en) if row is not None else (id, id)


def folded(parts: Sequence[str]) -> str:
    """What the picker searches of a unit."""
    return fold(" ".join(part for part in parts if part))[:1000]
