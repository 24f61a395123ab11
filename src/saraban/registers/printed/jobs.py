"""Long books, printed by the worker some pages at a time, so that nobody waits for a page and indexing goes on between.

A job's parts lie in the ledger until the next day; whoever asked for it, and may still read the book, gets them. A worker that
dies goes on where the last part ends. Secret books are not printed so: they would lie open in the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from zope.interface import implementer

from saraban.errors import Missing
from saraban.ledger import clock, outbox
from saraban.ledger.acts import Act, act
from saraban.ledger.connection import alone, reader
from saraban.ledger.numbers import SEND
from saraban.ledger.tables import OutboxRow
from saraban.organisation.acting import current_actor, current_person
from saraban.organisation.allow import at, require
from saraban.organisation.chart import UnitInfo
from saraban.registers import queries
from saraban.registers.printed import book, pdf
from saraban.registers.queries import Asked
from saraban.registers.tables import PrintJob, PrintPart
from saraban.routing.books import READ_BOOK, SECRET_BOOKS

KIND = "print"
MAKE, FORGET = "make", "forget"
LINES_AT_ONCE = 500
"""About half a second."""
KEPT = timedelta(days=1)
_ASKED = ("key", "unit", "book", "year", "series", "from_seq", "to_seq", "thai_digits", "person", "total", "made_at")
"""What was asked for."""


def ask(agency: Any, info: UnitInfo, asked: Asked, thai_digits: bool = False) -> PrintJob:
    """Has a book printed. Raises Missing, Forbidden."""
    if asked.book in SECRET_BOOKS:
        raise Missing()
    require(READ_BOOK, at(info.path))
    with reader(agency) as session:
        total = queries.count(session, asked)
    with act(agency, current_actor(asked.unit), "print-register", asked.unit) as current:
        job = PrintJob(
            key=secrets.token_hex(16),
            unit=asked.unit,
            book=asked.book,
            year=asked.year,
            series=asked.series,
            from_seq=asked.from_seq,
            to_seq=asked.to_seq,
            thai_digits=thai_digits,
            person=current.actor.person,
            total=total,
            made_at=current.at,
        )
        current.session.add(job)
        current.queue(KIND, MAKE, job.key)
        current.note(book=asked.book, year=asked.year, series=asked.series, lines=total)
    return job


def find(session: Session, key: str) -> PrintJob:
    """A job of the person who is logged in. Raises Missing for any other."""
    job: PrintJob | None = session.scalar(select(PrintJob).where(PrintJob.key == key, PrintJob.person == current_person()))
    if job is None:
        raise Missing()
    return job


def length(session: Session, job: PrintJob) -> int:
    """Octets of the finished file."""
    return int(session.scalar(select(func.sum(func.length(PrintPart.data))).where(PrintPart.job_id == job.id)) or 0)


def parts(context: Any, job: PrintJob) -> Iterator[bytes]:
    """The finished file, a part at a time."""
    with reader(context) as session:
        positions = list(
            session.scalars(select(PrintPart.position).where(PrintPart.job_id == job.id).order_by(PrintPart.position))
        )
    for position in positions:
        with reader(context) as session:
            yield session.scalars(
                select(PrintPart.data).where(PrintPart.job_id == job.id, PrintPart.position == position)
            ).one()


@implementer(outbox.IDeliverer)
class Printer:
    """The worker's part."""

    def deliver(self, site: Any, row: OutboxRow) -> None:
        """Makes some pages and asks for the next ones, or forgets a job; a job that is gone is done."""
        if row.operation == FORGET:
            with alone(site) as session:
                forget(session, row.subject)
            return
        with reader(site) as session:
            job = session.scalar(select(PrintJob).where(PrintJob.key == row.subject))
            if job is None or job.state == "done":
                return
            data, sizes, lines, done = _slice(session, job)
        with alone(site) as session:
            self._keep(session, job, data, sizes, lines, done)

    def _keep(self, session: Session, made: PrintJob, data: bytes, sizes: list[int], lines: int, done: bool) -> None:
        """The part, the job's progress and what comes next, in one transaction."""
        job = session.scalars(select(PrintJob).where(PrintJob.id == made.id).with_for_update()).one_or_none()
        if job is None:
            return  # it is made again (`anew`)
        if job.lines != made.lines or job.state == "done":
            return  # a second delivery of the row made them already
        position = session.scalar(select(func.count()).select_from(PrintPart).where(PrintPart.job_id == job.id)) or 0
        session.add(PrintPart(job_id=job.id, position=position, sizes=" ".join(map(str, sizes)), data=data))
        job.lines += lines
        job.pages += len(sizes) // 2
        if done:
            job.state = "done"
            outbox.put(session, KIND, FORGET, job.key, due_at=clock.now() + KEPT)
        else:
            outbox.put(session, KIND, MAKE, job.key)


def _slice(session: Session, job: PrintJob) -> tuple[bytes, list[int], int, bool]:
    """Some further pages: octets, sizes of their objects, how many lines stand on them, and whether they are the last.

    The end of the file goes with the last pages.
    """
    asked = Asked(job.unit, job.book, job.year, job.series, job.from_seq, job.to_seq)
    form = book.form(asked, job.thai_digits)
    data = bytearray(pdf.head() if job.pages == 0 else b"")
    sizes: list[int] = []
    lines = 0
    for number, sheet in enumerate(book.pages(session, asked, form, job.lines, job.pages), start=job.pages):
        for written in pdf.page(number, sheet.content):
            sizes.append(len(written))
            data += written
        lines += sheet.rows
        if lines >= LINES_AT_ONCE:
            return bytes(data), sizes, lines, False
    before = session.scalars(select(PrintPart.sizes).where(PrintPart.job_id == job.id).order_by(PrintPart.position))
    data += book.end(form, [int(size) for size in chain.from_iterable(one.split() for one in before)] + sizes)
    return bytes(data), sizes, lines, True


def anew(current: Act, books: Iterable[tuple[str, str, int]]) -> None:
    """Makes the prints of books (unit, book, year) again, from the beginning: a line in them says less than it did."""
    session, wanted = current.session, set(books)
    asked = select(PrintJob).where(PrintJob.unit.in_({unit for unit, _book, _year in wanted}))
    for job in session.scalars(asked.order_by(PrintJob.id).with_for_update()).all():
        name = SEND if job.book == queries.DELIVERIES else job.book
        if (job.unit, name, job.year) not in wanted:
            continue
        kept = {column: getattr(job, column) for column in _ASKED}
        forget(session, job.key)
        # Of one subject the rows are delivered in turn: what would forget it tomorrow stands before.
        session.execute(delete(OutboxRow).where(OutboxRow.kind == KIND, OutboxRow.subject == kept["key"]))
        session.add(PrintJob(**kept))  # another row: who is at work on the old one finds that it is gone
        current.queue(KIND, MAKE, kept["key"])
    session.flush()


def forget(session: Session, key: str) -> None:
    """Drops a job and its parts."""
    job = session.scalar(select(PrintJob).where(PrintJob.key == key))
    if job is not None:
        session.execute(delete(PrintPart).where(PrintPart.job_id == job.id))
        session.execute(delete(PrintJob).where(PrintJob.id == job.id))
