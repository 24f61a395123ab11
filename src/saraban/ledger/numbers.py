"""Numbers: one series for each unit, kind of series and Buddhist calendar year; no gap, no double (`domain.md` 1.3, E10-E17).

The series' row is locked from the first act on it to that act's commit: who is rolled back leaves no gap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import Session

from saraban.ledger import clock
from saraban.ledger.acts import Act
from saraban.ledger.connection import engine_of
from saraban.ledger.errors import LedgerBusy, LedgerMisuse
from saraban.ledger.tables import NumberSeries, RegisterEntry

SEND = "send"
RECEIVE = "receive"
ISSUED = "issued"
logger = logging.getLogger(__name__)
_HELD = "ledger.series"


@dataclass(frozen=True)
class Book:
    """A register book of a unit: `send` has one for each kind of series, `receive` usually the one of `letters`."""

    unit: str
    direction: str
    series: str

    @property
    def id(self) -> str:
        """Name of the series in the table; the year stands beside it."""
        return f"{self.unit}/{self.direction}/{self.series}"


def year_of(act: Act) -> int:
    """The Buddhist year in which this act's numbers count: Bangkok's, at the act's own time (E13, E14)."""
    return clock.buddhist_year(clock.bangkok(act.at).date())


def _locked(session: Session, book: Book, year: int) -> NumberSeries | None:
    query = (
        select(NumberSeries)
        .where(NumberSeries.book == book.id, NumberSeries.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.execute(query).scalar_one_or_none()


def ensure_series(act: Act, book: Book, year: int) -> None:
    """Makes a missing row before anybody locks it.

    PostgreSQL and MariaDB: in a short transaction of its own, which holds nothing else and so cannot deadlock with the
    acts that wait behind it. SQLite: in the act's, which has the file to itself already.
    """
    values = {"book": book.id, "year": year, "last": 0}
    dialect = act.session.get_bind().dialect.name
    if dialect == "sqlite":
        act.session.add(NumberSeries(**values))
        act.session.flush()
        return
    if dialect == "postgresql":
        statement: postgresql.Insert | mysql.Insert = postgresql.insert(NumberSeries).values(**values).on_conflict_do_nothing()
    else:
        # Not INSERT IGNORE: that leaves shared locks behind, and two of them deadlock.
        statement = mysql.insert(NumberSeries).values(**values).on_duplicate_key_update(book=book.id)
    for attempt in range(5):
        try:
            with engine_of(act.context).begin() as connection:
                connection.execute(statement)
        except LedgerBusy:
            if attempt == 4:
                raise
        else:
            return


def lock(act: Act, books: Sequence[Book]) -> None:
    """Locks the series of this act's year, all of them, in the one order that everybody keeps."""
    year = year_of(act)
    held: dict[tuple[str, int], NumberSeries] = act.session.info.setdefault(_HELD, {})
    wanted = sorted({book.id: book for book in books}.items())
    for book_id, book in wanted:
        key = (book_id, year)
        if key in held:
            continue
        if held and key < max(held):
            # The database would break a deadlock and Zope try again; but whoever knows all books beforehand locks them at once.
            logger.info("series %s is locked after %s", key, max(held))
        row = _locked(act.session, book, year)
        if row is None:
            ensure_series(act, book, year)
            row = _locked(act.session, book, year)
        if row is None:
            raise LedgerMisuse(f"The series {key} cannot be made.")
        held[key] = row


def issue(
    act: Act,
    book: Book,
    *,
    write: Callable[[int], str],
    document_uid: str | None,
    letter_number: str | None = "",
    letter_date: date | None = None,
    sender: str = "",
    addressee: str = "",
    subject: str = "",
    action: str = "",
    remark: str = "",
    state: str = ISSUED,
) -> RegisterEntry:
    """The next number of the book, entered in the register. `write` makes the number as written from the sequence.

    `letter_number` None: the letter is our own, it bears this number and today's date.
    """
    year, today = year_of(act), clock.bangkok(act.at).date()
    lock(act, [book])
    series: NumberSeries = act.session.info[_HELD][book.id, year]
    series.last += 1
    number = write(series.last)
    entry = RegisterEntry(
        book=book.id,
        unit=book.unit,
        direction=book.direction,
        series=book.series,
        year=year,
        seq=series.last,
        number=number,
        date=today,
        document_uid=document_uid,
        letter_number=number if letter_number is None else letter_number,
        letter_date=today if letter_number is None else letter_date,
        sender=sender,
        addressee=addressee,
        subject=subject,
        action=action,
        remark=remark,
        state=state,
        issued_by=act.actor.person,
        issued_at=act.at,
    )
    act.session.add(entry)
    act.session.flush()
    return entry


def entry_of(session: Session, book: Book, year: int | None, sequence: int | None) -> RegisterEntry | None:
    """The line of a book with this number."""
    return session.scalar(
        select(RegisterEntry).where(RegisterEntry.book == book.id, RegisterEntry.year == year, RegisterEntry.seq == sequence)
    )


def write_action(act: Act, book: Book, year: int | None, sequence: int | None, action: str) -> None:
    """Writes what was done (การปฏิบัติ) into a line; nothing else of a line ever changes but a cancellation."""
    entry = entry_of(act.session, book, year, sequence)
    if entry is not None:
        entry.action = action[:1000]
