"""`kill -9` of four writers under load: no entry without its letter, no letter without its entry (issue: part 3, proof)."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from sqlalchemy import select
from tests.conftest import wait_until
from tests.ledger.places import Place, letters, start
from ZODB.Connection import Connection

from saraban.ledger import audit
from saraban.ledger.connection import reader
from saraban.ledger.tables import AuditRow, NumberSeries, OutboxRow, RegisterEntry

ROUNDS, PROCESSES, THREADS = 3, 4, 2


def run_and_kill(place: Place, name: str) -> list[list[Any]]:
    """Starts writers, kills them all in the middle of their work; what they had answered."""
    processes = [start("writer.py", place, "forever", f"{name}-p{number}", THREADS, 0) for number in range(PROCESSES)]
    try:
        for process in processes:  # every one of them is at work
            assert process.stdout is not None
            for _ in range(3):
                process.stdout.readline()
        time.sleep(random.uniform(0.05, 0.4))
    finally:
        for process in processes:
            process.kill()
    lines = [line for process in processes for line in process.communicate()[0].splitlines()]
    answers = [json.loads(line) for line in lines if line.endswith("]")]
    assert answers
    return answers


def entered(jar: Connection) -> dict[str | None, int]:
    """Numbers by letter, as the register has them."""
    with reader(jar) as session:
        return dict(session.execute(select(RegisterEntry.document_uid, RegisterEntry.seq)).tuples().all())


def both(jar: Connection) -> tuple[dict[str, int], dict[str | None, int]] | None:
    """Numbers by letter, as the letters have them and as the register has them; None while a commit comes in between.

    A server ends a commit that it was asked for, whoever is dead by then.
    """
    before = entered(jar)
    jar.transaction_manager.begin()
    objects = {uid: letter["seq"] for folder in letters(jar).values() for uid, letter in folder.items()}
    return (objects, before) if entered(jar) == before else None


def test_killed_writers_leave_no_half_act(place: Place, jar: Connection) -> None:
    answered: list[list[Any]] = []
    for number in range(ROUNDS):
        answered += run_and_kill(place, f"r{number}")
    objects, entries = wait_until(lambda: both(jar), 30, "for the servers to end what the dead had asked for")
    with reader(jar) as session:
        audited = set(session.scalars(select(AuditRow.uid)))
        queued = set(session.scalars(select(OutboxRow.uid)))
        last = session.scalar(select(NumberSeries.last))
    assert objects == entries
    assert sorted(entries.values()) == list(range(1, len(entries) + 1))
    assert last == len(entries)
    assert audited == queued == set(entries)
    # What was answered before the kill is there.
    assert dict(answered) == {uid: entries.get(uid) for uid, _ in answered}
    while audit.seal(jar):
        pass
    assert audit.verify(jar).ok


@pytest.fixture(autouse=True)
def _seed() -> None:
    random.seed(20261126)
