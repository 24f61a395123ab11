"""Which register book a letter counts in: secret ones have books of their own (ทขล.1 receive, ทขล.2 send, ทขล.3 control).

So no ordinary register has a hole where a secret letter would stand (E29).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from saraban.classification.levels import NORMAL
from saraban.ledger import clock
from saraban.ledger.acts import Act
from saraban.ledger.numbers import RECEIVE, SEND, Book
from saraban.ledger.tables import NumberSeries, RegisterEntry
from saraban.routing.tables import Delivery

RECEIVED_LETTERS = "letters"
"""The series of an ordinary receive register."""
SECRET_SEND, SECRET_RECEIVE, SECRET_CONTROL = "secret-send", "secret-receive", "secret-control"
SECRET_BOOKS = (SECRET_SEND, SECRET_RECEIVE, SECRET_CONTROL)
SECRET_SERIES = "secret"  # noqa: S105 - a series' name
READ_BOOK = "Saraban: Read register book"
SENT = (SEND, SECRET_SEND)
RECEIVED = (RECEIVE, SECRET_RECEIVE)


def send_book(letter: Any, unit: str, series: str = "") -> Book:
    """The send register in which the letter gets its number: the one of its kind, unless another series is asked for."""
    if letter.is_secret:
        return Book(unit, SECRET_SEND, SECRET_SERIES)
    return Book(unit, SEND, series or letter.series)


def receive_book(unit: str, secrecy: str) -> Book:
    """The receive register of a unit for letters of a level."""
    if secrecy != NORMAL:
        return Book(unit, SECRET_RECEIVE, SECRET_SERIES)
    return Book(unit, RECEIVE, RECEIVED_LETTERS)


def control_book(unit: str) -> Book:
    """The register that controls copies and who was let in (ทขล.3)."""
    return Book(unit, SECRET_CONTROL, SECRET_SERIES)


def receive_entry(current: Act, row: Delivery) -> RegisterEntry | None:
    """The line in which a delivery was registered, whatever level the letter had that day; locked."""
    found = current.lock(
        RegisterEntry,
        RegisterEntry.document_uid == row.letter_uid,
        RegisterEntry.unit == row.unit,
        RegisterEntry.direction.in_(RECEIVED),
        RegisterEntry.year == row.receive_year,
        RegisterEntry.seq == row.receive_number,
    )
    return found[-1] if found else None


def years(session: Session, unit: str, book: str) -> list[int]:
    """The Buddhist years in which the unit has lines in the book, newest first; this year is always among them."""
    found = select(NumberSeries.year).where(
        NumberSeries.book.startswith(f"{unit}/{book}/", autoescape=True), NumberSeries.last > 0
    )
    return sorted({*session.scalars(found), clock.buddhist_year()}, reverse=True)


def series_of(session: Session, unit: str, book: str, year: int) -> list[str]:
    """The series in which a unit has lines in a book in a year."""
    begin = f"{unit}/{book}/"
    found = select(NumberSeries.book).where(
        NumberSeries.book.startswith(begin, autoescape=True), NumberSeries.year == year, NumberSeries.last > 0
    )
    return sorted(name.removeprefix(begin) for name in session.scalars(found))
