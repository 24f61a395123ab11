"""Numbers taken before the letter is ready (จองเลข), and numbers given up (E10-E12, E15; L17).

A reservation is a line of the send register, of its day: a letter that uses it later bears that number and that date. A
back-dated number comes from nowhere else. What nobody used in time the worker marks as expired: no letter gets it any more,
and its line stays reserved, with the day in its remark, until somebody gives the number up.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from plone.uuid.interfaces import IUUID
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from saraban import _
from saraban.classification.clearances import registrar_levels
from saraban.classification.levels import NORMAL
from saraban.errors import REQUIRED, Forbidden, Invalid, Missing
from saraban.ledger import clock, numbers
from saraban.ledger.acts import Act, act
from saraban.ledger.numbers import Book
from saraban.ledger.tables import RegisterEntry
from saraban.letters import fields
from saraban.organisation import chart
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import require
from saraban.organisation.looking import Look
from saraban.routing import series as numbering
from saraban.routing.books import SECRET_SEND, SECRET_SERIES, years
from saraban.routing.errors import (
    NoLetterCode,
    NumberOfALetter,
    ReasonRequired,
    ReservationExpired,
    ReservationSpent,
    ReservationUnknown,
)
from saraban.routing.secrecy import handles
from saraban.routing.tables import Reservation
from saraban.thai.dates import short
from saraban.thai.numbers import Pattern, normal

NUMBER = "Saraban: Dispatch letter"
SECRET_PATTERN = Pattern("{code}/{seq}")
TERM = timedelta(days=30)
"""For how long a reserved number may be used."""
MOST_OFFERED = 200
"""Reserved numbers in one list to choose from."""
STANDING = ("open", "expired")
"""Not used and not given up."""
_FIGURES = re.compile(r"[0-9]{1,9}")
BATCH = 200
"""Most reservations marked in one transaction."""


@dataclass(frozen=True)
class Reserved:
    """A reservation and its line in the register."""

    reservation: Reservation
    entry: RegisterEntry


def reserve(agency: Any, data: Mapping[str, Any]) -> Reserved:
    """Takes the next number of a series for later, for the unit of the agency that asked for it.

    Raises Forbidden, Missing, Invalid, SeriesEnded, NoLetterCode.
    """
    require(NUMBER, agency)
    unit = chart.unit(agency.unit_id)
    if unit is None:
        raise Missing()
    asked = data.get("unit")
    asker = unit if asked in (None, "") else chart.unit(str(asked))
    if asker is None or asker.agency != unit.unit:
        raise Invalid(fields={"unit": _("error_unit_not_of_agency", default="No such unit in this agency.")})
    series = data.get("series") or ""
    _require_handles(agency, series)
    purpose = fields.note_values(data, "purpose")["purpose"]
    if not purpose:
        raise Invalid(fields={"purpose": REQUIRED})
    with act(agency, current_actor(unit.unit), "reserve-number", IUUID(agency)) as current:
        pattern = _pattern(current, unit.unit, series)
        if pattern.needs_code and not unit.letter_code:
            raise NoLetterCode()
        entry = numbers.issue(
            current,
            _book(unit.unit, series),
            write=lambda sequence: pattern.write(unit.letter_code, sequence, numbers.year_of(current)),
            document_uid=None,
            sender=asker.title_th,
            letter_number=None,
            state="reserved",
        )
        expires = entry.date + TERM
        entry.remark = f"ใช้ได้ถึง {short(expires)} {purpose}"[: fields.LINE]
        row = Reservation(
            key=secrets.token_hex(16),
            entry_id=entry.id,
            unit=unit.unit,
            series=series,
            purpose=purpose,
            person=current.actor.person,
            made_at=current.at,
            expires=expires,
        )
        current.session.add(row)
        current.note(number=entry.number)
    return Reserved(row, entry)


def _pattern(current: Act, agency: str, series: Any) -> Pattern:
    """How a series writes its numbers; the secret one without the level, which the letter gives."""
    return SECRET_PATTERN if series == SECRET_SERIES else numbering.giving(current.session, agency, series).pattern


def _book(unit: str, series: str) -> Book:
    return Book(unit, SECRET_SEND if series == SECRET_SERIES else numbers.SEND, series)


def _handles(agency: Any, series: str) -> bool:
    """Numbers of the secret series are the secret registrar's, all others the registrar's."""
    if series == SECRET_SERIES:
        return bool(registrar_levels(current_person(), agency.unit_id))
    return handles(agency.unit_id, NORMAL, agency)


def _require_handles(agency: Any, series: str) -> None:
    """Raises Forbidden."""
    if not _handles(agency, series):
        raise Forbidden()


def open_ones(session: Session, unit: str, series: Sequence[str]) -> list[Reserved]:
    """The reserved numbers of these series that a letter may still take, the oldest first."""
    found = (
        select(Reservation, RegisterEntry)
        .join(RegisterEntry, RegisterEntry.id == Reservation.entry_id)
        .where(Reservation.unit == unit, Reservation.state == "open", Reservation.expires >= clock.today())
        .where(Reservation.series.in_(series))
        .order_by(Reservation.id)
        .limit(MOST_OFFERED)
    )
    return [Reserved(row, entry) for row, entry in session.execute(found)]


def use(current: Act, key: Any, book: Book) -> RegisterEntry:
    """The register line of a reservation, for the letter that now takes it (E12, E15).

    Raises ReservationUnknown where it is not of this book, ReservationSpent, ReservationExpired.
    """
    rows = current.lock(Reservation, Reservation.key == str(key))
    if not rows or rows[0].unit != book.unit or rows[0].series != book.series:
        raise ReservationUnknown(fields={"reservation": ReservationUnknown.text})
    row = rows[0]
    if row.state not in STANDING:
        raise ReservationSpent()
    entry = current.lock(RegisterEntry, RegisterEntry.id == row.entry_id)[0]
    if row.state == "expired" or row.expires < clock.bangkok(current.at).date():
        raise ReservationExpired(number=entry.number)
    row.state = "used"
    entry.state, entry.remark = "issued", ""
    if entry.year != numbers.year_of(current):
        entry.remark = f"จองเลขไว้เมื่อ พ.ศ. {entry.year}"
    return entry


def _over() -> tuple[ColumnElement[bool], ...]:
    """Reservations that were not used in time and are not marked yet."""
    return Reservation.state == "open", Reservation.expires < clock.today()


def expire(current: Act) -> list[RegisterEntry]:
    """Marks a batch of reservations whose days are over; answers their lines, which stay in the register as reserved."""
    found = current.session.scalars(select(Reservation.id).where(*_over()).order_by(Reservation.id).limit(BATCH))
    rows = {row.entry_id: row for row in current.lock(Reservation, Reservation.id.in_(list(found)), *_over())}
    entries = current.lock(RegisterEntry, RegisterEntry.id.in_(list(rows)))
    for entry in entries:
        row = rows[entry.id]
        row.state = "expired"
        entry.remark = f"หมดกำหนดใช้ {short(row.expires)} {row.purpose}"[: fields.LINE]
    current.note(numbers=[entry.number for entry in entries])
    return entries


class ExpiryRound(Look):
    """Reserved numbers that nobody used in time."""

    verb = "expire-numbers"
    seconds = 600.0

    def waits(self, session: Session) -> bool:
        """Whether one is not marked yet."""
        return session.scalar(select(Reservation.id).where(*_over()).limit(1)) is not None

    def carry_out(self, current: Act) -> int:
        """Marks a batch."""
        return len(expire(current))


def cancel_number(agency: Any, data: Mapping[str, Any]) -> RegisterEntry:
    """Gives up a reserved number; its line stays as cancelled (E10). The number of a letter is cancelled with the letter.

    Raises Forbidden, Missing, ReasonRequired, ReservationUnknown, ReservationSpent, NumberOfALetter.
    """
    require(NUMBER, agency)
    reason = fields.note_values(data, "reason")["reason"]
    if not reason:
        raise ReasonRequired(fields={"reason": REQUIRED})
    with act(agency, current_actor(agency.unit_id), "cancel-number", IUUID(agency)) as current:
        rows = current.lock(Reservation, Reservation.key == _key_of(current, agency, data))
        if not rows or rows[0].unit != agency.unit_id:
            raise ReservationUnknown(fields={"reservation": ReservationUnknown.text})
        _require_handles(agency, rows[0].series)
        if rows[0].state not in STANDING:
            raise ReservationSpent()
        rows[0].state = "cancelled"
        entry = current.lock(RegisterEntry, RegisterEntry.id == rows[0].entry_id)[0]
        entry.cancel(current.actor.person, current.at, reason[: fields.LINE])
        current.note(number=entry.number)
    return entry


def _key_of(current: Act, agency: Any, data: Mapping[str, Any]) -> str:
    """The reservation that is meant, named by its key or by its number as written in any way.

    Series and years may write the same number: meant is the newest that can still be given up, of a series that the person
    handles: of numbers of the secret series nobody else learns that they are there. Raises ReservationUnknown, NumberOfALetter.
    """
    key = data.get("reservation")
    if isinstance(key, str) and key:
        return key
    number = data.get("number")
    if isinstance(number, str) and number:
        same = [row for row in _bearing(current.session, agency.unit_id, number) if _handles(agency, row.series)]
        reserved = sorted((row for row in same if row.key), key=lambda row: row.state not in STANDING)
        if reserved:
            return str(reserved[0].key)
        if any(row.series != SECRET_SERIES for row in same):
            raise NumberOfALetter()
    raise ReservationUnknown(fields={"reservation": ReservationUnknown.text})


def _bearing(session: Session, unit: str, number: str) -> list[Any]:
    """The lines of the unit's send registers that bear this number, the newest first; found by the figures in it."""
    series = [Book(unit, numbers.SEND, name).id for name in numbering.all_series(session, unit)]
    asked = (
        select(RegisterEntry.number, RegisterEntry.series, Reservation.key, Reservation.state)
        .outerjoin(Reservation, Reservation.entry_id == RegisterEntry.id)
        .where(
            RegisterEntry.book.in_([*series, Book(unit, SECRET_SEND, SECRET_SERIES).id]),
            RegisterEntry.year.in_({*years(session, unit, numbers.SEND), *years(session, unit, SECRET_SEND)}),
            RegisterEntry.seq.in_({int(figures) for figures in _FIGURES.findall(normal(number))}),
        )
        .order_by(RegisterEntry.id.desc())
    )
    return [row for row in session.execute(asked) if normal(row.number) == normal(number)]
