"""The outbox: order for each subject, several workers at once, retries, nothing lost from sight (P10)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from tests.ledger.places import CLERK
from ZODB.Connection import Connection

from saraban.ledger import leases, outbox
from saraban.ledger.acts import act
from saraban.ledger.connection import alone, engine_of, reader
from saraban.ledger.tables import Lease, OutboxRow

START = "2026-06-01 02:00:00"


@pytest.fixture(autouse=True)
def _empty(jar: Connection) -> Iterator[None]:
    yield
    with alone(jar) as session:
        session.execute(delete(OutboxRow))
        session.execute(delete(Lease))


def put(jar: Connection, *subjects: str) -> None:
    with act(jar, CLERK, "notify") as doing:
        for number, subject in enumerate(subjects):
            doing.queue("mail", f"m{number}", subject)
    jar.transaction_manager.commit()


def take(jar: Connection, limit: int = 20) -> list[OutboxRow]:
    with alone(jar) as session:
        return outbox.take(session, "mail", limit)


def finish(jar: Connection, rows: list[OutboxRow]) -> None:
    with alone(jar) as session:
        outbox.done(session, [row.id for row in rows])


def test_rows_belong_to_the_act(jar: Connection) -> None:
    with act(jar, CLERK, "notify") as doing:
        doing.queue("mail", "m", "somchai")
    jar.transaction_manager.abort()
    assert take(jar) == []


def test_order_is_kept_for_each_subject(jar: Connection) -> None:
    put(jar, "somchai", "malee", "somchai", "malee", "somchai")
    seen = []
    while rows := take(jar):
        assert len({row.subject for row in rows}) == len(rows)
        seen += [(row.subject, row.operation) for row in rows]
        finish(jar, rows)
    assert [operation for subject, operation in seen if subject == "somchai"] == ["m0", "m2", "m4"]
    assert [operation for subject, operation in seen if subject == "malee"] == ["m1", "m3"]


def test_taken_row_holds_back_the_next_of_its_subject(jar: Connection) -> None:
    put(jar, "somchai", "somchai", "malee")
    assert [row.operation for row in take(jar)] == ["m0", "m2"]
    assert take(jar) == []


def test_row_of_a_worker_that_died_is_handed_out_again(jar: Connection) -> None:
    with freeze_time(START) as frozen:
        put(jar, "somchai")
        assert len(take(jar)) == 1
        frozen.tick(outbox.CLAIM.total_seconds() - 1)
        assert take(jar) == []
        frozen.tick(2)
        assert [row.attempts for row in take(jar)] == [2]


def test_later_due_date_waits(jar: Connection) -> None:
    with freeze_time(START) as frozen:
        with act(jar, CLERK, "remind") as doing:
            doing.queue("mail", "m", "somchai", due_at=doing.at + timedelta(days=1))
        jar.transaction_manager.commit()
        with reader(jar) as session:
            assert not outbox.is_due(session, "mail")
        frozen.tick(86401)
        with reader(jar) as session:
            assert outbox.is_due(session, "mail")
        assert len(take(jar)) == 1


def test_failure_is_tried_again_later_and_later_then_shown(jar: Connection) -> None:
    waits = []
    with freeze_time(START) as frozen:
        put(jar, "somchai", "somchai")
        for attempt in range(1, outbox.ATTEMPTS + 1):
            (row,) = take(jar)
            assert (row.operation, row.attempts) == ("m0", attempt)
            with alone(jar) as session:
                last = outbox.failed(session, row, f"no answer {attempt}")
            assert last == (attempt == outbox.ATTEMPTS)
            if not last:
                waits.append(outbox.back_off(attempt))
                assert take(jar) == []
                frozen.tick(waits[-1].total_seconds())
        assert waits == sorted(waits)
        assert waits[0] == timedelta(seconds=5)
        with reader(jar) as session:
            (shown,) = outbox.failures(session)
            assert (shown.subject, shown.error) == ("somchai", f"no answer {outbox.ATTEMPTS}")
            counts = outbox.waiting(session)
            assert (counts.waiting, counts.failed) == ({"mail": 1}, {"mail": 1})
        # Given up: it no longer holds up the next one.
        assert [row.operation for row in take(jar)] == ["m1"]
        with alone(jar) as session:
            assert outbox.retry(session, shown.id)
            assert not outbox.drop(session, shown.id)
        assert [row.operation for row in take(jar)] == ["m0"]


def test_failed_row_can_be_dropped(jar: Connection) -> None:
    put(jar, "somchai")
    (row,) = take(jar)
    with alone(jar) as session:
        outbox.failed(session, row, "no such person", attempts=1)
        assert outbox.drop(session, row.id)
        assert outbox.failures(session) == []


def test_two_workers_share_the_work(jar: Connection, open_jar: Callable[[], Connection], kind: str) -> None:
    """SKIP LOCKED on PostgreSQL and MariaDB: the second one takes what the first has not, without waiting."""
    if kind == "sqlite":
        pytest.skip("one writer at a time")
    put(jar, *[f"person{number}" for number in range(10)])
    engine = engine_of(jar)
    with Session(engine) as one, Session(engine) as two:
        first = [row.id for row in outbox.take(one, "mail", 6)]
        second = [row.id for row in outbox.take(two, "mail", 6)]
        assert (len(first), len(second), set(first) & set(second)) == (6, 4, set())


def test_many_workers_deliver_everything_once_and_in_order(jar: Connection, open_jar: Callable[[], Connection]) -> None:
    put(jar, *[f"person{number % 7}" for number in range(70)])
    delivered: list[tuple[str, int]] = []
    lock = threading.Lock()

    def work(own: Connection) -> None:
        idle = 0
        while idle < 20:
            rows = take(own, 3)
            idle = 0 if rows else idle + 1
            for row in rows:
                with lock:
                    delivered.append((row.subject, row.id))
            finish(own, rows)

    threads = [threading.Thread(target=work, args=(open_jar(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(delivered) == 70
    for person in {subject for subject, _ in delivered}:
        order = [id_ for subject, id_ in delivered if subject == person]
        assert order == sorted(order)
        assert len(order) == 10


def test_lag_is_the_age_of_the_oldest_row(jar: Connection) -> None:
    with freeze_time(START) as frozen:
        with reader(jar) as session:
            assert outbox.lag(session, "mail") == 0.0
        put(jar, "somchai")
        frozen.tick(7)
        put(jar, "malee")
        with reader(jar) as session:
            assert outbox.lag(session, "mail") == 7.0
            oldest = outbox.waiting(session).oldest
            assert oldest is not None
            assert oldest.isoformat() == "2026-06-01T02:00:00"


def test_lease_is_held_by_one_until_it_ends(jar: Connection) -> None:
    def hold(holder: str) -> bool:
        with alone(jar) as session:
            return leases.hold(session, "indexer", 30, holder)

    with freeze_time(START) as frozen:
        assert hold("one")
        assert not hold("two")
        frozen.tick(20)
        assert hold("one")
        frozen.tick(29)
        assert not hold("two")
        frozen.tick(2)
        assert hold("two")
        with alone(jar) as session:
            leases.release(session, "indexer", "two")
        assert hold("one")


def test_lease_of_a_dead_process_of_this_machine_is_free_at_once(jar: Connection) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with alone(jar) as session:
        assert leases.hold(session, "indexer", 30, f"{dead.pid}@{socket.gethostname()}")
        assert leases.hold(session, "indexer", 30, f"{os.getpid()}@{socket.gethostname()}")
        assert not leases.hold(session, "indexer", 30, "1@elsewhere")


def test_heartbeat_is_alive_for_its_time(jar: Connection) -> None:
    with freeze_time(START) as frozen:
        with reader(jar) as session:
            assert not leases.alive(session, "worker")
        with alone(jar) as session:
            leases.beat(session, "worker", 10)
        with reader(jar) as session:
            assert leases.alive(session, "worker")
            assert session.scalar(select(Lease.holder)) == leases.me()
        frozen.tick(11)
        with reader(jar) as session:
            assert not leases.alive(session, "worker")
