"""`bin/worker`: indexes after the commit, delivers the outbox, seals the audit trail. Several may run side by side."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import transaction
from sqlalchemy.exc import DBAPIError
from transaction.interfaces import TransientError
from ZODB.POSException import POSError
from zope.component import getUtilitiesFor

from saraban.admin import boot
from saraban.ledger import audit, clock, idempotency, leases, outbox
from saraban.ledger.connection import alone, reader
from saraban.ledger.indexer import BATCH, index_once
from saraban.ledger.sealkey import SealKeyMissing

HEARTBEAT = "worker"
"""The lease that `@health` reads."""
INDEXER = "indexer"
BEAT_SECONDS = 10.0
INDEXER_SECONDS = 30.0
PAUSE_SECONDS = 0.25
"""Between two rounds, unless the first met a full batch: letters that come meanwhile share its commits."""
BURST = 10
"""So many letters in one pause are a burst."""
BURST_PAUSE_SECONDS = 1.0
"""The pause within a burst: requests come first then, and more letters share a commit. They are found within two seconds."""
NICE = 5
"""How much people's requests come before the worker where there is not processor enough; SARABAN_WORKER_NICE says otherwise.

No more than that: a starved worker that holds SQLite's file holds up those whom it should let pass.
"""
SEAL_SECONDS = 1.0
HOUR = 3600.0
KEEP_KEYS = timedelta(days=30)
"""How long a request may be sent again with the same Idempotency-Key."""
logger = logging.getLogger("saraban.worker")


class Clockwork:
    """Which of the recurring pieces of work is due."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def due(self, what: str, seconds: float) -> bool:
        """Once every so many seconds, beginning with the first call."""
        now = time.monotonic()
        if now < self._next.get(what, 0.0):
            return False
        self._next[what] = now + seconds
        return True


class Worker:
    """The worker's rounds on one site."""

    def __init__(self, site: Any, stop: threading.Event) -> None:
        self.site = site
        self.stop = stop
        self.clockwork = Clockwork()
        self.indexing = False
        """Has this process the indexer's lease?"""
        self.behind = False
        """Whether the last round is to be followed by the next at once."""
        self.burst = False
        """Whether many letters came between the last two rounds."""

    @property
    def pause(self) -> float:
        """Seconds until the next round."""
        if self.behind:
            return 0.0
        return BURST_PAUSE_SECONDS if self.burst else PAUSE_SECONDS

    def beat(self) -> None:
        """Says that the worker is alive, and keeps the indexer's lease or tries to get it."""
        if self.clockwork.due("beat", BEAT_SECONDS / 3):
            transaction.abort()
            with alone(self.site) as session:
                leases.beat(session, HEARTBEAT, BEAT_SECONDS)
                self.indexing = leases.hold(session, INDEXER, INDEXER_SECONDS)

    def index(self) -> int:
        """One batch for the catalog."""
        number = index_once(self.site) if self.indexing else 0
        self.behind |= number >= BATCH
        self.burst = number >= BURST
        return number

    def rounds(self) -> int:
        """One batch of each other index."""
        total = 0
        for _name, one in getUtilitiesFor(outbox.IRound) if self.indexing else ():
            number = one.round(self.site)
            self.behind |= number >= (BATCH if outbox.IGathering.providedBy(one) else 1)
            total += number
        return total

    def deliver(self) -> int:
        """One round of everything else in the outbox, each kind by its deliverer."""
        total = 0
        for kind, deliverer in getUtilitiesFor(outbox.IDeliverer):
            with reader(self.site) as session:
                if not outbox.is_due(session, kind):
                    continue
            with alone(self.site) as session:
                rows = outbox.take(session, kind)
            for row in rows:
                if self.stop.is_set():
                    self._give_back(row)
                    continue
                self._deliver_one(deliverer, row)
                self.beat()
            total += len(rows)
        self.behind |= total > 0
        return total

    def _deliver_one(self, deliverer: Any, row: outbox.OutboxRow) -> None:
        transaction.begin()
        try:
            deliverer.deliver(self.site, row)
            transaction.commit()
        except Exception as error:
            transaction.abort()
            logger.warning("outbox row %s (%s) failed", row.id, row.kind, exc_info=True)
            with alone(self.site) as session:
                outbox.failed(session, row, f"{type(error).__name__}: {error}")
        else:
            with alone(self.site) as session:
                outbox.done(session, [row.id])

    def _give_back(self, row: outbox.OutboxRow) -> None:
        with alone(self.site) as session:
            outbox.give_back(session, row)

    def seal(self) -> int:
        """Seals the audit trail; once an hour notes the end of the chain in the log, outside the database."""
        if not self.clockwork.due("seal", SEAL_SECONDS):
            return 0
        transaction.abort()
        number = 0
        try:
            while sealed := audit.seal(self.site):
                number += sealed
                self.beat()
                if self.stop.is_set():
                    break
        except SealKeyMissing as missing:  # rows wait; nothing else has to
            logger.error("%s They are sealed when it is there again.", missing)
            return number
        if self.clockwork.due("note", HOUR):
            with reader(self.site) as session:
                end = audit.end_of_chain(session)
            logger.info("audit trail: %s rows sealed, digest %s", end.position, end.digest)
        return number

    def tidy(self) -> None:
        """Forgets old idempotency keys."""
        if self.clockwork.due("tidy", HOUR):
            with alone(self.site) as session:
                idempotency.forget(session, clock.now() - KEEP_KEYS)

    def round(self) -> int:
        """A bit of everything; how much was done."""
        self.beat()
        self.behind = False
        number = self.index() + self.rounds() + self.deliver() + self.seal()
        self.tidy()
        return number

    def leave(self) -> None:
        """Lets another worker take over at once."""
        transaction.abort()
        try:
            with alone(self.site) as session:
                leases.release(session, INDEXER)
                leases.release(session, HEARTBEAT)
        except TransientError as error:
            logger.info("the leases end by themselves: %s", error)


def work(stop: threading.Event, once: bool = False) -> None:
    """Rounds until told to stop, or with `once` until nothing is left to do."""
    with boot.site() as site:
        worker = Worker(site, stop)
        logger.info("worker %s begins", leases.me())
        try:
            while not stop.is_set():
                try:
                    number = worker.round()
                except TransientError as error:
                    transaction.abort()
                    logger.info("busy: %s", error)
                    number, worker.behind, worker.burst = 0, False, False
                if once and not number:
                    return
                if not once:
                    stop.wait(worker.pause)
        finally:
            worker.leave()
            logger.info("worker %s ends", leases.me())


def site_is_there() -> bool:
    """Has `create-site` finished?"""
    with boot.application() as app:
        return boot.SITE in app


def main(argv: Sequence[str] | None = None) -> int:
    """The program."""
    parser = argparse.ArgumentParser(prog="worker", description=__doc__)
    parser.add_argument("--once", action="store_true", help="do what is due, then end")
    options = parser.parse_args(argv)
    os.nice(int(os.environ.get("SARABAN_WORKER_NICE") or NICE))
    boot.log_to_stderr()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    boot.configure()
    # Zope's start puts its own handlers in the place of these.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            if site_is_there():
                work(stop, options.once)
                if options.once:
                    return 0
            elif options.once:
                return 1
        except (DBAPIError, POSError, OSError):
            # The database went away, or comes back just now: begin again with a fresh connection.
            logger.exception("the database does not answer")
            if options.once:
                return 1
        stop.wait(1.0)
    return 0
