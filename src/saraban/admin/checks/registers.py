"""The register books by themselves: no gap, no double, counters at their end, and each line's document is there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saraban.admin.checks.finding import Finding, Progress
from saraban.classification.tables import LetterKey
from saraban.ledger.connection import reader, session_of
from saraban.ledger.tables import NumberSeries, RegisterEntry
from saraban.routing.books import RECEIVED, SECRET_CONTROL
from saraban.routing.tables import Delivery

PAGE = 1000


def count(site: Any) -> int:
    """How many lines the registers and delivery rows have together."""
    with reader(site) as session:
        lines = session.scalar(select(func.count()).select_from(RegisterEntry)) or 0
        return lines + (session.scalar(select(func.count()).select_from(Delivery)) or 0)


def examine(site: Any, progress: Progress) -> Iterator[Finding]:
    """Series first, then every line, then every delivery."""
    with reader(site) as session:
        yield from _series(site, session)
    yield from _lines(site, progress)
    yield from _deliveries(site, progress)


def _series(site: Any, session: Session) -> Iterator[Finding]:
    """Lines and counter of a book and year, read by one statement: nobody can come between."""
    lines = (
        select(
            RegisterEntry.book,
            RegisterEntry.year,
            func.count().label("lines"),
            func.min(RegisterEntry.seq).label("first"),
            func.max(RegisterEntry.seq).label("last"),
        )
        .group_by(RegisterEntry.book, RegisterEntry.year)
        .subquery()
    )
    joined = (lines.c.book == NumberSeries.book) & (lines.c.year == NumberSeries.year)
    query = select(lines, NumberSeries.id, NumberSeries.last).select_from(lines).outerjoin(NumberSeries, joined)
    for book, year, number, first, last, series, counter in session.execute(query).all():
        name = f"{book} {year}"
        if (first, number) != (1, last):
            yield Finding(name, f"numbers are missing: {_missing(session, book, year)}")
        if series is None:
            yield Finding(name, "it has lines, but no counter")
        elif counter != last:
            # A counter that is behind would give a number twice; one that is ahead has lost lines.
            repair = partial(_advance, site, series, last) if counter < last else None
            yield Finding(name, f"the counter stands at {counter}, the last line is {last}", repair)


def _missing(session: Session, book: str, year: int) -> str:
    """The first numbers that are not there."""
    expected, gaps = 1, []
    query = select(RegisterEntry.seq).where(RegisterEntry.book == book, RegisterEntry.year == year).order_by(RegisterEntry.seq)
    for seq in session.scalars(query.execution_options(yield_per=PAGE)):
        if seq > expected:
            gaps.append(str(expected) if seq == expected + 1 else f"{expected}-{seq - 1}")
            if len(gaps) == 10:
                return ", ".join(gaps) + " …"
        expected = seq + 1
    return ", ".join(gaps)


def _advance(site: Any, series: int, last: int) -> None:
    row = session_of(site).get(NumberSeries, series)
    if row is not None and row.last < last:
        row.last = last


def _lines(site: Any, progress: Progress) -> Iterator[Finding]:
    """Each line names a document that is there. Its delivery says where the document lies, or the key of a secret one.

    A line of the control register outlives a secret draft that was deleted, and the key with it.
    """
    after = 0
    while True:
        query = select(RegisterEntry).where(RegisterEntry.id > after).order_by(RegisterEntry.id).limit(PAGE)
        with reader(site) as session:
            page = list(session.scalars(query))
            uids = {entry.document_uid for entry in page if entry.document_uid}
            rows = session.execute(select(Delivery.letter_uid, Delivery.letter_path).where(Delivery.letter_uid.in_(uids)))
            paths = {str(uid): str(path) for uid, path in rows}
            secret = select(LetterKey.uid, LetterKey.path).where(LetterKey.uid.in_(uids))
            paths |= {str(uid): str(path) for uid, path in session.execute(secret)}
        _fresh()
        for entry in page:
            path = paths.get(entry.document_uid or "", "")
            if entry.direction == SECRET_CONTROL and not path:
                continue
            if entry.document_uid and not _is_there(site, path):
                name = f"{entry.book} {entry.seq}/{entry.year}"
                yield Finding(name, f"its document {entry.document_uid} is not there ({entry.number})")
        progress(len(page))
        site._p_jar.cacheGC()
        if len(page) < PAGE:
            return
        after = page[-1].id


def _deliveries(site: Any, progress: Progress) -> Iterator[Finding]:
    """Each delivery has its letter, and a registered one its line in the unit's receive register."""
    after = 0
    while True:
        line = (
            (RegisterEntry.document_uid == Delivery.letter_uid)
            & (RegisterEntry.unit == Delivery.unit)
            & RegisterEntry.direction.in_(RECEIVED)
            & (RegisterEntry.year == Delivery.receive_year)
            & (RegisterEntry.seq == Delivery.receive_number)
        )
        query = (
            select(Delivery, RegisterEntry.document_uid)
            .outerjoin(RegisterEntry, line)
            .where(Delivery.id > after)
            .order_by(Delivery.id)
            .limit(PAGE)
        )
        with reader(site) as session:
            page = session.execute(query).all()
        _fresh()
        for row, registered in page:
            name = f"delivery {row.key} to {row.unit}"
            if not _is_there(site, row.letter_path):
                yield Finding(name, f"its letter is not at {row.letter_path}")
            if row.receive_number is not None and registered != row.letter_uid:
                yield Finding(name, f"its receive number {row.receive_number}/{row.receive_year} is not in the register")
            if row.state in ("registered", "closed") and row.receive_number is None:
                yield Finding(name, f"it is {row.state}, but has no receive number")
        progress(len(page))
        site._p_jar.cacheGC()
        if len(page) < PAGE:
            return
        after = page[-1][0].id


def _fresh() -> None:
    """A snapshot of the objects that is not older than the rows."""
    import transaction

    transaction.begin()


def _is_there(site: Any, path: str) -> bool:
    """Whether an object lies at the path; its folder is asked, so that it is not loaded."""
    folder, _, name = path.rpartition("/")
    found = site.unrestrictedTraverse(folder, None) if folder else None
    return found is not None and "/".join(found.getPhysicalPath()) == folder and found.has_key(name)
