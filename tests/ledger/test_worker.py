"""The worker's rounds: heartbeat, lease, deliveries, seals (issue: part 3, outbox)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import transaction
import ZODB
from persistent.mapping import PersistentMapping
from sqlalchemy import delete
from tests.ledger.places import CLERK, letters
from zope.component import getGlobalSiteManager
from zope.interface import implementer

from saraban.admin.worker import HEARTBEAT, INDEXER, Clockwork, Worker
from saraban.ledger import audit, leases, outbox
from saraban.ledger.acts import act
from saraban.ledger.connection import alone, reader, session_of
from saraban.ledger.tables import Lease, OutboxRow


@implementer(outbox.IDeliverer)
class Postman:
    """Writes down what it delivers; fails as often as told."""

    def __init__(self) -> None:
        self.failures = 0
        self.delivered: list[str] = []

    def deliver(self, context: Any, row: OutboxRow) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("nobody answers")
        self.delivered.append(row.operation)
        letters(context._p_jar)[f"delivered-{row.operation}"] = PersistentMapping()


@pytest.fixture
def postman() -> Iterator[Postman]:
    postman = Postman()
    getGlobalSiteManager().registerUtility(postman, outbox.IDeliverer, name="mail")
    yield postman
    getGlobalSiteManager().unregisterUtility(postman, outbox.IDeliverer, name="mail")


@pytest.fixture
def site(database: ZODB.DB) -> Iterator[Any]:
    """As far as the worker's rounds are concerned: an object in a ZODB connection of this thread's transactions."""
    transaction.abort()
    jar = database.open()
    with alone(jar) as session:
        session.execute(delete(OutboxRow))
        session.execute(delete(Lease).where(Lease.name != audit.LEASE))
    yield letters(jar)
    transaction.abort()
    jar.close()


def put(site: Any, *operations: str) -> None:
    with act(site, CLERK, "notify") as doing:
        for operation in operations:
            doing.queue("mail", operation, "somchai")
    transaction.commit()


def test_round_beats_delivers_and_seals(site: Any, postman: Postman) -> None:
    put(site, "first", "second")
    worker = Worker(site, threading.Event())
    while worker.round():
        pass
    assert postman.delivered == ["first", "second"]
    assert {"delivered-first", "delivered-second"} <= set(site)
    with reader(site) as session:
        assert outbox.waiting(session).waiting == {}
        assert leases.alive(session, HEARTBEAT)
    verdict = audit.verify(site)
    assert verdict.ok
    assert verdict.sealed > 0


def test_failed_delivery_waits_and_does_not_stop_the_worker(site: Any, postman: Postman) -> None:
    postman.failures = 1
    put(site, "first")
    worker = Worker(site, threading.Event())
    worker.round()
    with reader(site) as session:
        assert outbox.waiting(session).waiting == {"mail": 1}
        assert not outbox.is_due(session, "mail")
    assert postman.delivered == []


def test_worker_that_is_told_to_stop_gives_its_rows_back(site: Any, postman: Postman) -> None:
    stop = threading.Event()
    put(site, "first")
    stop.set()
    Worker(site, stop).deliver()
    assert postman.delivered == []
    with reader(site) as session:
        assert outbox.is_due(session, "mail")


def test_second_worker_does_not_index_while_the_first_lives(site: Any) -> None:
    with alone(site) as session:
        leases.hold(session, INDEXER, 30, "1@elsewhere")
    second = Worker(site, threading.Event())

    def gets_it() -> bool:
        second.clockwork = Clockwork()
        second.beat()
        return second.indexing

    assert not gets_it()
    with alone(site) as session:
        leases.release(session, INDEXER, "1@elsewhere")
    assert gets_it()
    second.leave()
    with reader(site) as session:
        assert not leases.alive(session, INDEXER)
        assert not leases.alive(session, HEARTBEAT)


def test_round_ends_what_a_request_left_open(site: Any) -> None:
    session_of(site)
    Worker(site, threading.Event()).beat()
    with reader(site) as session:
        assert leases.alive(session, HEARTBEAT)
