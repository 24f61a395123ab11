"""Lists of circulars and of their readers, from the ledger alone.

A page of the list is one short walk along an index for each agency, first of those that the person has not read, then of the
others; the counts read an index and no row (`routing.tables.CIRCULARS`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from saraban.circulars.entitled import entitled, given_to
from saraban.circulars.reminders import staff_of
from saraban.circulars.tables import Receipt, is_circular
from saraban.classification.clearances import levels_of
from saraban.classification.levels import NORMAL
from saraban.ledger.clock import BUDDHIST_ERA, iso
from saraban.organisation.acting import person_names
from saraban.organisation.posts import posts_of
from saraban.routing.secrets import open_delivery_row
from saraban.routing.tables import GONE, Delivery

_EARLIER = aliased(Delivery)
"""Of the same circular."""


@dataclass(frozen=True)
class Line:
    """A circular in a person's list."""

    delivery: Delivery
    read: bool
    acknowledged: bool


@dataclass
class Page:
    """A page of a person's list, how many there are in all, and how many of these the person has not read."""

    total: int
    unread: int
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class _Reader:
    """What a person may read: of every circular that came to their agencies, what is normal, and what they were given above.

    To everybody else the latter are not there, nor counted.
    """

    person: str
    agencies: tuple[str, ...]

    def levels(self) -> list[str]:
        """Normal, and what the person is cleared for."""
        return [NORMAL, *levels_of(self.person)]

    def rows(self, of: Any, level: str) -> list[ColumnElement[bool]]:
        """The deliveries (`of` is their table) of one level, but for their agency."""
        found = [is_circular(of), of.secrecy == level, of.state.not_in(GONE)]
        return found if level == NORMAL else [*found, given_to(self.person, of, level)]

    def first(self, level: str) -> ColumnElement[bool]:
        """A circular counts once, however many units of these agencies got it."""
        here = [_EARLIER.agency.in_(self.agencies), _EARLIER.letter_uid == Delivery.letter_uid, _EARLIER.id < Delivery.id]
        return ~select(_EARLIER.id).where(*here, *self.rows(_EARLIER, level)).exists()

    def read(self, uid: Any) -> ColumnElement[bool]:
        """The person's receipt."""
        return and_(Receipt.circular_uid == uid, Receipt.person == self.person)


def _asked(year: int, issuer: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Delivery.from_unit == issuer] if issuer else []
    if year:
        begin = year - BUDDHIST_ERA
        found.append(Delivery.letter_date.between(date(begin, 1, 1), date(begin, 12, 31)))
    return found


def _latest(rows: Any) -> tuple[ColumnElement[Any], ...]:
    return rows.sent_at.desc(), rows.id.desc()


def _count(session: Session, who: _Reader) -> tuple[int, int]:
    """How many there are, and how many of them the person has read."""
    total = read = 0
    for level in who.levels():
        # No more than the name of each is read.
        rows = select(Delivery.letter_uid).where(Delivery.agency.in_(who.agencies), *who.rows(Delivery, level))
        uids = rows.distinct().subquery()
        counted = select(func.count(), func.count(Receipt.person)).select_from(uids)
        here, seen = session.execute(counted.outerjoin(Receipt, who.read(uids.c.letter_uid))).one()
        total, read = total + here, read + seen
    return total, read


def received(
    session: Session, person: str, agencies: Sequence[str], *, year: int = 0, issuer: str = "", start: int = 0, size: int = 50
) -> Page:
    """The circulars that a person reads in these agencies, unread first, latest first; each once, however many units got it."""
    if not agencies:
        return Page(0, 0)
    who = _Reader(person, tuple(agencies))
    if asked := _asked(year, issuer):
        return _searched(session, who, asked, start, size)
    total, read = _count(session, who)
    unread, last = total - read, min(start + size, total)

    def walk(agency: str, level: str, seen: bool, most: int) -> Select[Any]:
        known = select(Receipt.person).where(who.read(Delivery.letter_uid)).exists()
        rows = [Delivery.agency == agency, *who.rows(Delivery, level), known if seen else ~known, who.first(level)]
        latest = select(Delivery.id, Delivery.sent_at, literal(seen).label("seen")).where(*rows).order_by(*_latest(Delivery))
        return select(latest.limit(most).subquery())

    # Each walk ends where the last that is wanted is found: nothing is looked for that is not there.
    wanted = [(False, min(last, unread))] if start < unread else []
    wanted += [(True, last - unread)] if last > unread else []
    walks = [walk(agency, level, *one) for one in wanted for agency in who.agencies for level in who.levels()]
    if not walks or start >= last:
        return Page(total, unread)
    found = union_all(*walks).subquery().c
    page = select(found.id, found.sent_at, found.seen).order_by(found.seen, *_latest(found))
    ids = page.offset(start if start < unread else start - unread).limit(size).subquery()
    return Page(total, unread, [line for line, *_counts in _lines(session, who, ids)])


def _searched(session: Session, who: _Reader, asked: Sequence[ColumnElement[bool]], start: int, size: int) -> Page:
    """A page of those that are asked for: to count them all are looked at in any case, so the same statement shows some."""
    # What is asked is asked of the first delivery, as in the whole list.
    levels = [
        select(Delivery.id, Delivery.sent_at, Receipt.person)
        .outerjoin(Receipt, who.read(Delivery.letter_uid))
        .where(Delivery.agency.in_(who.agencies), *who.rows(Delivery, level), *asked, who.first(level))
        for level in who.levels()
    ]
    found = union_all(*levels).subquery().c
    seen, counts = found.person.is_not(None), (func.count(), func.count(found.person))
    page = select(found.id, found.sent_at, seen.label("seen"), *(one.over().label(None) for one in counts))
    lines = _lines(session, who, page.order_by(seen, *_latest(found)).offset(start).limit(size).subquery())
    # Every line says how many there are; a page behind the last has none.
    total, read = lines[0][1:] if lines else session.execute(select(*counts)).one()
    return Page(total, total - read, [line for line, *_counts in lines])


def _lines(session: Session, who: _Reader, page: Subquery) -> list[tuple[Any, ...]]:
    """The lines of a page of `id`, `sent_at` and `seen`, each with the columns that the page has beside these."""
    ids, counts = page.c, list(page.c)[3:]
    rows = session.execute(
        select(Delivery, ids.seen, Receipt.acknowledged_at, *counts)
        .join(Delivery, Delivery.id == ids.id)
        .outerjoin(Receipt, who.read(Delivery.letter_uid))
        .order_by(ids.seen, *_latest(ids))
    )
    lines = [(row, bool(seen), known is not None, *counted) for row, seen, known, *counted in rows]
    return [(Line(open_delivery_row(row), seen, known), *counted) for row, seen, known, *counted in lines]


def agencies_of(person: str) -> list[str]:
    """The agencies of which the person reads the circulars: where they hold posts."""
    return list(dict.fromkeys(post.agency for post in posts_of(person)))


def unread(session: Session, person: str, agencies: Sequence[str]) -> int:
    """How many circulars the person has not read."""
    total, read = _count(session, _Reader(person, tuple(agencies)))
    return total - read


def readers(
    session: Session, uid: str, rows: Sequence[Delivery], start: int = 0, size: int | None = None
) -> list[dict[str, Any]]:
    """For each receiving unit when it got, opened, registered and first acknowledged it, and its persons.

    `rows` are all deliveries of the circular, of which some are asked for. Above normal only those who may read it now are
    persons and `staff` is how many they are; it also says who of them has not (`waiting`), and who read it and may not any more
    (`earlier`): it was not secret then, or they lost the right.
    """
    people: dict[str, list[Receipt]] = {}
    shown = rows[start:] if size is None else rows[start : start + size]
    here = Receipt.agency.in_({row.agency for row in shown})
    for receipt in session.scalars(select(Receipt).where(Receipt.circular_uid == uid, here).order_by(Receipt.opened_at)):
        people.setdefault(receipt.agency, []).append(receipt)
    if any(row.secrecy != NORMAL for row in shown):
        return _secret_readers(session, people, rows, shown)
    staff = staff_of(session, list(dict.fromkeys(row.agency for row in shown)))
    return [_unit_json(row, people.get(row.agency, []), staff.get(row.agency, 0)) for row in shown]


def _secret_readers(
    session: Session, people: dict[str, list[Receipt]], rows: Sequence[Delivery], shown: Sequence[Delivery]
) -> list[dict[str, Any]]:
    may_read = entitled(session, [row for row in rows if row.state not in GONE])
    here: dict[str, set[str]] = {}
    for row in rows:
        here.setdefault(row.agency, set()).update(one.person for one in may_read.get(row.id, ()))
    first = {row.agency: row.id for row in reversed(rows)}
    names = person_names({person for persons in here.values() for person in persons})
    found = []
    for row in shown:
        mine = {one.person: one.unit for one in may_read.get(row.id, ())}
        receipts = people.get(row.agency, [])
        read = [one for one in receipts if one.person in mine]
        seen = {one.person for one in read}
        gone = [one for one in receipts if row.id == first[row.agency] and one.person not in here[row.agency]]
        found.append(
            {
                **_unit_json(row, read, len(mine)),
                "waiting": [
                    {"person": person, "name": names[person], "unit": unit}
                    for person, unit in mine.items()
                    if person not in seen
                ],
                "earlier": [_person_json(one) for one in gone],
            }
        )
    return found


def _unit_json(row: Delivery, receipts: Sequence[Receipt], staff: int) -> dict[str, Any]:
    opened = [one.opened_at for one in receipts] + ([row.opened_at] if row.opened_at else [])
    known = [one.acknowledged_at for one in receipts if one.acknowledged_at]
    return {
        "unit": row.unit,
        "state": row.state,
        "sent_at": iso(row.sent_at),
        "opened_at": iso(min(opened)) if opened else None,
        "registered_at": iso(row.registered_at),
        "acknowledged_at": iso(min(known)) if known else None,
        "staff": staff,
        "persons": [_person_json(one) for one in receipts],
    }


def _person_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "person": receipt.person,
        "name": receipt.person_name,
        "unit": receipt.unit,
        "opened_at": iso(receipt.opened_at),
        "acknowledged_at": iso(receipt.acknowledged_at),
    }
