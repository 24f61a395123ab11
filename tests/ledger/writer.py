"""A process of its own that writes letters with numbers: `writer.py PLACE MODE THREADS COUNT`.

`issue`: says it is ready, waits for a line, then each thread issues COUNT numbers in one series, all at once; answers with
JSON. `forever`: every thread issues until the process is killed, and prints each number that was committed.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import transaction
import ZODB
from persistent.mapping import PersistentMapping
from tests.ledger.places import BOOK, CLERK, from_text, letters
from transaction.interfaces import TransientError

from saraban.ledger import numbers, outbox
from saraban.ledger.acts import act

TRIES = 4
"""As Zope: one try and three retries."""


def say(what: object) -> None:
    """A line of JSON for the test that started this process."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Writer(threading.Thread):
    """A thread as waitress has them, with a ZODB connection of its own."""

    def __init__(self, database: ZODB.DB, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.manager = transaction.TransactionManager(explicit=True)
        self.database = database
        self.answers: list[int] = []
        self.failures: list[str] = []
        self.seconds = 0.0
        self.begin = threading.Event()
        self.count = 1

    def run(self) -> None:
        self.begin.wait()
        for number in range(self.count):
            started = time.monotonic()
            try:
                self.answers.append(self.answer(f"{self.name}-{number}"))
            except Exception as error:  # noqa: BLE001 - whatever a user would have seen as a failure
                self.failures.append(repr(error))
            self.seconds = max(self.seconds, time.monotonic() - started)

    def answer(self, uid: str) -> int:
        """A request: tried again on a transient error, as Zope does."""
        for number in range(TRIES):
            self.manager.begin()
            jar = self.database.open(self.manager)
            try:
                seq = self.dispatch(jar, uid)
                self.manager.commit()
            except TransientError:
                self.manager.abort()
                if number == TRIES - 1:
                    raise
                time.sleep(random.uniform(0, 2**number))
            else:
                return seq
            finally:
                self.manager.begin()
                self.manager.abort()
                jar.close()
        raise AssertionError

    def dispatch(self, jar: ZODB.Connection.Connection, uid: str) -> int:
        with act(jar, CLERK, "dispatch", uid) as doing:
            numbers.lock(doing, [BOOK])
            doing.refresh()
            entry = numbers.issue(doing, BOOK, write=lambda seq: f"กท 0403/{seq}", document_uid=uid)
            # A folder for each writer: what is tried here is the series, not ZODB's conflicts.
            folder = letters(jar).get(self.name)
            if folder is None:
                folder = letters(jar)[self.name] = PersistentMapping()
            folder[uid] = PersistentMapping(seq=entry.seq)
            doing.queue(outbox.INDEX, "index", f"/letters/{uid}", uid)
        return entry.seq


class Forever(Writer):
    """Writes until the process is killed."""

    def run(self) -> None:
        number = 0
        while True:
            uid = f"{self.name}-{number}"
            try:
                say([uid, self.answer(uid)])
            except TransientError:
                continue
            number += 1


def main() -> None:
    logging.disable(logging.CRITICAL)
    place, mode, name, threads, count = sys.argv[1:6]
    database = from_text(place).open()
    kind = Forever if mode == "forever" else Writer
    writers = [kind(database, f"{name}-{number}") for number in range(int(threads))]
    for writer in writers:
        writer.count = int(count)
        writer.start()
    say("ready")
    sys.stdin.readline()
    for writer in writers:
        writer.begin.set()
    for writer in writers:
        writer.join()
    answers = [seq for writer in writers for seq in writer.answers]
    failures = [failure for writer in writers for failure in writer.failures]
    say({"answers": answers, "failures": failures, "slowest": max(writer.seconds for writer in writers)})


if __name__ == "__main__":
    main()
