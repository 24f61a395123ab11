"""What the worker keeps is what counting the ledger finds, whatever was done and in whatever order it was committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from tests.reports.clerks import UNITS, Clerks
from ZODB.Connection import Connection

from saraban.classification.levels import CONFIDENTIAL, NORMAL, SECRET
from saraban.ledger import clock
from saraban.ledger.audit import LATE
from saraban.ledger.connection import alone, begin_write, engine_of, reader
from saraban.ledger.tables import RegisterEntry
from saraban.reports import keeping, periods, queries
from saraban.reports.keeping import FiguresRound
from saraban.reports.tables import Mark, UnitMonth, UnitNumbers
from saraban.routing.desks import Place
from saraban.routing.tables import Assignment, Delivery, DeliveryStep

YEARS = [periods.Period(str(year), periods.index(date(year - 543, 1, 1))) for year in (2567, 2568, 2569)]
_seeds = count(7)


@pytest.fixture
def clerks(jar: Connection) -> Clerks:
    """On an empty ledger."""
    with alone(jar) as session:
        session.execute(update(Delivery).values(parent_id=None))
        for table in (DeliveryStep, Assignment, Delivery, RegisterEntry, Mark, UnitMonth, UnitNumbers):
            session.execute(delete(table))
    return Clerks(next(_seeds))  # MariaDB locks more where a key comes again that was just deleted


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass."""
    now, passed = clock.now, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: now() + passed[0])

    def pass_(time: timedelta) -> None:
        passed[0] += time

    return pass_


def keep(jar: Connection, look: FiguresRound) -> int:
    """Rounds until nothing is left to do now; how many did something."""
    rounds = 0
    while rounds < 1000:
        with reader(jar) as session:
            if not look.waits(session):
                return rounds
        look.batch(jar)
        rounds += 1
    raise AssertionError("it never ends")


def begun(jar: Connection, ahead: Callable[[timedelta], None]) -> FiguresRound:
    """A worker that has counted the whole ledger."""
    look = FiguresRound()
    assert keep(jar, look) == 1
    ahead(LATE)
    keep(jar, look)
    return look


def desks() -> Iterator[list[Place]]:
    yield [Place(unit, NORMAL) for unit in UNITS]
    yield [Place(UNITS[1], NORMAL)]
    yield [Place(UNITS[0], CONFIDENTIAL), Place(UNITS[0], SECRET), Place(UNITS[2], CONFIDENTIAL)]


def check(jar: Connection) -> None:
    """Kept figures equal counted ones; and a report of either says the same."""
    with reader(jar) as session:
        assert queries.kept_as_of(session) is not None
        for asked in desks():
            for period in YEARS:
                kept, counted = queries._kept(session, asked, period), queries._counted(session, asked, period)
                assert kept == counted
                told = queries.report(session, asked, period)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(queries, "kept_as_of", lambda session: None)
                    other = queries.report(session, asked, period)
                assert (told.months, told.volumes, told.times) == (other.months, other.volumes, other.times)


def test_whatever_is_done_kept_figures_are_those_of_the_ledger(
    jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with alone(jar) as session:
        clerks.act(session, 400)
    look = begun(jar, ahead)
    check(jar)
    with reader(jar) as session:
        years = [queries.report(session, next(desks()), period).total for period in YEARS]
        assert min(sum(getattr(one, name) for one in years) for name in ("registered", "closed", "late", "sent")) > 0
    for turn in range(6):
        with alone(jar) as session:
            clerks.act(session, 30)
            clerks.each(session)
        if turn == 3:  # a process of its own, after days, a few steps at a time
            ahead(timedelta(days=3))
            look = FiguresRound()
            monkeypatch.setattr(keeping, "SLICE", 7)
        ahead(keeping.EVERY)
        assert keep(jar, look) >= 1
        check(jar)


def test_the_first_count_goes_on_where_it_stopped(
    jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with alone(jar) as session:
        clerks.act(session, 120)
    FiguresRound().batch(jar)
    with reader(jar) as session:  # what is being written at this moment is waited for
        assert not FiguresRound().waits(session)
    ahead(LATE)
    clock_ = iter(range(10**6))
    monkeypatch.setattr(keeping.time, "monotonic", lambda: next(clock_) / 10)  # some years in each batch
    rounds = 0
    while True:
        with reader(jar) as session:
            assert session.get(Mark, 1) is not None
            if queries.kept_as_of(session) is not None:
                break
        if rounds == 2:  # meanwhile
            with alone(jar) as session:
                clerks.act(session, 30)
        FiguresRound().batch(jar)  # a new process each time
        rounds += 1
    assert rounds > 4
    check(jar)


def test_after_very_many_acts_the_whole_is_counted_again(
    jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = begun(jar, ahead)
    monkeypatch.setattr(keeping, "ANEW", 50)
    with alone(jar) as session:
        clerks.act(session, 100)
    ahead(keeping.EVERY)
    assert keep(jar, look) == 1
    with reader(jar) as session:  # meanwhile a report counts by itself
        assert queries.kept_as_of(session) is None
    ahead(LATE)
    keep(jar, look)
    check(jar)


def test_figures_that_grew_old_are_not_shown(jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None]) -> None:
    begun(jar, ahead)
    with alone(jar) as session:
        clerks.send(session)
    ahead(keeping.STALE)
    with reader(jar) as session:
        assert queries.kept_as_of(session) is None
        months = [queries.report(session, next(desks()), period).total for period in YEARS]
        assert sum(one.sent for one in months) == 1 or clerks.serial > 0
        assert queries.report(session, next(desks()), YEARS[0]).as_of <= clock.now()


def test_an_idle_round_only_says_that_the_figures_are_new(
    jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None]
) -> None:
    look = begun(jar, ahead)
    with reader(jar) as session:
        before = queries.kept_as_of(session)
        assert not look.waits(session)
    ahead(keeping.EVERY)
    assert look.batch(jar) == 0
    with reader(jar) as session:
        after = queries.kept_as_of(session)
    assert before is not None
    assert after is not None
    assert after >= before + keeping.EVERY


def test_a_worker_that_was_overtaken_writes_nothing(
    jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None]
) -> None:
    begun(jar, ahead)
    with reader(jar) as session:
        mark = session.get(Mark, 1)
        assert mark is not None
        found = keeping.moved(session, [])
    found.months[YEARS[0].first].add(UNITS[0])
    with alone(jar) as session:
        assert keeping._write(session, mark.turn, found)
        assert not keeping._write(session, mark.turn, found)


@contextmanager
def writing(jar: Connection) -> Iterator[Session]:
    """An act that is not committed yet."""
    with Session(engine_of(jar), expire_on_commit=False) as session:
        begin_write(session)
        yield session


@pytest.mark.parametrize("restarted", [False, True])
def test_an_act_that_is_committed_after_later_ones_is_counted(
    kind: str, jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None], restarted: bool
) -> None:
    if kind == "sqlite":
        pytest.skip("one writer at a time: what is committed later is written later")
    look = begun(jar, ahead)
    for passing in (timedelta(), keeping.EVERY, LATE - keeping.EVERY):
        with writing(jar) as slow:
            clerks.send(slow)
            slow.flush()
            with alone(jar) as session:
                clerks.send(session)
            ahead(keeping.EVERY)
            keep(jar, look)
            ahead(passing)
            keep(jar, look)
            slow.commit()
        if restarted:
            look = FiguresRound()
        ahead(keeping.EVERY)
        keep(jar, look)
        check(jar)
    with reader(jar) as session:
        numbers = sum(session.scalars(select(UnitNumbers.sent)))
    assert numbers == 6


def test_what_is_settled_is_not_read_again(jar: Connection, clerks: Clerks, ahead: Callable[[timedelta], None]) -> None:
    look = begun(jar, ahead)
    for _ in range(4):
        with alone(jar) as session:
            clerks.send(session)
        ahead(LATE)
        keep(jar, look)
    with reader(jar) as session:
        mark = session.get(Mark, 1)
        last = session.scalar(select(DeliveryStep.id).order_by(DeliveryStep.id.desc()).limit(1))
        assert mark is not None
        assert last is not None
        assert last - 6 <= mark.settled <= last
    assert len(look._steps._seen) <= 6
