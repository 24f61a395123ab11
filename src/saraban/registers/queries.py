"""Register books as people read them: ทะเบียนหนังสือรับ (แบบ 13) and ทะเบียนหนังสือส่ง (แบบ 14), `domain.md` 2.1.

Read from the ledger alone; a whole year is streamed, never held in memory. Requirements L9, L17, L23.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from saraban import _
from saraban.classification import vault
from saraban.classification.levels import COVER, NORMAL
from saraban.ledger import clock
from saraban.ledger.numbers import Book
from saraban.ledger.tables import RegisterEntry
from saraban.organisation.acting import person_name
from saraban.registers import delivered
from saraban.routing.books import (
    RECEIVED,
    RECEIVED_LETTERS,
    SECRET_BOOKS,
    SECRET_CONTROL,
    SECRET_RECEIVE,
    SECRET_SEND,
    SECRET_SERIES,
)
from saraban.routing.secrets import open_entries
from saraban.routing.tables import Delivery, DeliveryStep
from saraban.thai.dates import day_of, short, time
from saraban.thai.folding import fold

BOOKS = ("send", "receive")
DELIVERIES = "deliveries"
"""สมุดส่งหนังสือ (แบบ 16): to whom each letter of the send register went, and who took it."""
TITLES: dict[str, str] = {
    "receive": _("book_receive", default="Receive register"),
    "send": _("book_send", default="Send register"),
    DELIVERIES: _("book_deliveries", default="Delivery book"),
    SECRET_RECEIVE: _("book_secret_receive", default="Secret receive register (ทขล.1)"),
    SECRET_SEND: _("book_secret_send", default="Secret send register (ทขล.2)"),
    SECRET_CONTROL: _("book_secret_control", default="Control register of secret information (ทขล.3)"),
}
ONE_SERIES = {"receive": RECEIVED_LETTERS, **dict.fromkeys(SECRET_BOOKS, SECRET_SERIES)}
"""Books whose numbers run in one series."""
STATE_WORDS = {"cancelled": "ยกเลิก", "reserved": "จองเลข"}
"""As a register of paper says it, before the remark."""
CHUNK = 1000

COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "receive": (
        ("seq", _("column_receive_number", default="Receive no.")),
        ("letter_number", _("column_letter_number", default="Number")),
        ("letter_date", _("column_letter_date", default="Dated")),
        ("sender", _("column_from", default="From")),
        ("addressee", _("column_to", default="To")),
        ("subject", _("column_subject", default="Subject")),
        ("action", _("column_action", default="Action taken")),
        ("remark", _("column_remark", default="Remark")),
    ),
    "send": (
        ("seq", _("column_send_number", default="Send no.")),
        ("letter_number", _("column_letter_number", default="Number")),
        ("letter_date", _("column_letter_date", default="Dated")),
        ("sender", _("column_from", default="From")),
        ("addressee", _("column_to", default="To")),
        ("subject", _("column_subject", default="Subject")),
        ("action", _("column_action", default="Action taken")),
        ("remark", _("column_remark", default="Remark")),
    ),
}
"""Columns in the order of the regulation's forms."""
COLUMNS[SECRET_RECEIVE] = COLUMNS["receive"]
COLUMNS[SECRET_SEND] = COLUMNS["send"]
COLUMNS[SECRET_CONTROL] = (
    ("seq", _("column_control_number", default="Control no.")),
    ("date", _("column_control_date", default="Date")),
    *COLUMNS["send"][1:6],
    ("action", _("column_action", default="Action taken")),
    ("remark", _("column_copy", default="Copy")),
)
COLUMNS[DELIVERIES] = (
    ("number", _("column_delivery_number", default="Register no.")),
    ("sender", _("column_from", default="From")),
    ("addressee", _("column_to", default="To")),
    ("unit", _("column_receiving_unit", default="Receiving unit")),
    ("taken_by", _("column_taken_by", default="Received by")),
    ("taken_at", _("column_taken_at", default="Date and time")),
    ("remark", _("column_remark", default="Remark")),
)


@dataclass(frozen=True)
class Asked:
    """Which lines of which book."""

    unit: str
    book: str
    year: int
    series: str = ""
    from_seq: int | None = None
    to_seq: int | None = None
    cleared: tuple[str, ...] = ()
    """Of a secret book: the levels whose lines are shown with their texts; the others stay covered."""

    @property
    def one_series(self) -> str:
        """The series of the lines, empty where they are of several."""
        return self.series or ONE_SERIES.get(self.book, "")

    @property
    def order(self) -> tuple[InstrumentedAttribute[Any], ...]:
        """By number where the book has one series, else by the time of the number."""
        return (RegisterEntry.seq,) if self.one_series else (RegisterEntry.issued_at, RegisterEntry.id)

    def query(self) -> Select[RegisterEntry]:
        """The lines in the order of the book."""
        series = self.one_series
        found = select(RegisterEntry).where(RegisterEntry.year == self.year)
        if series:
            found = found.where(RegisterEntry.book == Book(self.unit, self.book, series).id)
        else:
            found = found.where(RegisterEntry.unit == self.unit, RegisterEntry.direction == self.book)
        if self.from_seq is not None:
            found = found.where(RegisterEntry.seq >= self.from_seq)
        if self.to_seq is not None:
            found = found.where(RegisterEntry.seq <= self.to_seq)
        return found.order_by(*self.order)

    def deliveries_query(self) -> Select[RegisterEntry, Delivery]:
        """The lines of the delivery book: each line of the send register with each of its deliveries."""
        query: Select[Any] = replace(self, book="send").query().add_columns(Delivery)
        return query.join(Delivery, Delivery.letter_uid == RegisterEntry.document_uid).where(
            Delivery.parent_id.is_(None), Delivery.from_unit == RegisterEntry.unit, Delivery.secrecy == NORMAL
        )


def page(session: Session, asked: Asked, start: int, size: int) -> tuple[int, list[RegisterEntry]]:
    """How many lines there are, and some of them."""
    query = asked.query()
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    if start > total // 2:  # a database reads what an offset leaves out: the end of a book is read from its end
        backwards = query.order_by(None).order_by(*(column.desc() for column in asked.order))
        left = max(total - start, 0)
        entries = list(session.scalars(backwards.offset(max(left - size, 0)).limit(min(size, left))))[::-1]
    else:
        entries = list(session.scalars(query.offset(start).limit(size)))
    _open(session, entries, asked)
    return total, entries


def _open(session: Session, entries: list[RegisterEntry], asked: Asked) -> None:
    if asked.cleared:
        levels = vault.levels_of(session, [entry.document_uid for entry in entries])
        vault.prepare(session, [uid for uid, level in levels.items() if level in asked.cleared])
        open_entries(entries, levels, asked.cleared)


def receptions(session: Session, asked: Asked, entries: Sequence[RegisterEntry]) -> dict[int, int]:
    """How often what stands in a line of a receive register was received, where that was more than once (E01), by its id.

    A line that is covered tells nothing of it.
    """
    if asked.book not in RECEIVED:
        return {}
    shown = {entry.document_uid: entry.id for entry in entries if entry.document_uid and entry.subject != COVER}
    times = func.count(DeliveryStep.at.distinct())  # what comes from outside is received and registered in one moment
    counted = select(DeliveryStep.letter_uid, times).where(
        DeliveryStep.letter_uid.in_(list(shown)),
        DeliveryStep.unit == asked.unit,
        DeliveryStep.what.in_(("received", "registered")),
    )
    found = session.execute(counted.group_by(DeliveryStep.letter_uid)) if shown else ()
    return {shown[uid]: number for uid, number in found if number > 1}


def entry_json(entry: RegisterEntry, events: int = 1) -> dict[str, Any]:
    """A line as `api.md` has it; `events` is how often it was received."""
    return {
        "seq": entry.seq,
        "number": entry.number,
        "date": entry.date.isoformat(),
        "letter_number": entry.letter_number,
        "letter_date": entry.letter_date.isoformat() if entry.letter_date else None,
        "from": entry.sender,
        "to": entry.addressee,
        "subject": entry.subject,
        "action": entry.action,
        "remark": entry.remark,
        "series": entry.series,
        "state": entry.state,
        "by": entry.issued_by,
        "at": clock.iso(entry.issued_at),
        **({"events": events} if entry.direction in RECEIVED else {}),
        **({"cancelled_by": entry.cancelled_by, "cancelled_at": clock.iso(entry.cancelled_at)} if entry.cancelled_at else {}),
    }


def lines(session: Session, asked: Asked, start: int = 0) -> Iterator[RegisterEntry]:
    """All lines from one on, a thousand at a time."""
    for chunk in session.scalars(asked.query().offset(start).execution_options(yield_per=CHUNK)).partitions(CHUNK):
        entries = list(chunk)
        _open(session, entries, asked)
        yield from entries


def search(session: Session, asked: Asked, text: str, most: int) -> list[RegisterEntry]:
    """The lines of all years of a book in which the text stands, newest first, at most so many.

    What is secret lies sealed, so SQL chooses the book and the lines are opened and read, a thousand at a time; lines of a
    level that the person is not cleared for stay covered and are found by what is open in them.
    """
    wanted = fold(text)
    book = select(RegisterEntry).where(RegisterEntry.unit == asked.unit, RegisterEntry.direction == asked.book)
    found: list[RegisterEntry] = []
    newest = book.order_by(RegisterEntry.year.desc(), RegisterEntry.seq.desc())
    for chunk in session.scalars(newest.execution_options(yield_per=CHUNK)).partitions(CHUNK):
        entries = list(chunk)
        _open(session, entries, asked)
        found += [entry for entry in entries if wanted in fold(" ".join(map(str, cells(entry, asked.book))))]
        if len(found) >= most:
            break
    return found[:most]


def cells(entry: RegisterEntry, book: str) -> list[Any]:
    """The line as the paper form has it, dates of the Buddhist era."""
    found = []
    for name, _title in COLUMNS[book]:
        value = getattr(entry, name)
        if name in ("date", "letter_date"):
            value = short(value) if value else ""
        elif name == "remark" and entry.state in STATE_WORDS:
            value = f"{STATE_WORDS[entry.state]}: {value}" if value else STATE_WORDS[entry.state]
            value = f"{value} {who_cancelled(entry)}".rstrip()
        found.append(value)
    return found


def who_cancelled(entry: RegisterEntry) -> str:
    """(นายวิชัย ใจดี 9 เม.ย. 64 10.30 น.): who gave the number up, and when (E10)."""
    if entry.cancelled_at is None:
        return ""
    at = entry.cancelled_at
    return f"({person_name(entry.cancelled_by)} {short(day_of(at))} {time(at)})"


def rows(session: Session, asked: Asked, start: int = 0) -> Iterator[tuple[date, list[Any]]]:
    """The day and the cells of every line of a book from one on, the delivery book among them; nothing is held in memory."""
    if asked.book == DELIVERIES:
        yield from delivered.rows(session, asked.deliveries_query().offset(start), CHUNK)
        return
    for entry in lines(session, asked, start):
        yield entry.date, cells(entry, asked.book)


def cells_of(session: Session, asked: Asked) -> Iterator[list[Any]]:
    """The cells of every line, for a table."""
    return (line for _day, line in rows(session, asked))


def count(session: Session, asked: Asked) -> int:
    """How many lines there are."""
    query = asked.deliveries_query() if asked.book == DELIVERIES else asked.query()
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
