"""Number series: no gap, no double, whatever happens at once (domain.md 1.3; E10, E13, E16, E17, E19, E26)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from freezegun import freeze_time
from sqlalchemy import select
from tests.ledger.places import BOOK, CLERK, Place, start
from ZODB.Connection import Connection

from saraban.ledger import clock, numbers
from saraban.ledger.acts import act
from saraban.ledger.connection import reader
from saraban.ledger.numbers import Book
from saraban.ledger.tables import NumberSeries, RegisterEntry

PROCESSES, THREADS, EACH = 4, 4, 16
"""256 numbers asked for by 16 threads of 4 processes at the same instant."""


def issue(jar: Connection, book: Book) -> RegisterEntry:
    with act(jar, CLERK, "dispatch") as doing:
        entry = numbers.issue(doing, book, write=lambda seq: f"กท 0403/{seq}", document_uid="x", subject="เรื่อง")
    jar.transaction_manager.commit()
    return entry


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Bangkok"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def in_series(jar: Connection, book: Book) -> list[tuple[int, int]]:
    with reader(jar) as session:
        rows = session.execute(
            select(RegisterEntry.year, RegisterEntry.seq)
            .where(RegisterEntry.book == book.id)
            .order_by(RegisterEntry.year, RegisterEntry.seq)
        )
        return [(year, seq) for year, seq in rows]


def test_year_turns_at_midnight_in_bangkok(jar: Connection, server_zone: str) -> None:
    """E13: the new year begins at 1; neither UTC's midnight nor the server's zone turns it."""
    book = Book(f"turn-{server_zone}", "send", "external")
    for moment, year, seq, day in (
        ("2026-12-31 16:59:58", 2569, 1, date(2026, 12, 31)),  # 23:59:58 in Bangkok
        ("2026-12-31 16:59:59.999999", 2569, 2, date(2026, 12, 31)),
        ("2026-12-31 17:00:00", 2570, 1, date(2027, 1, 1)),
        ("2027-01-01 00:00:00", 2570, 2, date(2027, 1, 1)),  # midnight in UTC
        ("2027-01-01 05:00:01", 2570, 3, date(2027, 1, 1)),  # midnight in New York
        ("2027-10-01 00:00:00", 2570, 4, date(2027, 10, 1)),  # E16: the fiscal year turns nothing
    ):
        with freeze_time(moment):
            entry = issue(jar, book)
        assert (entry.year, entry.seq, entry.date) == (year, seq, day)
    assert in_series(jar, book) == [(2569, 1), (2569, 2), (2570, 1), (2570, 2), (2570, 3), (2570, 4)]


def test_signed_in_december_numbered_in_january(jar: Connection) -> None:
    """E14: the number is of the year in which it is given, whatever day the letter was signed; the date is that day's."""
    book = Book("signed-before", "send", "external")
    with freeze_time("2026-12-30 03:00:00"):
        issue(jar, book)
    with freeze_time("2027-01-02 03:00:00"):
        entry = issue(jar, book)
    assert (entry.year, entry.seq, entry.date) == (2570, 1, date(2027, 1, 2))


def test_act_keeps_the_year_in_which_it_began(jar: Connection) -> None:
    """Whoever waits for the lock over midnight: number and date belong together."""
    book = Book("over-midnight", "send", "external")
    with freeze_time("2026-12-31 16:59:59") as frozen, act(jar, CLERK, "dispatch") as doing:
        numbers.lock(doing, [book])
        frozen.tick(5)
        entry = numbers.issue(doing, book, write=str, document_uid=None)
    jar.transaction_manager.commit()
    assert (entry.year, entry.seq, entry.date) == (2569, 1, date(2026, 12, 31))


def test_clock_is_bangkok_s_for_people_and_utc_for_tables(server_zone: str) -> None:
    with freeze_time("2026-02-28 17:30:00"):
        assert clock.today() == date(2026, 3, 1)
        assert clock.buddhist_year() == 2569
        assert clock.now().isoformat() == "2026-02-28T17:30:00"
        assert clock.bangkok(clock.now()).isoformat() == "2026-03-01T00:30:00+07:00"


def test_each_book_and_direction_counts_for_itself(jar: Connection) -> None:
    """E19, E21: two units, two kinds of series, two directions: four series."""
    books = [
        Book("unit-a", "send", "external"),
        Book("unit-b", "send", "external"),
        Book("unit-a", "send", "circular"),
        Book("unit-a", "receive", "letters"),
    ]
    assert [issue(jar, book).seq for book in books * 2] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_rolled_back_number_leaves_no_gap(jar: Connection) -> None:
    book = Book("rollback", "send", "external")
    assert issue(jar, book).seq == 1

    def fail() -> None:
        with act(jar, CLERK, "dispatch") as doing:
            assert numbers.issue(doing, book, write=str, document_uid=None).seq == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    jar.transaction_manager.abort()
    assert issue(jar, book).seq == 2


def test_several_books_are_locked_in_one_order(open_jar: Callable[[], Connection], kind: str) -> None:
    names = ["z", "a", "m"]
    with act(open_jar(), CLERK, "dispatch") as doing:
        numbers.lock(doing, [Book(name, "send", "external") for name in names])
        assert [key[0] for key in doing.session.info["ledger.series"]] == [f"{name}/send/external" for name in sorted(names)]


def test_250_numbers_at_once_from_four_processes(place: Place, jar: Connection) -> None:
    """E17, on a series that nobody used before: no gap, no double, no failure, nobody waits for long."""
    processes = [start("writer.py", place, "issue", f"p{number}", THREADS, EACH) for number in range(PROCESSES)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == '"ready"\n'
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert [failure for result in results for failure in result["failures"]] == []
    expected = list(range(1, PROCESSES * THREADS * EACH + 1))
    assert sorted(seq for result in results for seq in result["answers"]) == expected
    assert [seq for _, seq in in_series(jar, BOOK)] == expected
    with reader(jar) as session:
        assert session.scalars(select(NumberSeries.last).where(NumberSeries.book == BOOK.id)).all() == [expected[-1]]
    assert max(result["slowest"] for result in results) < 20
